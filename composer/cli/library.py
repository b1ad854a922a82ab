"""`composer library`: the tunes that come with Motif, made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer.analysis.collections import build_library
from composer.cli.output import JsonFlag, answer
from composer.places import LIBRARY_VARIABLE, TUNES


def library(
    out: Annotated[Path, typer.Option(help="The file to write.", envvar=LIBRARY_VARIABLE, show_default=False)] = TUNES,
    as_json: JsonFlag = False,
) -> None:
    """Build the library of tunes from the collections in music21's wheel; takes about ten minutes."""
    tunes, refused = build_library(out)
    answer({"file": str(out), "tunes": tunes, "refused": refused}, [f"{out}: {tunes} tunes, {refused} unread"], as_json)
