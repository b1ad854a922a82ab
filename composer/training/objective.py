"""What a network learns: where its batches come from, what a batch costs, how it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from torch import Tensor, nn

Batch = Any  # whatever the objective draws and its loss reads


class Objective(Protocol):
    """An aim of training. It holds no state that a run would have to keep: all it draws comes from `random`."""

    unit: str  # of what `measure` returns, such as "nats a note"

    def pool(self, random: np.random.Generator) -> Sequence[Batch]:
        """Some batches to learn from, in order."""

    def loss(self, network: nn.Module, batch: Batch, device: str) -> Tensor:
        """What a batch costs, a scalar to be lowered."""

    def measure(self, network: nn.Module, device: str) -> dict[str, float]:
        """How well a network does on what it has not learned from, by the name of what; lower is better."""
