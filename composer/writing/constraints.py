"""What may be written next, as masks over the vocabulary: the grammar of events, the region, scale and range.

Constraints hold without exception because nothing outside the mask can be drawn; nothing is repaired afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from composer.errors import BadRequest
from composer.events import Clock, Vocabulary
from composer.events.vocabulary import DURATIONS
from composer.score import Key, Score
from composer.writing.sampling import Mask

_TICKS = np.array(DURATIONS)


@dataclass(frozen=True)
class Region:
    """What to fill: from tick `start`, in bar `first_bar`, to the end of `last_bar`; bars count from the score's first.

    `bar_starts` are the ticks of all bar lines up to and including the one that ends `last_bar`.
    """

    start: int
    first_bar: int
    last_bar: int
    bar_starts: tuple[int, ...]
    beat: int

    @property
    def end(self) -> int:
        """The tick at which the region ends."""
        return self.bar_starts[self.last_bar + 1]

    @classmethod
    def after(cls, score: Score, bars: int) -> Region:
        """From the first beat after the last note, through what is left of its bar, then `bars` whole bars."""
        end = score.end
        metre = score.metre_at(max(0, end - 1))
        seed_bars = score.bars
        line = score.bar_start(seed_bars)  # the bar line at or after the end
        opening = score.bar_start(seed_bars - 1) if seed_bars else 0
        start = min(line, opening + -(-(end - opening) // metre.beat_ticks) * metre.beat_ticks)
        last = seed_bars + bars - 1
        starts = tuple(score.bar_start(bar) for bar in range(last + 2))
        return cls(start, seed_bars - 1 if start < line else seed_bars, last, starts, metre.beat_ticks)


def pitch_mask(vocabulary: Vocabulary, key: Key | None, low: int, high: int) -> Mask:
    """The PITCH tokens (V,) within a key (None: any) and from `low` to `high`; BadRequest when none is left."""
    mask = np.zeros(vocabulary.size, bool)
    for pitch in range(max(0, low), min(127, high) + 1):
        mask[vocabulary.pitch + pitch] = key is None or pitch % 12 in key.pitch_classes
    if not mask.any():
        raise BadRequest(
            f"Between pitch {low} and {high} there is no note of {key}. Widen the range or unlock the scale."
        )
    return mask


class MelodyGrammar:
    """One voice, one note at a time: which tokens may follow, given where the clock stands.

    Within the region every whole bar has an onset, notes never overlap, and the last one ends with the region. A
    bar's last onset leaves room for an onset in the bar that follows: no note reaches into the last beat of the next.
    """

    def __init__(self, vocabulary: Vocabulary, region: Region, pitches: Mask) -> None:
        self.vocabulary = vocabulary
        self.region = region
        self.pitches = pitches
        self.struck = False  # whether the bar has an onset in the region
        self.free = region.start  # the tick from which the voice is free

    def read(self, token: int, clock: Clock) -> None:
        """Take note of a token that was written, after the clock has read it."""
        v = self.vocabulary
        if token == v.BAR:
            self.struck = False
        elif v.is_duration(token):
            self.struck = True
            onset = self.region.bar_starts[clock.bar] + clock.position
            self.free = onset + DURATIONS[token - v.duration]

    def allowed(self, last: int, clock: Clock) -> Mask:
        """The tokens (V,) that may follow `last`."""
        v = self.vocabulary
        if v.is_position(last):
            return self.pitches
        mask = np.zeros(v.size, bool)
        if v.is_pitch(last):
            mask[v.duration : v.size] = _TICKS <= self._longest(clock)
            return mask
        return self._moving_on(mask, clock)

    def _longest(self, clock: Clock) -> int:
        """The longest duration from here, in ticks; at least 1."""
        onset = self.region.bar_starts[clock.bar] + clock.position
        if clock.bar >= self.region.last_bar:
            return self.region.end - onset
        return self.region.bar_starts[clock.bar + 2] - self.region.beat - onset

    def _moving_on(self, mask: Mask, clock: Clock) -> Mask:
        """A new onset in this bar, the next bar, or the end."""
        v, region = self.vocabulary, self.region
        here, there = (region.bar_starts[clock.bar], region.bar_starts[clock.bar + 1]) if clock.bar >= 0 else (0, 0)
        if self.free < there:
            earliest = max(self.free, here)
            mask[v.position + earliest - here : v.position + there - here] = True
        done = self.struck or clock.bar < region.first_bar or here < region.start or self.free >= there
        if clock.bar < 0 or (done and clock.bar < region.last_bar):
            mask[v.BAR] = True
        elif done:
            mask[v.END] = True
        return mask
