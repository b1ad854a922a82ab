"""Examples of tokens side by side, as the published benchmarks' networks learn from them.

Axes: B windows, T tokens, F fields of a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


@dataclass(frozen=True)
class Example:
    """What a network learns from at once: tokens (T,) and places (T, F); the first `given` tokens are not asked for."""

    tokens: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    given: int


class Sampler(Protocol):
    """Where examples come from."""

    def draw(self, random: np.random.Generator) -> Example:
        """One example, at most as long as the sampler was told."""
        ...


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
