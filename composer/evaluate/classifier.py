"""A fresh classifier that tries to tell takes from people's music by their statistics; 50 % right is perfect mimicry.

Logistic regression with a quadratic penalty, on standardised statistics and their squares, five folds; the interval is
Wilson's 95 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from composer.evaluate.statistics import Floats

_FOLDS = 5
_PENALTY = 0.01


@dataclass(frozen=True)
class Accuracy:
    """The share of passages told right, and its 95 % interval."""

    share: float
    low: float
    high: float


def tell_apart(takes: Floats, human: Floats, seed: int = 0) -> Accuracy:
    """How well the classifier tells takes (N, S) from human passages (M, S), on passages it has not seen."""
    features = np.concatenate([takes, human])
    labels = np.concatenate([np.ones(len(takes)), np.zeros(len(human))])
    order = np.random.default_rng(seed).permutation(len(labels))
    right = 0
    for fold in range(_FOLDS):
        held = order[fold::_FOLDS]
        seen = np.setdiff1d(order, held)
        mean, spread = features[seen].mean(0), features[seen].std(0) + 1e-9
        x = (features - mean) / spread
        guessed = _fitted(np.hstack([x, x**2]), labels, seen)[held] > 0
        right += int((guessed == (labels[held] > 0.5)).sum())
    return _wilson(right, len(labels))


def _fitted(x: Floats, labels: Floats, seen: np.ndarray) -> Floats:
    """The logits of all passages by a regression fitted to those `seen`, both classes weighing the same."""
    inputs, wanted = torch.from_numpy(x[seen]), torch.from_numpy(labels[seen])
    share = float(wanted.mean())
    weights = torch.where(wanted > 0.5, 0.5 / share, 0.5 / (1 - share))
    slope = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    offset = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([slope, offset], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        fit = F.binary_cross_entropy_with_logits(inputs @ slope + offset, wanted, weights)
        total = fit + _PENALTY * (slope**2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    with torch.no_grad():
        logits: Floats = (torch.from_numpy(x) @ slope + offset).numpy()
    return logits


def _wilson(right: int, total: int) -> Accuracy:
    share, z = right / total, 1.96
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return Accuracy(share, float(centre - half), float(centre + half))
