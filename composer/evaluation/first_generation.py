"""How the first generation wrote: a recurrent network, one step a token, as it stood in November 2026.

Kept to be measured against, with random weights of the sizes that shipped. What it asked of its grammar for every token
is left out, in its favour.

Axes: V vocabulary, E width of the embedding, H hidden width.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

VOCABULARY = 617
_PLACES = (64, 192, 193, 8, 17)  # bar, position, until, voice, left
_LAYERS, _HIDDEN = 2, 448
_EMBEDDING = {"lstm": 192, "rnn": 160}
_TEMPERATURE, _TOP_P = 0.9, 0.95
_KINDS = 4  # of tokens, one of which might follow: a quarter of the vocabulary was left by the mask


class FirstGeneration(nn.Module):
    """The network and its loop. `by_cell`: a step through `lstm_cell`, as the LSTM of its last days took it."""

    def __init__(self, core: Literal["lstm", "rnn"], by_cell: bool = False) -> None:
        super().__init__()
        width = _EMBEDDING[core]
        self.by_cell = by_cell
        self.token = nn.Embedding(VOCABULARY, width)
        self.places = nn.ModuleList(nn.Embedding(size, width) for size in _PLACES)
        kind = nn.LSTM if core == "lstm" else nn.RNN
        self.core = kind(width, _HIDDEN, _LAYERS, batch_first=True)
        self.project = nn.Linear(_HIDDEN, width)

    @torch.inference_mode()
    def write(self, tokens: int, random: np.random.Generator) -> list[int]:
        """Write so many tokens."""
        written: list[int] = []
        place = torch.zeros(1, 1, len(_PLACES), dtype=torch.int64)
        hidden = torch.zeros(_LAYERS, 1, _HIDDEN)
        state = (hidden, hidden) if isinstance(self.core, nn.LSTM) else hidden
        token = 0
        for number in range(tokens):
            logits, state = self._step(torch.tensor([[token]]), place, state)
            mask = np.arange(VOCABULARY) % _KINDS == number % _KINDS
            token = _draw(logits.double().numpy(), mask, random)
            written.append(token)
        return written

    def _step(self, token: Tensor, place: Tensor, state: Any) -> tuple[Tensor, Any]:
        embedded = self.token(token)
        for field, table in enumerate(self.places):
            embedded = embedded + table(place[..., field])
        if self.by_cell:
            hidden, (h, c) = embedded[:, 0], state
            after = []
            for layer, weights in enumerate(self.core.all_weights):
                hidden, cell = torch.lstm_cell(hidden, (h[layer], c[layer]), *weights)
                after.append((hidden, cell))
            hidden = hidden[:, None]
            state = torch.stack([h for h, _ in after]), torch.stack([c for _, c in after])
        else:
            hidden, state = self.core(embedded, state)
        return F.linear(self.project(hidden), self.token.weight)[0, 0], state


def _draw(logits: np.ndarray, allowed: np.ndarray, random: np.random.Generator) -> int:
    heated = np.where(allowed, logits / np.full(VOCABULARY, _TEMPERATURE), -np.inf)
    shares = np.exp(heated - heated.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")
    before = np.cumsum(shares[order]) - shares[order]
    kept = np.where(before < _TOP_P, shares[order], 0.0)
    result = np.zeros_like(shares)
    result[order] = kept / kept.sum()
    cumulative = np.cumsum(result)
    return min(VOCABULARY - 1, int(np.searchsorted(cumulative, random.random() * cumulative[-1], side="right")))
