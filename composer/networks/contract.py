"""The contract of every writing network: given these tokens and this state, the logits of the next token.

Axes: B batch, T tokens, V vocabulary, F fields of a place, E width of the embedding, H hidden width, L layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

State = Any  # a tensor, or a nest of tuples of tensors: whatever the network remembers; never changed in place


@dataclass(frozen=True)
class EventSizes:
    """What a network must know of the events: V, and how many values each field of a place has."""

    vocabulary: int
    places: tuple[int, ...]

    @classmethod
    def tiny(cls) -> EventSizes:
        """Sizes for tests."""
        return cls(vocabulary=11, places=(4, 3))


class WritingNetwork(nn.Module):
    """A network that writes: `forward` answers the one question, whatever the architecture.

    `summary` is one line for a menu; `tasks` are the tasks the network can do; `polyphonic` tells whether it reads and
    writes several voices, or a melody only.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    tasks: ClassVar[tuple[str, ...]]
    polyphonic: ClassVar[bool] = False

    def forward(self, tokens: Tensor, places: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Tokens (B, T) and places (B, T, F), both int64, to logits (B, T, V) and the state after them.

        `state` is what an earlier call returned, or None at the beginning.
        """
        raise AssertionError(f"{type(self).__name__} answers no question")


class EventEmbedding(nn.Module):
    """The sum of what a token is and where it stands: (B, T) and (B, T, F) → (B, T, E)."""

    def __init__(self, sizes: EventSizes, width: int) -> None:
        super().__init__()
        self.token = nn.Embedding(sizes.vocabulary, width)
        self.places = nn.ModuleList(nn.Embedding(size, width) for size in sizes.places)
        for table in (self.token, *self.places):
            nn.init.normal_(table.weight, std=width**-0.5)

    def forward(self, tokens: Tensor, places: Tensor) -> Tensor:
        """See the class."""
        embedded: Tensor = self.token(tokens)
        for field, table in enumerate(self.places):
            embedded = embedded + table(places[..., field])
        return embedded


def count_parameters(network: nn.Module) -> int:
    """How many numbers the network has learned."""
    return sum(parameter.numel() for parameter in network.parameters())


def to_dtype(network: nn.Module, dtype: torch.dtype) -> dict[str, Tensor]:
    """The weights as contiguous tensors of `dtype`, ready to be saved."""
    return {name: tensor.detach().to(dtype).contiguous() for name, tensor in network.state_dict().items()}
