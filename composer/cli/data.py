"""`composer data`: a folder of music read once, for trainings to draw from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from composer.cli.output import JsonFlag, answer, warn
from composer.data.corpus import load_corpus
from composer.data.piece import write_pieces
from composer.errors import BadRequest


def data(
    source: Annotated[Path, typer.Argument(help="A folder of MIDI, MusicXML or ABC files, or a .jsonl(.xz).")],
    out: Annotated[Path, typer.Option(help="The file to write, such as mine.jsonl.xz.")],
    as_json: JsonFlag = False,
) -> None:
    """Read a folder of music once and keep it in one file, which `composer train --data` takes in its place."""
    if not out.name.endswith(".jsonl.xz"):
        raise BadRequest(f"--out {out} must end in .jsonl.xz, the kind of file that prepared music is.")
    pieces = load_corpus(source, report=warn)
    write_pieces(out, pieces)
    splits = dict(Counter(piece.split for piece in pieces))
    values = {"file": str(out), "pieces": len(pieces), "splits": splits, "bytes": out.stat().st_size}
    told = ", ".join(f"{count} {split}" for split, count in splits.items())
    answer(values, [f"{out}: {len(pieces)} pieces ({told}), {out.stat().st_size / 1e6:.1f} MB"], as_json)
