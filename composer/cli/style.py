"""`composer style`: what a melody sounds like."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer.api import style as guess_style
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer
from composer.cli.read import TrackOption
from composer.places import FOLDER
from composer.shelf import Shelf


def style(
    file: Annotated[Path, typer.Argument(help="A MIDI, MusicXML or ABC file.")],
    track: TrackOption = None,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Tell the likeliest styles of a melody, and the bars that speak for the first."""
    guess = guess_style(file, track, Shelf(checkpoints))
    answer({"file": str(file), **guess.to_json()}, guess.sentences, as_json)
