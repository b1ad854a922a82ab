"""What the loop asks of whatever computes a network: hear a row, and spell the next one decision by decision.

Several takes share each step. A take's seat in a `Band` is a row of everything that is computed, and no row depends on
another: what is said to a take is the same, to the bit, whoever sits beside it.

A loop that writes yields what it asks (`Ask`) and is sent the answer.

Axes: B seats, M rows of any seats, T rows of a prompt, C channels, V voices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from composer.events.features import Heard

Floats = npt.NDArray[np.float32]
# What a network that writes from points begins with: keys and values (1, N, S, D) of each block, S places.
Begun = Sequence[tuple[Floats, Floats]]
State = Any  # what an engine keeps of rows that were heard; only the engine that made it can read it


@dataclass(frozen=True)
class Known:
    """What is known before the next row: a context (C,), and the pitch, plus 1, that each voice had last (V,)."""

    context: Floats
    last: npt.NDArray[np.int16]


@dataclass(frozen=True)
class Memory:
    """A prompt that was heard: what is known after it, and the state from which takes begin; never changed."""

    known: Known
    state: State


@dataclass(frozen=True)
class Begin:
    """Asks for seats from where the next rows are heard, one for each memory; answered by nothing."""

    memories: tuple[Memory, ...]


@dataclass(frozen=True)
class Spell:
    """Asks for logits (B, V) of a decision of the next row, whose earlier decisions are known."""

    decision: int
    known: tuple[Known, ...]


@dataclass(frozen=True)
class Hear:
    """Asks what is known after one more row, heard by each seat."""

    rows: tuple[Heard, ...]


Ask = Begin | Spell | Hear


class Band(Protocol):
    """Seats that take their steps together. Not for several threads at once."""

    def join(self, memory: Memory) -> int:
        """A seat that has heard a prompt; its number."""
        ...

    def leave(self, seat: int) -> None:
        """Free a seat."""
        ...

    def step(self, heard: Sequence[tuple[int, Heard]]) -> list[Known]:
        """Every seat of the band hears one more row; what is known after it, in the order asked."""
        ...

    def logits(self, decision: int, contexts: Sequence[Floats]) -> Floats:
        """Logits (M, values of the decision), good until asked again, of M contexts that know the decisions before."""
        ...


class Engine(Protocol):
    """A network as the loop knows it. Safe to share between threads; weights are never changed."""

    def hear(self, heard: Heard, begun: Begun | None = None) -> Memory:
        """Hear a prompt (T rows) from its beginning, after what was `begun` with, if anything."""
        ...

    def band(self) -> Band:
        """A band without seats."""
        ...

    def take(self, decision: int, value: int, known: Known) -> Known:
        """What is known after a decision of the row that is being spelled."""
        ...
