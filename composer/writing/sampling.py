"""Logits to one value: mask, temperature, renormalise, top-p, draw.

Axis: V values of a decision. All functions are pure; the random source is an argument.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
COLDEST = 1e-4  # stands for temperature 0: differences of logits grow ten-thousandfold


def probabilities(logits: Floats, allowed: Mask, temperature: float, top_p: float) -> Floats:
    """The distribution (V,) to draw from. What is forbidden has exactly 0; the rest is renormalised before top-p."""
    assert allowed.any(), "a mask must leave something to write"
    heated = np.where(allowed, logits / max(COLDEST, temperature), -np.inf)
    shares = np.exp(heated - heated.max())
    return keep_top_p(shares / shares.sum(), top_p)


def keep_top_p(shares: Floats, top_p: float) -> Floats:
    """Nucleus sampling (Holtzman et al. 2020): the fewest likeliest values with a share of `top_p`, renormalised."""
    if top_p >= 1:
        return shares
    order = np.argsort(-shares, kind="stable")
    before = np.cumsum(shares[order]) - shares[order]  # what likelier values hold together
    kept = np.where(before < top_p, shares[order], 0.0)
    result = np.zeros_like(shares)
    result[order] = kept / kept.sum()
    return result


def draw(shares: Floats, random: np.random.Generator) -> int:
    """One value, from one random number."""
    cumulative = np.cumsum(shares)
    value = int(np.searchsorted(cumulative, random.random() * cumulative[-1], side="right"))
    # Rounding can carry the draw onto a value of share 0 past the last possible one.
    return value if value < len(shares) and shares[value] > 0 else int(np.flatnonzero(shares)[-1])
