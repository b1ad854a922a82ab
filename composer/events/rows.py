"""Rows: a score as the networks hear and write it, one row a note.

A note is spelled by decisions, each drawn given those before (nested sub-decoding, as in compound-token Transformers):

    move      what the row is, and how many bars on from the row before: a note 0–7 bars on, a chord symbol 0–7 bars
              on, END, SKIP (eight bars on, and nothing there), EXTEND (the last note sounds longer); or what is only
              ever given: START (of a window), PART (who plays), WRITE (a voice to be filled from here on)
    position  ticks from the bar line
    voice     0–15, from the highest
    pitch     MIDI number
    duration  an index into `DURATIONS`
    chord     root and quality of a chord symbol, 0 for none

and a PART row also names a `family` of instruments. Bars longer than two whole notes are counted as several, so that
every metre can be spelled; durations past the table go on in EXTEND rows. Rows are in order of onset, then chord
symbols before notes, then voice, pitch and duration: every quantised score has exactly one spelling, and comes back
from it note for note.

Axes: N rows, D decisions and the family.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from composer.events.chords import CHORDS, chord_number, chord_of
from composer.score import ChordSymbol, Note, Score, Voice

Ints = npt.NDArray[np.int64]

COLUMNS = ("move", "position", "voice", "pitch", "duration", "chord", "family")
MOVE, POSITION, VOICE, PITCH, DURATION, CHORD, FAMILY = range(len(COLUMNS))
DECISIONS = COLUMNS[:FAMILY]

MOVES = 8  # a note or a chord symbol begins 0 … 7 bars on
CHORD_MOVE = MOVES
END, SKIP, EXTEND, START, PART, WRITE = range(2 * MOVES, 2 * MOVES + 6)
DRAWN_MOVES = START  # what a network may draw; the others are only given

MAX_BAR_TICKS = 192
MAX_VOICES = 16
PITCHES = 128
# Every tick up to two bars of 4/4, coarser beyond.
DURATIONS = (*range(1, 193), *range(204, 385, 12), *range(432, 769, 48))
TICKS = np.array(DURATIONS)
FAMILIES = 18  # 0 unknown, 1–16 the families of General MIDI, 17 drums
DRUMS = 17
# How many values a network chooses from, decision by decision.
HEAD_SIZES = (DRAWN_MOVES, MAX_BAR_TICKS, MAX_VOICES, PITCHES, len(DURATIONS), CHORDS)
SIZES = (WRITE + 1, MAX_BAR_TICKS, MAX_VOICES, PITCHES, len(DURATIONS), CHORDS, FAMILIES)

Row = tuple[int, int, int, int, int, int, int]
NOTHING: Row = (0, 0, 0, 0, 0, 0, 0)


_OF_A_NOTE = (MOVE, POSITION, VOICE, PITCH, DURATION)
_OF_A_CHORD = (MOVE, POSITION, CHORD)


def decisions_of(move: int) -> tuple[int, ...]:
    """The decisions that a row has, given its first."""
    if move < CHORD_MOVE:
        return _OF_A_NOTE
    if move < END:
        return _OF_A_CHORD
    return (MOVE, DURATION) if move == EXTEND else (MOVE,)


@dataclass(frozen=True)
class Bars:
    """The bar lines that rows count from: `starts` (B + 1,) in ticks, the last one where the music ends.

    `score_bars` (B,) are the numbers of the score's own bars, which differ where a bar is longer than two whole notes.
    """

    starts: tuple[int, ...]
    score_bars: tuple[int, ...]

    @classmethod
    def of(cls, score: Score, bars: int) -> Bars:
        """The lines of the first `bars` bars of a score."""
        starts: list[int] = []
        numbers: list[int] = []
        for bar in range(bars):
            first, end = score.bar_start(bar), score.bar_start(bar + 1)
            whole = score.metre_at(first).bar_ticks
            for start in range(first, end, MAX_BAR_TICKS if whole > MAX_BAR_TICKS else max(1, end - first)):
                starts.append(start)
                numbers.append(bar)
        return cls((*starts, score.bar_start(bars)), tuple(numbers))

    def __len__(self) -> int:
        return len(self.score_bars)

    def at(self, tick: int) -> int:
        """The number of the bar that holds a tick; the last one for ticks beyond."""
        return min(bisect.bisect_right(self.starts, tick), len(self.score_bars)) - 1

    def first_of(self, score_bar: int) -> int:
        """The first of the bars that a bar of the score is counted as."""
        return bisect.bisect_left(self.score_bars, score_bar)


def duration_index(ticks: int) -> int:
    """The index in `DURATIONS` of the longest duration that is not over `ticks`."""
    return max(0, bisect.bisect_right(DURATIONS, ticks) - 1)


def family_of(voice: Voice) -> int:
    """The family of a voice's instrument."""
    return DRUMS if voice.is_drum else voice.program // 8 + 1


@dataclass(frozen=True)
class Event:
    """One row with its tick, before it is told how many bars it moves on."""

    onset: int
    row: Row

    @property
    def order(self) -> tuple[int, bool, int, int, int]:
        """Rows are in this order."""
        is_note = self.row[MOVE] < CHORD_MOVE
        return (self.onset, is_note, self.row[VOICE], self.row[PITCH], self.row[DURATION])


