"""`composer train`: a network from a folder of music."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from composer.card import find
from composer.checkpoint import load
from composer.cli.output import JsonFlag, answer, warn
from composer.cli.readers import KINDS, train_reader
from composer.data.corpus import Piece, load_corpora
from composer.errors import BadRequest
from composer.listening.fingerprints import FOLDER
from composer.networks import NOTE_NETWORKS
from composer.networks.vae import Vae
from composer.train.autoencoding import PhraseLesson
from composer.train.curves import draw_curves
from composer.train.fingerprints import take_fingerprints
from composer.train.lessons import check_teachable, lesson_for
from composer.train.trainer import Progress as OldProgress
from composer.train.trainer import Run as OldRun
from composer.train.trainer import TrainConfig
from composer.training.run import Progress, TrainingConfig
from composer.training.teaching import Lesson, Teaching


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
        train_reader(network, data, out, 60.0 if minutes is None else minutes, seed, as_json)
        return
    check_teachable(network)
    settings = _settings(setting or [])
    if network in NOTE_NETWORKS:
        if vae:
            raise BadRequest(f"--vae is for gan; {network} learns without one.")
        asked = {"steps": steps, "minutes": minutes, "learning_rate": learning_rate}
        config = TrainingConfig(seed=seed, device=device, **{k: v for k, v in asked.items() if v is not None})  # type: ignore[arg-type]
        sizes = {k: v for k, v in {"window": window, "batch": batch}.items() if v is not None}
        lesson = Lesson(load_corpora(data, report=warn), without=tuple(without or ()), **sizes)
        _teach(Teaching(network, lesson, out, config, settings), begin, resume, as_json)
        return
    if steps is not None or without or window is not None or device != "cpu":
        raise BadRequest(f"--steps, --without, --window and --device are for {', '.join(NOTE_NETWORKS)}.")
    old = TrainConfig(minutes=60.0 if minutes is None else minutes, seed=seed)
    chosen = {"batch": batch, "learning_rate": learning_rate}
    _teach_points(
        network,
        data,
        out,
        old,
        {k: v for k, v in chosen.items() if v is not None},
        settings,
        begin,
        resume,
        vae,
        as_json,
    )


def _teach(teaching: Teaching, begin: str | None, resume: bool, as_json: bool) -> None:
    """Train a network of notes."""
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
    best = teaching.teach(lambda p: warn(f"step {p.step}, {p.seconds / 60:.1f} min: {_measured(p)}"))
    take_fingerprints(teaching.learned_and_held_out, not run.network.polyphonic).save(out.parent / FOLDER / out.name)
    progress = run.progress
    picture = out.with_suffix(".run.png")
    draw_curves(
        progress.losses, [(step, sum(v.values()) / len(v)) for step, v in progress.measures], "nats a note", picture
    )
    values = {
        "checkpoint": str(out),
        "picture": str(picture),
        "steps": progress.step,
        "minutes": round(progress.seconds / 60, 2),
        "valid_nats_a_note": round(best, 4),
    }
    answer(values, [f"{out}: {best:.3f} nats a note on held-out pieces; picture in {picture}"], as_json)


def _measured(progress: Progress) -> str:
    return ", ".join(f"{kind} {value:.4f}" for kind, value in progress.measures[-1][1].items()) + " nats a note"


def _teach_points(
    network: str,
    data: list[str],
    out: Path,
    config: TrainConfig,
    chosen: dict[str, Any],
    settings: dict[str, Any],
    begin: str | None,
    resume: bool,
    vae: str | None,
    as_json: bool,
) -> None:
    """Train a network of points."""
    pieces = load_corpora(data, report=warn)
    lesson = lesson_for(network, pieces, _autoencoder(vae, pieces, config, out) if network == "gan" else None)
    config = replace(config, **{**lesson.pace, **chosen})
    run = OldRun(network, lesson, out, config, settings)
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
        f"valid_{lesson.unit.replace(' ', '_')}": round(progress.best, 4),
    }
    answer(values, [f"{out}: {progress.best:.3f} {lesson.unit} on held-out pieces; picture in {run.folder}"], as_json)


def _autoencoder(given: str | None, pieces: list[Piece], config: TrainConfig, out: Path) -> Vae:
    """The autoencoder that a gan is given, or one trained in four fifths of its time and kept beside it."""
    if given:
        path = find(given)
    else:
        path = out.with_name(f"{out.stem}-vae.safetensors")
        lesson = PhraseLesson(pieces)
        run = OldRun("vae", lesson, path, replace(config, minutes=config.minutes * 0.8, **lesson.pace), {})
        run.resume()
        run.train(lambda p: warn(progress_line(p, lesson.unit)))
    network, _, card = load(path)
    if not isinstance(network, Vae):
        raise BadRequest(f"{path.name} is a {card.network}; a gan needs an autoencoder. Name one that is a vae.")
    return network


def progress_line(progress: OldProgress, unit: str) -> str:
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
