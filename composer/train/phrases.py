"""Phrases to learn from: two bars of melody, the bar before them or none, in the key of C major or A minor.

Axes: B phrases, T tokens, N notes, F fields of a place.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from composer.data.corpus import Piece
from composer.events import HEADER_TOKENS, PHRASE_BARS, PhraseNotes, Vocabulary, spell_notes
from composer.events.places import BAR, LEFT, PLACE_FIELDS
from composer.music import estimate_key
from composer.networks.latent import Notes, Spelled
from composer.train.windows import Batch, Example, Sequence, hide_some, to_sequence, transpose

HIDE_BEFORE = 0.5  # how often the bar before is hidden, so that a phrase can also begin from nothing
POSITION, UNTIL = PLACE_FIELDS.index("position"), PLACE_FIELDS.index("until")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Phrase:
    """A phrase among melodies: the number of the melody and of the phrase's first bar."""

    melody: int
    bar: int


@dataclass(frozen=True)
class PhraseBatch:
    """What the decoder is asked for, and the notes that the encoder hears."""

    asked: Batch
    notes: Notes


@dataclass(frozen=True)
class Melody:
    """A melody as a sequence, the length of each of its bars in ticks, and its style."""

    sequence: Sequence
    bar_ticks: tuple[int, ...]
    style: str | None


def at_home(piece: Piece, vocabulary: Vocabulary) -> Melody:
    """A melody in C major or A minor."""
    score, sequence = piece.score, to_sequence(piece, vocabulary)
    key = estimate_key(score.voices[0].notes)
    tokens = transpose(sequence.tokens, key.home if key else 0, vocabulary)
    bars = tuple(score.metre_at(score.bar_start(bar)).bar_ticks for bar in range(score.bars))
    return Melody(replace(sequence, tokens=tokens), bars, piece.style)


class PhraseSource:
    """All phrases of melodies, at every bar line where two bars are of one metre and hold a note each."""

    def __init__(self, melodies: list[Melody], vocabulary: Vocabulary) -> None:
        self.melodies, self.vocabulary = melodies, vocabulary
        self.phrases = [
            Phrase(number, bar) for number, melody in enumerate(melodies) for bar in self._usable(melody.sequence)
        ]
        weights = np.array([melodies[phrase.melody].sequence.emphasis for phrase in self.phrases], float)
        self._chances = weights.cumsum() / max(1e-9, weights.sum())
        self._sizes = np.array([self._span(phrase)[1] - self._span(phrase)[0] for phrase in self.phrases])

    def _usable(self, sequence: Sequence) -> list[int]:
        v = self.vocabulary
        edges = [*sequence.bar_starts, len(sequence.tokens) - 1]
        bars = [sequence.tokens[a:b] for a, b in itertools.pairwise(edges)]
        struck = [len(bar) > 1 and bar[0] == v.BAR for bar in bars]  # not one that opens with a METRE
        return [i for i in range(len(bars) - 1) if all(struck[i : i + PHRASE_BARS])]

    def _span(self, phrase: Phrase) -> tuple[int, int]:
        starts = self.melodies[phrase.melody].sequence.bar_starts
        after = phrase.bar + PHRASE_BARS
        end = starts[after] if after < len(starts) else len(self.melodies[phrase.melody].sequence.tokens) - 1
        return int(starts[phrase.bar]), int(end)

    def example(self, phrase: Phrase, header: Ints, before: bool) -> Example:
        """A phrase to be written, after its header and, if asked for, the bar before."""
        v, sequence = self.vocabulary, self.melodies[phrase.melody].sequence
        start, end = self._span(phrase)
        first = phrase.bar - 1 if before else phrase.bar
        shown = slice(int(sequence.bar_starts[first]), end)
        tokens = np.concatenate([header, sequence.tokens[shown], [v.END]])
        places = np.concatenate([np.zeros((HEADER_TOKENS, len(PLACE_FIELDS)), np.int64), sequence.places[shown]])
        bars = np.concatenate([np.zeros(HEADER_TOKENS, np.int64), sequence.bar_numbers[shown] - first])
        held = int(np.argmax(tokens >= v.duration))  # what sounds from before the first bar shown is not known
        places[:held, UNTIL] = 0
        places[:, BAR] = bars
        places[:, LEFT] = phrase.bar - first + PHRASE_BARS - bars
        places = np.concatenate([places, places[-1:]])  # END stands where the last note does
        return Example(tokens, places, HEADER_TOKENS + start - shown.start)

    def header(self, phrase: Phrase) -> Ints:
        """START or MIDDLE, style and metre."""
        header = self.melodies[phrase.melody].sequence.tokens[:HEADER_TOKENS].copy()
        header[0] = self.vocabulary.START if phrase.bar == 0 else self.vocabulary.MIDDLE
        return header

    def draw(self, size: int, random: np.random.Generator) -> PhraseBatch:
        """Random phrases, of about one length so that little is padding."""
        drawn_at = np.searchsorted(self._chances, random.random(8 * size))
        pool = np.minimum(drawn_at, len(self.phrases) - 1)
        pool = pool[np.argsort(self._sizes[pool], kind="stable")]
        start = int(random.integers(8)) * size
        drawn = []
        for index in pool[start : start + size]:
            phrase = self.phrases[index]
            header = hide_some(self.header(phrase), self.vocabulary, random)
            before = phrase.bar > 0 and random.random() >= HIDE_BEFORE
            drawn.append((phrase, self.example(phrase, header, before)))
        return self.batch(drawn)

    def held_out(self, most: int, size: int = 64) -> list[PhraseBatch]:
        """At most so many phrases, evenly chosen and the same every time, after the bar before where there is one."""
        chosen = self.phrases[:: max(1, len(self.phrases) // most)][:most]
        chosen = sorted(chosen, key=lambda phrase: self._span(phrase)[1] - self._span(phrase)[0])
        examples = [(phrase, self.example(phrase, self.header(phrase), phrase.bar > 0)) for phrase in chosen]
        return [self.batch(examples[i : i + size]) for i in range(0, len(examples), size)]

    def batch(self, drawn: list[tuple[Phrase, Example]]) -> PhraseBatch:
        """Examples side by side, with the notes that each asks for."""
        heard = Notes.of([self._heard(phrase, example) for phrase, example in drawn])
        return PhraseBatch(Batch.of([example for _, example in drawn]), heard)

    def notes(self, phrase: Phrase) -> Spelled:
        """What the encoder hears of a phrase."""
        return self._heard(phrase, self.example(phrase, self.header(phrase), before=False))

    def _heard(self, phrase: Phrase, example: Example) -> Spelled:
        notes = notes_of(example, self.vocabulary, self.melodies[phrase.melody].bar_ticks[phrase.bar])
        return notes.events, notes.places, notes.when


def notes_of(example: Example, vocabulary: Vocabulary, bar_ticks: int) -> PhraseNotes:
    """The notes of what an example asks for."""
    tokens, places = example.tokens[example.given :], example.places[example.given :]
    ends = np.flatnonzero(tokens >= vocabulary.duration)
    onsets = (PHRASE_BARS - places[ends, LEFT]) * bar_ticks + places[ends, POSITION]
    return spell_notes(onsets, tokens[ends - 1] - vocabulary.pitch, tokens[ends], bar_ticks, vocabulary)
