"""Places: where in the music each token stands, told to every network beside the token.

A place is `PLACE_FIELDS` small integers, worked out from the tokens alone by `Clock`, one token at a time, in training
and in writing alike:

    bar        bars since the window's first, modulo PLACE_SIZES[0]
    position   ticks from the bar line to the onset in force
    until      ticks from there to the end of the note last written, at most 192; what is left of it after a bar line
    voice      the voice in force
    left       bars to the end of the region, this one included, at most 16; 0 where unknown
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from composer.events.rows import DURATIONS, MAX_BAR_TICKS
from composer.events.vocabulary import Vocabulary

PLACE_FIELDS = ("bar", "position", "until", "voice", "left")
MAX_LEFT = 16
BAR, LEFT = PLACE_FIELDS.index("bar"), PLACE_FIELDS.index("left")


def place_sizes(vocabulary: Vocabulary) -> tuple[int, ...]:
    """How many values each field of a place can have."""
    return (64, MAX_BAR_TICKS, MAX_BAR_TICKS + 1, vocabulary.voices, MAX_LEFT + 1)


class Clock:
    """Reads tokens one by one and tells the place of each.

    `bar_ticks` is the length of a bar until a METRE token names a metre. `last_bar` is the number of the region's last
    bar, counted like `bar`, or None where the end is not known. At WRITE the clock goes back to the beginning of bar
    `write_bar`, whose BAR then follows.
    """

    def __init__(self, vocabulary: Vocabulary, bar_ticks: int, last_bar: int | None = None, write_bar: int = 0) -> None:
        self.vocabulary = vocabulary
        self.bar_ticks = self._next_bar_ticks = bar_ticks
        self.last_bar = last_bar
        self.write_bar = write_bar
        self._first_bar_ticks = bar_ticks
        self.bar = -1
        self.position = 0
        self.until = 0
        self.voice = 0

    def read(self, token: int) -> tuple[int, ...]:
        """Advance by one token and return its place."""
        v = self.vocabulary
        if token >= v.duration:
            self.until = min(DURATIONS[token - v.duration], MAX_BAR_TICKS)
        elif token >= v.pitch:
            pass
        elif token >= v.voice:
            self.voice = token - v.voice
        elif token >= v.position:
            moved = token - v.position
            self.until = max(0, self.until - (moved - self.position))
            self.position, self.voice = moved, 0
        elif token == v.BAR:
            if self.bar >= 0:
                self.until = max(0, self.until - (self.bar_ticks - self.position))
            self.bar, self.position, self.voice = self.bar + 1, 0, 0
            self.bar_ticks = self._next_bar_ticks
        elif token == v.WRITE:
            self.bar, self.position, self.until, self.voice = self.write_bar - 1, 0, 0, 0
            self.bar_ticks = self._next_bar_ticks = self._first_bar_ticks
        elif v.is_metre(token) and (metre := v.metre_of(token)) is not None:
            self._next_bar_ticks = metre.bar_ticks  # from the BAR that follows
            if self.bar < 0:
                self._first_bar_ticks = metre.bar_ticks
        return self.place

    @property
    def place(self) -> tuple[int, ...]:
        """The place now; see the module's docstring."""
        left = 0 if self.last_bar is None else min(MAX_LEFT, max(0, self.last_bar - max(0, self.bar) + 1))
        return (max(0, self.bar) % 64, self.position, self.until, self.voice, left)

    def read_all(self, tokens: Iterable[int]) -> npt.NDArray[np.int16]:
        """The places (T, fields) of T tokens."""
        return np.array([self.read(int(token)) for token in tokens], np.int16).reshape(-1, len(PLACE_FIELDS))
