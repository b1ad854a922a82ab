"""The loop over rows: every network of notes and every task of theirs goes through `write_rows`.

A prompt is heard once; each take begins from the state after it, with a random source of its own. The caller iterates:
stopping is closing the iterator, and nothing is shared between two loops but the network's frozen weights.

Where something is wished for, the network may be heard twice, told of the wish and not: what the wish changes is then
followed further than the network would by itself (guidance without a classifier, Ho & Salimans 2022).

Axes: B hearings (told, and untold where there is guidance), C channels, D decisions, V voices.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from composer.events.features import Listener, joined
from composer.events.rows import COLUMNS, MOVE, PITCH, Ints, Row
from composer.networks.notes import HeardBatch, NoteNetwork, State, decisions_of
from composer.writing.row_constraints import RowConstraints
from composer.writing.sampling import Mask, draw, probabilities


@dataclass(frozen=True)
class RowSampling:
    """One temperature for pitches, another for everything else; the share of probability that is kept.

    `guidance` is how much further what is wished for is followed: 0 as far as the network does.
    """

    pitch: float
    rhythm: float
    top_p: float
    guidance: float = 0.0

    def of(self, decision: int) -> float:
        """The temperature of a decision."""
        return self.pitch if decision == PITCH else self.rhythm


@dataclass(frozen=True)
class RowsHeard:
    """A network that has heard a prompt: what it knows (B, C), each voice's last pitch (B, V), state, and listeners."""

    context: Tensor
    last: Tensor
    state: State
    listeners: tuple[Listener, ...]


@torch.inference_mode()
def hear(
    network: NoteNetwork,
    listeners: Sequence[Listener],
    parts: Sequence[tuple[Ints, bool]],
    state: State | None = None,
) -> RowsHeard:
    """Let the network hear rows, once for all takes: parts of a prompt (T, 7), each with whether wishes are told.

    The second listener, if any, is told less than the first. `state` is where the network begins, else at nothing.
    """
    heard = [joined([listener.read(rows, wished=w) for rows, w in parts if len(rows)]) for listener in listeners]
    batch = HeardBatch.side_by_side(heard)
    context, state = network(batch, state)
    return RowsHeard(context[:, -1], batch.last[:, -1], state, tuple(listeners))


def write_rows(
    network: NoteNetwork,
    heard: RowsHeard,
    constraints: RowConstraints,
    sampling: RowSampling,
    random: np.random.Generator,
) -> Iterator[Row]:
    """Write rows after a prompt until the constraints are satisfied."""
    context, last, state = heard.context, heard.last, heard.state
    listeners = copy.deepcopy(heard.listeners)
    while not constraints.finished:
        row = _draw_row(network, context, last, constraints, sampling, random)
        constraints.read(row)
        yield row
        if not constraints.finished:
            context, last, state = _step(network, listeners, row, state)


@torch.inference_mode()
def _draw_row(
    network: NoteNetwork,
    context: Tensor,
    last: Tensor,
    constraints: RowConstraints,
    sampling: RowSampling,
    random: np.random.Generator,
) -> Row:
    row = [0] * len(COLUMNS)
    decision: int = MOVE
    decisions: tuple[int, ...] = (MOVE,)
    while True:
        value = _choose(network, decision, context, constraints.allowed(decision), sampling, random)
        constraints.take(decision, value)
        row[decision] = value
        if decision == MOVE:
            decisions = decisions_of(value)
        following = decisions.index(decision) + 1
        if following == len(decisions):
            return tuple(row)  # type: ignore[return-value]
        context = network.head.take(decision, torch.full((len(context),), value), context, last)
        decision = decisions[following]


def _choose(
    network: NoteNetwork,
    decision: int,
    context: Tensor,
    allowed: Mask,
    sampling: RowSampling,
    random: np.random.Generator,
) -> int:
    """One value; nothing is asked of the network where only one is left."""
    left = np.flatnonzero(allowed)
    assert len(left), "a mask must leave something to write"
    if len(left) == 1:
        return int(left[0])
    told, *untold = network.head.logits(decision, context).double().numpy()
    logits = told + sampling.guidance * (told - untold[0]) if untold else told
    return draw(probabilities(logits, allowed, sampling.of(decision), sampling.top_p), random)


@torch.inference_mode()
def _step(network: NoteNetwork, listeners: Sequence[Listener], row: Row, state: State) -> tuple[Tensor, Tensor, State]:
    """What is known after one more row."""
    batch = HeardBatch.side_by_side([listener.read([row]) for listener in listeners])
    context, state = network(batch, state)
    return context[:, 0], batch.last[:, 0], state
