"""Examples: what a network learns from at once, drawn at random from prepared pieces.

An example is a window of bars: rows that are given, then rows that are asked for. Plain windows go on from a bar line;
tasks give some voices or bars and ask for the others, so that "these notes are given, fill this region" is learned as
one question. What could be told is measured from the music and hidden now and then, so that a network can go without.

Axes: N rows, T rows of an example, B bars.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from composer.data.prepared import Prepared
from composer.events.chords import moved_chord
from composer.events.conditions import RELATIONS, Told, Wishes, busy_class, returns_class
from composer.events.features import Heard, Listener, joined
from composer.events.rows import (
    CHORD,
    CHORD_MOVE,
    DURATION,
    END,
    MAX_VOICES,
    MOVE,
    PART,
    PITCH,
    POSITION,
    START,
    VOICE,
    WRITE,
    Bars,
    Ints,
    with_moves,
)
from composer.score import TICKS_PER_QUARTER

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """What is heard (T rows), the rows (T, 7) that follow each, and which of these are asked for (T,)."""

    heard: Heard
    rows: Ints
    asked: Bools

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def notes(self) -> int:
        """How many notes are asked for."""
        return int((self.asked & (self.rows[:, MOVE] < CHORD_MOVE)).sum())


@dataclass(frozen=True)
class Mix:
    """How often each kind of example is drawn, and how often what could be told is told."""

    window: float = 0.55  # no region: a plain window to go on from
    window_alone: float = 0.75  # the same, of one voice
    melody_given: float = 0.22  # of several voices: the first is given, the others are written
    voices_given: float = 0.08  # any voices are given, the others are written
    fewer_voices: float = 0.15  # of several voices: only some take part at all
    chords: float = 0.3
    style: float = 0.8
    metre: float = 0.9
    tonic: float = 0.6
    parts: float = 0.6
    left: float = 0.6
    wish: float = 0.5  # each of: how much returns, how busy, how it ends
    answers: float = 0.3
    octave: float = 0.1  # moved by one, up or down
    spread: float = 0.12  # of several voices: renumbered anywhere from 0 to 15, so that every number is learned


@dataclass(frozen=True)
class Window:
    """Bars `first` to `until` (exclusive) of a piece, of which `region` (from, until) in `voices` is to be written.

    Bars of the region count from the window's first. `plain` asks for what follows from the left.
    """

    piece: Prepared
    first: int
    until: int
    region: tuple[int, int]
    voices: frozenset[int]
    plain: bool


@dataclass(frozen=True)
class Telling:
    """What is told with a window, as drawn; `shift` is in semitones from the home key."""

    shift: int = 0
    chords: bool = False
    style: bool = True
    metre: bool = True
    tonic: bool = False
    parts: bool = False
    left: bool = False
    returns: bool = False
    busy: bool = False
    ending: bool = False
    answers: bool = False


def spell_window(window: Window, telling: Telling, taking_part: Sequence[int] | None = None) -> Example:
    """An example of a window; `taking_part` are the voices that sound at all (default: all)."""
    piece, bars = window.piece, window.until - window.first
    rows, at = _cut(window, telling, taking_part)
    lines = Bars(piece.lines.starts[window.first : window.until + 1], tuple(range(bars)))
    region_first, region_until = window.region
    inside = (at >= region_first) & (at < region_until)
    note = rows[:, MOVE] < CHORD_MOVE
    written = inside & (~note | np.isin(rows[:, VOICE], sorted(window.voices)))
    told = Told(
        piece.style if telling.style else 0,
        piece.metres[window.first : window.until].tolist() if telling.metre else (),
        (piece.tonic - 1 + telling.shift) % 12 + 1 if piece.tonic and telling.tonic else 0,
    )
    ends = window.until == len(piece.lines) and region_until == bars
    wishes = _wishes(window, telling, rows, at, inside & note & written, ends, lines, told.tonic or piece.tonic)
    opening = _opening(window, rows, note, telling, taking_part)
    closing = [(END, 0, 0, 0, 0, 0, 0)] if ends or not window.plain else []
    if window.plain:
        return _plain(opening, rows, at, region_first, closing, told, wishes, lines)
    given = ~written
    before = np.concatenate([opening, with_moves(rows[given], at[given], 0)[0]])
    asking = np.array([(WRITE, 0, voice, 0, 0, 0, 0) for voice in sorted(window.voices)], np.int64)
    stays = given & inside & note
    listener = Listener(told, wishes, lines, (at[stays], rows[stays]), region_first)
    answer, _ = with_moves(rows[inside], at[inside], region_first)
    answer = np.concatenate([answer, np.array(closing, np.int64).reshape(-1, 7)])
    heard = [listener.read(before, wished=False), listener.read(asking), listener.read(answer[:-1])]
    everything = np.concatenate([before, asking, answer])
    asked = np.arange(len(everything)) >= len(before) + len(asking)
    return Example(joined(heard), everything[1:], asked[1:])


def _plain(
    opening: Ints,
    rows: Ints,
    at: Ints,
    region_first: int,
    closing: Sequence[tuple[int, ...]],
    told: Told,
    wishes: Wishes,
    lines: Bars,
) -> Example:
    moved, bars = with_moves(rows, at, 0)
    everything = np.concatenate([opening, moved, np.array(closing, np.int64).reshape(-1, 7)])
    listener = Listener(told, wishes, lines)
    last_given = len(opening) + int(np.searchsorted(bars, region_first)) - 1  # wishes are told from this row on
    heard = [listener.read(everything[:last_given], wished=False), listener.read(everything[last_given:-1])]
    return Example(joined(heard), everything[1:], np.arange(1, len(everything)) >= len(opening))


def _cut(window: Window, telling: Telling, taking_part: Sequence[int] | None) -> tuple[Ints, Ints]:
    """The rows (N, 7) of a window's bars, moved from the home key, and their bars (N,) from its first."""
    piece = window.piece
    span = slice(int(piece.edges[window.first]), int(piece.edges[window.until]))
    rows, at = piece.rows[span].copy(), piece.bars[span] - window.first
    note = rows[:, MOVE] < CHORD_MOVE
    kept = note | telling.chords
    if taking_part is not None:
        kept &= ~note | np.isin(rows[:, VOICE], sorted(taking_part))
    rows, at, note = rows[kept], at[kept], note[kept]
    if telling.shift:
        rows[note, PITCH] = np.clip(rows[note, PITCH] + telling.shift, 0, 127)
        moved = [moved_chord(number, telling.shift) for number in rows[~note, CHORD].tolist()]
        rows[~note, CHORD] = moved
    return rows, at


