"""`composer compose`: takes as files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from composer import sound
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer, warn
from composer.cli.read import TrackOption, TuneOption
from composer.errors import BadRequest, NoSound
from composer.events.conditions import BUSY, ENDINGS, RETURNS
from composer.music import read, write_abc, write_midi, write_musicxml
from composer.places import FOLDER
from composer.shelf import Shelf
from composer.writing import KINDS, Request, Take, new_writer

_FORMATS = ("midi", "musicxml", "abc", *sound.AUDIO, "stems")


def compose(
    seed_file: Annotated[
        Path | None, typer.Argument(metavar="[SEED]", help="MIDI, MusicXML or ABC to go on from.")
    ] = None,
    second_file: Annotated[
        Path | None, typer.Argument(metavar="[SECOND]", help="The melody to end with, when morphing.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write take-1.mid, take-1.wav … into.")] = Path("takes"),
    model: Annotated[str, typer.Option(help="A checkpoint's name (see `composer models`) or file.")] = "lstm",
    task: Annotated[str | None, typer.Option(help="continue, improvise (from nothing), harmonise or infill.")] = None,
    bars: Annotated[int, typer.Option(help="How many bars to write.")] = 8,
    temperature: Annotated[
        float, typer.Option(help="Daring of the pitches: 0 the likeliest, 1 as learned.")
    ] = Request.temperature,
    rhythm_temperature: Annotated[float, typer.Option(help="Daring of the rhythm.")] = Request.rhythm_temperature,
    top_p: Annotated[
        float, typer.Option(help="Keep the likeliest choices with this share of probability; 0: what suits the task.")
    ] = Request.top_p,
    scale: Annotated[str, typer.Option(help="auto (the seed's key), none, or a key such as 'G major'.")] = "auto",
    low: Annotated[int | None, typer.Option(help="The lowest pitch to write (MIDI number).")] = None,
    high: Annotated[int | None, typer.Option(help="The highest pitch to write (MIDI number).")] = None,
    takes: Annotated[int, typer.Option(help="How many takes; take k has random seed SEED + k − 1.")] = 1,
    seed: Annotated[int, typer.Option(help="The random seed.")] = 0,
    style: Annotated[str | None, typer.Option(help="A style such as reel or jig.")] = None,
    kind: Annotated[
        str | None, typer.Option(help=f"What to improvise: {', '.join(KINDS)} (default: as the style is written for).")
    ] = None,
    track: TrackOption = None,
    tune: TuneOption = None,
    region: Annotated[
        str | None, typer.Option(help="What to fill in: bars, and voices, as in '5-6:alto,tenor'.")
    ] = None,
    strict: Annotated[
        bool, typer.Option(help="Lead the voices of chorales without parallel fifths and octaves, uncrossed.")
    ] = True,
    freeze: Annotated[str, typer.Option(help="Voices to leave as they are, as in 'soprano,bass'.")] = "",
    amount: Annotated[float, typer.Option(help="How far to vary: 0 gives the seed itself, 1 a stranger.")] = 0.5,
    steps: Annotated[int, typer.Option(help="How many phrases to write between two seeds when morphing.")] = 4,
    returns: Annotated[
        str | None, typer.Option(help=f"How much of what is given comes back: {', '.join(RETURNS)}.")
    ] = None,
    busy: Annotated[str | None, typer.Option(help=f"How many notes: {', '.join(BUSY)}.")] = None,
    ending: Annotated[
        str | None,
        typer.Option(help=f"How it ends: {', '.join(ENDINGS)} (default: on the tonic where nothing follows)."),
    ] = None,
    form: Annotated[str, typer.Option(help="Letters, one a phrase of what is written, such as AABA.")] = "",
    max_match: Annotated[
        int | None, typer.Option(help="Never write more notes in a row as a piece learned from has them.")
    ] = None,
    formats: Annotated[str, typer.Option(help=f"Which files: {', '.join(_FORMATS)}.")] = "midi,wav",
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Go on from a seed (or from nothing), and write each take as MIDI and WAV."""
    request = Request(
        task=task or ("morph" if second_file else "continue" if seed_file else "improvise"),
        bars=bars,
        temperature=temperature,
        rhythm_temperature=rhythm_temperature,
        top_p=top_p,
        scale=scale,
        low=low,
        high=high,
        takes=takes,
        seed=seed,
        style=style,
        kind=kind,
        strict=strict,
        track=track,
        region=region,
        freeze=tuple(name for name in freeze.split(",") if name.strip()),
        amount=amount,
        steps=steps,
        max_match=max_match,
        returns=returns,
        busy=busy,
        ending=ending,
        form=form.upper(),
    )
    kinds = _chosen(formats)
    reading = read(seed_file, tune) if seed_file else None
    second = read(second_file) if second_file else None
    out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    bound = new_writer(reading, request, Shelf(checkpoints).open(model), second)
    written = bound.finish_all()
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
