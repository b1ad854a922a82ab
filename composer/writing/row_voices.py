"""A voice that is being written: what may sound in it, and what does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from composer.score import Note, Score
from composer.tasks.pitches import Mask

MOST_RUNNING = 5  # times that a voice strikes one pitch running, unless it did so more often in what was given
_KEPT = 0.75  # of a part's notes a bar, at the least


@dataclass(frozen=True)
class Texture:
    """How a part plays in what was given, which it keeps to.

    Notes a bar on `average` and at `most`; the `places` in a bar where it strikes, in ticks; how many notes it strikes
    together at least; its shortest and longest duration in ticks; and whether what it strikes together ends together.
    """

    average: float
    most: int
    places: frozenset[int]
    together: int
    shortest: int
    longest: int
    is_blocked: bool

    @classmethod
    def of(cls, notes: Sequence[Note], score: Score) -> Texture:
        """The texture of notes that stand in a score; there are some."""
        bars = Counter(score.bar_at(note.onset) for note in notes)
        whole = max(bars) - min(bars) + 1
        struck: dict[int, list[Note]] = {}
        for note in notes:
            struck.setdefault(note.onset, []).append(note)
        durations = [note.duration for note in notes]
        return cls(
            len(notes) / whole,
            max(bars.values()),
            frozenset(onset - score.bar_start(score.bar_at(onset)) for onset in struck),
            min(map(len, struck.values())),
            min(durations),
            max(durations),
            all(len({note.end for note in chord}) == 1 for chord in struck.values()),
        )


@dataclass(frozen=True)
class VoiceConstraint:
    """A voice to be written: its pitches (128,), the notes that reach in, and how many may sound at once.

    `sounding` are the pitch and the end of each note that is not over; `rested` is the tick at which its last note
    ended, None where the voice may rest as long as it likes: else it sings again after a bar of silence at most.
    `sustained` tells that it never rests at all. `running` are the highest pitch struck last and how often running,
    `most_running` how often it may be. `texture` is kept where a part was given.
    """

    pitches: Mask
    sounding: tuple[tuple[int, int], ...] = ()
    most: int = 1
    rested: int | None = None
    sustained: bool = False
    running: tuple[int, int] = (-1, 0)
    most_running: int = MOST_RUNNING
    texture: Texture | None = None


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
        self._bar_notes = 0
        self._bar = -1
        self.chord: list[int] = []  # the ends of the notes that were struck last, together

    def strike(self, pitch: int, onset: int, end: int, bar: int) -> None:
        """A note begins in a bar; of several at once the lowest comes first."""
        self._bar_notes = self._bar_notes + 1 if bar == self._bar else 1
        self._bar = bar
        self._sounding = {p: e for p, e in self._sounding.items() if e > onset}
        self._sounding[pitch] = end
        self.until = max(self.until, end)
        if self.rested is not None:
            self.rested = max(self.rested, end)
        self.free = self._room()
        if onset > self.struck:
            self._before, self.struck, self.chord = (self._top, self._times), onset, []
        self.chord.append(end)
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

    def hurries(self, bar: int) -> bool:
        """Whether the voice has had as many notes in a bar as it ever had in what was given."""
        texture = self.constraint.texture
        return texture is not None and bar == self._bar and self._bar_notes >= texture.most

    def must(self, bar: int, place: int) -> bool:
        """Whether a bar would have too few notes if the voice did not strike at a place of it."""
        texture = self.constraint.texture
        if texture is None or place not in texture.places:
            return False
        later = sum(other > place for other in texture.places)
        return _KEPT * texture.average - (self._bar_notes if bar == self._bar else 0) > later * texture.together

    def missing(self, now: int) -> int:
        """How many notes are still to be struck together at tick `now`."""
        texture = self.constraint.texture
        if texture is None:
            return 0
        return max(0, texture.together - (len(self.chord) if now == self.struck else 0))

    def durations(self, now: int, longest: int) -> tuple[int, int]:
        """The shortest and the longest duration of a note that begins now, where `longest` is allowed."""
        texture = self.constraint.texture
        if texture is None:
            return 1, longest
        if texture.is_blocked and now == self.struck:
            longest = min(longest, self.chord[0] - now)
            return longest, longest
        longest = min(longest, texture.longest)
        return min(texture.shortest, longest), longest
