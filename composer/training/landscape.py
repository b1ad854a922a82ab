"""What lies where in a latent space: a mixture of Gaussians fitted to points, what follows what, and a map.

Axes: M points, P phrases before, D latent dimensions, K components.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from composer.events.rows import Ints
from composer.networks.prior import RETURNS, Succession
from composer.training.successions import Successions

_ROUNDS = 8  # of expectation and maximisation; more changed little
_LEAN = 50.0  # points' worth of the covariance of all in every component's
_RIDGE = 0.02  # added to every variance, so that no component shrinks to a point
_NEAR = 1 / 3  # of the usual distance between neighbours, within which two phrases are one
_SAME = 0.01  # distance of phrases that are the same notes


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
    whole = _root(points)
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


def fit_succession(kept: Succession, heard: Successions) -> None:
    """Count how phrases follow those before them, with at least `RETURNS` numbers of what went before."""
    last, back = heard.before[:, -1], went_back(heard)
    apart = (heard.means[last[last >= 0]] - heard.means[last >= 0]).norm(dim=1)
    kept.near.copy_(_NEAR * apart.median())
    kept.returns.copy_(torch.from_numpy(_chances(heard.before, back)))
    new = (last >= 0) & (back == 0)
    drawn = heard.means + heard.deviations * torch.randn_like(heard.means)
    kept.middle.copy_(drawn.mean(0))
    heard_root, root = (_root(points) for points in (heard.means, drawn))
    x = (heard.means[last[new]] - kept.middle) @ torch.linalg.inv(heard_root).T
    y = (drawn[new] - kept.middle) @ torch.linalg.inv(root).T
    u, strength, v = torch.linalg.svd(x.T @ y / len(x))
    kept.strength.copy_(strength.clamp(max=1))
    kept.hears.copy_(torch.linalg.inv(heard_root).T @ u)
    kept.draws.copy_(torch.linalg.inv(root).T @ v.T), kept.back.copy_(v @ root.T)


def _root(points: Tensor) -> Tensor:
    """The Cholesky factor (D, D) of the covariance of points (M, D)."""
    factor: Tensor = torch.linalg.cholesky(_covariance(points, points.mean(0), torch.ones(len(points))))
    return factor


def went_back(heard: Successions) -> Ints:
    """How many phrases back (M,) each phrase stands note for note; 0 where it is new, the nearest of several."""
    found = np.zeros(len(heard.before), np.int64)
    for back in range(RETURNS, 0, -1):
        earlier = heard.before[:, -back]
        there = np.flatnonzero(earlier >= 0)
        apart = (heard.means[earlier[there]] - heard.means[there]).norm(dim=1).numpy()
        found[there[apart < _SAME]] = back
    return found


def _chances(before: Ints, back: Ints) -> npt.NDArray[np.float64]:
    """The share (1 + L, 1 + L) of phrases that went so many back, where there were as many, by what the last did."""
    chances = np.zeros((1 + RETURNS, 1 + RETURNS))
    known = before[:, -1] >= 0
    state = np.where(known, back[before[:, -1]], 0)
    for was in range(1 + RETURNS):
        for step in range(1, 1 + RETURNS):
            able = known & (state == was) & (before[:, -step] >= 0)
            chances[was, step] = (back[able] == step).mean() if able.any() else 0.0
    chances[:, 0] = 1 - chances[:, 1:].sum(1)
    return chances
