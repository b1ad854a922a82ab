"""What can be counted in a few bars of melody, and how alike two collections of such counts are.

Each statistic is a number per passage. Definitions follow MusPy (Dong et al. 2020) and mgeval (Yang & Lerch 2020):

    pitch-class entropy   bits of the histogram of pitch classes
    scale consistency     the largest share of notes that lie in one major or minor scale
    groove consistency    one minus the mean Hamming distance of neighbouring bars' onset patterns, a place a 16th
    notes a bar           onsets divided by bars
    mean interval         semitones between neighbouring notes, up or down
    steps                 share of intervals of one or two semitones
    repeats               share of intervals of none
    range                 semitones from lowest to highest
    mean duration         ticks of 1/24 quarter
    duration entropy      bits of the histogram of durations
    repeated bars         share of bars that spell an earlier one of seed or passage, transposed or not
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from composer.score import Key, Note

STATISTICS = (
    "pitch-class entropy",
    "scale consistency",
    "groove consistency",
    "notes a bar",
    "mean interval",
    "steps",
    "repeats",
    "range",
    "mean duration",
    "duration entropy",
    "repeated bars",
)
_SCALES = [Key(tonic, mode).pitch_classes for tonic in range(12) for mode in ("major", "minor")]
_SIXTEENTH = 6  # ticks
Floats = npt.NDArray[np.float64]


def statistics(notes: Sequence[Note], before: Sequence[Note], start: int, bar_ticks: int, bars: int) -> Floats:
    """The statistics (11,) of a passage of `bars` bars from tick `start`; `before` are the notes it goes on from."""
    pitches = np.array([note.pitch for note in notes])
    intervals = np.abs(np.diff(pitches)) if len(pitches) > 1 else np.zeros(1)
    durations = [note.duration for note in notes]
    inside = max(sum(pitch % 12 in scale for pitch in pitches) for scale in _SCALES)
    return np.array(
        [
            _entropy([pitch % 12 for pitch in pitches.tolist()]),
            inside / len(pitches),
            _groove(notes, start, bar_ticks, bars),
            len(notes) / bars,
            intervals.mean(),
            np.mean((intervals > 0) & (intervals < 3)),
            np.mean(intervals == 0),
            np.ptp(pitches),
            np.mean(durations),
            _entropy(durations),
            _repeated(notes, before, start, bar_ticks, bars),
        ]
    )


def _entropy(values: Sequence[int]) -> float:
    shares = np.array(list(Counter(values).values())) / len(values)
    return float(-(shares * np.log2(shares)).sum())


def _groove(notes: Sequence[Note], start: int, bar_ticks: int, bars: int) -> float:
    places = max(1, bar_ticks // _SIXTEENTH)
    struck = np.zeros((bars, places), bool)
    for note in notes:
        bar, tick = divmod(note.onset - start, bar_ticks)
        struck[bar, min(tick // _SIXTEENTH, places - 1)] = True
    return float(1 - np.mean([np.mean(a != b) for a, b in pairwise(struck)])) if bars > 1 else 1.0


def _repeated(notes: Sequence[Note], before: Sequence[Note], start: int, bar_ticks: int, bars: int) -> float:
    known = set(_spelled(before, start % bar_ticks, bar_ticks).values())
    repeated = 0
    for _, spelled in sorted(_spelled(notes, start, bar_ticks).items()):
        repeated += spelled in known
        known.add(spelled)
    return repeated / bars


def _spelled(notes: Sequence[Note], start: int, bar_ticks: int) -> dict[int, tuple[tuple[int, ...], ...]]:
    """Each bar as onsets, durations and pitches from its first note's, so that transpositions are alike."""
    bars: dict[int, list[Note]] = {}
    for note in notes:
        bars.setdefault((note.onset - start) // bar_ticks, []).append(note)
    return {
        bar: tuple(((n.onset - start) % bar_ticks, n.duration, n.pitch - line[0].pitch) for n in line)
        for bar, line in bars.items()
    }


def overlap(a: Floats, b: Floats, bins: int = 15) -> float:
    """How much the histograms of two collections of one statistic share: 1 the same, 0 nothing in common."""
    edges = np.histogram_bin_edges(np.concatenate([a, b]), bins)
    first, second = (np.histogram(values, edges)[0] / len(values) for values in (a, b))
    return float(np.minimum(first, second).sum())
