"""The network that hears a style: convolutions over a melody's cues, pooled by attention, beside what can be counted.

Axes: B melodies, T notes, C channels, H hidden, K counts, S styles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from composer.analysis.counts import COUNTS
from composer.analysis.cues import SIZES


@dataclass(frozen=True)
class EarConfig:
    """Sizes. `layers` convolutions of five notes, each reaching twice as far as the one before; `ears` are asked."""

    styles: int
    channels: int = 32
    layers: int = 3
    hidden: int = 128
    dropout: float = 0.3
    ears: int = 4

    def __post_init__(self) -> None:
        if min(self.ears, self.styles - 1, self.channels, self.layers, self.hidden) < 1 or not 0 <= self.dropout < 1:
            raise ValueError(f"these sizes make no ear: {self}")

    @classmethod
    def tiny(cls, styles: int = 3) -> EarConfig:
        """The smallest that works."""
        return cls(styles, channels=8, layers=2, hidden=8, dropout=0.0, ears=2)


class Layer(nn.Module):
    """One convolution, each channel for itself, then a mixing of the channels; with a way around both."""

    def __init__(self, channels: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.convolution = nn.Conv1d(channels, channels, 5, padding=2 * reach, dilation=reach, groups=channels)
        self.mix = nn.Linear(channels, 2 * channels)
        self.out = nn.Linear(2 * channels, channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(B, T, C), (B, T, 1) → (B, T, C)."""
        heard = self.convolution((self.norm(x) * mask).transpose(1, 2)).transpose(1, 2)
        return x + self.dropout(self.out(F.gelu(self.mix(heard))))


class Ear(nn.Module):
    """Cues and counts to logits of styles."""

    offsets: Tensor

    def __init__(self, config: EarConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.EmbeddingBag(sum(SIZES), config.channels, mode="sum")
        offsets = torch.tensor([sum(SIZES[:i]) for i in range(len(SIZES))])
        self.register_buffer("offsets", offsets, persistent=False)  # where each cue's numbers begin
        self.layers = nn.ModuleList(Layer(config.channels, 2**i, config.dropout) for i in range(config.layers))
        self.attention = nn.Linear(config.channels, 1)
        self.norm = nn.LayerNorm(3 * config.channels)
        self.mean = nn.Buffer(torch.zeros(COUNTS))  # of each count over the music learned from
        self.spread = nn.Buffer(torch.ones(COUNTS))
        self.dropout = nn.Dropout(config.dropout)
        self.first = nn.Linear(3 * config.channels + COUNTS, config.hidden)
        self.out = nn.Linear(config.hidden, config.styles)

    def forward(self, cues: Tensor, mask: Tensor, counts: Tensor) -> Tensor:
        """Cues (B, T, 7), which notes there are (B, T), and counts (B, K), NaN where not told → logits (B, S)."""
        counted = ((counts - self.mean) / self.spread).nan_to_num(0.0).clamp(-4, 4)
        known = torch.cat([self.heard(cues, mask), counted], -1)
        return self.out(self.dropout(F.gelu(self.first(self.dropout(known)))))

    def heard(self, cues: Tensor, mask: Tensor) -> Tensor:
        """A melody as one point (B, 3C): what was attended to, the mean and the most of every channel."""
        there = mask.unsqueeze(-1)
        x = self.embedding((cues + self.offsets).flatten(0, 1)).unflatten(0, cues.shape[:2])
        for layer in self.layers:
            x = layer(x, there)
        shares = self.attention(x).masked_fill(~there, -torch.inf).softmax(1)
        mean = (x * there).sum(1) / there.sum(1)
        most = x.masked_fill(~there, -torch.inf).amax(1)
        return self.norm(torch.cat([(shares * x).sum(1), mean, most], -1))


class Ears(nn.Module):
    """Several ears that learned apart and are asked together (Lakshminarayanan et al. 2017, arXiv:1612.01474)."""

    def __init__(self, config: EarConfig) -> None:
        super().__init__()
        self.config = config
        self.each = nn.ModuleList(Ear(config) for _ in range(config.ears))

    def forward(self, cues: Tensor, mask: Tensor, counts: Tensor) -> Tensor:
        """What `Ear.forward` is given → the logarithms (B, S) of the mean of what they hold likely."""
        told = torch.stack([ear(cues, mask, counts).log_softmax(-1) for ear in self.each])
        return told.logsumexp(0) - math.log(len(self.each))
