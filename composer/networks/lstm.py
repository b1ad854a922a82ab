"""The gated recurrent network of Hochreiter & Schmidhuber (1997), two layers with dropout between."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from composer.networks.contract import EventSizes
from composer.networks.recurrent import RecurrentConfig, RecurrentNetwork


@dataclass(frozen=True)
class LstmConfig(RecurrentConfig):
    """Sizes of the gated recurrent network."""

    @classmethod
    def tiny(cls) -> LstmConfig:
        """Sizes for tests."""
        return cls(embedding=8, hidden=12, layers=2)


class Lstm(RecurrentNetwork):
    """A memory cell that gates open and shut, so that a phrase can be remembered and answered."""

    name = "lstm"
    summary = "Gated recurrent network: remembers a phrase and answers it. A sound first choice for melodies."
    tasks = ("continue", "improvise")

    def __init__(self, config: LstmConfig, sizes: EventSizes) -> None:
        core = nn.LSTM(config.embedding, config.hidden, config.layers, batch_first=True, dropout=config.dropout_between)
        with torch.no_grad():  # forget gates begin open (Jozefowicz, Zaremba & Sutskever 2015)
            for layer in range(config.layers):
                getattr(core, f"bias_ih_l{layer}")[config.hidden : 2 * config.hidden] = 1.0
        super().__init__(config, sizes, core)
