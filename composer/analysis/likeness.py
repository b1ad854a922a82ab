"""Likeness: melodies as points, near where they sound alike.

A network turns every four bars of a melody into a point on a sphere. Two melodies are as alike as the points of the one
are near those of the other: for each four bars of the one that is asked about, the nearest four bars of the other, and
the mean of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from composer.analysis.windows import SIZE, Curves

_AT_ONCE = 4096  # curves

Points = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LikenessConfig:
    """Sizes of the network."""

    hidden: int = 384
    points: int = 64  # dimensions

    def __post_init__(self) -> None:
        if min(self.hidden, self.points) < 2:
            raise ValueError(f"these sizes make no network: {self}")

    @classmethod
    def tiny(cls) -> LikenessConfig:
        """The smallest that works."""
        return cls(16, 8)


class Likeness(nn.Module):
    """Curves to points."""

    def __init__(self, config: LikenessConfig) -> None:
        super().__init__()
        self.config = config
        self.first = nn.Linear(SIZE, config.hidden)
        self.norm = nn.LayerNorm(config.hidden)
        self.second = nn.Linear(config.hidden, config.hidden)
        self.out = nn.Linear(config.hidden, config.points)
        self.straight = nn.Linear(SIZE, config.points, bias=False)

    def forward(self, curves: Tensor) -> Tensor:
        """Curves (B, 48) in semitones → points (B, D) of length 1."""
        x = curves / 4
        hidden = F.gelu(self.norm(self.first(x)))
        hidden = hidden + F.gelu(self.second(hidden))
        return F.normalize(self.out(hidden) + self.straight(x), dim=-1)


@torch.inference_mode()
def points_of(network: Likeness, curves: Curves) -> Points:
    """The points (W, D) of curves (W, 48)."""
    parts = [network(torch.from_numpy(curves[i : i + _AT_ONCE])).numpy() for i in range(0, len(curves), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros((0, network.config.points), np.float32)


@dataclass(frozen=True)
class Index:
    """The points of many melodies, one after the other: (P, D), and where each melody begins (M,)."""

    points: Points
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, melodies: Sequence[Points]) -> Index:
        """Lay melodies side by side; each needs a point."""
        counts = np.array([len(points) for points in melodies])
        return cls(np.concatenate(melodies), np.cumsum(counts) - counts)

    def likeness(self, points: Points) -> npt.NDArray[np.float32]:
        """How alike each melody (M,) is to one of points (Q, D): 1 the same, about 0 nothing in common."""
        nearest = [np.maximum.reduceat(self.points @ point, self.starts) for point in points]
        return np.mean(nearest, axis=0)
