"""The baseline that every network must beat: a Markov chain over the same decisions, in the home key.

Counts of the last n decisions, smoothed by interpolation with shorter contexts (Witten & Bell 1991, method C):
p_n(w | c) = (count(c, w) + types(c) · p_{n−1}(w)) / (count(c) + types(c)), down to the uniform distribution. A decision
is its number in the table of what networks hear; where there is one voice, which of them sounds is none.

Axes: B lines of music, T rows, W decisions that are remembered, N decisions of a text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from composer.card import Card
from composer.data.examples import whole_bars
from composer.data.prepared import Prepared
from composer.evaluation.likelihood import KEYS
from composer.evaluation.ranges import Range, bootstrap
from composer.events.features import FIELDS, OFFSETS, TABLE
from composer.events.rows import (
    CHORD_MOVE,
    DECISIONS,
    END,
    HEAD_SIZES,
    MOVE,
    PITCH,
    PITCHES,
    VOICE,
    decisions_of,
    with_moves,
)
from composer.networks import NoteNetwork
from composer.networks.notes import HeardBatch, RowHead
from composer.shelf import Shelved
from composer.training.notes import MEASURED_NOTES

_Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)  # an odd 64-bit number: hashes of contexts collide about never
MAX_ORDER = 12  # decisions of context; three notes


_SIZE = TABLE  # numbers of decisions
_FIRST = [OFFSETS[name] for name in DECISIONS]  # the number of each decision's value 0
_PLACE = {name: index for index, name in enumerate(FIELDS)}


def spelled(piece: Prepared, shift: int = 0) -> npt.NDArray[np.int64]:
    """The decisions (N,) of a piece's beginning, as much as networks are measured on, so far from its home key."""
    bars = whole_bars(piece, MEASURED_NOTES)
    kept = piece.is_note & (piece.bars < bars)
    rows, _ = with_moves(piece.rows[kept], piece.bars[kept], 0)
    rows[:, PITCH] = np.where(rows[:, MOVE] < CHORD_MOVE, np.clip(rows[:, PITCH] + shift, 0, PITCHES - 1), 0)
    alone = len(piece.families) == 1
    numbers = []
    for row in [*rows.tolist(), *([[END]] if bars == len(piece.lines) else [])]:
        decided = (decision for decision in decisions_of(row[MOVE]) if decision != VOICE or not alone)
        numbers += [_FIRST[decision] + row[decision] for decision in decided]
    return np.array(numbers, np.int64)


@dataclass(frozen=True)
class _Text:
    """Pieces end to end. `index` (N,) are the positions to predict, `depth` how many decisions stand before each."""

    decisions: npt.NDArray[np.int64]
    index: npt.NDArray[np.int64]
    depth: npt.NDArray[np.int64]

    @classmethod
    def of(cls, pieces: Iterable[npt.NDArray[np.int64]]) -> _Text:
        texts = list(pieces)
        within = np.concatenate([np.arange(len(text)) for text in texts])
        return cls(np.concatenate(texts), np.arange(len(within)), within)

    def extend(self, hashes: _Hashes, order: int) -> _Hashes:
        """Hashes of contexts of `order − 1` decisions to hashes of `order`; only valid where `depth` ≥ order."""
        return _extended(hashes, self.decisions[np.maximum(0, self.index - order)])

    @property
    def targets(self) -> npt.NDArray[np.int64]:
        return self.decisions


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
        """Probabilities (TABLE,) of whatever follows a context (1,), given those under one decision less."""
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
        """Probabilities (N,) of the targets, given those under contexts one decision shorter."""
        at, seen = _find(self.contexts, hashes)
        total, types = np.where(seen, self.totals[at], 0), np.where(seen, self.types[at], 0)
        at, seen = _find(self.pairs, _pair(hashes, targets))
        count = np.where(seen, self.pair_counts[at], 0)
        return np.where(total > 0, (count + types * shorter) / np.maximum(1, total + types), shorter)


def _extended(hashes: _Hashes, before: npt.NDArray[np.int64]) -> _Hashes:
    """Hashes of contexts that are one decision longer."""
    return (hashes + before.astype(np.uint64) + np.uint64(1)) * _MIX ^ (hashes >> np.uint64(29))


def _pair(hashes: _Hashes, targets: npt.NDArray[np.int64]) -> _Hashes:
    return (hashes ^ (hashes >> np.uint64(31))) * _MIX + targets.astype(np.uint64)


