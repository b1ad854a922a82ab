"""What the recurrent networks share: events in, a recurrent core, logits out.

The output layer shares the token embedding's weights (Press & Wolf 2017, arXiv:1608.05859).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from composer.networks.contract import EventEmbedding, EventSizes, State, WritingNetwork


@dataclass(frozen=True)
class RecurrentConfig:
    """Sizes of a recurrent network; `dropout` is the share of activations dropped in training."""

    embedding: int = 160
    hidden: int = 320
    layers: int = 2
    dropout: float = 0.2

    def __post_init__(self) -> None:
        if min(self.embedding, self.hidden, self.layers) < 1 or not 0 <= self.dropout < 1:
            raise ValueError(f"sizes must be at least 1 and dropout in [0, 1): {self}")

    @property
    def dropout_between(self) -> float:
        """The share dropped between layers; none where there is one layer."""
        return self.dropout if self.layers > 1 else 0.0


class RecurrentNetwork(WritingNetwork):
    """Embedding → recurrent core → logits. A subclass names the core."""

    def __init__(self, config: RecurrentConfig, sizes: EventSizes, core: nn.RNNBase) -> None:
        super().__init__()
        self.config = config
        self.embedding = EventEmbedding(sizes, config.embedding)
        self.core = core
        self.dropout = nn.Dropout(config.dropout)
        self.project = nn.Linear(config.hidden, config.embedding)
        self.bias = nn.Parameter(self.project.weight.new_zeros(sizes.vocabulary))

    def forward(self, tokens: Tensor, places: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `WritingNetwork.forward`; the state is the core's: (L, B, H), a pair of them for the LSTM."""
        embedded = self.dropout(self.embedding(tokens, places))  # (B, T, E)
        hidden, state = self.remember(embedded, state)  # (B, T, H)
        features = self.project(self.dropout(hidden))  # (B, T, E)
        return F.linear(features, self.embedding.token.weight, self.bias), state

    def remember(self, embedded: Tensor, state: State | None) -> tuple[Tensor, State]:
        """The core over (B, T, E): hidden states (B, T, H), and the state after them."""
        hidden, state = self.core(embedded, state)
        return hidden, state
