"""`composer read`: what a file holds, and what had to be done to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer import music
from composer.cli.output import JsonFlag, answer

TuneOption = Annotated[str | None, typer.Option(help="The tune of an ABC tune book, by its number or title.")]
TrackOption = Annotated[int | None, typer.Option(help="The track, from 1, to take as the melody.")]


def read(
    file: Annotated[Path, typer.Argument(help="A MIDI, MusicXML or ABC file.")],
    track: TrackOption = None,
    tune: TuneOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Tell what was read from a file, repaired and dropped."""
    reading = music.read(file, tune)
    melody = music.melody_of(reading, track)
    remarks = melody.remarks
    tunes = [{"number": number, "title": title} for number, title in music.tunes_of(file)]
    values = {
        **reading.to_json(),
        "tunes": tunes,
        "file": str(file),
        "remarks": list(remarks),
        "melody_notes": len(melody.score.notes),
    }
    answer(values, (f"{file.name} ({reading.source}): {reading.summary()}", *remarks), as_json)
