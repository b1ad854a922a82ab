"""The Transformer over notes (Vaswani et al. 2017): each note looks back at all before it.

Pre-norm blocks with RMS normalisation (Zhang & Sennrich 2019) and gated linear units (Shazeer 2020). Half of the heads
turn by the number of the row, half by its onset in quarters (rotary positions, Su et al. 2021, arXiv:2104.09864), so
that "so many notes ago" and "so many beats ago" are both one angle.

Axes: B batch, T new rows, S rows heard so far, N heads, D width of a head, C channels (N · D).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from composer.kinds import KINDS
from composer.networks.notes import Inside, NoteConfig, NoteNetwork, State, Trunk

_ROW_BASE = 10_000.0  # rows: the slowest rotation takes 2π times as many
_TIME_BASE = 1_000.0  # quarters: the quickest rotation takes one


@dataclass(frozen=True)
class TransformerConfig(NoteConfig):
    """Sizes of the Transformer."""

    heads: int = 8
    layers: int = 5

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.heads, self.layers) < 1 or self.channels % (2 * self.heads) or self.heads % 2:
            raise ValueError(f"heads must be even, and channels a multiple of twice as many: {self}")

    @classmethod
    def tiny(cls) -> TransformerConfig:
        """Sizes for tests."""
        return cls(channels=16, slot_width=4, head=16, heads=2, layers=2)


def rotation(first: int, time: Tensor, heads: int, half: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines (B, N, T, D / 2) of the angles by which queries and keys turn."""
    steps = torch.arange(half, device=time.device) / half
    rows = torch.arange(first, first + time.shape[1], device=time.device)[:, None] * _ROW_BASE**-steps  # (T, D/2)
    beats = time[..., None] * (2 * math.pi * _TIME_BASE**-steps)  # (B, T, D/2)
    by_row = rows.expand(len(time), heads // 2, *rows.shape)
    by_time = beats[:, None].expand(-1, heads - heads // 2, -1, -1)
    angles = torch.cat([by_row, by_time], 1)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
    """Turn pairs of channels of x (B, N, T, D)."""
    left, right = x.chunk(2, -1)
    cos, sin = angles
    return torch.cat([left * cos - right * sin, right * cos + left * sin], -1)


class Attention(nn.Module):
    """Causal self-attention over what has been heard."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query_key_value = nn.Linear(config.channels, 3 * config.channels, bias=False)
        self.out = nn.Linear(config.channels, config.channels, bias=False)

    def forward(
        self, x: Tensor, angles: tuple[Tensor, Tensor], seen: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """(B, T, C) and the keys and values seen before, (B, N, S, D) each, to (B, T, C) and those seen now."""
        b, t, c = x.shape
        q, k, v = self.query_key_value(x).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, angles), rotate(k, angles)
        before = 0 if seen is None else seen[0].shape[2]
        if seen is not None:
            k, v = torch.cat([seen[0], k], 2), torch.cat([seen[1], v], 2)
        # One new row may look at everything; several after others need the mask spelled out.
        mask = None
        if before and t > 1:
            mask = torch.ones(t, before + t, dtype=torch.bool, device=x.device).tril(before)
        if x.device.type == "cpu":  # the processor's fused kernel is more than twice as fast in single precision
            q, k, v = q.float(), k.float(), v.float()
        # No dropout of attention itself: with it, PyTorch's fused kernel for the processor cannot be used.
        attended = F.scaled_dot_product_attention(q, k, v, mask, is_causal=not before and t > 1)  # (B, N, T, D)
        return self.out(attended.transpose(1, 2).reshape(b, t, c).to(x.dtype)), (k, v)

    def weights(self, x: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
        """How much each of rows (1, T, C) takes from each row up to it, a head at a time: (N, T, T)."""
        _, t, c = x.shape
        q, k, _ = self.query_key_value(x).view(t, 3, self.heads, c // self.heads).permute(1, 2, 0, 3)
        q, k = (rotate(each[None], angles)[0] for each in (q, k))
        later = torch.ones(t, t, dtype=torch.bool, device=x.device).triu(1)
        scores = (q @ k.transpose(-1, -2)) * (c // self.heads) ** -0.5
        return scores.masked_fill(later, -torch.inf).softmax(-1)


class Block(nn.Module):
    """Attention, then a gated layer, each added to what came in."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        inner = config.channels * 8 // 3
        self.before_attention = nn.RMSNorm(config.channels)
        self.attention = Attention(config)
        self.before_mlp = nn.RMSNorm(config.channels)
        self.gate_up = nn.Linear(config.channels, 2 * inner, bias=False)
        self.down = nn.Linear(inner, config.channels, bias=False)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x: Tensor, angles: tuple[Tensor, Tensor], seen: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """(B, T, C) to (B, T, C), with the keys and values seen."""
        attended, seen = self.attention(self.before_attention(x), angles, seen)
        x = x + self.dropout(attended)
        gate, up = self.gate_up(self.before_mlp(x)).chunk(2, -1)
        return x + self.dropout(self.down(F.silu(gate) * up)), seen


class AttentionTrunk(Trunk):
    """A stack of blocks; the state is a pair of keys and values (B, N, S, D) a block."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads, self.turned = config.heads, config.channels // config.heads // 2
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        # Each block adds little at first, so that deep stacks begin stable (GPT-2's scaling).
        depth = (2 * config.layers) ** -0.5
        for name, weight in self.blocks.named_parameters():
            if weight.dim() == 2:
                std = 0.5 * weight.shape[1] ** -0.5 * (depth if name.endswith(("out.weight", "down.weight")) else 1.0)
                nn.init.normal_(weight, std=std)

    def forward(self, x: Tensor, time: Tensor, state: State | None) -> tuple[Tensor, State]:
        """See `Trunk.forward`."""
        first = 0 if state is None else state[0][0].shape[2]
        cos, sin = rotation(first, time, self.heads, self.turned)
        kind = torch.get_autocast_dtype(x.device.type) if torch.is_autocast_enabled(x.device.type) else x.dtype
        angles = cos.to(kind), sin.to(kind)
        states = []
        for index, block in enumerate(self.blocks):
            x, seen = block(x, angles, None if state is None else state[index])
            states.append(seen)
        return x, tuple(states)

    def inside(self, x: Tensor, time: Tensor) -> Inside:
        """See `Trunk.inside`."""
        angles, weights = rotation(0, time, self.heads, self.turned), []
        for block in self.blocks:
            assert isinstance(block, Block)
            weights.append(block.attention.weights(block.before_attention(x), angles))
            x, _ = block(x, angles, None)
        return Inside(attention=torch.stack(weights))


class Transformer(NoteNetwork):
    """Every note looks back at all before it: texture, imitation and form, in one voice or many."""

    name, summary, tasks, polyphonic = KINDS["transformer"]

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config, AttentionTrunk(config))