def note_event(note: Note, voice: int) -> tuple[Event, list[Row]]:
    """A note as an event, and the EXTEND rows that follow it."""
    index = duration_index(note.duration)
    rest = note.duration - DURATIONS[index]
    further: list[Row] = []
    while rest > 0:
        more = duration_index(rest)
        further.append((EXTEND, 0, 0, 0, more, 0, 0))
        rest -= DURATIONS[more]
    return Event(note.onset, (0, 0, voice, note.pitch, index, 0, 0)), further


def spell(
    notes: Sequence[tuple[int, Note]], bars: Bars, chords: Sequence[ChordSymbol] = (), from_bar: int = 0
) -> Iterator[tuple[int, int, Row]]:
    """Notes with their voices, and chord symbols, as rows in order: onset, bar and row of each.

    Bars are moved on from `from_bar`. Everything must begin at or after that bar.
    """
    further: dict[tuple[int, Row], list[Row]] = {}
    events: list[Event] = []
    for voice, note in notes:
        event, rows = note_event(note, voice)
        events.append(event)
        if rows:
            further[event.onset, event.row] = rows
    events += [Event(chord.onset, (CHORD_MOVE, 0, 0, 0, 0, chord_number(chord), 0)) for chord in chords]
    bar = from_bar
    for event in sorted(events, key=lambda event: event.order):
        there = bars.at(event.onset)
        while there - bar >= MOVES:
            bar += MOVES
            yield bars.starts[bar], bar, (SKIP, 0, 0, 0, 0, 0, 0)
        move = event.row[MOVE] + there - bar
        bar = there
        yield event.onset, bar, (move, event.onset - bars.starts[bar], *event.row[2:])
        for row in further.get((event.onset, event.row), ()):
            yield event.onset, bar, row


def rows_in_bars(
    notes: Sequence[tuple[int, Note]], bars: Bars, chords: Sequence[ChordSymbol] = ()
) -> tuple[Ints, Ints]:
    """Notes with their voices, and chord symbols, as rows (N, 7) whose moves do not count bars, and their bars (N,).

    Of a note past the longest duration the row alone is kept.
    """
    spelled = [(bar, row) for _, bar, row in spell(notes, bars, chords) if row[MOVE] < 2 * CHORD_MOVE]
    rows = [(CHORD_MOVE if row[MOVE] >= CHORD_MOVE else 0, *row[1:]) for _, row in spelled]
    return np.array(rows, np.int64).reshape(-1, len(COLUMNS)), np.array([bar for bar, _ in spelled], np.int64)


def with_moves(rows: Ints, bars: Ints, from_bar: int) -> tuple[Ints, Ints]:
    """Rows (N, 7) that say how many bars they move on, from `from_bar`, and their bars; SKIPs where it is far."""
    apart = np.diff(bars, prepend=from_bar)
    if (apart < MOVES).all():
        moved = rows.copy()
        moved[:, MOVE] += apart
        return moved, bars
    out, numbers, bar = [], [], from_bar
    for row, there in zip(rows.tolist(), bars.tolist(), strict=True):
        while there - bar >= MOVES:
            bar += MOVES
            out.append((SKIP, 0, 0, 0, 0, 0, 0))
            numbers.append(bar)
        out.append((row[MOVE] + there - bar, *row[1:]))
        numbers.append(there)
        bar = there
    return np.array(out, np.int64), np.array(numbers, np.int64)


class RowReader:
    """Reads rows one by one and keeps what they spell; rows that are only given pass by."""

    def __init__(self, bars: Bars, bar: int = 0) -> None:
        self.bars = bars
        self.bar = bar
        self.notes: list[tuple[int, Note]] = []
        self.chords: list[ChordSymbol] = []

    def read(self, row: Sequence[int]) -> None:
        """Take one row."""
        move = row[MOVE]
        if move < CHORD_MOVE:
            self.bar += move
            onset = self.bars.starts[self.bar] + row[POSITION]
            self.notes.append((row[VOICE], Note(onset, row[PITCH], DURATIONS[row[DURATION]])))
        elif move < END:
            self.bar += move - CHORD_MOVE
            self.chords.append(chord_of(row[CHORD], self.bars.starts[self.bar] + row[POSITION]))
        elif move == SKIP:
            self.bar += MOVES
        elif move == EXTEND:
            voice, note = self.notes[-1]
            self.notes[-1] = (voice, replace(note, duration=note.duration + DURATIONS[row[DURATION]]))


def encode(score: Score) -> tuple[Bars, list[Row]]:
    """A whole score: its bars, and its rows with END after the last."""
    bars = Bars.of(score, score.bars)
    notes = [(index, note) for index, voice in enumerate(score.voices) for note in voice.notes]
    rows = [row for _, _, row in spell(notes, bars, score.chords)]
    return bars, [*rows, (END, 0, 0, 0, 0, 0, 0)]


def decode(rows: Sequence[Sequence[int]], bars: Bars, frame: Score) -> Score:
    """Rows to a score with the metres, tempos and voices of `frame`; its notes and chord symbols are replaced."""
    reader = RowReader(bars)
    for row in rows:
        reader.read(row)
    count = max([len(frame.voices), *(voice + 1 for voice, _ in reader.notes)])
    voices = [frame.voices[i] if i < len(frame.voices) else Voice() for i in range(count)]
    filled = frame.with_voices(
        replace(voice, notes=tuple(note for v, note in reader.notes if v == i)) for i, voice in enumerate(voices)
    )
    return replace(filled, chords=tuple(reader.chords))
