"""`composer train`: a network from a folder of music."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from composer.analysis.fingerprints import FOLDER
from composer.card import find
from composer.checkpoint import load
from composer.cli.output import JsonFlag, answer, refuse, warn
from composer.cli.readers import KINDS, train_reader
from composer.data.corpus import load_corpora
from composer.errors import BadRequest
from composer.networks import NETWORKS
from composer.networks.vae import Vae
from composer.train.curves import draw_curves
from composer.train.fingerprints import take_fingerprints
from composer.training.run import Progress, TrainingConfig
from composer.training.teaching import Lesson, Teaching, suiting


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
    steps: Annotated[int | None, typer.Option(help="How many steps to learn.", show_default="4000")] = None,
    minutes: Annotated[
        float | None, typer.Option(help="How long to train at most.", show_default="as long as the steps take, or 60")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted training left.")] = False,
    begin: Annotated[
        str | None, typer.Option("--from", help="Begin with what this checkpoint (name or file) has learned.")
    ] = None,
    without: Annotated[
        list[Path] | None, typer.Option(help="Tunes to keep out with their families: a file or a folder; repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The random seed.")] = 0,
    batch: Annotated[
        int | None, typer.Option(help="Rows a step; of vae and gan, phrases.", show_default="as suits the network")
    ] = None,
    window: Annotated[int | None, typer.Option(help="Rows an example.", show_default="256")] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="The highest learning rate.", show_default="as suits the network")
    ] = None,
    device: Annotated[str, typer.Option(help="Where to compute: cpu, cuda or mps.")] = "cpu",
    vae: Annotated[
        str | None,
        typer.Option(help="For gan: the autoencoder (name or file) whose points it plays with; else trained."),
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A size of the network, such as hidden=448.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Train a network on your own music; stop it at any moment and go on with --resume."""
    if out.suffix != ".safetensors":
        raise BadRequest(f"--out {out} must end in .safetensors, the kind of file a checkpoint is.")
    if network in KINDS:
        sizes = {"--batch": batch, "--window": window, "--learning-rate": learning_rate, "--set": setting, "--vae": vae}
        begun = {"--resume": resume, "--from": begin, "--steps": steps, "--without": without}
        refuse(f"Training {network}", {**begun, **sizes, "--device": device != "cpu"})
        train_reader(network, data, out, 60.0 if minutes is None else minutes, seed, as_json)
        return
    if network not in NETWORKS:
        raise BadRequest(f"There is no network {network!r} to train; there are: {', '.join(NETWORKS)}.")
    if vae and network != "gan":
        raise BadRequest(f"--vae is for gan; {network} learns without one.")
    settings = _settings(setting or [])
    asked = {"steps": steps, "minutes": minutes, "learning_rate": learning_rate}
    chosen = {**suiting(network), **{k: v for k, v in asked.items() if v is not None}}
    config = TrainingConfig(seed=seed, device=device, **chosen)
    lesson = Lesson(load_corpora(data, report=warn), without=tuple(without or ()), batch=batch)
    if window is not None:
        lesson = replace(lesson, window=window)
    if network == "gan":
        lesson = replace(lesson, vae=_autoencoder(vae, lesson, config, out, resume))
    _teach(Teaching(network, lesson, out, config, settings), begin, resume, as_json)


def _teach(teaching: Teaching, begin: str | None, resume: bool, as_json: bool) -> None:
    """Train, and tell how it went."""
    run, out = teaching.run, teaching.out
    if begin:
        teaching.begin_from(find(begin))
    if resume and run.state_file.exists():
        run.resume()
        warn(f"Going on after step {run.progress.step}.")
    elif run.state_file.exists():
        raise BadRequest(
            f"There is a training in {run.state_file} already. Add --resume to go on, or remove that file."
        )
    if teaching.kept_out:
        warn(f"{len(teaching.kept_out)} pieces share a phrase with the tunes to keep out, and are.")
    best = teaching.teach(lambda p: warn(_line(p, teaching.objective.unit)))
    take_fingerprints(teaching.learned_and_held_out, not run.network.polyphonic).save(out.parent / FOLDER / out.name)
    progress, unit = run.progress, teaching.objective.unit
    picture = out.with_suffix(".run.png")
    draw_curves(progress.losses, [(step, sum(v.values()) / len(v)) for step, v in progress.measures], unit, picture)
    values = {
        "checkpoint": str(out),
        "picture": str(picture),
        "steps": progress.step,
        "minutes": round(progress.seconds / 60, 2),
        f"valid_{unit.replace(' ', '_')}": round(best, 4),
    }
    answer(values, [f"{out}: {best:.3f} {unit} on held-out pieces; picture in {picture}"], as_json)


def _line(progress: Progress, unit: str) -> str:
    """How a training stands."""
    measured = ", ".join(f"{kind} {value:.4f}" for kind, value in progress.measures[-1][1].items())
    return f"step {progress.step}, {progress.seconds / 60:.1f} min: {measured} {unit}"


def _autoencoder(given: str | None, lesson: Lesson, config: TrainingConfig, out: Path, resume: bool) -> Vae:
    """The autoencoder that a gan is given, or one trained with as many steps, and kept beside it."""
    path = find(given) if given else out.with_name(f"{out.stem}-vae.safetensors")
    if not given and not (resume and path.exists()):
        usual = TrainingConfig(steps=config.steps, minutes=config.minutes, seed=config.seed, device=config.device)
        teaching = Teaching("vae", replace(lesson, batch=None), path, usual)
        if resume and teaching.run.state_file.exists():
            teaching.run.resume()
        teaching.teach(lambda p: warn(_line(p, teaching.objective.unit)))
    network, card = load(path)
    if not isinstance(network, Vae):
        raise BadRequest(f"{path.name} is a {card.network}; a gan needs an autoencoder. Name one that is a vae.")
    return network


def _settings(pairs: list[str]) -> dict[str, Any]:
    settings = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            settings[name] = json.loads(value)
        except ValueError as error:
            raise BadRequest(f"--set {pair} is not like hidden=448.") from error
    return settings
