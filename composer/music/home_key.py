"""The home key: the one signature in which networks hear and write, with all notes on the white keys as far as can be.

A piece is moved home by the transposition of twelve in which most of its time lies on the white keys; a take is moved
back. What is said of a piece whose key is not told is the mixture of the twelve.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from composer.score import Note

_WHITE = np.zeros(12)
_WHITE[[0, 2, 4, 5, 7, 9, 11]] = 1.0
_WHITE[[0, 4, 7]] += 0.05  # of two signatures that fit alike, the one whose tonic chord sounds more
_LONGEST = 96  # ticks of a note that count


def home_shift(notes: Iterable[Note]) -> int:
    """The semitones, −5 to 6, that bring notes home; 0 where there are none."""
    sounding = np.zeros(12)
    for note in notes:
        sounding[note.pitch % 12] += min(note.duration, _LONGEST)
    fits = [float(sounding @ np.roll(_WHITE, -shift)) for shift in range(12)]
    shift = int(np.argmax(fits))
    return shift if shift <= 6 else shift - 12
