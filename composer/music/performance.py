"""Music that was played, not written: found out, and put on the grid of a beat.

What stands off every division of the file's quarters was played. Where the file's own beat fits all the same (a part
that was recorded to a click), notes move to it; else the music's own beat is found and becomes the score's.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from composer.music.beats import Floats, beats_of
from composer.music.limits import LIMITS
from composer.music.reading import tempo_in_words
from composer.music.strikes import Strike
from composer.score import TICKS_PER_QUARTER, Metre, Tempo

Ints = NDArray[np.int64]

_FEWEST = 12  # onsets of a part that can be told to be played
_WRITTEN = 0.5  # of a written part's onsets at least lie on its quarters' divisions
_SPREAD = 0.05  # of a beat: how far people play beside it
_COLLISION = 4.0  # the price of two notes that become one chord
_TOGETHER, _ROLLED = 0.03, 0.07  # seconds between two notes of a chord, and from its first to its last
_FITS = ((4, 0.45), (2, 0.6), (3, 0.6))  # divisions of the beat, and how much onsets must agree on one


@dataclass(frozen=True)
class _Grid:
    """A beat of so many ticks, the parts it may be divided into, and how much better than others each must fit."""

    beat: int
    parts: dict[int, float]


_SIMPLE = _Grid(24, {1: 0.0, 2: 0.0, 4: 0.0, 3: 1.5, 6: 2.0, 8: 1.0})
_COMPOUND = _Grid(36, {1: 0.0, 3: 0.0, 6: 0.0, 2: 1.5, 4: 2.0, 12: 1.0})


@dataclass(frozen=True)
class Performance:
    """Strikes on a grid.

    `notes` are (onset, duration) in the score's ticks for those strikes that were moved, by their number; `tempo` and
    `metre` are those of the beat that was found, None where the file's held; `place` is where a file's tick lies, in
    the score's ticks.
    """

    notes: dict[int, tuple[int, int]]
    tempo: Tempo | None
    metre: Metre | None
    place: Callable[[int], int]
    mean: float  # seconds by which notes were moved
    most: float

    @property
    def sentence(self) -> str:
        """What was done, in words."""
        by = f"by {1000 * self.mean:.0f} ms on average and {1000 * self.most:.0f} ms at most"
        if self.tempo is None:
            return f"Played by hand: {len(self.notes)} notes were moved to the grid of the file's beat, {by}."
        return (
            f"Played freely: its own beat was found, {tempo_in_words(self.tempo)}, and {len(self.notes)} notes were "
            f"moved to its grid, {by}."
        )


def performed(
    strikes: Sequence[Strike], quarter: int, seconds: Callable[[Floats], Floats], metre: Metre
) -> Performance | None:
    """The strikes on a grid; None where they were written on one.

    `seconds` tells the time of the file's ticks, `metre` is what the file begins with.
    """
    onsets = np.array([strike.onset for strike in strikes])
    ends = np.array([strike.end for strike in strikes])
    if not (np.concatenate([onsets, ends]) * TICKS_PER_QUARTER % quarter).any():
        return None  # a program wrote it, ours perhaps: no player meets every tick of the grid
    written = _on_divisions(onsets, quarter)
    parts: dict[tuple[int, int, int], list[int]] = {}
    for number, strike in enumerate(strikes):
        parts.setdefault(strike.voice, []).append(number)
    loose = [numbers for numbers in parts.values() if _is_played(onsets[numbers], written[numbers])]
    if not loose:
        return None
    played = np.sort(np.concatenate([np.array(numbers) for numbers in loose]))
    times, stops = seconds(onsets.astype(float)), seconds(ends.astype(float))
    is_lead = 3 * len(played) < 2 * len(strikes)  # the rest is written, and says where the beat is
    if times.max() - times.min() > LIMITS["seconds"]:  # too long to be taken, however it is counted
        return None
    lag = 0.0 if is_lead else _lag(onsets[played] / quarter)
    if is_lead or lag is not None:
        at, until = onsets / quarter - (lag or 0.0), ends / quarter - (lag or 0.0)
        notes, _ = _quantised(played, at, until, times, _SIMPLE)
        back = (np.array([notes[n][0] for n in played]) / TICKS_PER_QUARTER + (lag or 0.0)) * quarter
        moved = np.abs(seconds(back) - times[played])
        return Performance(notes, None, None, lambda tick: round(tick * TICKS_PER_QUARTER / quarter), *_far(moved))
    accents = _accents(strikes, times, stops)
    order = np.argsort(times, kind="stable")
    beats = beats_of(times[order], accents[order])
    return _by_its_own_beat(beats, times, accents, seconds, stops, metre)


def _on_divisions(onsets: Ints, quarter: int) -> NDArray[np.bool_]:
    """Which onsets lie on a division of the quarter that notation has, as nearly as files round them."""
    near = quarter / 200
    on = np.zeros(len(onsets), bool)
    for parts, slack in ((24, near), (5, min(1.0, near)), (7, min(1.0, near))):
        step = quarter / parts
        off = np.abs(onsets - np.round(onsets / step) * step)
        cell = np.round(onsets / step).astype(int) % parts
        # Of 24 parts those that are sixteenths, thirty-seconds or triplets; between them everything lies near one.
        of_notes = (cell % 3 == 0) | (cell % 4 == 0) if parts == 24 else np.ones(len(onsets), bool)
        on |= of_notes & (off <= np.floor(slack) + 0.5 * (quarter % parts > 0))
    return on


def _is_played(onsets: Ints, written: NDArray[np.bool_]) -> bool:
    _, first = np.unique(onsets, return_index=True)
    return len(first) >= _FEWEST and float(written[first].mean()) < _WRITTEN


def _lag(positions: Floats) -> float | None:
    """By how much onsets come after the beat they fit, in beats; None where they fit none."""
    for parts, agreed in _FITS:
        mean = np.exp(2j * np.pi * positions * parts).mean()
        if abs(mean) > agreed and abs(mean) ** 2 * len(positions) > 6:
            return float(np.angle(mean) / (2 * np.pi * parts))
    return None


def _accents(strikes: Sequence[Strike], times: Floats, stops: Floats) -> Floats:
    """How much each strike says of the beat: the louder, the longer and the lower the more."""
    loud = np.array([strike.velocity for strike in strikes]) / 80
    low = np.array([strike.pitch < 55 for strike in strikes])
    return np.asarray(loud * (0.5 + np.clip(stops - times, 0.05, 1.0)) * (1 + 0.5 * low))


def _by_its_own_beat(
    beats: Floats, times: Floats, accents: Floats, seconds: Callable[[Floats], Floats], stops: Floats, metre: Metre
) -> Performance:
    numbers = np.arange(len(beats), dtype=float)

    def position(time: Floats) -> Floats:
        inside = np.interp(time, beats, numbers)
        late = (time - beats[-1]) / (beats[-1] - beats[-2])
        return np.asarray(np.where(time > beats[-1], numbers[-1] + late, inside))

    at, until = position(times), position(stops)
    ways = [(_quantised(np.arange(len(times)), at, until, times, grid), grid) for grid in (_SIMPLE, _COMPOUND)]
    (notes, _), grid = min(ways, key=lambda way: way[0][1])
    onsets = np.array([notes[number][0] for number in range(len(times))])
    moved = np.abs(np.interp(onsets / grid.beat, numbers, beats) - times)
    if grid is _COMPOUND:
        metre = Metre(0, 6, 8)
    elif metre.denominator != 4:
        metre = Metre()
    early = _upbeat(onsets, accents, grid.beat, metre.bar_ticks // grid.beat)

    def place(tick: int) -> int:
        return early + max(0, round(float(position(seconds(np.array([float(tick)])))[0]) * grid.beat))

    beats_a_minute = 60 * (len(beats) - 1) / (beats[-1] - beats[0])
    tempo = Tempo.from_bpm(beats_a_minute * grid.beat / TICKS_PER_QUARTER, 0, grid.beat)
    placed = {number: (onset + early, duration) for number, (onset, duration) in notes.items()}
    return Performance(placed, tempo, metre, place, *_far(moved))


def _upbeat(onsets: Ints, accents: Floats, beat: int, beats_a_bar: int) -> int:
    """How many ticks of its bar are over when the music begins, by where the accents are."""
    on_beats = onsets % beat == 0
    turns = onsets[on_beats] // beat % beats_a_bar
    weights = np.bincount(turns, accents[on_beats], beats_a_bar)
    return int(-weights.argmax() % beats_a_bar) * beat


def _far(moved: Floats) -> tuple[float, float]:
    return float(moved.mean()), float(moved.max())


def _quantised(
    which: Ints, at: Floats, until: Floats, times: Floats, grid: _Grid
) -> tuple[dict[int, tuple[int, int]], float]:
    """(onset, duration) in ticks of those strikes, and how badly they fit the grid.

    Beats count `at` and `until`, where they begin and end; `times` are seconds.
    """
    chords = _chords(which, times)
    onsets, divisions, cost = _snapped(np.array([at[chord].mean() for chord in chords]), grid)
    notes: dict[int, tuple[int, int]] = {}
    for chord, onset in zip(chords, onsets, strict=True):
        begin = max(0, onset)
        for number in chord:
            parts = divisions.get(int(until[number]), max(p for p, dear in grid.parts.items() if not dear))
            end = round(until[number] * parts) * grid.beat // parts
            notes[int(number)] = (begin, max(grid.beat // max(parts, 4), end - begin))
    return notes, cost


def _chords(which: Ints, times: Floats) -> list[Ints]:
    """The strikes in order of time, those that a hand strikes together in one row."""
    order = which[np.argsort(times[which], kind="stable")]
    rows: list[list[int]] = []
    for number in order:
        row = rows[-1] if rows else None
        if row and times[number] - times[row[-1]] <= _TOGETHER and times[number] - times[row[0]] <= _ROLLED:
            row.append(int(number))
        else:
            rows.append([int(number)])
    return [np.array(row) for row in rows]


def _snapped(places: Floats, grid: _Grid) -> tuple[list[int], dict[int, int], float]:
    """The ticks of rising places (in beats), into how many parts each beat was divided, and how badly all fits."""
    beats = np.floor(places + _SPREAD).astype(int)
    divisions: dict[int, int] = {}
    onsets: list[int] = []
    cost = 0.0
    edges = [0, *(np.flatnonzero(np.diff(beats)) + 1).tolist(), len(beats)]
    for first, last in itertools.pairwise(edges):
        beat, inside = int(beats[first]), places[first:last] - beats[first]
        costs = {parts: dear + _misfit(inside, parts) for parts, dear in grid.parts.items()}
        parts = min(costs, key=costs.__getitem__)
        divisions[beat] = parts
        cost += costs[parts]
        onsets += [beat * grid.beat + round(p * parts) * grid.beat // parts for p in inside]
    return onsets, divisions, cost


def _misfit(inside: Floats, parts: int) -> float:
    """Minus the logarithm of the chance that somebody who means a beat's parts plays its notes there."""
    cells = np.round(inside * parts)
    beside = (inside - cells / parts) / _SPREAD
    double = len(cells) - len(set(cells.tolist()))
    return float(0.5 * (beside**2).sum() + len(cells) * np.log(parts) + _COLLISION * double)
