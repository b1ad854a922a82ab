"""Melodies as rows of n-grams that stay the same when a melody is transposed or played slower.

A line is one note at a time: onsets (N,) in ticks and pitches (N,). Each note after the first adds the interval from
the one before, and from the third on how many times longer it took to come than the one before did (in eighths of a
doubling, so that 2:1 is 8, and a triplet differs from two eighths). An n-gram of notes is the row of these steps, told
by a 32-bit hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.music import skyline
from composer.score import Note, Score

NOTES = 6  # of an n-gram: the shortest match that can be seen
_WIDEST, _STEEPEST = 36, 60  # beyond these an interval, or a change of pace, counts as no wider
_FACTOR, _MIXER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Line:
    """One voice, one note at a time: onsets (N,) in ticks, rising, pitches (N,), and the number of each note's bar."""

    onsets: Ints
    pitches: Ints
    bars: Ints
    voice: int = 0

    def __len__(self) -> int:
        return len(self.onsets)

    @classmethod
    def of(cls, notes: Sequence[Note], score: Score, voice: int = 0) -> Line:
        """The highest notes of a voice, with bars as the score counts them (from 0)."""
        line = skyline(tuple(sorted(notes)))
        onsets, pitches = np.array([n.onset for n in line], np.int64), np.array([n.pitch for n in line], np.int64)
        return cls(onsets, pitches, np.array([score.bar_at(n.onset) for n in line], np.int64), voice)


_STRETCH, _SHARED = 2_000, 260  # notes of a stretch, and notes that two stretches share


def stretches(line: Line) -> list[tuple[int, Line]]:
    """A line in stretches of at most 2,000 notes, each with the number of its first; a passage may lie across two.

    What repeats itself a thousand times matches what was learned a thousand times over: in pieces, the matches of one
    piece at a time are held.
    """
    if len(line) <= _STRETCH:
        return [(0, line)]
    starts = range(0, len(line) - _SHARED, _STRETCH - _SHARED)
    parts = [slice(start, start + _STRETCH) for start in starts]
    return [(p.start, Line(line.onsets[p], line.pitches[p], line.bars[p], line.voice)) for p in parts]


def lines_of(score: Score) -> list[Line]:
    """The lines of a score's voices, but drums."""
    voices = enumerate(score.voices)
    return [Line.of(voice.notes, score, i) for i, voice in voices if voice.notes and not voice.is_drum]


def hashes(line: Line) -> Hashes:
    """The hash of each n-gram (N − NOTES + 1,), by the place of its first note; none where the line is shorter."""
    count = len(line) - NOTES + 1
    if count < 1:
        return np.zeros(0, np.uint32)
    intervals, paces = steps(line.onsets, line.pitches)
    total = (intervals[1 : 1 + count]).astype(np.uint64)
    for k in range(2, NOTES):
        total = total * _FACTOR + code(intervals[k : k + count], paces[k : k + count])
    return mixed(total)


def steps(onsets: Ints, pitches: Ints) -> tuple[Ints, Ints]:
    """The interval to each note (N,) and its change of pace (N,), both from 0 up; undefined before there is one."""
    intervals, paces = np.zeros(len(onsets), np.int64), np.zeros(len(onsets), np.int64)
    intervals[1:] = interval_code(np.diff(pitches))
    waits = np.maximum(1, np.diff(onsets))
    paces[2:] = pace_code(waits[:-1], waits[1:])
    return intervals, paces


def interval_code(semitones: Ints) -> Ints:
    """Intervals as numbers from 0 up."""
    return np.clip(semitones, -_WIDEST, _WIDEST) + _WIDEST


def pace_code(before: Ints, after: Ints) -> Ints:
    """How many times longer a note took to come than the one before, as numbers from 0 up."""
    return np.clip(np.rint(8 * np.log2(after / before)), -_STEEPEST, _STEEPEST).astype(np.int64) + _STEEPEST


def code(intervals: Ints, paces: Ints) -> npt.NDArray[np.uint64]:
    """One step as one number."""
    return (intervals * (2 * _STEEPEST + 1) + paces).astype(np.uint64)


def extended(prefix: Sequence[tuple[int, int]], intervals: Ints, pace: int) -> Hashes:
    """The hashes (K,) of n-grams that end in one of K intervals; `prefix` are the NOTES − 2 steps before."""
    total = np.uint64(prefix[0][0]) + np.zeros(len(intervals), np.uint64)
    for interval, slower in prefix[1:]:
        total = total * _FACTOR + np.uint64(interval * (2 * _STEEPEST + 1) + slower)
    return mixed(total * _FACTOR + code(intervals, np.full_like(intervals, pace)))


def mixed(total: npt.NDArray[np.uint64]) -> Hashes:
    """The upper half of a multiplied number: every bit of the sum tells in every bit of the hash."""
    total = (total ^ (total >> np.uint64(29))) * _MIXER
    return (total >> np.uint64(32)).astype(np.uint32)


def winnowed(found: Hashes, window: int) -> Ints:
    """The places kept of a row of hashes: the least of every `window` neighbours, the last of equals.

    Any shared row of `window` n-grams shares one of them (Schleimer, Wilkerson & Aiken 2003, "Winnowing").
    """
    if not len(found):
        return np.zeros(0, np.int64)
    width = min(window, len(found))
    rows = np.lib.stride_tricks.sliding_window_view(found[::-1], width)  # reversed: argmin takes the first of equals
    places = len(found) - 1 - (rows.argmin(1) + np.arange(len(rows)))
    kept: Ints = np.unique(places)
    return kept
