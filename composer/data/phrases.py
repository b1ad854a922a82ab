"""Phrases to learn from: two bars of a melody to be written, after some of the bars before them or none.

Axes: M phrases, P phrases before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from composer.data.examples import Example, Telling, Window, octave, spell_window
from composer.data.prepared import Prepared
from composer.events.phrase import PHRASE_BARS, PhraseNotes
from composer.events.rows import DURATION, MAX_BAR_TICKS, PITCH, POSITION, Ints
from composer.score import TICKS_PER_QUARTER

MOST_BEFORE = 4  # bars that are heard before a phrase
_FROM_NOTHING = 0.4  # how often none is: a phrase must also come from its point alone


@dataclass(frozen=True)
class Phrase:
    """A phrase among pieces: the number of the piece, and of the phrase's first bar."""

    piece: int
    bar: int


@dataclass(frozen=True)
class PhraseExample:
    """A phrase to be written: the example, its notes, and its time in quarters from the example's first bar line."""

    example: Example
    notes: PhraseNotes
    begins: float
    lasts: float


class PhraseSource:
    """All phrases of melodies, at every bar line where two bars are alike in length and hold a note each."""

    def __init__(self, pieces: Sequence[Prepared]) -> None:
        self.pieces = pieces
        self.phrases = [Phrase(number, bar) for number, piece in enumerate(pieces) for bar in _usable(piece)]
        weights = np.array([pieces[phrase.piece].emphasis for phrase in self.phrases], float)
        self._chances = weights.cumsum() / max(1e-9, weights.sum())

    def pool(self, size: int, count: int, random: np.random.Generator) -> list[list[PhraseExample]]:
        """So many batches of `size` phrases each, alike in length, in random order."""
        numbers = np.searchsorted(self._chances, random.random(size * count))
        drawn = [self._draw(self.phrases[min(n, len(self.phrases) - 1)], random) for n in numbers.tolist()]
        drawn.sort(key=lambda phrase: len(phrase.example))
        return [drawn[index * size : (index + 1) * size] for index in random.permutation(count)]

    def _draw(self, phrase: Phrase, random: np.random.Generator) -> PhraseExample:
        before = 0 if random.random() < _FROM_NOTHING else int(random.integers(1, MOST_BEFORE + 1))
        says = random.random(5)
        telling = Telling(
            shift=octave(self.notes(phrase).pitches, random) if says[0] < 0.1 else 0,
            style=says[1] < 0.8,
            metre=says[2] < 0.9,
            tonic=says[3] < 0.6,
            parts=says[4] < 0.6,
            left=True,
        )
        return self.example(phrase, before, telling)

    def example(self, phrase: Phrase, before: int, telling: Telling) -> PhraseExample:
        """A phrase to be written after at most so many bars."""
        piece = self.pieces[phrase.piece]
        first = max(0, phrase.bar - before)
        there = phrase.bar - first
        region = (there, there + PHRASE_BARS)
        window = Window(piece, first, phrase.bar + PHRASE_BARS, region, frozenset({0}), plain=False)
        starts = piece.lines.starts
        begins = (starts[phrase.bar] - starts[first]) / TICKS_PER_QUARTER
        lasts = (starts[phrase.bar + PHRASE_BARS] - starts[phrase.bar]) / TICKS_PER_QUARTER
        return PhraseExample(spell_window(window, telling), self.notes(phrase, telling.shift), begins, lasts)

    def held_out(self, most: int) -> list[PhraseExample]:
        """At most so many phrases, evenly chosen and the same every time, after none to four bars, short ones first."""
        chosen = self.phrases[:: max(1, len(self.phrases) // most)][:most]
        examples = [self.example(phrase, number % 5, Telling(left=True)) for number, phrase in enumerate(chosen)]
        return sorted(examples, key=lambda phrase: len(phrase.example))

    def notes(self, phrase: Phrase, shift: int = 0) -> PhraseNotes:
        """What an encoder hears of a phrase."""
        piece = self.pieces[phrase.piece]
        span = slice(int(piece.edges[phrase.bar]), int(piece.edges[phrase.bar + PHRASE_BARS]))
        note = piece.is_note[span]
        rows, bars = piece.rows[span][note], piece.bars[span][note] - phrase.bar
        return PhraseNotes(
            bars * MAX_BAR_TICKS + rows[:, POSITION],
            np.clip(rows[:, PITCH] + shift, 0, 127),
            rows[:, DURATION],
            (bars + rows[:, POSITION] / self.bar_ticks(phrase)) / PHRASE_BARS,
        )

    def bar_ticks(self, phrase: Phrase) -> int:
        """The length of each of a phrase's bars."""
        starts = self.pieces[phrase.piece].lines.starts
        return starts[phrase.bar + 1] - starts[phrase.bar]

    def before(self, past: int) -> Ints:
        """For each phrase the numbers (M, P) of those before it without a gap, latest last; −1 where there is none."""
        numbers = {(phrase.piece, phrase.bar): number for number, phrase in enumerate(self.phrases)}
        before = np.array(
            [
                [numbers.get((p.piece, p.bar - PHRASE_BARS * back), -1) for back in range(past, 0, -1)]
                for p in self.phrases
            ],
            np.int64,
        ).reshape(-1, past)
        for back in range(past - 2, -1, -1):  # nothing lies before a gap
            before[before[:, back + 1] < 0, back] = -1
        return before


def _usable(piece: Prepared) -> list[int]:
    """The bars at which a phrase begins."""
    lengths = np.diff(piece.lines.starts)
    struck = np.bincount(piece.bars[piece.is_note], minlength=len(lengths)) > 0
    good = struck[:-1] & struck[1:] & (lengths[:-1] == lengths[1:])
    return np.flatnonzero(good).tolist()
