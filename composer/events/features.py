"""Features: what a network hears of each row beside its decisions, worked out from the rows alone.

    pitch class, octave, and the intervals to the note before and to the voice's own last note
    bar         bars since the window's first, modulo 64
    end         the tick, from the bar line, at which the note ends
    conditions  see `conditions`
    slots       notes that stand where the pen will be next: in the bar 1, 2, 4, 8 and 16 bars ago, in the bar that this
                bar and the next are told to answer, and among the notes that are given of the bars to be written; each
                with whether this bar has followed that one so far

The slots let any network, however short its memory, see what a return would say: answering a phrase is then a choice,
and not a feat. One class works them out, many rows at once in training and row by row in writing.

Everything is a number in one table, 0 for what is not told. Axes: T rows, F fields, S slots, K fields of a slot.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.events.conditions import CONDITIONS, MAX_LEFT, Told, Wishes
from composer.events.rows import (
    CHORD,
    CHORD_MOVE,
    DURATION,
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
_ANSWERED, _ANSWERED_NEXT, _GIVEN = len(BACK), len(BACK) + 1, len(BACK) + 2
SLOT_FIELDS: dict[str, int] = {
    "state": 9,
    "position": MAX_BAR_TICKS,
    "voice": MAX_VOICES,
    "pitch": PITCHES,
    "duration": len(TICKS),
}
_SLOT_OFFSETS = np.cumsum([1, *SLOT_FIELDS.values()])[:-1]
SLOT_TABLE = 1 + sum(SLOT_FIELDS.values())
_FRESH, _FOLLOWS, _DIFFERS = range(3)

_NOTE_KEYS = MAX_VOICES * PITCHES
_BAR_KEYS = MAX_BAR_TICKS * _NOTE_KEYS
_MIX = np.random.default_rng(1).integers(1, 2**63, (4, max(SIZES)), np.uint64)  # a hash a value, of a note's decisions


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


def note_keys(bars: Ints, rows: Ints) -> Ints:
    """A number (N,) a note that rises in the order of rows."""
    return bars * _BAR_KEYS + rows[:, POSITION] * _NOTE_KEYS + rows[:, VOICE] * PITCHES + rows[:, PITCH]


class _Notes:
    """The notes so far, in order: their keys, their decisions, and running sums of their hashes."""

    def __init__(self, room: int = 512) -> None:
        self.count = 0
        self._keys = np.empty(room, np.int64)
        self._rows = np.empty((room, 4), np.int64)
        self._sums = np.zeros(room + 1, np.uint64)

    def append(self, bars: Ints, rows: Ints) -> None:
        """Further notes: their bars (N,) and rows (N, 7)."""
        if not len(rows):
            return
        while self.count + len(rows) > len(self._keys):
            self._keys = np.concatenate([self._keys, np.empty_like(self._keys)])
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
        span = slice(self.count, self.count + len(rows))
        decisions = rows[:, [POSITION, VOICE, PITCH, DURATION]]
        self._keys[span], self._rows[span] = note_keys(bars, rows), decisions
        hashes = np.zeros(len(rows), np.uint64)
        for column in range(4):
            hashes = (hashes ^ _MIX[column, decisions[:, column]]) * np.uint64(0x9E3779B97F4A7C15)
        self._sums[self.count + 1 : self.count + 1 + len(rows)] = self._sums[self.count] + np.cumsum(hashes)
        self.count += len(rows)

    def copy(self) -> _Notes:
        """A copy that grows by itself."""
        kept = _Notes(0)
        kept.count = self.count
        kept._keys, kept._rows, kept._sums = self._keys.copy(), self._rows.copy(), self._sums.copy()
        return kept

    def before_bar(self, bar: int) -> _Notes:
        """A copy that holds the notes before a bar."""
        kept = self.copy()
        kept.count = int(np.searchsorted(self._keys[: self.count], bar * _BAR_KEYS))
        return kept

    def look(self, bars: Ints, pens: Ints, known: Ints, back: Ints) -> npt.NDArray[np.int32]:
        """The note after the pen so many bars back (T,), 0 where that is not known: fields of a slot (T, K).

        `bars` (T,) are the pens' bars, `pens` (T,) the keys that they stand at, `known` (T,) how many notes are known.
        """
        keys, sums = self._keys[: self.count], self._sums
        there = bars - back
        usable = (back > 0) & (there >= 0)
        at = np.searchsorted(keys, pens - back * _BAR_KEYS, side="right")
        usable &= at < known
        found = np.minimum(at, max(0, self.count - 1))
        further = np.clip(keys[found] // _BAR_KEYS - there, 0, 2) if self.count else np.zeros_like(bars)
        first, first_there = (np.searchsorted(keys, bar * _BAR_KEYS) for bar in (bars, there))
        end_there = np.searchsorted(keys, (there + 1) * _BAR_KEYS)
        sounded, sounded_there = known - np.minimum(first, known), np.minimum(at, end_there) - first_there
        same = sums[known] - sums[np.minimum(first, known)] == sums[np.minimum(at, end_there)] - sums[first_there]
        state = np.where(sounded == 0, _FRESH, np.where(same & (sounded == sounded_there), _FOLLOWS, _DIFFERS))
        return self._slot(usable, further, state, found)

    def look_ahead(self, bars: Ints, pens: Ints) -> npt.NDArray[np.int32]:
        """The next note at or after the pen: fields of a slot (T, K)."""
        keys = self._keys[: self.count]
        at = np.searchsorted(keys, pens, side="right")
        found = np.minimum(at, max(0, self.count - 1))
        further = np.clip(keys[found] // _BAR_KEYS - bars, 0, 2) if self.count else np.zeros_like(bars)
        return self._slot(at < self.count, further, np.zeros_like(bars), found)

    def _slot(self, usable: npt.NDArray[np.bool_], further: Ints, state: Ints, found: Ints) -> npt.NDArray[np.int32]:
        slot = np.zeros((len(usable), len(SLOT_FIELDS)), np.int32)
        slot[:, 0] = np.where(usable, _SLOT_OFFSETS[0] + 3 * further + state, 0)
        shown = usable & (further < 2)
        if self.count:
            slot[:, 1:] = np.where(shown[:, None], _SLOT_OFFSETS[1:] + self._rows[found], 0)
        return slot


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
        self._given = _Notes(1)
        if given is not None:
            self._given.append(*given)

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
        array = np.asarray(rows, np.int64).reshape(-1, len(SIZES))
        fields = np.zeros((len(array), len(FIELDS)), np.int32)
        time = np.zeros(len(array), np.float32)
        last = np.zeros((len(array), MAX_VOICES), np.int16)
        bars, pens, known = (np.zeros(len(array), np.int64) for _ in range(3))
        note_bars: list[int] = []
        note_rows: list[int] = []
        count = self._notes.count
        for index, row in enumerate(array.tolist()):
            move = row[MOVE]
            if move < CHORD_MOVE:
                self.bar += move
                self._hear_note(fields[index], row)
                note_bars.append(self.bar)
                note_rows.append(index)
                self._pen = self._key(row)
                count += 1
            elif move < END:
                self.bar += move - CHORD_MOVE
                self._pen = self._key((0, row[POSITION], 0, 0)) - 1
            elif move == SKIP:
                self.bar += MOVES
                self._pen = self.bar * _BAR_KEYS - 1
            elif move == WRITE and (self.bar != self.write_bar or self._pen != self.write_bar * _BAR_KEYS - 1):
                self._notes.append(np.array(note_bars, np.int64), array[note_rows])
                note_bars, note_rows = [], []
                self._go_to_region()
                count = self._notes.count
            bars[index], pens[index], known[index] = self.bar, self._pen, count
            time[index] = (self._onset(row) - self.bars.starts[0]) / TICKS_PER_QUARTER
            last[index] = self.last
        self._notes.append(np.array(note_bars, np.int64), array[note_rows])
        self._spell(fields, array)
        self._tell(fields, bars, wished)
        return Heard(fields, self._slots(bars, pens, known, wished), time, last)

    def _key(self, row: Sequence[int]) -> int:
        return self.bar * _BAR_KEYS + row[POSITION] * _NOTE_KEYS + row[VOICE] * PITCHES + row[PITCH]

    def _onset(self, row: Sequence[int]) -> int:
        return self.bars.starts[min(self.bar, len(self.bars))] + (row[POSITION] if row[MOVE] < END else 0)

    def _hear_note(self, fields: npt.NDArray[np.int32], row: Sequence[int]) -> None:
        pitch, voice = row[PITCH], row[VOICE]
        for name, before in (("interval", self._before), ("own_interval", self.last[voice])):
            if before:
                apart = min(_WIDEST, max(-_WIDEST, pitch + 1 - before))
                fields[_PLACE[name]] = OFFSETS[name] + _WIDEST + apart
        self._before = self.last[voice] = pitch + 1
        self._history.append((self.bar, voice, pitch))

    def _go_to_region(self) -> None:
        self.bar, self._before = self.write_bar, 0
        self._pen = self.bar * _BAR_KEYS - 1
        self._notes = self._notes.before_bar(self.bar)
        self._history = [note for note in self._history if note[0] < self.bar]
        self.last = [0] * MAX_VOICES
        for _, voice, pitch in self._history:
            self.last[voice] = self._before = pitch + 1

    def _spell(self, fields: npt.NDArray[np.int32], rows: Ints) -> None:
        """The decisions of rows, as far as rows of their kind have them, and what follows from a note's."""
        move = rows[:, MOVE]
        note, chord, part = move < CHORD_MOVE, (move >= CHORD_MOVE) & (move < END), move == PART
        told = {
            "move": np.ones_like(note),
            "position": note | chord,
            "voice": note | part | (move == WRITE),
            "pitch": note | (part & (rows[:, PITCH] > 0)),
            "duration": note | (move == EXTEND),
            "chord": chord,
            "family": part & (rows[:, FAMILY] > 0),
        }
        for column, (name, where) in enumerate(told.items()):
            fields[:, column] = np.where(where, OFFSETS[name] + rows[:, column], 0)
        derived = {
            "pitch_class": rows[:, PITCH] % 12,
            "octave": rows[:, PITCH] // 12,
            "end": np.minimum(rows[:, POSITION] + TICKS[rows[:, DURATION]], _LATEST_END),
        }
        for name, values in derived.items():
            fields[:, _PLACE[name]] = np.where(note, OFFSETS[name] + values, 0)
        assert CHORD == _PLACE["chord"]

    def _tell(self, fields: npt.NDArray[np.int32], bars: Ints, wished: bool) -> None:
        """The bar, and the conditions that are told."""
        fields[:, _PLACE["bar"]] = OFFSETS["bar"] + bars % 64
        told, wishes = self.told, self.wishes
        values: dict[str, Ints | int] = {
            "style": told.style,
            "metre": np.array([told.metre_of(bar) for bar in bars.tolist()], np.int64),
            "tonic": told.tonic,
        }
        if wished:
            values |= {"returns": wishes.returns, "busy": wishes.busy, "ending": wishes.ending}
            if wishes.last_bar is not None:
                values["left"] = np.clip(wishes.last_bar - bars + 1, 1, MAX_LEFT)
            if wishes.answers:
                for name, later in (("relation", 0), ("relation_next", 1)):
                    values[name] = np.array([wishes.answers.get(bar + later, (0, 0))[0] for bar in bars.tolist()])
        for name, value in values.items():
            fields[:, _PLACE[name]] = np.where(np.asarray(value) > 0, OFFSETS[name] - 1 + value, 0)

    def _slots(self, bars: Ints, pens: Ints, known: Ints, wished: bool) -> npt.NDArray[np.int32]:
        slots = np.zeros((len(bars), SLOTS, len(SLOT_FIELDS)), np.int32)
        for index, distance in enumerate(BACK):
            slots[:, index] = self._notes.look(bars, pens, known, np.full_like(bars, distance))
        if wished and self.wishes.answers:
            answers = self.wishes.answers
            for index, later in ((_ANSWERED, 0), (_ANSWERED_NEXT, 1)):
                back = np.array([answers.get(bar + later, (0, 0))[1] for bar in bars.tolist()], np.int64)
                ahead = bars + later
                pen = pens if not later else ahead * _BAR_KEYS - 1
                slots[:, index] = self._notes.look(ahead, pen, known, back)
        if self._given.count:
            slots[:, _GIVEN] = self._given.look_ahead(bars, pens)
        return slots
