"""The baseline that every network must beat: a Markov chain over the same tokens.

Counts of the last n tokens, smoothed by interpolation with shorter contexts (Witten & Bell 1991, method C):
p_n(w | c) = (count(c, w) + types(c) · p_{n−1}(w)) / (count(c) + types(c)), down to the uniform distribution.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from composer.card import Card
from composer.evaluate.ranges import Range, bootstrap
from composer.events import HEADER_TOKENS, Vocabulary
from composer.networks import WritingNetwork
from composer.shelf import Shelved
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
        return _extended(hashes, self.tokens[np.maximum(0, self.index - order)])

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
    # The same pairs in the order of their contexts: where each context's begin, what followed, and how often.
    starts: npt.NDArray[np.int64]
    followers: npt.NDArray[np.int64]
    follower_counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, hashes: _Hashes, targets: npt.NDArray[np.int64]) -> _Counts:
        contexts, totals = np.unique(hashes, return_counts=True)
        pairs, first, pair_counts = np.unique(_pair(hashes, targets), return_index=True, return_counts=True)
        at = np.searchsorted(contexts, hashes[first])
        types = np.bincount(at, minlength=len(contexts))
        order = np.argsort(at, kind="stable")
        starts = np.concatenate([[0], np.cumsum(types)])
        return cls(contexts, totals, types, pairs, pair_counts, starts, targets[first][order], pair_counts[order])

    def spread(self, context: _Hashes, shorter: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Probabilities (V,) of whatever follows a context (1,), given those under one token less."""
        at, seen = _find(self.contexts, context)
        if not seen[0]:
            return shorter
        total, types = self.totals[at[0]], self.types[at[0]]
        shares = types * shorter
        own = slice(self.starts[at[0]], self.starts[at[0] + 1])
        shares[self.followers[own]] += self.follower_counts[own]
        return shares / (total + types)

    def interpolate(
        self, hashes: _Hashes, targets: npt.NDArray[np.int64], shorter: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Probabilities (N,) of the targets, given those under contexts one token shorter."""
        at, seen = _find(self.contexts, hashes)
        total, types = np.where(seen, self.totals[at], 0), np.where(seen, self.types[at], 0)
        at, seen = _find(self.pairs, _pair(hashes, targets))
        count = np.where(seen, self.pair_counts[at], 0)
        return np.where(total > 0, (count + types * shorter) / np.maximum(1, total + types), shorter)


def _extended(hashes: _Hashes, before: npt.NDArray[np.int64]) -> _Hashes:
    """Hashes of contexts that are one token longer."""
    return (hashes + before.astype(np.uint64) + np.uint64(1)) * _MIX ^ (hashes >> np.uint64(29))


def _pair(hashes: _Hashes, targets: npt.NDArray[np.int64]) -> _Hashes:
    return (hashes ^ (hashes >> np.uint64(31))) * _MIX + targets.astype(np.uint64)


def _find(keys: _Hashes, wanted: _Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def markov_likelihood(
    train: list[Sequence], valid: list[Sequence], test: list[Sequence], vocabulary: Vocabulary
) -> tuple[int, Likelihood, Range]:
    """The order that predicts `valid` best, of 1 to `MAX_ORDER`; under it the likelihood of `test`, and nats a note."""
    learned, held = _Text.of(train), [_Text.of(valid), _Text.of(test)]
    chances = [np.full(len(text.index), 1 / vocabulary.size) for text in held]
    hashes = [np.zeros(len(text.index), np.uint64) for text in (learned, *held)]
    best = (np.inf, 0, np.zeros(len(held[1].index)))
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
        nats = [-np.log(p) for p in chances]
        if nats[0].sum() < best[0]:
            best = (float(nats[0].sum()), order, nats[1])
    _, order, surprise = best
    notes = [sequence.notes for sequence in test]
    ends = np.searchsorted(held[1].index, np.cumsum([len(sequence.tokens) for sequence in test]))
    of_pieces = [float(part.sum()) for part in np.split(surprise, ends[:-1])]
    total = Likelihood(float(surprise.sum()), len(surprise), sum(notes))
    return order, total, bootstrap(of_pieces, notes)


class MarkovChain(WritingNetwork):
    """The chain as a network of melodies, so that its takes go through the one loop. Its state is what it remembers."""

    name = "markov"
    summary = "Markov chain: what followed the last few tokens before."
    tasks = ("continue", "improvise")

    def __init__(self, train: list[Sequence], order: int, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.order, self._size = order, vocabulary.size
        learned = _Text.of(train)
        hashes = np.zeros(len(learned.index), np.uint64)
        self._counts = []
        for depth in range(order + 1):
            hashes = learned.extend(hashes, depth) if depth else hashes
            deep = learned.depth >= depth
            self._counts.append(_Counts.of(hashes[deep], learned.targets[deep]))

    def forward(self, tokens: Tensor, places: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """See `WritingNetwork.forward`; for one line of music (B = 1)."""
        heard = [*(state or ()), *tokens[0].tolist()]
        known = len(state or ())
        rows = [self._chances(heard[: known + i + 1]) for i in range(tokens.shape[1])]
        return torch.from_numpy(np.log(np.array(rows)))[None], tuple(heard[-self.order :])

    def _chances(self, heard: list[int]) -> npt.NDArray[np.float64]:
        """The probabilities (V,) of what follows."""
        chances = np.full(self._size, 1 / self._size)
        context = np.zeros(1, np.uint64)
        for depth, counts in enumerate(self._counts):
            if depth > len(heard):
                break
            if depth:
                context = _extended(context, np.array([heard[-depth]]))
            chances = counts.spread(context, chances)
        return chances


def markov_shelved(train: list[Sequence], order: int, vocabulary: Vocabulary) -> Shelved:
    """The chain, ready for a writer."""
    card = Card("markov", {"order": order}, vocabulary.to_card(), 0)
    return Shelved("markov", vocabulary, card, "", Path(), MarkovChain(train, order, vocabulary))
