"""`composer originality`: what of a file stands in the music that networks learned from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer.api import originality as find_receipt
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer
from composer.places import FOLDER
from composer.shelf import Shelf


def originality(
    file: Annotated[Path, typer.Argument(help="A MIDI, MusicXML or ABC file.")],
    model: Annotated[
        str | None, typer.Option(help="Compare with what this network learned from; default: the one that wrote it.")
    ] = None,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Find the longest passage of a file, in any key and at any speed, in the music that was learned.

    Without --model, a file that Motif wrote is compared with what its network learned from, any other with everything.
    """
    receipt = find_receipt(file, model, Shelf(checkpoints))
    answer({"file": str(file), **receipt.to_json()}, receipt.sentences, as_json)
