"""Generator and critic, trained against each other (Goodfellow et al. 2014) on successions of phrases as points.

The autoencoder hears and writes the phrases. The generator turns the points of the phrases so far and noise into the
point of the next; the critic is told the same phrases and a next one, and says how real the succession is.

Axes: B batch, P phrases so far, D latent dimensions, R width of the noise, H hidden width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from composer.kinds import KINDS
from composer.networks.latent import LatentNetwork
from composer.networks.prior import NEARER, uniform
from composer.networks.vae import Vae, VaeConfig

QUANTILES = 101  # of the critic's marks


@dataclass(frozen=True)
class GanConfig:
    """Sizes of generator and critic; `past` is how many phrases they look back at."""

    hidden: int = 512
    past: int = 4
    vae: VaeConfig = field(default_factory=VaeConfig)

    def __post_init__(self) -> None:
        if min(self.hidden, self.past) < 1:
            raise ValueError(f"sizes must be at least 1: {self}")
        held: Any = self.vae
        if isinstance(held, Mapping):  # cards hold plain values
            object.__setattr__(self, "vae", VaeConfig(**held))

    @classmethod
    def tiny(cls) -> GanConfig:
        """Sizes for tests."""
        return cls(hidden=8, past=2, vae=VaeConfig.tiny())


def _layers(wide: int, hidden: int, out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(wide, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, out)
    )


class Gan(nn.Module, LatentNetwork):
    """Answers a phrase with the next one, from noise; its critic marks anyone's."""

    name, summary, tasks, polyphonic = KINDS["gan"]

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.vae = Vae(config.vae)
        self.config, self.latent, self.noise = config, config.vae.latent, 2 + config.vae.latent
        told = config.past * (self.latent + 1)  # a flag says whether a phrase is there
        self.generator = _layers(told + 1 + self.latent, config.hidden, self.latent)
        for parameter in self.generator[-1].parameters():  # begin with the autoencoder's prior, and learn from there
            nn.init.zeros_(parameter)
        self.critic = _layers(told + self.latent, config.hidden, 1)
        # Points as generator and critic know them have mean 0 and deviation 1 in every dimension.
        self.centre = nn.Buffer(torch.zeros(self.latent))
        self.spread = nn.Buffer(torch.ones(self.latent))
        # The critic's marks, rising, of held-out phrases after those that they followed, and after others'.
        self.marks, self.strangers = (nn.Buffer(torch.linspace(-1, 1, QUANTILES)) for _ in range(2))

    @property
    def autoencoder(self) -> Vae:
        """See `LatentNetwork.autoencoder`."""
        return self.vae

    def imagine(self, past: Tensor, noise: Tensor) -> Tensor:
        """See `LatentNetwork.imagine`: now and then a phrase returns, as in people's melodies; else it is made up."""
        near = torch.cat([noise[:, 1:2], NEARER * noise[:, 2:]], 1)
        fresh = self.generate(self.tell(self.standardise(past)), near) * self.spread + self.centre
        if not past.shape[1]:
            return fresh
        return self.vae.prior.succession.returned(past, uniform(noise[:, 0]), fresh)

    def standardise(self, points: Tensor) -> Tensor:
        """Points (…, D) as generator and critic know them."""
        return (points - self.centre) / self.spread

    def tell(self, past: Tensor) -> Tensor:
        """Standardised points so far (B, P, D), the latest last, as one row (B, told) of the last `past` of them."""
        b, length = past.shape[0], min(past.shape[1], self.config.past)
        flagged = torch.cat([past, past.new_ones(*past.shape[:2], 1)], -1)[:, past.shape[1] - length :]
        missing = past.new_zeros(b, self.config.past - length, self.latent + 1)
        return torch.cat([missing, flagged], 1).flatten(1)

    def generate(self, told: Tensor, noise: Tensor) -> Tensor:
        """The next standardised point (B, D), from what `tell` gives and noise (B, 1 + D).

        The noise is a phrase of the autoencoder's prior after the last one told, moved to where it follows them all.
        """
        moved: Tensor = self.generator(torch.cat([told, noise], -1))
        last, present = told[:, -self.latent - 1 : -1] * self.spread + self.centre, told[:, -1] > 0
        return self.standardise(self.vae.prior.new(last, present, noise)) + moved

    def mark(self, told: Tensor, point: Tensor) -> Tensor:
        """How real the critic holds a standardised point (B, D) after those told: (B,), above 0 for real."""
        marks: Tensor = self.critic(torch.cat([told, point], -1))[:, 0]
        return marks

    def judge(self, past: Tensor, point: Tensor) -> Tensor:
        """The critic's marks (B,) of points (B, D) after those before (B, P, D)."""
        return self.mark(self.tell(self.standardise(past)), self.standardise(point))

    def follows(self, past: Tensor, point: Tensor) -> tuple[Tensor, Tensor]:
        """How well points (B, D) follow those before (B, P, D): the shares (B,) of held-out phrases marked lower.

        First of those that really followed, then of strangers: phrases set after others than their own.
        """
        mark = self.judge(past, point)
        people, strangers = (
            torch.searchsorted(table, mark).float() / QUANTILES for table in (self.marks, self.strangers)
        )
        return people, strangers
