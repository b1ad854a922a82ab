"""Features: what a network hears of each row beside its decisions, worked out from the rows alone.

    pitch class, octave, and the intervals to the note before and to the voice's own last note
    bar         bars since the window's first, modulo 64
    end         the tick, from the bar line, at which the note ends
    conditions  see `conditions`
    slots       notes that stand where the pen will be next: in the bar 1, 2, 4, 8 and 16 bars ago, in the bar that this
                bar and the next are told to answer, and among the notes that are given of the bars to be written; each
                with whether this bar has followed that one so far

The slots let any network, however short its memory, see what a return would say: answering a phrase is then a choice,
and not a feat. One class works them out row by row, in training as in writing.

Everything is a number in one table, 0 for what is not told. Axes: T rows, F fields, S slots, K fields of a slot.
"""

from __future__ import annotations

import copy
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.events.conditions import CONDITIONS, MAX_LEFT, Told, Wishes
from composer.events.rows import (
    CHORD,
    CHORD_MOVE,
    DURATION,
    DURATIONS,
    END,
    EXTEND,
    FAMILY,
    MAX_BAR_TICKS,
    MAX_VOICES,
    MOVE,
    MOVES,
    PART,
    PITCH,
    PITCHES,
    POSITION,
    SIZES,
    SKIP,
    TICKS,
    VOICE,
    WRITE,
    Bars,
    Ints,
    Row,
)
from composer.score import TICKS_PER_QUARTER

_WIDEST = 25  # semitones: intervals beyond count as so many
_LATEST_END = 2 * MAX_BAR_TICKS
FIELDS: dict[str, int] = {
    **dict(zip(("move", "position", "voice", "pitch", "duration", "chord", "family"), SIZES, strict=True)),
    "pitch_class": 12,
    "octave": 11,
    "interval": 2 * _WIDEST + 1,
    "own_interval": 2 * _WIDEST + 1,
    "bar": 64,
    "end": _LATEST_END + 1,
    **CONDITIONS,
}
OFFSETS = dict(zip(FIELDS, np.cumsum([1, *FIELDS.values()])[:-1].tolist(), strict=True))
TABLE = 1 + sum(FIELDS.values())  # numbers in the table of fields, 0 for what is not told
_PLACE = {name: index for index, name in enumerate(FIELDS)}

BACK = (1, 2, 4, 8, 16)  # bars
SLOTS = len(BACK) + 3  # and: the bar answered now, the bar answered next, what is given
SLOT_FIELDS: dict[str, int] = {
    "state": 9,
    "position": MAX_BAR_TICKS,
    "voice": MAX_VOICES,
    "pitch": PITCHES,
    "duration": len(TICKS),
}
_SLOT_OFFSETS = np.cumsum([1, *SLOT_FIELDS.values()])[:-1].tolist()
SLOT_TABLE = 1 + sum(SLOT_FIELDS.values())
_FRESH, _FOLLOWS, _DIFFERS = range(3)

# A note's key is a number that rises in the order of rows.
_NOTE_KEYS = MAX_VOICES * PITCHES
_BAR_KEYS = MAX_BAR_TICKS * _NOTE_KEYS
_WORD = 2**64 - 1
_MIX = np.random.default_rng(1).integers(1, 2**63, (4, max(SIZES)), np.uint64).tolist()  # a hash a value, of a decision
_NO_SLOT = [0] * len(SLOT_FIELDS)


Intervals = tuple[int | None, int | None]


@dataclass(frozen=True)
class Heard:
    """Rows as a network hears them.

    `fields` (T, F) and `slots` (T, S, K) are numbers in the two tables, `time` (T,) the onset in quarters, and `last`
    (T, 16) the pitch, plus 1, that each voice had last.
    """

    fields: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]
    time: npt.NDArray[np.float32]
    last: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.fields)


def joined(parts: Sequence[Heard]) -> Heard:
    """Rows heard one part after another."""
    return Heard(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("fields", "slots", "time", "last")))


