"""Pieces to learn from, and the JSON lines that keep them once they have been read.

A line is one JSON object: `title`, `source`, `licence`, `style`, `split`, `family`, `bars_known`, `metres`
[[tick, numerator, denominator], …], `chords` [[onset, root, quality], …], and `voices`, each with `name`, `program`,
`drum` and `notes` [[pitch, onset, duration], …] in ticks.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from composer.errors import NoTrainingMusic
from composer.score import ChordSymbol, Key, Metre, Note, Score, Voice


@dataclass(frozen=True)
class Piece:
    """A piece to learn from. `metre` and `style` are None where unknown; bars then follow the score's own metre.

    Examples are drawn from a piece in proportion to its length times `emphasis`.
    """

    score: Score
    split: str
    name: str = ""
    source: str = ""
    licence: str = ""
    style: str | None = None
    metre: Metre | None = None
    emphasis: float = 1.0
    family: str = ""  # of variants of one tune, where known


def write_pieces(path: Path, pieces: Iterable[Piece]) -> int:
    """Write pieces as JSON lines, `.xz` packed; how many there were."""
    count = 0
    with lzma.open(path, "wt", encoding="utf-8") as file:
        for piece in pieces:
            file.write(json.dumps(_to_json(piece), ensure_ascii=False) + "\n")
            count += 1
    return count


def _to_json(piece: Piece) -> dict[str, Any]:
    score = piece.score
    return {
        "title": piece.name,
        "source": piece.source,
        "licence": piece.licence,
        "style": piece.style,
        "split": piece.split,
        "family": piece.family,
        "bars_known": piece.metre is not None,
        "key": str(score.key) if score.key else None,
        "metres": [[m.tick, m.numerator, m.denominator] for m in score.metres],
        "chords": [[c.onset, c.root, c.quality] for c in score.chords],
        "voices": [
            {
                "name": v.name,
                "program": v.program,
                "drum": v.is_drum,
                "notes": [[n.pitch, n.onset, n.duration] for n in v.notes],
            }
            for v in score.voices
        ],
    }


def piece_from_json(row: dict[str, Any]) -> Piece:
    """A piece that `write_pieces` wrote; NoTrainingMusic where the line is not one."""
    try:
        voices = tuple(
            Voice(
                tuple(Note(onset, pitch, duration) for pitch, onset, duration in voice["notes"]),
                voice["name"],
                voice["program"],
                voice["drum"],
            )
            for voice in row["voices"]
        )
        metres = tuple(Metre(*m) for m in row["metres"])
        chords = tuple(ChordSymbol(*c) for c in row.get("chords", ()))
        score = Score(voices, metres, title=row["title"], chords=chords, key=_key(row.get("key")))
        return Piece(
            score=score,
            split=row["split"],
            name=row["title"],
            source=row["source"],
            licence=row["licence"],
            style=row["style"],
            metre=metres[0] if row["bars_known"] else None,
            family=str(row.get("family", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoTrainingMusic(f"A line of the prepared music is not one that Motif wrote: {error}.") from error


def _key(text: str | None) -> Key | None:
    return Key.parse(text) if text else None
