"""Four bars of a melody as a curve: its pitch at twelve places in each bar, around its own middle.

A rest holds the note before it. Neither key nor speed changes a curve, nor does the notation of a bar; ornaments change
few of its places.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from composer.score import Note, Score

BARS, PLACES = 4, 12
SIZE = BARS * PLACES
_FEWEST = 4  # notes of a window

Curves = npt.NDArray[np.float32]


def curves_of(score: Score, notes: tuple[Note, ...] | None = None) -> tuple[Curves, npt.NDArray[np.int64]]:
    """The curves (W, 48) of every four bars of a melody, and the number (W,) of the first of each four.

    `notes` is one note at a time (default: the first voice of the score). A shorter melody makes one window.
    """
    line = score.voices[0].notes if notes is None else notes
    if not line:
        return np.zeros((0, SIZE), np.float32), np.zeros(0, np.int64)
    first, bars = score.bar_at(line[0].onset), score.bar_at(line[-1].onset) + 1
    bars = max(bars, first + BARS)
    lines = np.array([score.bar_start(bar) for bar in range(first, bars + 1)])
    places = lines[:-1, None] + np.diff(lines)[:, None] * np.arange(PLACES) / PLACES  # (bars, 12), in ticks
    onsets, pitches = np.array([n.onset for n in line]), np.array([n.pitch for n in line], np.float32)
    sounding = np.searchsorted(onsets, np.rint(places).astype(np.int64), "right") - 1
    curve = pitches[np.maximum(0, sounding)]  # before the first note, that one
    begun = np.diff(np.searchsorted(onsets, lines))
    windows = np.lib.stride_tricks.sliding_window_view(curve, (BARS, PLACES)).reshape(-1, SIZE)
    enough = np.lib.stride_tricks.sliding_window_view(begun, BARS).sum(1) >= min(_FEWEST, len(line))
    kept = windows[enough].astype(np.float32)
    return kept - kept.mean(1, keepdims=True), np.flatnonzero(enough) + first