def _find(keys: _Hashes, wanted: _Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


@dataclass(frozen=True)
class MarkovLikelihood:
    """The order that predicts held-out pieces best, and the surprise of others under it: nats a note, as a mixture."""

    order: int
    per_note: Range


def markov_likelihood(
    train: Sequence[Prepared], valid: Sequence[Prepared], test: Sequence[Prepared]
) -> MarkovLikelihood:
    """The order, of 1 to `MAX_ORDER`, that predicts `valid` best in its home key, and what `test` costs under it.

    As for networks, the cost is that of the mixture of the twelve keys.
    """
    learned = [spelled(piece) for piece in train]
    surprise = [sum(nats) for nats in _surprises(learned, [spelled(piece) for piece in valid])]
    order = int(np.argmin(surprise))
    moved = [spelled(piece, shift) for shift in KEYS for piece in test]
    keys = np.reshape(_surprises(learned, moved, order)[-1], (len(KEYS), len(test)))
    mixture = math.log(len(KEYS)) - np.logaddexp.reduce(-keys, axis=0)
    return MarkovLikelihood(order, bootstrap(mixture.tolist(), [_notes(piece) for piece in test]))


def _notes(piece: Prepared) -> int:
    return int((piece.is_note & (piece.bars < whole_bars(piece, MEASURED_NOTES))).sum())


def _surprises(
    train: Sequence[npt.NDArray[np.int64]], test: Sequence[npt.NDArray[np.int64]], most: int = MAX_ORDER
) -> list[list[float]]:
    """For each order up to `most` the nats of each text."""
    learned, asked = _Text.of(train), _Text.of(test)
    chances = np.full(len(asked.index), 1 / _SIZE)
    hashes = [np.zeros(len(text.index), np.uint64) for text in (learned, asked)]
    ends = np.cumsum([len(text) for text in test])[:-1]
    found = []
    for order in range(most + 1):
        if order:
            hashes = [text.extend(h, order) for text, h in zip((learned, asked), hashes, strict=True)]
        deep = learned.depth >= order
        if not deep.any():
            break
        counts = _Counts.of(hashes[0][deep], learned.targets[deep])
        longer = counts.interpolate(hashes[1], asked.targets, chances)
        chances = np.where(asked.depth >= order, longer, chances)
        found.append([float(part.sum()) for part in np.split(-np.log(chances), ends)])
    return found


class _ChainHead(RowHead):
    """Spells rows by counts: a context (…, W) are the decisions remembered, the latest last, −1 where there is none."""

    def __init__(self, counts: list[_Counts]) -> None:
        torch.nn.Module.__init__(self)
        self._counts = counts

    def logits(self, decision: int, context: Tensor) -> Tensor:
        """See `RowHead.logits`."""
        own = slice(_FIRST[decision], _FIRST[decision] + HEAD_SIZES[decision])
        rows = [np.log(self.chances(row)[own]) for row in context.long().reshape(-1, context.shape[-1]).tolist()]
        return torch.from_numpy(np.array(rows)).reshape(*context.shape[:-1], -1)

    def take(self, decision: int, value: Tensor, context: Tensor, last: Tensor) -> Tensor:
        """See `RowHead.take`."""
        if decision == VOICE:
            return context
        return torch.cat([context[..., 1:], _FIRST[decision] + value[..., None].to(context.dtype)], -1)

    def chances(self, heard: Sequence[int]) -> npt.NDArray[np.float64]:
        """The probabilities (TABLE,) of what follows."""
        known = [number for number in heard if number >= 0]
        chances = np.full(_SIZE, 1 / _SIZE)
        context = np.zeros(1, np.uint64)
        for depth, counts in enumerate(self._counts):
            if depth > len(known):
                break
            if depth:
                context = _extended(context, np.array([known[-depth]]))
            chances = counts.spread(context, chances)
        return chances


class MarkovChain(NoteNetwork):
    """The chain as a network of melodies, so that its takes go through the one loop. Its state is what it remembers."""

    name = "markov"
    summary = "Markov chain: what followed the last few decisions before."
    tasks = ("continue", "improvise")

    def __init__(self, train: Sequence[Prepared], order: int) -> None:
        torch.nn.Module.__init__(self)
        self.order = order
        learned = _Text.of([spelled(piece) for piece in train])
        hashes = np.zeros(len(learned.index), np.uint64)
        counts = []
        for depth in range(order + 1):
            hashes = learned.extend(hashes, depth) if depth else hashes
            deep = learned.depth >= depth
            counts.append(_Counts.of(hashes[deep], learned.targets[deep]))
        self.head = _ChainHead(counts)

    def forward(self, heard: HeardBatch, state: Any = None) -> tuple[Tensor, Any]:
        """See `NoteNetwork.forward`: contexts (B, T, W)."""
        lines = []
        for line, fields in enumerate(heard.fields.tolist()):
            known = list(state[line]) if state is not None else [-1] * self.order
            rows = []
            for row in fields:
                known = [*known, *self._decided(row)][-self.order :] if self.order else []
                rows.append(known)
            lines.append(rows)
        contexts = torch.tensor(lines, dtype=torch.float64)
        return contexts, contexts[:, -1].tolist()

    def _decided(self, row: list[int]) -> list[int]:
        """The decisions of a row that is heard; none of rows that are only ever given."""
        move = row[_PLACE["move"]] - _FIRST[MOVE]
        if not 0 <= move < HEAD_SIZES[MOVE] or CHORD_MOVE <= move < 2 * CHORD_MOVE:
            return []
        return [row[_PLACE[DECISIONS[decision]]] for decision in decisions_of(move) if decision != VOICE]


def markov_shelved(train: Sequence[Prepared], order: int) -> Shelved:
    """The chain, ready for a writer."""
    return Shelved("markov", Card("markov", {"order": order}, {}, 0), "", Path(), MarkovChain(train, order))
