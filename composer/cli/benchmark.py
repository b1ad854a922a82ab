"""`composer benchmark`: the published protocols, ours beside the published figures."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from composer.analysis.tunes import load_library
from composer.cli.output import JsonFlag, answer, warn
from composer.errors import BadRequest
from composer.evaluation.benchmark import BENCHMARKS, NETWORKS, Benchmark, Result, measure_benchmark, train_benchmark
from composer.evaluation.speed import measure_speed
from composer.music import Reading
from composer.places import FOLDER
from composer.train.trainer import Progress

_DATA = Path("data")
_SEED_NOTES = 60  # of the tune that speed is measured on


def benchmark(
    name: Annotated[str, typer.Argument(help="jsb-quarter, jsb-16th, nottingham, or speed.")],
    data: Annotated[
        Path | None, typer.Option(help="The benchmark's file of rolls; default: its name in data/.")
    ] = None,
    network: Annotated[str | None, typer.Option(help="One network only: rnn, lstm or transformer.")] = None,
    checkpoint: Annotated[Path | None, typer.Option(help="Measure this checkpoint instead of ours.")] = None,
    train: Annotated[bool, typer.Option("--train", help="Train first (and go on with a training cut off).")] = False,
    minutes: Annotated[float, typer.Option(help="How long to train each network at most.")] = 30.0,
    rounds: Annotated[int, typer.Option(help="How many rounds to measure speed in.")] = 5,
    folder: Annotated[Path, typer.Option(help="Where the benchmarks' checkpoints lie.")] = FOLDER / "benchmarks",
    as_json: JsonFlag = False,
) -> None:
    """Reproduce a published benchmark, or measure speed: our figures beside the published ones.

    Without the benchmark's file the figures are those in the checkpoints' cards.
    """
    if name == "speed":
        _speed(rounds, as_json)
        return
    if name not in BENCHMARKS:
        raise BadRequest(f"There is no benchmark {name!r}; there are: {', '.join(BENCHMARKS)}, speed.")
    if network is not None and network not in NETWORKS:
        raise BadRequest(f"There is no network {network!r} in the benchmarks; there are: {', '.join(NETWORKS)}.")
    chosen = BENCHMARKS[name]
    data = data or (_DATA / chosen.file if (_DATA / chosen.file).exists() else None)
    networks = [network] if network else list(NETWORKS)
    paths = [checkpoint] if checkpoint else [folder / f"{name}-{each}.safetensors" for each in networks]
    if train:
        _train(chosen, networks, data, paths, minutes)
    results = [measure_benchmark(chosen, path, data) for path in paths if path.exists()]
    if not results:
        raise BadRequest(
            f"There is no checkpoint for {name} in {folder}. Train them with --train --data {chosen.file}."
        )
    _answer(chosen, results, as_json)


def _speed(rounds: int, as_json: bool) -> None:
    """Print how fast writing, rendering and starting are, as ratios taken in one run."""
    tune = min(load_library().tunes, key=lambda tune: abs(len(tune.score.notes) - _SEED_NOTES))
    speed = measure_speed(Reading(tune.score, "library"), rounds, warn)
    figures = {name: None if value is None else round(value, 3) for name, value in speed.figures.items()}
    rates = {name: round(value, 1) for name, value in speed.notes_a_second.items()}
    values = {
        **figures,
        "notes_a_second": rates,
        "tokens_a_note": round(speed.tokens_a_note, 3),
        "rounds": speed.rounds,
        "seed": tune.name,
    }
    lines = [f"{name}: {'not installed' if value is None else value}" for name, value in figures.items()]
    lines += [f"  {name:24} {rate:8.1f} notes a second" for name, rate in rates.items()]
    answer(values, lines, as_json)


def _train(chosen: Benchmark, networks: list[str], data: Path | None, paths: list[Path], minutes: float) -> None:
    if data is None:
        raise BadRequest(f"Training needs the corpus: name it with --data {chosen.file}.")
    for each, path in zip(networks, paths, strict=True):
        warn(f"Training {each} on {chosen.name} for up to {minutes:g} minutes.")
        train_benchmark(chosen, each, data, path, minutes, lambda p: warn(_line(p, chosen.unit)))


def _answer(chosen: Benchmark, results: list[Result], as_json: bool) -> None:
    values = {
        "benchmark": chosen.name,
        "unit": chosen.unit,
        "split": chosen.split,
        "protocol": chosen.protocol,
        "results": [_told(result) for result in results],
        "published": [asdict(published) for published in chosen.published],
    }
    lines = [f"{chosen.name}, {chosen.split} split, {chosen.unit}: {chosen.protocol}."]
    lines += [f"  {r.network:12} {r.value:.3f}  ({r.parameters:,} parameters, {r.measured}{_keys(r)})" for r in results]
    lines += [f"  {p.name:12} {p.value:.3f}  (published: {p.source})" for p in chosen.published]
    answer(values, lines, as_json)


def _told(result: Result) -> dict[str, object]:
    values = asdict(result) | {"value": round(result.value, 4)}
    return values | {"in_keys": None if result.in_keys is None else round(result.in_keys, 4)}


def _keys(result: Result) -> str:
    return "" if result.in_keys is None else f"; {result.in_keys:.3f} with the mean of its chances in all keys taught"


def _line(progress: Progress, unit: str) -> str:
    """How a training stands."""
    return (
        f"step {progress.step}, {progress.elapsed / 60:.1f} min: "
        f"held-out pieces {progress.valids[-1][1]:.4f} {unit} (best {progress.best:.4f})"
    )
