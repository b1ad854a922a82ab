"""What a network learns: where its batches come from, what a batch costs, how it is measured."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor, nn

Batch = Any  # whatever the objective draws and its loss reads


class Objective(ABC):
    """An aim of training. It holds no state that a run would have to keep: all it draws comes from `random`."""

    unit: str  # of what `measure` returns, such as "nats a note"

    def prepare(self, network: nn.Module) -> None:  # noqa: B027 (most have nothing to prepare)
        """Put into a fresh network what is known already, and freeze it."""

    def complete(self, network: nn.Module) -> None:  # noqa: B027
        """Work out what a network keeps beside what it learned, before it is saved."""

    @abstractmethod
    def pool(self, random: np.random.Generator) -> Sequence[Batch]:
        """Some batches to learn from, in order."""

    @abstractmethod
    def loss(self, network: nn.Module, batch: Batch, device: str, done: float) -> Tensor:
        """What a batch costs, a scalar to be lowered; `done` is the share (0 … 1) of the steps that are behind."""

    @abstractmethod
    def measure(self, network: nn.Module, device: str) -> dict[str, float]:
        """How well a network does on what it has not learned from, by the name of what; lower is better."""
