"""What lies where in a latent space: a mixture of Gaussians fitted to points, and their map in two dimensions.

Axes: M points, D latent dimensions, K components.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_ROUNDS = 8  # of expectation and maximisation; more changed little
_LEAN = 50.0  # points' worth of the covariance of all in every component's
_RIDGE = 0.02  # added to every variance, so that no component shrinks to a point


@dataclass(frozen=True)
class Gaussians:
    """K Gaussians: means (K, D), lower Cholesky factors of their covariances (K, D, D), and weights (K,)."""

    means: Tensor
    factors: Tensor
    weights: Tensor

    def log_likelihood(self, points: Tensor) -> Tensor:
        """Of points (M, D) under each component, weighed: (M, K)."""
        d = points.shape[1]
        columns = []
        for mean, factor, weight in zip(self.means, self.factors, self.weights, strict=True):
            white = torch.linalg.solve_triangular(factor, (points - mean).T, upper=False)  # (D, M)
            scale = factor.diagonal().log().sum() + d / 2 * math.log(2 * math.pi)
            columns.append(weight.log() - scale - white.square().sum(0) / 2)
        return torch.stack(columns, 1)


def fit_gaussians(points: Tensor, components: int) -> Gaussians:
    """A mixture fitted to points (M, D) by expectation maximisation (Dempster et al. 1977)."""
    random = torch.Generator().manual_seed(0)
    whole = torch.linalg.cholesky(_covariance(points, points.mean(0), torch.ones(len(points))))
    found = Gaussians(
        _far_apart(points, components, random),
        0.5 * whole.expand(components, -1, -1),
        torch.full((components,), 1 / components),
    )
    for _ in range(_ROUNDS):
        shares = found.log_likelihood(points).softmax(1)  # (M, K)
        weights = shares.sum(0) + 1e-6
        means = (shares.T @ points) / weights[:, None]
        blended = [
            (weight * _covariance(points, mean, share) + _LEAN * whole @ whole.T) / (weight + _LEAN)
            for mean, share, weight in zip(means, shares.T, weights, strict=True)
        ]
        found = Gaussians(means, torch.linalg.cholesky(torch.stack(blended)), weights / weights.sum())
    return found


def _far_apart(points: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Some of the points (count, D): each is likelier the farther it lies from those chosen.

    (Arthur & Vassilvitskii 2007.)
    """
    chosen = points[:1]
    for _ in range(count - 1):
        nearest = torch.cdist(points, chosen).min(1).values
        chosen = torch.cat([chosen, points[torch.multinomial(nearest.square(), 1, generator=random)]])
    return chosen


def _covariance(points: Tensor, mean: Tensor, shares: Tensor) -> Tensor:
    away = points - mean
    spread = (away * (shares / shares.sum())[:, None]).T @ away
    return spread + _RIDGE * torch.eye(points.shape[1])


def principal_axes(points: Tensor) -> tuple[Tensor, Tensor]:
    """The middle (D,) of points (M, D), and the two directions (2, D) in which they differ most."""
    middle = points.mean(0)
    _, _, axes = torch.linalg.svd(points - middle, full_matrices=False)
    return middle, axes[:2]
