"""Logits to one value: temperature, renormalise, top-p, draw.

Axis: V values of a decision that a mask has left. All functions are pure; the random source is an argument.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
COLDEST = 1e-4  # stands for temperature 0: differences of logits grow ten-thousandfold


def probabilities(logits: Floats, temperature: float, top_p: float) -> Floats:
    """The distribution (V,) to draw from, of what a mask has left: renormalised before top-p."""
    heated = logits / max(COLDEST, temperature)
    shares = np.exp(heated - heated.max())
    return keep_top_p(shares / shares.sum(), top_p)


def keep_top_p(shares: Floats, top_p: float) -> Floats:
    """Nucleus sampling (Holtzman et al. 2020): the fewest likeliest values with a share of `top_p`, renormalised."""
    if top_p >= 1:
        return shares
    order = (-shares).argsort(kind="stable")
    ranked = shares[order]
    together = ranked.cumsum()
    kept = 1 + int(together[:-1].searchsorted(top_p))  # one more than those that do not reach the share by themselves
    result = np.zeros_like(shares)
    result[order[:kept]] = ranked[:kept] / together[kept - 1]
    return result


def draw_likely(logits: Floats, top_p: float, random: np.random.Generator) -> int:
    """Which of the values with these logits, drawn from the fewest likeliest that have a share of `top_p` together.

    The same as `draw` from `keep_top_p`, but in order of likelihood, with half of the work.
    """
    order = (-logits).argsort(kind="stable")
    ranked = logits[order]
    together = np.exp(ranked - ranked[0]).cumsum()
    if top_p < 1:
        together = together[: 1 + int(together[:-1].searchsorted(top_p * together[-1]))]
    place = int(together.searchsorted(random.random() * together[-1], side="right"))
    return int(order[min(place, len(together) - 1)])


def draw(shares: Floats, random: np.random.Generator) -> int:
    """One value, from one random number."""
    cumulative = shares.cumsum()
    value = int(cumulative.searchsorted(random.random() * cumulative[-1], side="right"))
    # Rounding can carry the draw onto a value of share 0 past the last possible one.
    return value if value < len(shares) and shares[value] > 0 else int(np.flatnonzero(shares)[-1])
