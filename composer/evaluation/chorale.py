"""Faults of four-voice writing, counted as a teacher of harmony would, in takes and in what people wrote.

    parallels   two voices that move in the same direction from one perfect fifth (or octave, or unison) to another
    crossings   a voice below its lower neighbour
    range       notes outside the voice's range (`CHOIR`)
    chords      share of sixteenths on which the sounding pitch classes make a triad or a seventh chord

Faults are told per hundred notes; what is given (the soprano) counts among the notes of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from composer.score import Score
from composer.writing import ENSEMBLES

CHOIR = ENSEMBLES["chorale"].parts
_STEP = 6  # ticks: a sixteenth
# Triads (major, minor, diminished, augmented) and seventh chords, their fifth left out or not, above their root.
_CHORDS = {
    *(frozenset(c) for c in ((0, 4, 7), (0, 3, 7), (0, 3, 6), (0, 4, 8), (0, 4), (0, 3), (0, 7))),
    *(frozenset(c) for c in ((0, 4, 7, 10), (0, 3, 7, 10), (0, 4, 7, 11), (0, 3, 6, 10), (0, 3, 6, 9), (0, 4, 10))),
}


@dataclass(frozen=True)
class Faults:
    """Faults per hundred notes, and the share of chords."""

    parallels: float
    crossings: float
    range: float
    chords: float

    def figures(self) -> dict[str, float]:
        """Plain values."""
        return {name: round(value, 3) for name, value in vars(self).items()}


def faults(scores: Iterable[Score]) -> Faults:
    """The faults of four-voice scores, all together."""
    notes = parallels = crossings = outside = chords = steps = 0
    for score in scores:
        grid = _grid(score)  # (4, steps), 0 where silent
        notes += sum(len(voice.notes) for voice in score.voices)
        parallels += _parallels(grid)
        crossings += sum(_begun((above > 0) & (below > above)) for above, below in pairwise(grid))
        outside += sum(
            not part.low <= note.pitch <= part.high
            for voice, part in zip(score.voices, CHOIR, strict=True)
            for note in voice.notes
        )
        sounding = [{int(p) % 12 for p in column if p} for column in grid.T]
        chords += sum(_is_chord(classes) for classes in sounding if len(classes) > 1)
        steps += sum(len(classes) > 1 for classes in sounding)
    per = 100 / max(1, notes)
    return Faults(parallels * per, crossings * per, outside * per, chords / max(1, steps))


def _grid(score: Score) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    grid = np.zeros((len(score.voices), -(-score.end // _STEP)), np.int64)
    for row, voice in zip(grid, score.voices, strict=True):
        for note in voice.notes:
            row[note.onset // _STEP : max(note.onset // _STEP + 1, note.end // _STEP)] = note.pitch
    return grid


def _parallels(grid: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> int:
    found = 0
    for upper, lower in combinations(grid, 2):
        before, after = (upper[:-1], lower[:-1]), (upper[1:], lower[1:])
        sound = np.all([*(line > 0 for line in (*before, *after))], axis=0)
        moved = np.sign(after[0] - before[0]) * np.sign(after[1] - before[1]) > 0
        same = [np.abs(a - b) % 12 for a, b in (before, after)]
        found += int((sound & moved & (same[0] == same[1]) & np.isin(same[0], (0, 7))).sum())
    return found


def _begun(bad: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """How many times something bad begins."""
    return int((bad[1:] & ~bad[:-1]).sum() + bad[:1].sum())


def _is_chord(classes: set[int]) -> bool:
    return any(frozenset((pitch - root) % 12 for pitch in classes) in _CHORDS for root in classes)
