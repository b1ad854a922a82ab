"""What can be counted in a melody: after jSymbolic (McKay, Cumming & Fujinaga 2018).

All are free of the key: pitches count from the last note or by their intervals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from composer.score import Metre, Note

_DURATIONS = np.array([4, 7, 10, 14, 20, 28, 42, 56, 84, 120])  # ticks between which a duration falls
PITCHES, TIMELESS, COUNTS = 45, 70, 90
_NOTES = 512  # from the beginning

Floats = npt.NDArray[np.float64]


def counts_of(notes: Sequence[Note], metre: Metre | None) -> Floats:
    """The counts (COUNTS,) of a melody, one note at a time; NaN where the metre (None: unknown) would be needed.

    The first PITCHES leave out its rhythm, those up to TIMELESS its metre.
    """
    notes = notes[:_NOTES]
    pitches = _pitch_counts(np.array([note.pitch for note in notes]))
    bound = _metre_counts(notes, metre) if metre else np.full(COUNTS - TIMELESS, np.nan)
    return np.concatenate([pitches, _rhythm_counts(notes), bound])


def _pitch_counts(pitches: npt.NDArray[np.int64]) -> Floats:
    intervals = np.diff(pitches) if len(pitches) > 1 else np.zeros(1, np.int64)
    size = np.abs(intervals)
    pairs = size[:-1] if len(size) > 1 else size
    return np.concatenate(
        [
            np.bincount(np.clip(intervals, -12, 12) + 12, minlength=25) / len(intervals),
            np.bincount((pitches - pitches[-1]) % 12, minlength=12) / len(pitches),
            [np.ptp(pitches), pitches.std(), size.mean(), size.std(), np.mean(size > 4), np.mean(size == 0)],
            [np.mean(np.diff(np.sign(intervals)) != 0) if len(intervals) > 1 else 0.0, pairs.mean()],
        ]
    )


def _rhythm_counts(notes: Sequence[Note]) -> Floats:
    onsets, durations = np.array([n.onset for n in notes]), np.array([n.duration for n in notes])
    waits = np.maximum(1, np.diff(onsets)) if len(onsets) > 1 else durations[:1]
    ratios = np.clip(waits[1:] / waits[:-1], 0, 4) if len(waits) > 1 else np.ones(1)
    return np.concatenate(
        [
            np.bincount(np.searchsorted(_DURATIONS, durations), minlength=11) / len(notes),
            np.histogram(ratios, [0, 0.3, 0.4, 0.6, 0.9, 1.1, 1.6, 2.5, 3.5, 4.1])[0] / len(ratios),
            [durations.mean(), durations.std(), np.mean(waits > durations[: len(waits)]), len(notes), durations[-1]],
        ]
    )


def _metre_counts(notes: Sequence[Note], metre: Metre) -> Floats:
    beat, bar = metre.beat_ticks, metre.bar_ticks
    onsets = np.array([note.onset for note in notes])
    first = onsets[0] // bar
    bars = max(1, int(onsets[-1] // bar - first) + 1)
    return np.concatenate(
        [
            np.bincount((onsets % bar * 12 // bar).astype(np.int64), minlength=12) / len(notes),
            [len(notes) / bars, bars, onsets[0] / bar - first, np.mean(onsets % beat == 0)],
            [metre.numerator, metre.denominator, metre.bar_ticks, _repeats(notes, bar)],
        ]
    )


def _repeats(notes: Sequence[Note], bar: int) -> float:
    """The share of bars whose rhythm an earlier bar had."""
    rhythms: dict[int, list[tuple[int, int]]] = {}
    for note in notes:
        rhythms.setdefault(note.onset // bar, []).append((note.onset % bar, note.duration))
    return 1 - len({tuple(rhythm) for rhythm in rhythms.values()}) / len(rhythms)
