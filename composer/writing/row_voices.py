"""A voice that is being written: what may sound in it, and what does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from composer.writing.sampling import Mask

MOST_RUNNING = 5  # times that a voice strikes one pitch running, unless it did so more often in what was given


@dataclass(frozen=True)
class VoiceConstraint:
    """A voice to be written: its pitches (128,), the notes that reach in, and how many may sound at once.

    `sounding` are the pitch and the end of each note that is not over; `rested` is the tick at which its last note
    ended, None where the voice may rest as long as it likes: else it sings again after a bar of silence at most.
    `sustained` tells that it never rests at all. `running` are the highest pitch struck last and how often running,
    `most_running` how often it may be.
    """

    pitches: Mask
    sounding: tuple[tuple[int, int], ...] = ()
    most: int = 1
    rested: int | None = None
    sustained: bool = False
    running: tuple[int, int] = (-1, 0)
    most_running: int = MOST_RUNNING


class Line:
    """What a voice is doing: the notes that sound, and from when there is room for another."""

    def __init__(self, constraint: VoiceConstraint, start: int) -> None:
        self.constraint, self.start = constraint, start
        self._playable = np.flatnonzero(constraint.pitches).tolist()
        self._sounding = dict(constraint.sounding)
        self.rested = constraint.rested
        self.until = max((end for _, end in constraint.sounding), default=start)  # when the last note is over
        self.free = self._room()
        self.struck = start - 1  # the tick of the last onset
        self._top, self._times = constraint.running
        self._before = constraint.running  # the same before the last onset

    def strike(self, pitch: int, onset: int, end: int) -> None:
        """A note begins; of several at once the lowest comes first."""
        self._sounding = {p: e for p, e in self._sounding.items() if e > onset}
        self._sounding[pitch] = end
        self.until = max(self.until, end)
        if self.rested is not None:
            self.rested = max(self.rested, end)
        self.free = self._room()
        if onset > self.struck:
            self._before, self.struck = (self._top, self._times), onset
        top, times = self._before
        self._top, self._times = pitch, times + 1 if pitch == top else 1

    def _room(self) -> int:
        """The first tick at which fewer notes than allowed sound, and not every playable pitch."""
        ends = sorted(self._sounding.values(), reverse=True)
        most = self.constraint.most
        fewer = ends[most - 1] if len(ends) >= most else self.start
        taken = min(self._sounding.get(pitch, self.start) for pitch in self._playable)
        return max(self.start, fewer, taken)

    def pitches(self, now: int, above: int = -1) -> Mask:
        """The pitches (128,) that may be struck at tick `now`, only those over `above`."""
        mask = self.constraint.pitches.copy()
        mask[: above + 1] = False
        mask[[pitch for pitch, end in self._sounding.items() if end > now]] = False
        return mask

    def worn(self, now: int) -> int | None:
        """The pitch that was struck running as often as it may be before tick `now`, if there is one."""
        top, times = self._before if now == self.struck else (self._top, self._times)
        return top if times >= self.constraint.most_running else None
