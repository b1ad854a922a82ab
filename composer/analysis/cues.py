"""A melody as a reading network hears it: for every note a row of cues, none of which depends on the key.

    step      the interval from the note before
    height    the pitch above or below the melody's median
    degree    the pitch class above the last note's
    duration  in ticks, by size
    pace      how many times longer it took to come than the note before
    place     its onset in the bar, in sixteenths
    metre     the metre

Number 0 of every cue stands for "not told": the first note has no step, and a melody may hide its rhythm or its metre.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from composer.score import Metre, Note

CUES = ("step", "height", "degree", "duration", "pace", "place", "metre")
MOST_NOTES = 192  # that are heard of a melody
RHYTHM, METRE = (3, 4), (5, 6)  # the cues that tell of them
_WIDEST, _HIGHEST, _PLACES = 13, 17, 32
_DURATIONS = (4, 7, 10, 14, 17, 21, 28, 33, 42, 60, 80, 110)  # ticks between which a duration falls
_METRES = ("2/4", "3/4", "4/4", "2/2", "6/8", "9/8", "12/8", "3/8", "6/4", "3/2", "4/2")
SIZES = (2 * _WIDEST + 2, 2 * _HIGHEST + 2, 13, len(_DURATIONS) + 2, 14, _PLACES + 1, len(_METRES) + 2)

Cues = npt.NDArray[np.int64]


def cues_of(notes: Sequence[Note], metre: Metre | None) -> Cues:
    """The cues (N, 7) of a melody, one note at a time; `metre` is None where bars mean nothing."""
    pitches = np.array([note.pitch for note in notes], np.int64)
    onsets = np.array([note.onset for note in notes], np.int64)
    cues = np.zeros((len(notes), len(CUES)), np.int64)
    cues[1:, 0] = np.clip(np.diff(pitches), -_WIDEST, _WIDEST) + _WIDEST + 1
    median = np.rint(np.median(pitches)).astype(np.int64)
    cues[:, 1] = np.clip(pitches - median, -_HIGHEST, _HIGHEST) + _HIGHEST + 1
    cues[:, 2] = (pitches - pitches[-1]) % 12 + 1
    cues[:, 3] = [bisect.bisect_left(_DURATIONS, note.duration) + 1 for note in notes]
    waits = np.maximum(1, np.diff(onsets))
    cues[2:, 4] = np.clip(np.rint(2 * np.log2(waits[1:] / waits[:-1])), -6, 6).astype(np.int64) + 7
    if metre is not None:
        cues[:, 5] = np.minimum(onsets % metre.bar_ticks * 4 // 24, _PLACES - 1) + 1
        cues[:, 6] = _METRES.index(str(metre)) + 1 if str(metre) in _METRES else len(_METRES) + 1
    return cues


def without(cues: Cues, hidden: Sequence[int]) -> Cues:
    """The cues with some of them not told."""
    told = cues.copy()
    told[..., list(hidden)] = 0
    return told
