"""The chances of one decision on their way from the network to the draw.

Axis: V values of a decision. Everything is a pure function of the logits; surprise and entropy are in bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.writing.sampling import COLDEST, Floats, keep_top_p


@dataclass(frozen=True)
class Chances:
    """Four distributions (V,), each of which sums to one.

    `network` is what the network says, `heated` the same at a temperature, `masked` what a mask has left of that,
    `kept` what top-p has kept of that: the one that is drawn from.
    """

    network: Floats
    heated: Floats
    masked: Floats
    kept: Floats

    @classmethod
    def of(cls, logits: Floats, left: npt.NDArray[np.int64], temperature: float, top_p: float) -> Chances:
        """The way of logits (V,) of which `left` are the values that a mask leaves, at least one."""
        heated = softmax(logits, temperature)
        masked, kept = np.zeros_like(heated), np.zeros_like(heated)
        masked[left] = softmax(logits[left], temperature)  # anew: what is left may have been next to nothing
        kept[left] = keep_top_p(masked[left], top_p)
        return cls(softmax(logits), heated, masked, kept)


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """The distribution (V,) at a temperature: exp(l / T), divided by their sum."""
    heated = logits / max(COLDEST, temperature)
    shares = np.exp(heated - heated.max())
    return shares / shares.sum()


def entropy(shares: Floats) -> float:
    """Bits: how open a choice is."""
    some = shares[shares > 0]
    return float(-(some * np.log2(some)).sum())


def surprise(shares: Floats, value: int) -> float:
    """Bits: how little a value was to be expected."""
    return float(-np.log2(max(shares[value], np.finfo(float).tiny)))
