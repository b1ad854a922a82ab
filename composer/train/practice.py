"""One step of learning: examples drawn, the network asked, and losses told that are to be lowered.

A practice may take several turns a step, as when two networks learn against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from composer.networks import WritingNetwork
from composer.train.windows import Batch, Sampler


class Practice(Protocol):
    """What the trainer repeats. `told` are figures of the last step beside its loss, to be drawn; may be empty."""

    told: dict[str, float]

    def turns(self, network: WritingNetwork, random: np.random.Generator, done: float) -> Iterator[Tensor]:
        """Losses () one by one, each lowered before the next is asked for; `done` is the share of time gone by."""
        ...


@dataclass
class NextToken:
    """Predicting the next token: the mean surprise in nats."""

    sampler: Sampler
    size: int
    told: dict[str, float] = field(default_factory=dict)

    def turns(self, network: WritingNetwork, random: np.random.Generator, done: float) -> Iterator[Tensor]:
        """See `Practice`."""
        batch = Batch.of([self.sampler.draw(random) for _ in range(self.size)])
        with torch.autocast("cpu", torch.bfloat16):
            logits, _ = network(batch.tokens, batch.places)
        yield F.cross_entropy(logits.float().flatten(0, 1), batch.targets.flatten(), ignore_index=-100)
