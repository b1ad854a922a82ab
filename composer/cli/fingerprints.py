"""`composer fingerprints`: what originality is measured against, made from a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer.cli.output import JsonFlag, answer, warn
from composer.data.corpus import load_corpus
from composer.errors import BadRequest
from composer.train.fingerprints import take_fingerprints


def fingerprints(
    data: Annotated[list[Path], typer.Option(help="A folder of music, or a .jsonl(.xz) of melodies; repeatable.")],
    out: Annotated[Path, typer.Option(help="The file to write, such as checkpoints/fingerprints/mine.safetensors.")],
    voices: Annotated[bool, typer.Option("--voices", help="Of all voices, not of the melodies alone.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Take fingerprints of a corpus, for `composer originality`: only hashes with piece and place."""
    if out.suffix != ".safetensors":
        raise BadRequest(f"--out {out} must end in .safetensors, the kind of file that holds fingerprints.")
    taken = take_fingerprints([piece for path in data for piece in load_corpus(path, report=warn)], not voices)
    taken.save(out)
    values = {"file": str(out), "pieces": len(taken.pieces), "lines": len(taken.piece), "hashes": len(taken.hash)}
    answer(values, [f"{out}: {len(taken.hash)} fingerprints of {len(taken.pieces)} pieces"], as_json)
