"""`composer compose`: takes as files."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from composer import sound
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer, warn
from composer.cli.read import TuneOption
from composer.cli.settings import typed, with_settings
from composer.errors import BadRequest, NoSound
from composer.kinds import DEFAULT
from composer.music import read, write_abc, write_midi, write_musicxml
from composer.places import FOLDER
from composer.shelf import Shelf
from composer.tasks import Request, suiting
from composer.writing import Take, new_writer
from composer.writing.sounding import Sounding

_FORMATS = ("midi", "musicxml", "abc", *sound.AUDIO, "stems")


@with_settings(Request, Sounding, task="what suits what was brought")
def compose(
    seed_file: Annotated[
        Path | None, typer.Argument(metavar="[SEED]", help="MIDI, MusicXML or ABC to go on from.")
    ] = None,
    second_file: Annotated[
        Path | None, typer.Argument(metavar="[SECOND]", help="The melody to end with, when morphing.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write take-1.mid, take-1.wav … into.")] = Path("takes"),
    model: Annotated[str, typer.Option(help="A checkpoint's name (see `composer models`) or file.")] = DEFAULT,
    *,
    tune: TuneOption = None,
    formats: Annotated[str, typer.Option(help=f"Which files: {', '.join(_FORMATS)}.")] = "midi,wav",
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
    **given: Any,
) -> None:
    """Go on from a seed (or from nothing), and write each take as MIDI and WAV."""
    given["task"] = given["task"] or suiting(bool(seed_file), bool(second_file)).name
    request: Request = typed(Request, given)
    request.refuse_unread([name for name, value in given.items() if value is not None], bool(second_file))
    if tune and not seed_file:
        raise BadRequest("--tune chooses from a tune book; name the book too.")
    sounding: Sounding = typed(Sounding, given)
    kinds = _chosen(formats)
    reading = read(seed_file, tune) if seed_file else None
    second = read(second_file) if second_file else None
    if reading and sounding.tempo is not None:
        sound.at_tempo(reading.score, sounding.tempo)  # told before anything is written
    out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    bound = new_writer(reading, request, Shelf(checkpoints).open(model), second)
    written = [replace(take, score=sounding.of_take(take)) for take in bound.finish_all()]
    writing = time.perf_counter() - began
    began = time.perf_counter()
    results = [_save(take, out, number, kinds) for number, take in enumerate(written, 1)]
    rendering = time.perf_counter() - began
    values = {
        "takes": results,
        "files": [path for result in results for path in result["files"]],
        "notes": sum(result["notes"] for result in results),
        "seconds": {"writing": round(writing, 3), "rendering": round(rendering, 3)},
        "remarks": [*(reading.remarks if reading else ()), *bound.plan.remarks],
    }
    lines = (line for result in results for line in _lines(result, bound.plan.remarks))
    answer(values, [*values["remarks"], *lines], as_json)


def _chosen(formats: str) -> list[str]:
    """The kinds of files asked for, the MIDI file always among them."""
    kinds = [kind.strip().lower() for kind in formats.split(",") if kind.strip()]
    for kind in kinds:
        if kind not in _FORMATS:
            raise BadRequest(f"There is no format {kind!r}; there are: {', '.join(_FORMATS)}.")
    return list(dict.fromkeys(["midi", *kinds]))


def _save(take: Take, out: Path, number: int, kinds: list[str]) -> dict[str, Any]:
    recipe = take.recipe.to_json()
    path = out / f"take-{number}.mid"
    path.write_bytes(write_midi(take.score, recipe))
    files: dict[str, str | None] = {"midi": str(path), "wav": None}
    if "musicxml" in kinds:
        notation = out / f"take-{number}.musicxml"
        notation.write_bytes(write_musicxml(take.score, take.new))
        files["musicxml"] = str(notation)
    if "abc" in kinds:
        text = out / f"take-{number}.abc"
        text.write_text(write_abc(take.score, take.new), encoding="utf-8")
        files["abc"] = str(text)
    try:
        if set(kinds) & {*sound.AUDIO, "stems"}:
            files |= _sounds(take, out, number, kinds)
    except NoSound as error:
        warn(f"{error} The MIDI file was written all the same.")
    return {
        **files,
        "files": [name for name in files.values() if name],
        "notes": len(take.new_notes),
        "bars": take.bars_written,
        "seed": take.recipe.request.seed,
        "figures": dict(take.figures),
        "remarks": list(take.remarks),
        "recipe": recipe,
    }


def _sounds(take: Take, out: Path, number: int, kinds: list[str]) -> dict[str, str]:
    """The files of sound that were asked for, by their kind."""
    wanted, files = [kind for kind in kinds if kind in sound.AUDIO], {}
    samples = sound.render(take.score)
    for kind in wanted:
        path = out / f"take-{number}.{kind}"
        path.write_bytes(sound.audio_bytes(samples, kind))
        files[kind] = str(path)
    if "stems" in kinds:
        files["stems"] = str(out / f"take-{number}.zip")
        Path(files["stems"]).write_bytes(sound.stems_bytes(take.score))
    return files


def _lines(result: dict[str, Any], told: tuple[str, ...]) -> list[str]:
    """What was written, and what is to be said of it beside what was told of all."""
    files = " and ".join(result["files"])
    line = f"{files}: {result['notes']} new notes in {result['bars']} bars, seed {result['seed']}"
    return [line, *(f"  {remark}" for remark in result["remarks"] if remark not in told)]
