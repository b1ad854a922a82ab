"""Tasks to learn from: "these notes are given, fill this region", drawn at random from a piece.

A region is a set of bars × voices. The same way of spelling it serves training and writing: `spell_task`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from composer.data.corpus import Piece
from composer.events import HEADER_TOKENS, Clock, Header, Vocabulary, encode_bars
from composer.events.task import Task, spell_task
from composer.score import Score
from composer.train.windows import Example, WindowSampler, hide_some, transpose_at_random


@dataclass(frozen=True)
class TaskMix:
    """How often each kind of region is drawn from a piece of several voices; what is left re-writes whole bars."""

    harmonise: float = 0.45  # the first voice is given, the others are written
    voices: float = 0.15  # any voices are given, the others are written
    rectangle: float = 0.15  # some bars of some voices
    windows: float = 0.35  # of all examples: no task, but a plain window to go on from


def draw_task(score: Score, first: int, until: int, mix: TaskMix, random: np.random.Generator) -> Task:
    """A region within bars `first` to `until` (exclusive)."""
    everyone = frozenset(range(len(score.voices)))
    if len(everyone) == 1:
        return Task(first, until, *_some_bars(first, until, random), everyone)
    drawn = random.random()
    if drawn < mix.harmonise:
        return Task(first, until, first, until, everyone - {0})
    if drawn < mix.harmonise + mix.voices:
        return Task(first, until, first, until, _some_voices(everyone, random))
    bars = _some_bars(first, until, random)
    if drawn < mix.harmonise + mix.voices + mix.rectangle:
        return Task(first, until, *bars, _some_voices(everyone, random))
    return Task(first, until, *bars, everyone)


def _some_bars(first: int, until: int, random: np.random.Generator) -> tuple[int, int]:
    count = int(random.integers(1, max(2, (until - first) // 2 + 1)))
    start = int(random.integers(first, until - count + 1))
    return start, start + count


def _some_voices(everyone: frozenset[int], random: np.random.Generator) -> frozenset[int]:
    count = int(random.integers(1, len(everyone)))
    return frozenset(random.permutation(sorted(everyone))[:count].tolist())


class TaskSampler:
    """Draws tasks from pieces, and plain windows in between, so that a network learns both to go on and to fill in."""

    def __init__(
        self,
        pieces: list[Piece],
        windows: WindowSampler,
        vocabulary: Vocabulary,
        length: int,
        mix: TaskMix | None = None,
    ) -> None:
        self.pieces, self.windows, self.vocabulary, self.length = pieces, windows, vocabulary, length
        self.mix = mix or TaskMix()
        self._bar_lengths = [[len(bar) for bar in encode_bars(piece.score, vocabulary)] for piece in pieces]
        sizes = [sum(lengths) * piece.emphasis for piece, lengths in zip(pieces, self._bar_lengths, strict=True)]
        self._weights = np.cumsum(sizes) / sum(sizes)

    def draw(self, random: np.random.Generator) -> Example:
        """A task or a window, in a random key."""
        if random.random() < self.mix.windows:
            return self.windows.draw(random)
        drawn = min(int(np.searchsorted(self._weights, random.random())), len(self.pieces) - 1)
        piece, lengths = self.pieces[drawn], self._bar_lengths[drawn]
        first, until = self._window(lengths, random)
        task = draw_task(piece.score, first, until, self.mix, random)
        metre = None if piece.metre is None else piece.score.metre_at(piece.score.bar_start(first))
        example = task_example(piece.score, task, Header(piece.style, metre, first == 0), self.vocabulary)
        header = hide_some(example.tokens[:HEADER_TOKENS], self.vocabulary, random)
        tokens = np.concatenate([header, example.tokens[HEADER_TOKENS:]])[: self.length + 1]
        return Example(
            transpose_at_random(tokens, self.vocabulary, random), example.places[: self.length + 1], example.given
        )

    def _window(self, lengths: list[int], random: np.random.Generator) -> tuple[int, int]:
        """Bars that fit: a task takes a little more room than its bars, for onsets told on both sides."""
        first = 0 if random.random() < 0.3 else int(random.integers(len(lengths)))
        most = random.uniform(0.3, 0.8) * self.length
        until, room = first + 1, most - lengths[first]
        while until < len(lengths) and room >= lengths[until]:
            room -= lengths[until]
            until += 1
        return first, until


def task_example(score: Score, task: Task, header: Header, vocabulary: Vocabulary) -> Example:
    """A task with its answer."""
    given, asked = spell_task(score, task, header, vocabulary)
    tokens = np.array([*given, *asked, vocabulary.END], np.int64)
    bar_ticks = score.metre_at(score.bar_start(task.first)).bar_ticks
    clock = Clock(vocabulary, bar_ticks, task.region_until - 1 - task.first, task.region_first - task.first)
    return Example(tokens, clock.read_all(tokens.tolist()).astype(np.int64), len(given))