class _Notes:
    """The notes so far, in order: their keys, their decisions, and running sums of their hashes."""

    def __init__(self) -> None:
        self.keys: list[int] = []
        self._rows: list[tuple[int, int, int, int]] = []  # position, voice, pitch, duration
        self._sums = [0]

    def append(self, key: int, row: Sequence[int]) -> None:
        """A further note."""
        decisions = (row[POSITION], row[VOICE], row[PITCH], row[DURATION])
        mixed = 0
        for mix, value in zip(_MIX, decisions, strict=True):
            mixed = ((mixed ^ mix[value]) * 0x9E3779B97F4A7C15) & _WORD
        self.keys.append(key)
        self._rows.append(decisions)
        self._sums.append((self._sums[-1] + mixed) & _WORD)

    def copy(self, count: int | None = None) -> _Notes:
        """A copy that grows by itself, of the first `count` notes (None: all)."""
        kept, count = _Notes(), len(self.keys) if count is None else count
        kept.keys, kept._rows, kept._sums = self.keys[:count], self._rows[:count], self._sums[: count + 1]
        return kept

    def before_bar(self, bar: int) -> _Notes:
        """A copy that holds the notes before a bar."""
        return self.copy(bisect_left(self.keys, bar * _BAR_KEYS))

    def look(self, bar: int, pen: int, back: int) -> list[int]:
        """The note after the pen so many bars back: fields of a slot (K,), 0 where that is not known."""
        keys, sums, there = self.keys, self._sums, bar - back
        found = bisect_right(keys, pen - back * _BAR_KEYS)
        if back <= 0 or there < 0 or found >= len(keys):
            return _NO_SLOT
        first, first_there = bisect_left(keys, bar * _BAR_KEYS), bisect_left(keys, there * _BAR_KEYS)
        until = min(found, bisect_left(keys, (there + 1) * _BAR_KEYS, first_there))
        if first == len(keys):
            state = _FRESH
        else:
            same = (sums[-1] - sums[first]) & _WORD == (sums[until] - sums[first_there]) & _WORD
            state = _FOLLOWS if same and len(keys) - first == until - first_there else _DIFFERS
        return self._slot(found, there, state)

    def look_ahead(self, bar: int, pen: int) -> list[int]:
        """The next note at or after the pen: fields of a slot (K,)."""
        found = bisect_right(self.keys, pen)
        return self._slot(found, bar, 0) if found < len(self.keys) else _NO_SLOT

    def _slot(self, found: int, bar: int, state: int) -> list[int]:
        further = min(2, max(0, self.keys[found] // _BAR_KEYS - bar))
        told = _SLOT_OFFSETS[0] + 3 * further + state
        if further == 2:
            return [told, *_NO_SLOT[1:]]
        return [told, *(offset + value for offset, value in zip(_SLOT_OFFSETS[1:], self._rows[found], strict=True))]


class Listener:
    """Reads rows and tells what a network hears of each.

    `bars` are the window's bar lines, the first at tick `bars.starts[0]`; `given` are the notes of the region that stay
    as they are, bars (N,) and rows (N, 7), in order.
    """

    def __init__(
        self, told: Told, wishes: Wishes, bars: Bars, given: tuple[Ints, Ints] | None = None, write_bar: int = 0
    ) -> None:
        self.told, self.wishes, self.bars, self.write_bar = told, wishes, bars, write_bar
        self.bar = 0
        self.last = [0] * MAX_VOICES  # the pitch, plus 1, of each voice's last note
        self._before = 0  # the pitch, plus 1, of the last note
        self._pen = -1
        self._notes = _Notes()
        self._history: list[tuple[int, int, int]] = []  # bar, voice and pitch of the notes so far
        self._given = _Notes()
        if given is not None:
            for bar, row in zip(given[0].tolist(), given[1].tolist(), strict=True):
                self._given.append(_key(bar, row), row)

    def copy(self) -> Listener:
        """A listener that has heard the same and goes on by itself."""
        further = copy.copy(self)  # what is told and the notes that stay are never changed
        further.last, further._history = list(self.last), list(self._history)
        further._notes = self._notes.copy()
        return further

    def read(self, rows: Sequence[Row] | Ints, wished: bool = True) -> Heard:
        """Take rows (T, 7) and tell what is heard of them; wishes are told with them or not.

        The first WRITE puts the pen at the beginning of the region: only what stands before it is then behind.
        """
        listed = rows.tolist() if isinstance(rows, np.ndarray) else rows
        count = len(listed)
        fields = np.zeros((count, len(FIELDS)), np.int32)
        slots = np.zeros((count, SLOTS, len(SLOT_FIELDS)), np.int32)
        time, last = np.zeros(count, np.float32), np.zeros((count, MAX_VOICES), np.int16)
        for index, row in enumerate(listed):
            intervals = self._go_on(row)
            fields[index] = self._fields(row, intervals, wished)
            slots[index] = self._slots(wished)
            time[index] = (self._onset(row) - self.bars.starts[0]) / TICKS_PER_QUARTER
            last[index] = self.last
        return Heard(fields, slots, time, last)

    def _go_on(self, row: Sequence[int]) -> Intervals:
        """Move the bar and the pen; of a note, the intervals in semitones to the last note and its voice's last."""
        move = row[MOVE]
        if move < CHORD_MOVE:
            self.bar += move
            pitch, voice = row[PITCH], row[VOICE]
            before, own = self._before, self.last[voice]
            intervals = pitch + 1 - before if before else None, pitch + 1 - own if own else None
            self._before = self.last[voice] = pitch + 1
            self._history.append((self.bar, voice, pitch))
            self._pen = _key(self.bar, row)
            self._notes.append(self._pen, row)
            return intervals
        if move < END:
            self.bar += move - CHORD_MOVE
            self._pen = self.bar * _BAR_KEYS + row[POSITION] * _NOTE_KEYS - 1
        elif move == SKIP:
            self.bar += MOVES
            self._pen = self.bar * _BAR_KEYS - 1
        elif move == WRITE and (self.bar != self.write_bar or self._pen != self.write_bar * _BAR_KEYS - 1):
            self._go_to_region()
        return None, None

    def _onset(self, row: Sequence[int]) -> int:
        return self.bars.starts[min(self.bar, len(self.bars))] + (row[POSITION] if row[MOVE] < END else 0)

    def _go_to_region(self) -> None:
        self.bar, self._before = self.write_bar, 0
        self._pen = self.bar * _BAR_KEYS - 1
        self._notes = self._notes.before_bar(self.bar)
        self._history = [note for note in self._history if note[0] < self.bar]
        self.last = [0] * MAX_VOICES
        for _, voice, pitch in self._history:
            self.last[voice] = self._before = pitch + 1

    def _fields(self, row: Sequence[int], intervals: Intervals, wished: bool) -> list[int]:
        """The decisions of a row, as far as rows of its kind have them, what follows from them, and what is told."""
        fields = [0] * len(FIELDS)
        move, position, pitch = row[MOVE], row[POSITION], row[PITCH]
        note, chord, part = move < CHORD_MOVE, CHORD_MOVE <= move < END, move == PART
        _tell(fields, "move", move)
        if note or chord:
            _tell(fields, "position", position)
        if note or part or move == WRITE:
            _tell(fields, "voice", row[VOICE])
        if note or (part and pitch):
            _tell(fields, "pitch", pitch)
        if note or move == EXTEND:
            _tell(fields, "duration", row[DURATION])
        if chord:
            _tell(fields, "chord", row[CHORD])
        if part and row[FAMILY]:
            _tell(fields, "family", row[FAMILY])
        if note:
            _tell(fields, "pitch_class", pitch % 12)
            _tell(fields, "octave", pitch // 12)
            _tell(fields, "end", min(position + DURATIONS[row[DURATION]], _LATEST_END))
            for name, apart in zip(("interval", "own_interval"), intervals, strict=True):
                if apart is not None:
                    _tell(fields, name, _WIDEST + min(_WIDEST, max(-_WIDEST, apart)))
        _tell(fields, "bar", self.bar % 64)
        self._tell_conditions(fields, wished)
        return fields

    def _tell_conditions(self, fields: list[int], wished: bool) -> None:
        """Conditions are classes from 1; 0 is not told."""
        told, wishes, bar = self.told, self.wishes, self.bar
        values = {"style": told.style, "metre": told.metre_of(bar), "tonic": told.tonic}
        if wished:
            values |= {"returns": wishes.returns, "busy": wishes.busy, "ending": wishes.ending}
            if wishes.last_bar is not None:
                values["left"] = min(MAX_LEFT, max(1, wishes.last_bar - bar + 1))
            for name, later in (("relation", 0), ("relation_next", 1)):
                values[name] = wishes.answers.get(bar + later, (0, 0))[0]
        for name, value in values.items():
            if value > 0:
                _tell(fields, name, value - 1)

    def _slots(self, wished: bool) -> list[list[int]]:
        bar, pen, notes = self.bar, self._pen, self._notes
        slots = [notes.look(bar, pen, back) for back in BACK]
        for later in (0, 1):  # the bar answered now, the bar answered next
            back = self.wishes.answers.get(bar + later, (0, 0))[1] if wished else 0
            slots.append(notes.look(bar + later, (bar + 1) * _BAR_KEYS - 1 if later else pen, back))
        slots.append(self._given.look_ahead(bar, pen))
        return slots


def _key(bar: int, row: Sequence[int]) -> int:
    """A number that rises in the order of notes."""
    return bar * _BAR_KEYS + row[POSITION] * _NOTE_KEYS + row[VOICE] * PITCHES + row[PITCH]


def _tell(fields: list[int], name: str, value: int) -> None:
    fields[_PLACE[name]] = OFFSETS[name] + value
