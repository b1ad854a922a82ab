"""Takes beside people's continuations of the same seeds: the first eight bars are given, the next eight compared."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from composer.errors import NoTrainingMusic
from composer.evaluate.classifier import Accuracy, tell_apart
from composer.evaluate.statistics import STATISTICS, Floats, overlap, statistics
from composer.music import Reading, estimate_key
from composer.score import Note
from composer.shelf import Shelved
from composer.train.corpus import Piece
from composer.writing import Commission, Request

BARS = 8


@dataclass(frozen=True)
class Mimicry:
    """How takes compare: overlap of each statistic with people's, and how often a classifier tells them apart.

    `human` is the same between two halves of the human passages, the best that can be hoped for at this number.
    """

    takes: int
    overlaps: dict[str, float]
    human_overlaps: dict[str, float]
    classifier: Accuracy
    human_classifier: Accuracy

    def figures(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "takes": self.takes,
            "overlap with human": {k: round(v, 3) for k, v in self.overlaps.items()},
            "overlap human with human": {k: round(v, 3) for k, v in self.human_overlaps.items()},
            "told apart": _rounded(self.classifier),
            "human told apart from human": _rounded(self.human_classifier),
        }


def _rounded(accuracy: Accuracy) -> dict[str, float]:
    return {"share": round(accuracy.share, 3), "low": round(accuracy.low, 3), "high": round(accuracy.high, 3)}


def mimicry(shelved: Shelved, pieces: Iterable[Piece], request: Request, most: int = 200) -> Mimicry:
    """Compare takes with the human continuations of melodies of at least sixteen bars in one metre."""
    chosen = [piece for piece in pieces if _usable(piece)][:most]
    if len(chosen) < 20:
        raise NoTrainingMusic(f"Only {len(chosen)} held-out melodies have sixteen bars; comparing takes at least 20.")
    takes, human = [], []
    for number, piece in enumerate(chosen):
        line, start = piece.score.voices[0], piece.score.bar_start(BARS)
        given = tuple(note for note in line.notes if note.onset < start)
        seed = Reading(piece.score.with_voices([replace(line, notes=given)]), "corpus", estimate_key(given))
        wish = replace(request, bars=BARS, seed=number)
        take = deque(Commission(replace(seed, style=piece.style), wish, shelved).write(), maxlen=1).pop()
        takes.append(_count([n for n in take.new_notes if n.onset >= start], given, piece))
        end = piece.score.bar_start(2 * BARS)
        human.append(_count([n for n in line.notes if start <= n.onset < end], given, piece))
    return _compare(np.array(takes), np.array(human))


def _usable(piece: Piece) -> bool:
    """Sixteen bars in one metre, none empty in what is compared, and bars that mean something."""
    score = piece.score
    if piece.metre is None or len(score.metres) > 1 or score.bars < 2 * BARS:
        return False
    struck = {score.bar_at(note.onset) for note in score.voices[0].notes}
    middle = score.bar_start(BARS)
    held = any(note.onset < middle < note.end for note in score.voices[0].notes)
    return not held and struck >= set(range(1, 2 * BARS))


def _count(notes: list[Note], given: tuple[Note, ...], piece: Piece) -> Floats:
    return statistics(notes, given, piece.score.bar_start(BARS), piece.score.metres[0].bar_ticks, BARS)


def _compare(takes: Floats, human: Floats) -> Mimicry:
    """Takes against people; people against people in two halves of the same pieces."""
    return Mimicry(
        takes=len(takes),
        overlaps={name: overlap(takes[:, i], human[:, i]) for i, name in enumerate(STATISTICS)},
        human_overlaps={name: overlap(human[::2, i], human[1::2, i]) for i, name in enumerate(STATISTICS)},
        classifier=tell_apart(takes, human),
        human_classifier=tell_apart(human[::2], human[1::2]),
    )
