"""How much of its takes a network copies from what it learned, beside how much people's own tunes share with it.

Takes go on from the first eight bars of held-out melodies for eight bars. Of each the longest exact match with the
network's fingerprints is told in notes; people's are those of the yardstick, in passages of about as many notes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from composer.analysis.ngrams import Line
from composer.analysis.originality import receipt_of
from composer.analysis.yardstick import human_counts, quantile
from composer.data.corpus import Piece, melody_piece, select
from composer.errors import NoTrainingMusic
from composer.music import Reading, estimate_key
from composer.score import Note
from composer.shelf import Shelved
from composer.writing import Request, new_writer

BARS = 8
_FEWEST = 8  # notes to go on from
_SHARES = {"median": 0.5, "95 %": 0.95}


@dataclass(frozen=True)
class Copying:
    """The longest match of every take, in notes, and people's counts of matches by their length."""

    matches: tuple[int, ...]
    human: np.ndarray[tuple[int], np.dtype[np.int64]]

    def figures(self) -> dict[str, float]:
        """Median and 95 % of both, and the share of takes within people's 95 %."""
        usual = quantile(self.human, 0.95)
        return {
            "takes": len(self.matches),
            **{f"match {name} of takes": float(np.quantile(self.matches, s)) for name, s in _SHARES.items()},
            **{f"match {name} of people": quantile(self.human, share) for name, share in _SHARES.items()},
            "takes within people's 95 %": round(float(np.mean(np.array(self.matches) <= usual)), 3),
        }


def copying(shelved: Shelved, pieces: Iterable[Piece], request: Request, most: int = 100) -> Copying:
    """Write takes and match them; NoTrainingMusic where fewer than ten held-out melodies have eight bars."""
    memory = shelved.memory.present(shelved.name)
    held_out = [melody_piece(piece) for piece in select(pieces, "test")]
    usable = [piece for piece in held_out if piece.score.bars >= BARS and len(_given(piece)) >= _FEWEST]
    chosen = usable[:: max(1, len(usable) // most)][:most]
    if len(chosen) < 10:
        raise NoTrainingMusic(f"Only {len(chosen)} held-out melodies have eight bars; measuring copies takes 10.")
    lengths, matches = [], []
    for number, piece in enumerate(chosen):
        line, given = piece.score.voices[0], _given(piece)
        seed = Reading(piece.score.with_voices([replace(line, notes=given)]), "corpus", estimate_key(given))
        wish = replace(request, bars=BARS, seed=number)
        take = new_writer(replace(seed, style=piece.style), wish, shelved).finish()
        receipt = receipt_of([Line.of(take.new_notes, take.score)], memory)
        lengths.append(receipt.notes)
        matches.append(receipt.exact.notes if receipt.exact else 0)
    human = human_counts(memory.parts[0][0], "exact", int(np.median(lengths)))
    if human is None:
        raise NoTrainingMusic("The fingerprints have no yardstick: too little music was held out.")
    return Copying(tuple(matches), human)


def _given(piece: Piece) -> tuple[Note, ...]:
    """The notes of the first eight bars."""
    return tuple(note for note in piece.score.voices[0].notes if note.onset < piece.score.bar_start(BARS))
