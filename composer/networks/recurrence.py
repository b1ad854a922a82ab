"""The recurrent networks over notes: a plain one, and the gated one of Hochreiter & Schmidhuber (1997).

Axes: B batch, T rows, C channels, H hidden width, L layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from composer.kinds import KINDS
from composer.networks.notes import Inside, NoteConfig, NoteNetwork, State, Trunk


@dataclass(frozen=True)
class RecurrentConfig(NoteConfig):
    """Sizes of a recurrent network."""

    hidden: int = 512
    layers: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.hidden, self.layers) < 1:
            raise ValueError(f"sizes must be at least 1: {self}")

    @property
    def dropout_between(self) -> float:
        """The share dropped between layers; none where there is one layer."""
        return self.dropout if self.layers > 1 else 0.0


@dataclass(frozen=True)
class LstmConfig(RecurrentConfig):
    """Sizes of the gated recurrent network."""

    @classmethod
    def tiny(cls) -> LstmConfig:
        """Sizes for tests."""
        return cls(channels=8, slot_width=4, head=8, hidden=12)


@dataclass(frozen=True)
class RnnConfig(RecurrentConfig):
    """Sizes of the plain recurrent network."""

    channels: int = 192
    head: int = 256

    @classmethod
    def tiny(cls) -> RnnConfig:
        """Sizes for tests."""
        return cls(channels=8, slot_width=4, head=8, hidden=12)


class RecurrentTrunk(Trunk):
    """A recurrent core whose answer is added to what was heard; the state is the core's."""

    def __init__(self, config: RecurrentConfig, core: nn.RNNBase) -> None:
        super().__init__()
        self.core = core
        self.dropout = nn.Dropout(config.dropout)
        self.out = nn.Linear(config.hidden, config.channels)

    def forward(self, x: Tensor, time: Tensor, state: State | None) -> tuple[Tensor, State]:
        """See `Trunk.forward`; how many rows ago is all that counts."""
        hidden, state = self.core(x, state)
        return x + self.out(self.dropout(hidden)), state

    def inside(self, x: Tensor, time: Tensor) -> Inside:
        """See `Trunk.inside`."""
        values, y = [], x[0]
        for w_ih, w_hh, b_ih, b_hh in self.core.all_weights:
            h, after = y.new_zeros(len(w_hh)), []
            for row in F.linear(y, w_ih, b_ih):
                h = torch.tanh(row + F.linear(h, w_hh, b_hh))
                after.append(h)
            y = torch.stack(after)
            values.append(y)
        return Inside(hidden=torch.stack(values))


class LstmTrunk(RecurrentTrunk):
    """One row by itself takes a way eight times as fast as `nn.LSTM`."""

    def forward(self, x: Tensor, time: Tensor, state: State | None) -> tuple[Tensor, State]:
        """See `Trunk.forward`; the state is a pair (L, B, H)."""
        if state is None or x.shape[1] > 1 or self.training:
            return super().forward(x, time, state)
        hidden, (h, c) = x[:, 0], state
        after = []
        for layer, weights in enumerate(self.core.all_weights):
            hidden, cell = torch.lstm_cell(hidden, (h[layer], c[layer]), *weights)
            after.append((hidden, cell))
        state = torch.stack([h for h, _ in after]), torch.stack([c for _, c in after])
        return x + self.out(hidden)[:, None], state

    def inside(self, x: Tensor, time: Tensor) -> Inside:
        """See `Trunk.inside`: the gates "input", "forget" and "output" beside the hidden values."""
        values, gates, y = [], [], x[0]
        for w_ih, w_hh, b_ih, b_hh in self.core.all_weights:
            h = cell = y.new_zeros(w_hh.shape[1])
            after, opened = [], []
            for row in F.linear(y, w_ih, b_ih):
                let_in, keep, fresh, let_out = (row + F.linear(h, w_hh, b_hh)).chunk(4)
                opening = torch.stack([let_in, keep, let_out]).sigmoid()
                cell = opening[1] * cell + opening[0] * fresh.tanh()
                h = opening[2] * cell.tanh()
                after.append(h)
                opened.append(opening)
            y = torch.stack(after)
            values.append(y)
            gates.append(torch.stack(opened, 1))  # (3, T, H)
        by_name = torch.stack(gates, 1)  # (3, L, T, H)
        return Inside(hidden=torch.stack(values), gates=dict(zip(("input", "forget", "output"), by_name, strict=True)))


class Rnn(NoteNetwork):
    """Each new note from a squashed sum of the last one and a fading memory."""

    name, summary, tasks, polyphonic = KINDS["rnn"]

    def __init__(self, config: RnnConfig) -> None:
        core = nn.RNN(config.channels, config.hidden, config.layers, batch_first=True, dropout=config.dropout_between)
        # An orthogonal U keeps gradients alive over a phrase (Le, Jaitly & Hinton 2015 use the identity likewise).
        for layer in range(config.layers):
            nn.init.orthogonal_(getattr(core, f"weight_hh_l{layer}"))
        super().__init__(config, RecurrentTrunk(config, core))


class Lstm(NoteNetwork):
    """A memory cell that gates open and shut, so that a phrase can be remembered and answered."""

    name, summary, tasks, polyphonic = KINDS["lstm"]

    def __init__(self, config: LstmConfig) -> None:
        core = nn.LSTM(config.channels, config.hidden, config.layers, batch_first=True, dropout=config.dropout_between)
        with torch.no_grad():  # forget gates begin open (Jozefowicz, Zaremba & Sutskever 2015)
            for layer in range(config.layers):
                getattr(core, f"bias_ih_l{layer}")[config.hidden : 2 * config.hidden] = 1.0
        super().__init__(config, LstmTrunk(config, core))
