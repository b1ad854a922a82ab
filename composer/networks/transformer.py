"""The causal Transformer (Vaswani et al. 2017): each token looks back at all before it.

Pre-norm blocks with RMS normalisation (Zhang & Sennrich 2019), rotary positions for the order of tokens (Su et al.
2021, arXiv:2104.09864), and the places that every network is told for where tokens stand in the music.

Axes: B batch, T new tokens, S tokens seen so far, N heads, D width of a head, C channels (N · D).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from composer.networks.contract import EventEmbedding, EventSizes, State, WritingNetwork

_ROTATION_BASE = 10_000.0  # tokens: the slowest rotation takes 2π times as many


@dataclass(frozen=True)
class TransformerConfig:
    """Sizes of the Transformer; `dropout` is the share of activations dropped in training."""

    channels: int = 192
    heads: int = 6
    layers: int = 4
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if min(self.channels, self.heads, self.layers) < 1 or not 0 <= self.dropout < 1:
            raise ValueError(f"sizes must be at least 1 and dropout in [0, 1): {self}")
        if self.channels % (2 * self.heads):
            raise ValueError(f"channels must be a multiple of twice the heads: {self.channels}, {self.heads}")

    @classmethod
    def tiny(cls) -> TransformerConfig:
        """Sizes for tests."""
        return cls(channels=16, heads=2, layers=2)


def rotate(x: Tensor, first: int) -> Tensor:
    """Turn pairs of channels of x (B, N, T, D) by angles that grow with the token's number, from `first` on."""
    half = x.shape[-1] // 2
    speeds = _ROTATION_BASE ** -(torch.arange(half, device=x.device) / half)  # (D/2,)
    angles = torch.arange(first, first + x.shape[-2], device=x.device)[:, None] * speeds  # (T, D/2)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    left, right = x[..., :half], x[..., half:]
    return torch.cat([left * cos - right * sin, right * cos + left * sin], -1)


class Attention(nn.Module):
    """Causal self-attention over what has been seen."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query_key_value = nn.Linear(config.channels, 3 * config.channels, bias=False)
        self.out = nn.Linear(config.channels, config.channels, bias=False)

    def forward(self, x: Tensor, seen: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """(B, T, C) and the keys and values seen before, (B, N, S, D) each, to (B, T, C) and those seen now."""
        b, t, c = x.shape
        q, k, v = self.query_key_value(x).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        before = 0 if seen is None else seen[0].shape[2]
        q, k = rotate(q, before), rotate(k, before)
        if seen is not None:
            k, v = torch.cat([seen[0], k], 2), torch.cat([seen[1], v], 2)
        # One new token may look at everything; several after others need the mask spelled out.
        mask = None
        if before and t > 1:
            mask = torch.ones(t, before + t, dtype=torch.bool, device=x.device).tril(before)
        # No dropout of attention itself: with it, PyTorch's fused kernel for the processor cannot be used.
        attended = F.scaled_dot_product_attention(q, k, v, mask, is_causal=not before and t > 1)  # (B, N, T, D)
        return self.out(attended.transpose(1, 2).reshape(b, t, c)), (k, v)


class Block(nn.Module):
    """Attention, then a gated-linear-unit layer (Shazeer 2020), each added to what came in."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        inner = config.channels * 8 // 3
        self.before_attention = nn.RMSNorm(config.channels)
        self.attention = Attention(config)
        self.before_mlp = nn.RMSNorm(config.channels)
        self.gate_up = nn.Linear(config.channels, 2 * inner, bias=False)
        self.down = nn.Linear(inner, config.channels, bias=False)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, seen: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """(B, T, C) to (B, T, C), with the keys and values seen."""
        attended, seen = self.attention(self.before_attention(x), seen)
        x = x + self.dropout(attended)
        gate, up = self.gate_up(self.before_mlp(x)).chunk(2, -1)
        return x + self.dropout(self.down(F.silu(gate) * up)), seen


class Transformer(WritingNetwork):
    """Every token looks back at all before it: texture, imitation and form, in one voice or several."""

    name = "transformer"
    summary = (
        "Attention network: looks back at all it is shown. Goes on, harmonises, accompanies, fills in; from one voice "
        "to four, and piano."
    )
    tasks = ("continue", "improvise", "harmonise", "accompany", "infill")
    polyphonic = True

    def __init__(self, config: TransformerConfig, sizes: EventSizes) -> None:
        super().__init__()
        self.config = config
        self.embedding = EventEmbedding(sizes, config.channels)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.channels)
        self.bias = nn.Parameter(torch.zeros(sizes.vocabulary))
        self._start_small()

    def _start_small(self) -> None:
        """Each block adds little at first, so that deep stacks begin stable (GPT-2's scaling)."""
        depth = (2 * self.config.layers) ** -0.5
        for name, weight in self.blocks.named_parameters():
            if weight.dim() == 2:
                std = 0.5 * weight.shape[1] ** -0.5 * (depth if name.endswith(("out.weight", "down.weight")) else 1.0)
                nn.init.normal_(weight, std=std)

    def forward(self, tokens: Tensor, places: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `WritingNetwork.forward`; the state is a pair of keys and values (B, N, S, D) a layer."""
        x = self.dropout(self.embedding(tokens, places))  # (B, T, C)
        states = []
        for index, block in enumerate(self.blocks):
            x, seen = block(x, None if state is None else state[index])
            states.append(seen)
        return F.linear(self.norm(x), self.embedding.token.weight, self.bias), tuple(states)
