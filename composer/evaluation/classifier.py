"""A fresh classifier that tries to tell takes from people's music by their statistics; 50 % right is perfect mimicry.

Logistic regression with a quadratic penalty, on standardised statistics and their squares, five folds; the interval is
Wilson's 95 %.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from composer.evaluation.ranges import Range, wilson
from composer.evaluation.statistics import Floats

_FOLDS = 5
_PENALTY = 0.01


def tell_apart(takes: Floats, human: Floats, seed: int = 0) -> Range:
    """The share told right of takes (N, S) and human passages (M, S), each by a classifier that has not seen it."""
    features = np.concatenate([takes, human])
    labels = np.concatenate([np.ones(len(takes)), np.zeros(len(human))])
    order = np.random.default_rng(seed).permutation(len(labels))
    right = 0
    for fold in range(_FOLDS):
        held = order[fold::_FOLDS]
        seen = np.setdiff1d(order, held)
        mean, spread = features[seen].mean(0), features[seen].std(0) + 1e-9
        x = (features - mean) / spread
        guessed = fitted(np.hstack([x, x**2]), labels, seen)[held] > 0
        right += int((guessed == (labels[held] > 0.5)).sum())
    return wilson(right, len(labels))


def fitted(x: Floats, labels: Floats, seen: np.ndarray) -> Floats:
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