def _opening(window: Window, rows: Ints, note: Bools, telling: Telling, taking_part: Sequence[int] | None) -> Ints:
    """START, and a PART for each voice that takes part."""
    opening = [(START, 0, 0, 0, 0, 0, 0)]
    families = window.piece.families
    for voice in range(len(families)) if taking_part is None else sorted(taking_part):
        pitches = np.sort(rows[note & (rows[:, VOICE] == voice), PITCH])
        if telling.parts:
            middle = int(pitches[len(pitches) // 2]) if len(pitches) else 0
            opening.append((PART, 0, voice, middle, 0, 0, families[voice]))
    return np.array(opening, np.int64)


def _wishes(
    window: Window,
    telling: Telling,
    rows: Ints,
    at: Ints,
    new: Bools,
    ends: bool,
    lines: Bars,
    tonic: int,
) -> Wishes:
    """What is told of the region, as the music has it."""
    first, until = window.region
    contents = bar_contents(rows, at, len(lines))
    return Wishes(
        last_bar=until - 1 if telling.left else None,
        returns=returns_class(share_returning(contents, first, until)) if telling.returns else 0,
        busy=busy_of(rows[new], lines.starts[until] - lines.starts[first], len(window.voices)) if telling.busy else 0,
        ending=_ending(rows[new], ends, tonic) if telling.ending else 0,
        answers=answers_of(rows, at, contents, first) if telling.answers else {},
    )


def bar_contents(rows: Ints, at: Ints, bars: int) -> list[bytes]:
    """What stands in each bar, as bytes that are equal where the notes are; empty for a silent bar."""
    note = rows[:, MOVE] < CHORD_MOVE
    spelled = rows[note][:, [POSITION, VOICE, PITCH, DURATION]]
    edges = np.searchsorted(at[note], np.arange(bars + 1))
    return [spelled[a:b].tobytes() for a, b in itertools.pairwise(edges)]


def share_returning(contents: Sequence[bytes], first: int, until: int) -> float:
    """The share of the bars from `first` to `until` that stand in an earlier bar; silent bars do not count."""
    seen = {content for content in contents[:first] if content}
    returned = sounding = 0
    for content in contents[first:until]:
        sounding += bool(content)
        returned += bool(content) and content in seen
        seen.add(content)
    return returned / max(1, sounding)


def busy_of(notes: Ints, ticks: int, voices: int) -> int:
    """The class of how busy the written notes (N, 7) are; onsets in one voice count once."""
    return busy_class(len(notes) * TICKS_PER_QUARTER / max(1, ticks * voices))


def _ending(notes: Ints, ends: bool, tonic: int) -> int:
    """How the region ends: on the tonic (in its lowest voice), open, or running on."""
    if not ends or not len(notes):
        return 3
    if not tonic:
        return 0
    lowest = notes[notes[:, VOICE] == notes[:, VOICE].max()]
    return 1 if lowest[-1, PITCH] % 12 == tonic - 1 else 2


_DISTANCES = (4, 8, 2, 1, 16, 3, 6, 12)  # bars back, in the order in which an answer is looked for
_NEW, _SAME, _RHYTHM = range(1, 1 + len(RELATIONS))


def answers_of(rows: Ints, at: Ints, contents: Sequence[bytes], first: int) -> dict[int, tuple[int, int]]:
    """Which earlier bar each bar from `first` on answers: its relation, and how many bars back it lies."""
    note = rows[:, MOVE] < CHORD_MOVE
    leading = note & (rows[:, VOICE] == (rows[note, VOICE].min() if note.any() else 0))
    rhythm = rows[leading][:, [POSITION, DURATION]]
    edges = np.searchsorted(at[leading], np.arange(len(contents) + 1))
    rhythms = [rhythm[a:b].tobytes() for a, b in itertools.pairwise(edges)]
    answers: dict[int, tuple[int, int]] = {}
    for bar in range(first, len(contents)):
        answers[bar] = (_NEW, 0)
        for relation, stand in ((_SAME, contents), (_RHYTHM, rhythms)):
            back = next((d for d in _DISTANCES if d <= bar and stand[bar] and stand[bar] == stand[bar - d]), 0)
            if back:
                answers[bar] = (relation, back)
                break
    return answers


class ExampleSource:
    """Draws examples from pieces, a long piece more often, in batches of about as many rows."""

    def __init__(
        self, pieces: Sequence[Prepared], rows: int, polyphonic: bool, mix: Mix | None = None, at_home: bool = True
    ) -> None:
        self.pieces, self.rows, self.polyphonic = pieces, rows, polyphonic
        self.mix = mix or Mix()
        self.at_home = at_home
        weights = np.array([len(piece.rows) * piece.emphasis for piece in pieces], float)
        self._chances = weights.cumsum() / weights.sum()

    def draw(self, random: np.random.Generator) -> Example:
        """One example of at most `rows` rows, or little more."""
        while True:
            at = int(np.searchsorted(self._chances, random.random()))
            piece, voices = self._spread(self.pieces[min(at, len(self.pieces) - 1)], random)
            voices = self._taking_part(voices, random)
            window = self._window(piece, voices, random)
            if window is not None:
                example = spell_window(window, self._telling(window, random), voices)
                if example.asked.any():
                    return _shortened(example, 2 * self.rows)

    def pool(self, rows: int, random: np.random.Generator, count: int = 96) -> list[list[Example]]:
        """So many examples as batches of about `rows` rows each, padding counted, alike in length, in random order."""
        batches: list[list[Example]] = [[]]
        for example in sorted((self.draw(random) for _ in range(count)), key=len):
            if batches[-1] and (len(batches[-1]) + 1) * len(example) > rows:
                batches.append([])
            batches[-1].append(example)
        return [batches[index] for index in random.permutation(len(batches))]

    def _spread(self, piece: Prepared, random: np.random.Generator) -> tuple[Prepared, list[int]]:
        """The piece, now and then with its voices renumbered, and their numbers."""
        count = len(piece.families)
        if count < 2 or random.random() >= self.mix.spread:
            return piece, list(range(count))
        numbers = np.sort(random.permutation(MAX_VOICES)[:count])
        rows = piece.rows.copy()
        rows[piece.is_note, VOICE] = numbers[rows[piece.is_note, VOICE]]
        families = [0] * MAX_VOICES
        for number, family in zip(numbers.tolist(), piece.families, strict=True):
            families[number] = family
        return replace(piece, rows=rows, families=tuple(families)), numbers.tolist()

    def _taking_part(self, voices: list[int], random: np.random.Generator) -> list[int]:
        if len(voices) < 3 or random.random() >= self.mix.fewer_voices:
            return voices
        count = int(random.integers(2, len(voices)))
        return sorted(random.permutation(voices)[:count].tolist())

    def _window(self, piece: Prepared, voices: list[int], random: np.random.Generator) -> Window | None:
        bars = len(piece.lines)
        kind = random.random()
        plain = not self.polyphonic or kind < (self.mix.window if len(voices) > 1 else self.mix.window_alone)
        room = self.rows if plain else int(self.rows * random.uniform(0.35, 0.75))
        first = 0
        if piece.edges[-1] > room and random.random() < 0.75:
            first = int(piece.bars[int(random.integers(len(piece.rows)))])
        until = int(np.searchsorted(piece.edges, piece.edges[first] + room, side="right")) - 1
        until = min(bars, max(until, first + 2), first + 60)
        if until - first < 2:
            return None
        length = until - first
        if plain:
            start = 0 if random.random() < 0.3 else int(random.integers(length))
            return Window(piece, first, until, (start, length), frozenset(voices), True)
        region, chosen = self._region(length, voices, kind, random)
        return Window(piece, first, until, region, frozenset(chosen), False)

    def _region(
        self, length: int, voices: list[int], kind: float, random: np.random.Generator
    ) -> tuple[tuple[int, int], list[int]]:
        """Which bars, and which of the voices, are to be written."""
        mix = self.mix
        count = int(random.integers(1, max(2, length // 2 + 1)))
        start = int(random.integers(length - count + 1))
        if len(voices) == 1:
            return (start, start + count), voices
        some = sorted(random.permutation(voices)[: int(random.integers(1, len(voices)))].tolist())
        if kind < mix.window + mix.melody_given:
            return (0, length), voices[1:]
        if kind < mix.window + mix.melody_given + mix.voices_given:
            return (0, length), some
        return (start, start + count), voices if random.random() < 0.5 else some

    def _telling(self, window: Window, random: np.random.Generator) -> Telling:
        mix = self.mix
        says = random.random(12)
        return Telling(
            shift=self._shift(window, random),
            chords=says[0] < mix.chords,
            style=says[1] < mix.style,
            metre=says[2] < mix.metre,
            tonic=says[3] < mix.tonic,
            parts=says[4] < mix.parts,
            left=says[5] < mix.left,
            returns=says[6] < mix.wish,
            busy=says[7] < mix.wish,
            ending=says[8] < mix.wish,
            answers=says[9] < mix.answers,
        )

    def _shift(self, window: Window, random: np.random.Generator) -> int:
        if not self.at_home:
            return int(random.integers(-6, 6))
        if random.random() >= self.mix.octave:
            return 0
        piece = window.piece
        return octave(piece.rows[piece.is_note, PITCH], random)


def octave(pitches: Ints, random: np.random.Generator) -> int:
    """Twelve semitones up or down, where pitches (N,) stay among those of music; else 0."""
    up = bool(random.random() < 0.5)
    fits = pitches.max() + 12 < 104 if up else pitches.min() - 12 >= 28
    return (12 if up else -12) if fits else 0


def _shortened(example: Example, rows: int) -> Example:
    """No longer than so many rows: what asks for more is cut."""
    if len(example) <= rows:
        return example
    heard = Heard(*(getattr(example.heard, name)[:rows] for name in ("fields", "slots", "time", "last")))
    return Example(heard, example.rows[:rows], example.asked[:rows])


def whole_bars(piece: Prepared, notes: int) -> int:
    """How many bars from the beginning are measured: as many as hold no more notes than so many, at least one."""
    bars = len(piece.lines)
    until = int(np.searchsorted(np.cumsum(np.bincount(piece.bars[piece.is_note], minlength=bars)), notes, "right"))
    return max(1, min(bars, until))


def whole_piece(piece: Prepared, notes: int, shift: int = 0) -> Example:
    """A piece from its beginning, at most so many notes, to be measured on: style and metre told, all else hidden."""
    bars = whole_bars(piece, notes)
    window = Window(piece, 0, bars, (0, bars), frozenset(range(MAX_VOICES)), True)
    return spell_window(window, Telling(shift=shift))
