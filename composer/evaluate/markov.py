"""The baseline that every network must beat: a Markov chain over the same tokens.

Counts of the last n tokens, smoothed by interpolation with shorter contexts (Witten & Bell 1991, method C):
p_n(w | c) = (count(c, w) + types(c) · p_{n−1}(w)) / (count(c) + types(c)), down to the uniform distribution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.events import HEADER_TOKENS, Vocabulary
from composer.train.likelihood import Likelihood
from composer.train.windows import Sequence

_Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)  # an odd 64-bit number: hashes of contexts collide about never
MAX_ORDER = 9  # tokens of context; three notes


@dataclass(frozen=True)
class _Text:
    """Pieces end to end. `index` (N,) are the positions to predict, `depth` how many tokens stand before each."""

    tokens: npt.NDArray[np.int64]
    index: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int64]

    @classmethod
    def of(cls, sequences: Iterable[Sequence]) -> _Text:
        pieces = [sequence.tokens for sequence in sequences]
        within = np.concatenate([np.arange(len(piece)) for piece in pieces])
        index = np.flatnonzero(within >= HEADER_TOKENS)
        return cls(np.concatenate(pieces), index, within[index])

    def extend(self, hashes: _Hashes, order: int) -> _Hashes:
        """Hashes of contexts of `order − 1` tokens to hashes of `order`; only valid where `depth` ≥ order."""
        before = self.tokens[np.maximum(0, self.index - order)].astype(np.uint64)
        return (hashes + before + np.uint64(1)) * _MIX ^ (hashes >> np.uint64(29))

    @property
    def targets(self) -> npt.NDArray[np.int64]:
        return self.tokens[self.index]


@dataclass(frozen=True)
class _Counts:
    """How often each context of one order was followed by what."""

    contexts: _Hashes
    totals: npt.NDArray[np.int64]
    types: npt.NDArray[np.int64]
    pairs: _Hashes
    pair_counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, hashes: _Hashes, targets: npt.NDArray[np.int64]) -> _Counts:
        contexts, totals = np.unique(hashes, return_counts=True)
        pairs, first, pair_counts = np.unique(_pair(hashes, targets), return_index=True, return_counts=True)
        types = np.bincount(np.searchsorted(contexts, hashes[first]), minlength=len(contexts))
        return cls(contexts, totals, types, pairs, pair_counts)

    def interpolate(
        self, hashes: _Hashes, targets: npt.NDArray[np.int64], shorter: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Probabilities (N,) of the targets, given those under contexts one token shorter."""
        at, seen = _find(self.contexts, hashes)
        total, types = np.where(seen, self.totals[at], 0), np.where(seen, self.types[at], 0)
        at, seen = _find(self.pairs, _pair(hashes, targets))
        count = np.where(seen, self.pair_counts[at], 0)
        return np.where(total > 0, (count + types * shorter) / np.maximum(1, total + types), shorter)


def _pair(hashes: _Hashes, targets: npt.NDArray[np.int64]) -> _Hashes:
    return (hashes ^ (hashes >> np.uint64(31))) * _MIX + targets.astype(np.uint64)


def _find(keys: _Hashes, wanted: _Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def markov_likelihood(
    train: list[Sequence], valid: list[Sequence], test: list[Sequence], vocabulary: Vocabulary
) -> tuple[int, Likelihood]:
    """The order that predicts `valid` best, of 1 to `MAX_ORDER`, and the likelihood of `test` under it."""
    learned, held = _Text.of(train), [_Text.of(valid), _Text.of(test)]
    chances = [np.full(len(text.index), 1 / vocabulary.size) for text in held]
    hashes = [np.zeros(len(text.index), np.uint64) for text in (learned, *held)]
    best: tuple[float, int, float] = (np.inf, 0, 0.0)
    for order in range(MAX_ORDER + 1):
        if order:
            hashes = [text.extend(h, order) for text, h in zip((learned, *held), hashes, strict=True)]
        deep = learned.depth >= order
        if not deep.any():
            break
        counts = _Counts.of(hashes[0][deep], learned.targets[deep])
        chances = [
            np.where(text.depth >= order, counts.interpolate(h, text.targets, p), p)
            for text, h, p in zip(held, hashes[1:], chances, strict=True)
        ]
        nats = [float(-np.log(p).sum()) for p in chances]
        if nats[0] < best[0]:
            best = (nats[0], order, nats[1])
    return best[1], Likelihood(best[2], len(held[1].index), sum(sequence.notes for sequence in test))
