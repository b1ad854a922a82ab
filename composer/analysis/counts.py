"""What can be counted in a melody and in the piece around it: after jSymbolic (McKay, Cumming & Fujinaga 2018).

All are free of the key: pitches count from the last note or by their intervals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from composer.score import Metre, Note, Score

_DURATIONS = np.array([4, 7, 10, 14, 20, 28, 42, 56, 84, 120])  # ticks between which a duration falls
PITCHES, TIMELESS, ALONE, COUNTS = 45, 70, 90, 96
_NOTES, _WOVEN = 512, 1200  # notes from the beginning, of a melody and of a piece

Floats = npt.NDArray[np.float64]


def counts_of(notes: Sequence[Note], metre: Metre | None, piece: Score | None = None) -> Floats:
    """The counts (COUNTS,) of a melody, one note at a time, and of the piece that it is the melody of.

    The first PITCHES leave out its rhythm, those up to TIMELESS its metre, those up to ALONE the piece. NaN where the
    metre or the piece would be needed and is None: not known.
    """
    notes = notes[:_NOTES]
    pitches = _pitch_counts(np.array([note.pitch for note in notes]))
    bound = _metre_counts(notes, metre) if metre else np.full(ALONE - TIMELESS, np.nan)
    around = texture_of(piece) if piece else np.full(COUNTS - ALONE, np.nan)
    return np.concatenate([pitches, _rhythm_counts(notes), bound, around])


def texture_of(piece: Score) -> Floats:
    """How a piece is woven (COUNTS − ALONE,): what cannot be told of its melody alone."""
    voices = [voice for voice in piece.voices if voice.notes and not voice.is_drum]
    notes = sorted(note for voice in voices for note in voice.notes)[:_WOVEN]
    onsets, begun = np.unique([note.onset for note in notes], return_counts=True)
    ends, pitches = np.array([note.end for note in notes]), np.array([note.pitch for note in notes])
    sounding = (np.array([note.onset for note in notes]) <= onsets[:, None]) & (ends > onsets[:, None])
    highest = np.where(sounding, pitches, 0).max(1)
    lowest = np.where(sounding, pitches, 127).min(1)
    moving = [len({note.onset for note in voice.notes if note.onset <= onsets[-1]}) / len(onsets) for voice in voices]
    return np.array(
        [
            *(len(voices), begun.mean(), np.mean(begun > 1), sounding.sum(1).mean()),
            *((highest - lowest).mean(), float(np.mean(moving))),
        ]
    )


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
