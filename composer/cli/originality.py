"""`composer originality`: what of a file stands in the music that networks learned from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer import music
from composer.checkpoint import FOLDER, available
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer
from composer.errors import BadRequest
from composer.listening.ngrams import lines_of
from composer.listening.originality import Memory, receipt_of
from composer.shelf import Shelf


def originality(
    file: Annotated[Path, typer.Argument(help="A MIDI, MusicXML or ABC file.")],
    model: Annotated[
        str | None, typer.Option(help="Compare with what this network learned from; default: the one that wrote it.")
    ] = None,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Find the longest passage of a file, in any key and at any speed, in the music that networks learned from.

    Without --model, a file that Motif wrote is compared with what its network learned from, any other with everything.
    """
    reading = music.read(file)
    name = model or _writer(str((reading.recipe or {}).get("checkpoint", "")), checkpoints)
    if name:
        memory = Shelf(checkpoints).take(name).memory.present(Path(name).stem)
    else:
        memory = Memory.everything(checkpoints)
        if not memory.parts:
            raise BadRequest(f"There are no fingerprints in {checkpoints}. Make them with 'composer fingerprints'.")
    receipt = receipt_of(lines_of(reading.score), memory)
    values = {"file": str(file), "against": name or "everything", **receipt.to_json()}
    answer(values, receipt.sentences, as_json)


def _writer(name: str, checkpoints: Path) -> str | None:
    """The network a recipe names, where it is here."""
    known = {checkpoint.name for checkpoint in available(checkpoints)}
    return name if name in known else None
