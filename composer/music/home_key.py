"""The home key: the one signature in which networks hear and write, with all notes on the white keys as far as can be.

A piece is moved home by the transposition of twelve in which most of its time lies on the white keys; a take is moved
back. What is said of a piece whose key is not told is the mixture of the twelve.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from composer.score import Key, Note

_WHITE = np.zeros(12)
_WHITE[[0, 2, 4, 5, 7, 9, 11]] = 1.0
_WHITE[[0, 4, 7]] += 0.05  # of two signatures that fit alike, the one whose tonic chord sounds more
_LONGEST = 96  # ticks of a note that count
_NEARLY = 0.05  # of the time: so much less on the white keys is as good, where the key says so


def home_shift(notes: Iterable[Note], key: Key | None = None) -> int:
    """The semitones, −5 to 6, that bring notes home; 0 where there are none.

    A melody by itself may lie on the white keys in more than one way: of these the one that is `key`'s is taken.
    """
    sounding = np.zeros(12)
    for note in notes:
        sounding[note.pitch % 12] += min(note.duration, _LONGEST)
    fits = [float(sounding @ np.roll(_WHITE, -shift)) for shift in range(12)]
    shift = int(np.argmax(fits))
    if key and fits[key.home % 12] >= fits[shift] - _NEARLY * sounding.sum():
        shift = key.home % 12
    return shift if shift <= 6 else shift - 12
