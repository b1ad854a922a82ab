"""What may be written next, as masks over the vocabulary: the grammar of events, the region, scale and range.

Constraints hold without exception because nothing outside the mask can be drawn; nothing is repaired afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from composer.errors import BadRequest
from composer.events import Clock, Vocabulary
from composer.events.rows import DURATIONS, PITCHES
from composer.score import Key
from composer.writing.region import Region
from composer.writing.sampling import Mask

_TICKS = np.array(DURATIONS)


def pitch_mask(key: Key | None, low: int, high: int) -> Mask:
    """The pitches (128,) within a key (None: any) and from `low` to `high`; BadRequest when none is left."""
    mask = np.zeros(PITCHES, bool)
    if low > high:
        raise BadRequest("The pitches chosen leave one of the voices nothing to sing. Widen the range.")
    for pitch in range(max(0, low), min(127, high) + 1):
        mask[pitch] = key is None or pitch % 12 in key.pitch_classes
    if not mask.any():
        scale = f" of {key}" if key else ""
        raise BadRequest(
            f"Between pitch {low} and {high} there is no note{scale}. Widen the range or unlock the scale."
        )
    return mask


@dataclass(frozen=True)
class Singer:
    """A voice to be written: its PITCH tokens (V,), the notes that reach in, and how many may sound at once.

    `sounding` are the pitch and the end of each note that is not over.
    """

    pitches: Mask
    sounding: tuple[tuple[int, int], ...] = ()
    most: int = 1


class _Line:
    """What a voice is doing: the notes that sound, and from when there is room for another."""

    def __init__(self, singer: Singer, offset: int, start: int) -> None:
        self.singer, self.start = singer, start
        self._offset = offset  # token of pitch 0
        self._playable = frozenset((np.flatnonzero(singer.pitches) - offset).tolist())
        self._sounding = dict(singer.sounding)
        self.free = self._room()

    def strike(self, pitch: int, onset: int, end: int) -> None:
        """A note begins."""
        self._sounding = {p: e for p, e in self._sounding.items() if e > onset}
        self._sounding[pitch] = end
        self.free = self._room()

    def _room(self) -> int:
        """The first tick at which fewer notes than allowed sound, and not every playable pitch."""
        ends = sorted(self._sounding.values(), reverse=True)
        most = self.singer.most
        fewer = ends[most - 1] if len(ends) >= most else self.start
        taken = [self._sounding.get(pitch, self.start) for pitch in self._playable]
        return max(self.start, fewer, min(taken))

    def pitches(self, now: int, above: int = -1) -> Mask:
        """The PITCH tokens (V,) that may be struck at tick `now`, only those over `above`."""
        mask = self.singer.pitches.copy()
        mask[: self._offset + above + 1] = False
        mask[[self._offset + pitch for pitch, end in self._sounding.items() if end > now]] = False
        return mask


class RegionGrammar:
    """Each voice of a region by itself: which tokens may follow, given where the clock stands.

    `singers` are the region's voices; `metres` the METRE tokens that open bars of the region; `offset` the number of
    the clock's bar 0 in the score; `closing` the token that ends the region: END, or BAR where more follows.

    Within the region every whole bar has an onset, a voice never sounds more notes than it may nor one pitch twice at
    once, and none sounds beyond the region. The notes of a chord are written from the lowest. Room is kept for the next
    bar's onset: no note reaches into the last beat of the bar after its own.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        region: Region,
        singers: Mapping[int, Singer],
        metres: Mapping[int, int] | None = None,
        offset: int = 0,
        closing: int | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.region = region
        self.sounding = region  # in which notes may sound; wider where the region is written in parts
        self.lines = {voice: _Line(singers[voice], vocabulary.pitch, region.start) for voice in region.voices}
        self.metres = metres or {}
        self.offset = offset
        self.closing = vocabulary.END if closing is None else closing
        self.finished = False
        self.struck = False  # whether the bar has an onset in the region
        self._pitch = 0  # the last named

    def read(self, token: int, clock: Clock) -> None:
        """Take note of a token that was written, after the clock has read it."""
        v = self.vocabulary
        self.finished = token == self.closing and (token == v.END or clock.bar + self.offset > self.region.last_bar)
        if token == v.BAR:
            self.struck = False
        elif v.is_pitch(token):
            self._pitch = token - v.pitch
        elif v.is_duration(token):
            self.struck = True
            now = self.now(clock)
            self.lines[clock.voice].strike(self._pitch, now, now + DURATIONS[token - v.duration])

    def allowed(self, last: int, clock: Clock) -> Mask:
        """The tokens (V,) that may follow `last`."""
        v = self.vocabulary
        if v.is_pitch(last):
            mask = np.zeros(v.size, bool)
            mask[v.duration : v.size] = self._longest(clock) >= _TICKS
            return mask
        if v.is_voice(last) and self._writing(clock):
            return self.lines[clock.voice].pitches(self.now(clock))
        if v.is_position(last):
            return self._onset(clock, 0)
        mask = self._moving_on(clock, v.is_metre(last))
        if v.is_duration(last):
            mask |= self._onset(clock, clock.voice + 1) | self._chord(clock)
        return mask

    def _writing(self, clock: Clock) -> bool:
        """Whether the clock is within a bar of the region; the VOICEs after WRITE stand before it."""
        return clock.bar + self.offset >= self.region.first_bar

    def _bar_start(self, clock: Clock, further: int = 0) -> int:
        return self.region.bar_starts[clock.bar + self.offset + further]

    def now(self, clock: Clock) -> int:
        """The tick of the onset in force."""
        return self._bar_start(clock) + clock.position

    def _onset(self, clock: Clock, lowest: int) -> Mask:
        """A note here in a voice from `lowest` on: the PITCHes of voice 0, the VOICEs of others."""
        v = self.vocabulary
        now = self.now(clock)
        free = [voice for voice in self.region.voices if voice >= lowest and self.lines[voice].free <= now]
        mask = self.lines[0].pitches(now) if 0 in free else np.zeros(v.size, bool)
        mask[[v.voice + voice for voice in free if voice]] = True
        return mask

    def _chord(self, clock: Clock) -> Mask:
        """A higher note that begins with the last, in the same voice."""
        line, now = self.lines[clock.voice], self.now(clock)
        return line.pitches(now, self._pitch) if line.free <= now else np.zeros(self.vocabulary.size, bool)

    @property
    def _earliest(self) -> int:
        """The first tick at which some voice may begin a note."""
        return min(line.free for line in self.lines.values())

    def _longest(self, clock: Clock) -> int:
        """The longest duration from here, in ticks; at least 1."""
        if clock.bar + self.offset >= self.sounding.last_bar:
            return self.sounding.end - self.now(clock)
        following, after = self._bar_start(clock, 1), self._bar_start(clock, 2)
        reach = max(following, after - self.region.beat)  # a short bar is not reached into at all
        return reach - self.now(clock)

    def _moving_on(self, clock: Clock, metre_told: bool) -> Mask:
        """A later onset in this bar, the next bar, or the end."""
        v, region = self.vocabulary, self.region
        mask = np.zeros(v.size, bool)
        bar = clock.bar + self.offset
        following = v.BAR if metre_told else self.metres.get(bar + 1, v.BAR)
        if metre_told or clock.bar < 0 or bar < region.first_bar:  # before the region: on to its first bar
            mask[following] = True
            return mask
        here, there = self._bar_start(clock), self._bar_start(clock, 1)
        earliest = self._earliest
        if self.struck:  # something of the region begins here already
            earliest = max(earliest, here + clock.position + 1)
        if earliest < there:
            mask[v.position + max(earliest, here) - here : v.position + there - here] = True
        partial = here < region.start  # what is left of the seed's last bar may stay empty
        if self.struck or partial or self._earliest >= there:
            mask[following if bar < region.last_bar else self.closing] = True
        return mask
