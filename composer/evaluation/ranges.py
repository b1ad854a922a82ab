"""Figures with the range in which they would lie 95 times of a hundred, had other pieces been drawn.

Shares of takes have Wilson's interval, which is right for few takes and for none of them; means and shares of bars are
drawn again from the takes (bootstrap), for the bars of one take are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_DRAWS = 2000
_Z = 1.96


@dataclass(frozen=True)
class Range:
    """A figure, and its 95 % range."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f})"

    def to_json(self) -> dict[str, float]:
        """Plain values."""
        return {name: round(value, 4) for name, value in vars(self).items()}


def wilson(hits: float, total: float) -> Range:
    """The share of `total` independent trials that were hits; at least one trial."""
    share = hits / total
    centre = (share + _Z**2 / (2 * total)) / (1 + _Z**2 / total)
    half = _Z * np.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2)) / (1 + _Z**2 / total)
    # A share of none or all is the end of its range, which rounding would put a hair beyond.
    return Range(share, float(max(0.0, centre - half)), float(min(1.0, centre + half)))


def bootstrap(parts: Sequence[float], wholes: Sequence[float] | None = None, seed: int = 0) -> Range:
    """The mean of `parts`, or the sum of parts over that of `wholes`, of takes (or seeds, or pieces) drawn anew.

    The wholes are not all nought; without them each part is one of its own.
    """
    above = np.asarray(parts, float)
    below = np.ones_like(above) if wholes is None else np.asarray(wholes, float)
    drawn = np.random.default_rng(seed).integers(0, len(above), (_DRAWS, len(above)))
    sums = below[drawn].sum(1)
    found = above[drawn].sum(1)[sums > 0] / sums[sums > 0]
    low, high = np.quantile(found, (0.025, 0.975))
    return Range(float(above.sum() / below.sum()), float(low), float(high))
