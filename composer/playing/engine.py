"""What the loop asks of whatever computes a network: hear a row, and spell the next one decision by decision.

Several takes share each step. A take's seat in a `Band` is a row of everything that is computed, and no row depends on
another: what is said to a take is the same, to the bit, whoever sits beside it.

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


class Engine(Protocol):
    """A network as the loop knows it. Safe to share between threads; weights are never changed."""

    def hear(self, heard: Heard) -> Memory:
        """Hear a prompt (T rows), from its beginning."""
        ...

    def band(self) -> Band:
        """A band without seats."""
        ...

    def logits(self, decision: int, contexts: Floats) -> Floats:
        """Logits (M, values of the decision) given contexts (M, C) that know the decisions before."""
        ...

    def take(self, decision: int, value: int, known: Known) -> Known:
        """What is known after a decision of the row that is being spelled."""
        ...
