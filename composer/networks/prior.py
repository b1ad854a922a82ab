"""What phrases are likely as points, and what is likely after others: where a network of points begins to imagine.

Axes: B batch, P phrases so far, D latent dimensions, K components of the mixture, L how far a phrase may return.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

RETURNS = 8  # L, phrases
NEARER = 0.6  # of the way to a component's middle is left: what lies far out is seldom well learned, and leaps


class Mixture(nn.Module):
    """A mixture of K Gaussians over points (B, D)."""

    def __init__(self, components: int, latent: int) -> None:
        super().__init__()
        self.means = nn.Buffer(torch.zeros(components, latent))
        self.factors = nn.Buffer(torch.eye(latent).repeat(components, 1, 1))  # lower Cholesky, of the covariances
        self.weights = nn.Buffer(torch.full((components,), 1 / components))

    def draw(self, noise: Tensor) -> Tensor:
        """Points (B, D) from noise (B, 1 + D), standard normal; the first number chooses the component."""
        edges = self.weights.cumsum(0) / self.weights.sum()
        k = torch.searchsorted(edges, uniform(noise[:, 0])).clamp(max=len(edges) - 1)
        return self.means[k] + (self.factors[k] @ noise[:, 1:, None])[..., 0]

    def variance(self, directions: Tensor) -> Tensor:
        """Of all that may be drawn, along directions (A, D) of length 1: (A,)."""
        weights = self.weights / self.weights.sum()
        away = (self.means - weights @ self.means) @ directions.T  # (K, A)
        within = (directions @ self.factors).square().sum(-1)  # (K, A)
        along: Tensor = weights @ (away.square() + within)
        return along


class Succession(nn.Module):
    """How a phrase hangs together with those before it, as counted in the training music.

    In `strength` (D,) directions, each less than the one before, a phrase resembles the last (canonical correlations,
    Hotelling 1936): register, rhythm, liveliness. `hears` and `draws` (D, D) take points, less `middle` (D,), into
    them, `back` (D, D) out again. `returns` (1 + L, 1 + L) are the chances that a phrase is one before, so many
    phrases back (0: a new one), by what the last phrase was; points less than `near` apart are one phrase.
    """

    def __init__(self, latent: int) -> None:
        super().__init__()
        self.middle = nn.Buffer(torch.zeros(latent))
        self.strength = nn.Buffer(torch.zeros(latent))
        self.hears, self.draws, self.back = (nn.Buffer(torch.eye(latent)) for _ in range(3))
        self.returns = nn.Buffer(torch.eye(1 + RETURNS)[:1].repeat(1 + RETURNS, 1))
        self.near = nn.Buffer(torch.zeros(()))

    def lead(self, points: Tensor, last: Tensor) -> Tensor:
        """Points (B, D) drawn whatever went before, moved to where they follow the last phrases' (B, D)."""
        heard, drawn = (last - self.middle) @ self.hears, (points - self.middle) @ self.draws
        led = self.strength * heard + (1 - self.strength**2).sqrt() * drawn
        return points + (led - drawn) @ self.back

    def returning(self, past: Tensor, chance: Tensor) -> Tensor:
        """How many phrases back (B,) each goes to return to one of those before (B, P, D); 0 for a new phrase.

        `chance` (B,) is uniform in 0 … 1.
        """
        shares = self.returns[self._state(past)].clone()  # (B, 1 + L)
        shares[:, 1 + past.shape[1] :] = 0
        edges = shares[:, 1:].cumsum(1)
        back: Tensor = 1 + (chance[:, None] >= edges).sum(1)
        return torch.where(chance < edges[:, -1], back, 0)

    def returned(self, past: Tensor, chance: Tensor, fresh: Tensor) -> Tensor:
        """The next points (B, D): one of those before (B, P, D), as chance (B,) has it, or else the fresh ones."""
        back = self.returning(past, chance)
        earlier = past[torch.arange(len(past)), -back.clamp(min=1)]
        return torch.where((back > 0)[:, None], earlier, fresh)

    def _state(self, past: Tensor) -> Tensor:
        """How many phrases back the last phrase (B,) went itself; the nearest where there are several."""
        state = torch.zeros(len(past), dtype=torch.int64)
        for back in range(min(RETURNS, past.shape[1] - 1), 0, -1):
            same = (past[:, -1] - past[:, -1 - back]).norm(dim=1) < self.near
            state = torch.where(same, back, state)
        return state


class Prior(nn.Module):
    """What phrases are likely: first ones, and ones after others."""

    def __init__(self, components: int, latent: int) -> None:
        super().__init__()
        self.phrases = Mixture(components, latent)
        self.succession = Succession(latent)

    def new(self, last: Tensor, told: Tensor, noise: Tensor) -> Tensor:
        """New points (B, D) after the last phrases' (B, D), where `told` (B,); noise (B, 1 + D)."""
        drawn = self.phrases.draw(noise)
        return torch.where(told[:, None], self.succession.lead(drawn, last), drawn)

    def imagine(self, past: Tensor, noise: Tensor) -> Tensor:
        """The next points (B, D) after those so far (B, P, D); noise (B, 2 + D), the first chooses what to return to.

        Now and then a phrase returns to an earlier one, as in people's melodies.
        """
        near = torch.cat([noise[:, 1:2], NEARER * noise[:, 2:]], 1)
        if not past.shape[1]:
            return self.phrases.draw(near)
        fresh = self.new(past[:, -1], torch.ones(len(past), dtype=torch.bool), near)
        return self.succession.returned(past, uniform(noise[:, 0]), fresh)


def uniform(noise: Tensor) -> Tensor:
    """Standard normal numbers as uniform ones in 0 … 1."""
    return (1 + torch.erf(noise / math.sqrt(2))) / 2
