"""`composer similar`: the library's tunes that are like a melody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer.api import similar as likest
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer
from composer.cli.read import TrackOption
from composer.places import FOLDER, LIBRARY_VARIABLE, TUNES
from composer.shelf import Shelf


def similar(
    file: Annotated[Path, typer.Argument(help="A MIDI, MusicXML or ABC file.")],
    most: Annotated[int, typer.Option(help="How many tunes to name.")] = 10,
    track: TrackOption = None,
    library: Annotated[
        Path, typer.Option(help="The library of tunes.", envvar=LIBRARY_VARIABLE, show_default=False)
    ] = TUNES,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Name the library's tunes that are most like a melody, in any key and at any speed."""
    found = likest(file, most, track, Shelf(checkpoints, library))
    lines = [f"{like.likeness:.2f}  {like.tune.label}" for like in found]
    answer({"file": str(file), "tunes": [like.to_json() for like in found]}, lines, as_json)
