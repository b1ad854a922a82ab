"""Pieces as tensors: whole pieces to measure on, random windows in random keys to learn from.

Axes: B windows, T tokens, F fields of a place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from composer.events import HEADER_TOKENS, Clock, Header, Vocabulary, encode_bars
from composer.events.places import BAR, LEFT, MAX_LEFT
from composer.train.corpus import Piece

MAX_TRANSPOSITION = 6  # semitones up or down
# How often a window hides what it could tell, so that a network can go without.
HIDE_STYLE, HIDE_METRE, HIDE_END = 0.2, 0.1, 0.5


@dataclass(frozen=True)
class Sequence:
    """A piece as tokens (T,) and places (T, F), with where its bars begin among the tokens."""

    tokens: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    bar_starts: npt.NDArray[np.int64]
    bar_numbers: npt.NDArray[np.int64]  # (T,) not yet modulo anything
    notes: int


def to_sequence(piece: Piece, vocabulary: Vocabulary) -> Sequence:
    """Encode one piece whole; its places do not tell where it ends."""
    header = Header(piece.style, piece.metre).tokens(vocabulary)
    bars = encode_bars(piece.score, vocabulary)
    tokens = np.array([*header, *(t for bar in bars for t in bar), vocabulary.END], np.int64)
    places = Clock(vocabulary, piece.score.metres[0].bar_ticks).read_all(tokens.tolist()).astype(np.int64)
    starts = HEADER_TOKENS + np.cumsum([0, *map(len, bars)])[:-1]
    numbers = np.maximum(0, np.cumsum(tokens == vocabulary.BAR) - 1)
    return Sequence(tokens, places, starts, numbers, sum(len(voice.notes) for voice in piece.score.voices))


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


class WindowSampler:
    """Draws training batches from sequences; a window begins at a bar line and a long piece is drawn more often."""

    def __init__(
        self, sequences: list[Sequence], vocabulary: Vocabulary, length: int, random: np.random.Generator
    ) -> None:
        self.sequences = sequences
        self.vocabulary = vocabulary
        self.length = length
        self.random = random
        weights = np.array([len(s.tokens) for s in sequences], float)
        self._weights = weights / weights.sum()

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """Tokens (B, T + 1) and places (B, T + 1, F), padded with PAD; inputs and targets are its two shifts."""
        tokens = np.full((size, self.length + 1), self.vocabulary.PAD, np.int64)
        places = np.zeros((size, self.length + 1, self.sequences[0].places.shape[1]), np.int64)
        drawn = self.random.choice(len(self.sequences), size, p=self._weights)
        for row, index in enumerate(drawn):
            window, where = self._window(self.sequences[index])
            tokens[row, : len(window)] = window
            places[row, : len(window)] = where
        return torch.from_numpy(tokens), torch.from_numpy(places)

    def _window(self, sequence: Sequence) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        v, r = self.vocabulary, self.random
        room = self.length + 1 - HEADER_TOKENS
        first = 0
        if len(sequence.tokens) > self.length + 1 and r.random() < 0.7:
            first = int(r.integers(len(sequence.bar_starts)))
        start = int(sequence.bar_starts[first])
        span = slice(start, start + room)
        header = sequence.tokens[:HEADER_TOKENS].copy()
        header[0] = v.START if first == 0 else v.MIDDLE
        if r.random() < HIDE_STYLE:
            header[1] = v.style
        if r.random() < HIDE_METRE:
            header[2] = v.metre
        tokens = np.concatenate([header, sequence.tokens[span]])
        places = np.concatenate([sequence.places[:HEADER_TOKENS], sequence.places[span]])
        bars = np.concatenate([np.full(HEADER_TOKENS, first), sequence.bar_numbers[span]])
        places[:, BAR] = (bars - first) % 64
        if r.random() >= HIDE_END:
            places[:, LEFT] = np.clip(sequence.bar_numbers[-1] - bars + 1, 0, MAX_LEFT)
        return transpose(tokens, int(r.integers(-MAX_TRANSPOSITION, MAX_TRANSPOSITION + 1)), v), places


def targets_of(tokens: Tensor, vocabulary: Vocabulary) -> Tensor:
    """What is to be predicted at each input: tokens (B, T + 1) → (B, T), −100 where nothing counts (header, PAD)."""
    targets = tokens[:, 1:].clone()
    targets[:, : HEADER_TOKENS - 1] = -100
    targets[targets == vocabulary.PAD] = -100
    return targets
