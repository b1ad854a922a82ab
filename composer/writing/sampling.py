"""Logits to one token: mask, temperatures, renormalise, top-p, draw.

Axis: V vocabulary. All functions are pure; the random source is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.events import Vocabulary

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
COLDEST = 1e-4  # stands for temperature 0: differences of logits grow ten-thousandfold


@dataclass(frozen=True)
class Sampling:
    """How to draw: a temperature a token (V,), and the share `top_p` of probability to keep."""

    temperatures: Floats
    top_p: float

    @classmethod
    def of(cls, vocabulary: Vocabulary, pitch: float, rhythm: float, top_p: float) -> Sampling:
        """One temperature for PITCH tokens, another for all others."""
        temperatures = np.full(vocabulary.size, max(rhythm, COLDEST), np.float64)
        temperatures[vocabulary.pitch : vocabulary.duration] = max(pitch, COLDEST)
        return cls(temperatures, top_p)


def probabilities(logits: Floats, allowed: Mask, sampling: Sampling) -> Floats:
    """The distribution (V,) to draw from. Forbidden tokens have exactly 0; the rest is renormalised before top-p."""
    assert allowed.any(), "a mask must leave something to write"
    heated = np.where(allowed, logits / sampling.temperatures, -np.inf)
    shares = np.exp(heated - heated.max())
    return keep_top_p(shares / shares.sum(), sampling.top_p)


def keep_top_p(shares: Floats, top_p: float) -> Floats:
    """Nucleus sampling (Holtzman et al. 2020): the fewest likeliest tokens with a share of `top_p`, renormalised."""
    if top_p >= 1:
        return shares
    order = (-shares).argsort(kind="stable")
    ranked = shares[order]
    together = ranked.cumsum()
    kept = 1 + int(together[:-1].searchsorted(top_p))  # one more than those that do not reach the share by themselves
    result = np.zeros_like(shares)
    result[order[:kept]] = ranked[:kept] / together[kept - 1]
    return result


def draw(shares: Floats, random: np.random.Generator) -> int:
    """One token, from one random number."""
    cumulative = shares.cumsum()
    token = int(cumulative.searchsorted(random.random() * cumulative[-1], side="right"))
    # Rounding can carry the draw onto a token of share 0 past the last possible one.
    return token if token < len(shares) and shares[token] > 0 else int(np.flatnonzero(shares)[-1])
