"""Pieces as tensors: whole pieces to measure on, random windows in random keys to learn from.

Axes: B windows, T tokens, F fields of a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from composer.data.corpus import Piece
from composer.events import HEADER_TOKENS, Clock, Header, Vocabulary, encode_bars
from composer.events.places import BAR, LEFT, MAX_LEFT

MAX_TRANSPOSITION = 6  # semitones up or down
# How often a window hides what it could tell, so that a network can go without.
HIDE_STYLE, HIDE_METRE, HIDE_END = 0.2, 0.1, 0.5


@dataclass(frozen=True)
class Example:
    """What a network learns from at once: tokens (T,) and places (T, F); the first `given` tokens are not asked for."""

    tokens: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    given: int = HEADER_TOKENS


@dataclass(frozen=True)
class Sequence:
    """A piece as tokens (T,) and places (T, F), with where its bars begin among the tokens."""

    tokens: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    bar_starts: npt.NDArray[np.int64]
    bar_numbers: npt.NDArray[np.int64]  # (T,) not yet modulo anything
    notes: int
    emphasis: float = 1.0

    @property
    def whole(self) -> tuple[Example, int]:
        """The piece to be measured on, and its number of notes."""
        return Example(self.tokens, self.places), self.notes

    def opening(self, tokens: int, vocabulary: Vocabulary) -> tuple[Example, int]:
        """The whole bars from the beginning that fit in `tokens` (at least one), and their number of notes."""
        if len(self.tokens) <= tokens:
            return self.whole
        fitting = np.searchsorted(self.bar_starts, tokens, side="right") - 1
        end = int(self.bar_starts[max(1, int(fitting))]) if len(self.bar_starts) > 1 else len(self.tokens)
        notes = int((self.tokens[:end] >= vocabulary.duration).sum())
        return Example(self.tokens[:end], self.places[:end]), notes


def to_sequence(piece: Piece, vocabulary: Vocabulary) -> Sequence:
    """Encode one piece whole; its places do not tell where it ends."""
    header = Header(piece.style, piece.metre).tokens(vocabulary)
    bars = encode_bars(piece.score, vocabulary)
    tokens = np.array([*header, *(t for bar in bars for t in bar), vocabulary.END], np.int64)
    places = Clock(vocabulary, piece.score.metres[0].bar_ticks).read_all(tokens.tolist()).astype(np.int64)
    starts = HEADER_TOKENS + np.cumsum([0, *map(len, bars)])[:-1]
    numbers = np.maximum(0, np.cumsum(tokens == vocabulary.BAR) - 1)
    notes = sum(len(voice.notes) for voice in piece.score.voices)
    return Sequence(tokens, places, starts, numbers, notes, piece.emphasis)


def transpose(tokens: npt.NDArray[np.int64], semitones: int, vocabulary: Vocabulary) -> npt.NDArray[np.int64]:
    """Shift every PITCH, by an octave less where a pitch would leave 0–127."""
    is_pitch = (tokens >= vocabulary.pitch) & (tokens < vocabulary.duration)
    if not is_pitch.any():
        return tokens
    pitches = tokens[is_pitch] - vocabulary.pitch + semitones
    while pitches.min() < 0 or pitches.max() > 127:
        pitches = pitches + (12 if pitches.min() < 0 else -12)
        if pitches.max() - pitches.min() > 115:
            return tokens  # no room to move
    moved = tokens.copy()
    moved[is_pitch] = pitches + vocabulary.pitch
    return moved


class Sampler(Protocol):
    """Where examples come from."""

    def draw(self, random: np.random.Generator) -> Example:
        """One example, at most as long as the sampler was told."""
        ...


class WindowSampler:
    """Draws windows of whole pieces; one begins at a bar line, and a long piece is drawn more often."""

    def __init__(self, sequences: list[Sequence], vocabulary: Vocabulary, length: int) -> None:
        self.sequences = sequences
        self.vocabulary = vocabulary
        self.length = length
        weights = np.array([len(s.tokens) * s.emphasis for s in sequences], float)
        self._weights = weights.cumsum() / weights.sum()

    def draw(self, random: np.random.Generator) -> Example:
        """A window of at most `length` + 1 tokens, in a random key."""
        v = self.vocabulary
        sequence = self.sequences[min(int(np.searchsorted(self._weights, random.random())), len(self.sequences) - 1)]
        first = 0
        if len(sequence.tokens) > self.length + 1 and random.random() < 0.7:
            first = int(random.integers(len(sequence.bar_starts)))
        start = int(sequence.bar_starts[first])
        span = slice(start, start + self.length + 1 - HEADER_TOKENS)
        header = hide_some(sequence.tokens[:HEADER_TOKENS], v, random)
        header[0] = v.START if first == 0 else v.MIDDLE
        tokens = np.concatenate([header, sequence.tokens[span]])
        places = np.concatenate([sequence.places[:HEADER_TOKENS], sequence.places[span]])
        bars = np.concatenate([np.full(HEADER_TOKENS, first), sequence.bar_numbers[span]])
        places[:, BAR] = (bars - first) % 64
        if random.random() >= HIDE_END:
            places[:, LEFT] = np.clip(sequence.bar_numbers[-1] - bars + 1, 0, MAX_LEFT)
        return Example(transpose_at_random(tokens, v, random), places)


def hide_some(
    header: npt.NDArray[np.int64], vocabulary: Vocabulary, random: np.random.Generator
) -> npt.NDArray[np.int64]:
    """The header with the style or the metre made unknown now and then."""
    header = header.copy()
    if random.random() < HIDE_STYLE:
        header[1] = vocabulary.style
    if random.random() < HIDE_METRE:
        header[2] = vocabulary.metre
    return header


def transpose_at_random(
    tokens: npt.NDArray[np.int64], vocabulary: Vocabulary, random: np.random.Generator
) -> npt.NDArray[np.int64]:
    """The tokens in one of the twelve keys."""
    return transpose(tokens, int(random.integers(-MAX_TRANSPOSITION, MAX_TRANSPOSITION)), vocabulary)


@dataclass(frozen=True)
class Batch:
    """Inputs (B, T), their places (B, T, F), and targets (B, T), −100 where nothing counts."""

    tokens: Tensor
    places: Tensor
    targets: Tensor

    @classmethod
    def of(cls, examples: list[Example]) -> Batch:
        """Examples side by side, padded with 0, which is PAD in every numbering of events."""
        size, longest = len(examples), max(len(example.tokens) for example in examples)
        tokens = np.zeros((size, longest), np.int64)
        places = np.zeros((size, longest, examples[0].places.shape[1]), np.int64)
        asked = np.zeros((size, longest), bool)
        for row, example in enumerate(examples):
            tokens[row, : len(example.tokens)] = example.tokens
            places[row, : len(example.tokens)] = example.places
            asked[row, example.given : len(example.tokens)] = True
        targets = np.where(asked, tokens, -100)[:, 1:]
        return cls(*map(torch.from_numpy, (tokens[:, :-1], places[:, :-1], targets)))
