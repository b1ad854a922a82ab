"""The plain recurrent network of Elman (1990): h = tanh(W x + U h + b)."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from composer.networks.contract import EventSizes
from composer.networks.recurrent import RecurrentConfig, RecurrentNetwork


@dataclass(frozen=True)
class RnnConfig(RecurrentConfig):
    """Sizes of the plain recurrent network."""

    hidden: int = 448
    dropout: float = 0.1

    @classmethod
    def tiny(cls) -> RnnConfig:
        """Sizes for tests."""
        return cls(embedding=8, hidden=12, layers=2)


class Rnn(RecurrentNetwork):
    """Each new note from a squashed sum of the last one and a fading memory."""

    name = "rnn"
    summary = "Plain recurrent network: the baseline a class starts from. Good local melody, short memory."
    tasks = ("continue", "improvise")

    def __init__(self, config: RnnConfig, sizes: EventSizes) -> None:
        core = nn.RNN(
            config.embedding,
            config.hidden,
            config.layers,
            batch_first=True,
            dropout=config.dropout_between,
            nonlinearity="tanh",
        )
        # An orthogonal U keeps gradients alive over a phrase (Le, Jaitly & Hinton 2015 use the identity likewise).
        for layer in range(config.layers):
            nn.init.orthogonal_(getattr(core, f"weight_hh_l{layer}"))
        super().__init__(config, sizes, core)
