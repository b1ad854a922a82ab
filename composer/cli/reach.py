"""`composer reach`: how far back a change of the past changes the next note."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer.classroom.reach import reach as measured
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer
from composer.errors import BadRequest
from composer.kinds import OF_NOTES
from composer.networks import NoteNetwork
from composer.places import FOLDER, TUNES
from composer.shelf import Shelf


def reach(
    models: Annotated[list[str], typer.Argument(help="Networks that write note by note: names or files.")],
    tunes: Annotated[int, typer.Option(min=1, max=500, help="How many tunes of the library to measure on.")] = 12,
    library: Annotated[Path, typer.Option(help="The library of tunes.", show_default=False)] = TUNES,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Tell how much moving one note of the past, so many notes back, changes the chances of the next pitch."""
    shelf, found = Shelf(checkpoints, library), {}
    for name in models:
        shelved = shelf.open(name)
        network = shelved.network
        if shelved.card.network not in OF_NOTES or not isinstance(network, NoteNetwork):
            raise BadRequest(f"{name} writes from points, and not note by note. Name an rnn, an lstm or a transformer.")
        found[shelved.name] = measured(network, shelf.listeners.tunes(), tunes)
    lines = []
    for name, curve in found.items():
        told = ", ".join(f"{back}: {share:.3f}" for back, share in zip(curve.back, curve.changed, strict=True))
        lines.append(f"{name} ({curve.places} places), change by notes back: {told}")
    values = {name: {"back": c.back, "changed": c.changed, "places": c.places} for name, c in found.items()}
    answer({"reach": values}, lines, as_json)
