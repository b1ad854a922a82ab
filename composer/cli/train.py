"""`composer train`: a network from a folder of music."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from composer.checkpoint import find
from composer.cli.output import JsonFlag, answer, warn
from composer.cli.readers import KINDS, train_reader
from composer.errors import BadRequest
from composer.listening.fingerprints import FOLDER
from composer.networks import NETWORKS
from composer.train.corpus import load_corpora
from composer.train.fingerprints import take_fingerprints
from composer.train.lesson import MusicLesson
from composer.train.trainer import Progress, Run, TrainConfig


def train(
    network: Annotated[str, typer.Argument(help="The kind of network, such as lstm, or a reader: style or likeness.")],
    data: Annotated[
        list[str],
        typer.Option(
            help="A folder of MIDI, MusicXML or ABC files, or a .jsonl(.xz) of melodies; repeatable. "
            "FOLDER=30 draws 30 % of the examples from it."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The checkpoint to write, such as mine.safetensors.")],
    minutes: Annotated[float, typer.Option(help="How long to train at most.")] = 60.0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted training left.")] = False,
    begin: Annotated[
        str | None, typer.Option("--from", help="Begin with what this checkpoint (name or file) has learned.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The random seed.")] = 0,
    batch: Annotated[int, typer.Option(help="Windows a step.")] = 16,
    window: Annotated[int, typer.Option(help="Tokens a window.")] = 256,
    learning_rate: Annotated[float, typer.Option(help="The highest learning rate.")] = 3e-3,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A size of the network, such as hidden=448.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Train a network on your own music; stop it at any moment and go on with --resume."""
    if out.suffix != ".safetensors":
        raise BadRequest(f"--out {out} must end in .safetensors, the kind of file a checkpoint is.")
    if network in KINDS:
        train_reader(network, data, out, minutes, seed, as_json)
        return
    config = TrainConfig(minutes=minutes, seed=seed, batch=batch, window=window, learning_rate=learning_rate)
    settings = _settings(setting or [])
    if network not in NETWORKS:
        raise BadRequest(f"There is no network {network!r} to train; there are: {', '.join(NETWORKS)}.")
    pieces = load_corpora(data, report=warn)
    run = Run(network, MusicLesson(network, pieces), out, config, settings)
    if begin:
        run.begin_from(find(begin))
    if resume and run.resume():
        warn(f"Going on after {run.progress.elapsed / 60:.1f} minutes.")
    elif not resume and (run.folder / "state.safetensors").exists():
        raise BadRequest(f"There is a training in {run.folder} already. Add --resume to go on, or remove that folder.")
    progress = run.train(lambda p: warn(progress_line(p, run.lesson.unit)))
    take_fingerprints(pieces, not run.network.polyphonic).save(out.parent / FOLDER / out.name)
    values = {
        "checkpoint": str(out),
        "picture": str(run.folder / "loss.png"),
        "steps": progress.step,
        "minutes": round(progress.elapsed / 60, 2),
        "valid_nats_a_note": round(progress.best, 4),
    }
    answer(values, [f"{out}: {progress.best:.3f} nats a note on held-out pieces; picture in {run.folder}"], as_json)


def progress_line(progress: Progress, unit: str) -> str:
    """One line on how a training stands."""
    return (
        f"step {progress.step}, {progress.elapsed / 60:.1f} min: "
        f"held-out pieces {progress.valids[-1][1]:.4f} {unit} (best {progress.best:.4f})"
    )


def _settings(pairs: list[str]) -> dict[str, Any]:
    settings = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            settings[name] = json.loads(value)
        except ValueError as error:
            raise BadRequest(f"--set {pair} is not like hidden=448.") from error
    return settings
