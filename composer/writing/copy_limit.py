"""A grammar that forbids copying: another grammar, less the pitches that would make too long a match.

Where another promise, such as a narrow range, leaves no other note, the note may be written all the same: a take is
never left without a way on, and its receipt tells.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from composer.events import Clock, Vocabulary
from composer.listening.limit import MatchLimit
from composer.writing.loop import TimedGrammar
from composer.writing.sampling import Mask


class OriginalGrammar:
    """`rules`, and a limit for each voice (counted like the grammar's) that is being written."""

    def __init__(self, rules: TimedGrammar, limits: Mapping[int, MatchLimit], vocabulary: Vocabulary) -> None:
        self.rules, self.limits, self.vocabulary = rules, limits, vocabulary

    @property
    def finished(self) -> bool:
        """Whether nothing is left to write."""
        return self.rules.finished

    def read(self, token: int, clock: Clock) -> None:
        """Take note of a token that was written, after the clock has read it."""
        self.rules.read(token, clock)
        if self.vocabulary.is_pitch(token) and clock.voice in self.limits:
            self.limits[clock.voice].add(self.rules.now(clock), token - self.vocabulary.pitch)

    def allowed(self, last: int, clock: Clock) -> Mask:
        """The tokens (V,) that may follow `last`."""
        mask, v = self.rules.allowed(last, clock), self.vocabulary
        pitches = np.flatnonzero(mask[v.pitch : v.duration])
        if not len(pitches) or clock.voice not in self.limits:
            return mask
        forbidden = pitches[self.limits[clock.voice].forbidden(self.rules.now(clock), pitches)]
        if not len(forbidden):
            return mask
        narrowed = mask.copy()
        narrowed[v.pitch + forbidden] = False
        return narrowed if narrowed.any() else mask
