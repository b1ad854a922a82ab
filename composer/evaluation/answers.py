"""What is measured of answers: whether they differ, and whether they lie where people's lie.

Axes: M successions, D latent dimensions; a succession is a point of 2 D numbers, a phrase's and the next one's.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from composer.music import Reading
from composer.networks.gan import Gan
from composer.shelf import Shelved
from composer.training.answers import frechet, marks_of, successions_beside
from composer.training.successions import Successions
from composer.writing import Request, new_writer

_NEIGHBOURS = 5
_SEEDS, _ANSWERS = 10, 50


@dataclass(frozen=True)
class Spread:
    """How invented successions lie among real ones (Naeem et al. 2020).

    `density` is how crowded the places are where they lie (1: as people's), `coverage` the share of people's
    successions that have one nearby, `distance` the Fréchet distance.
    """

    density: float
    coverage: float
    distance: float

    @classmethod
    def of(cls, real: Tensor, made: Tensor) -> Spread:
        """Of invented points (M, D) among real ones (M, D)."""
        radii = torch.cdist(real, real).kthvalue(_NEIGHBOURS + 1, 1).values  # the nearest is itself
        inside = torch.cdist(real, made) < radii[:, None]
        density, coverage = float(inside.float().mean() * len(real) / _NEIGHBOURS), float(inside.any(1).float().mean())
        return cls(density, coverage, frechet(real, made))


def distinct(shelved: Shelved, seeds: list[Reading], temperature: float) -> float:
    """The share of different ones among 500 answers of two bars, 50 to each of ten seeds."""
    different = asked = 0
    for seed in seeds[:_SEEDS]:
        wish = Request(bars=2, temperature=temperature, rhythm_temperature=temperature)
        answers = set()
        bound = new_writer(seed, wish, shelved)
        for take in range(_ANSWERS):
            answers.add(tuple(bound.finish(take).new_notes))
        different += len(answers)
        asked += _ANSWERS
    return different / asked


@torch.no_grad()
def spreads(network: Gan, successions: Successions) -> dict[str, Spread]:
    """How the answers of the gan lie, those of the autoencoder's prior, and people's own of other phrases."""
    real, made = (part[:2000] for part in successions_beside(network, successions))
    others = successions_beside(network, successions)[0][2000:4000]
    noise = torch.randn(len(real), network.vae.noise, generator=torch.Generator().manual_seed(0))
    last = real[:, : network.latent]
    past = (last * network.spread + network.centre)[:, None]
    drawn = network.standardise(network.vae.imagine(past, noise))
    sets = {"gan": made, "vae prior": torch.cat([last, drawn], 1), "people": others}
    return {name: Spread.of(real, points) for name, points in sets.items()}


@torch.no_grad()
def discernment(network: Gan, successions: Successions) -> dict[str, float]:
    """What the critic's marks are worth on phrases it has not heard, each beside a stranger in bars of one length.

    The first is how often it marks the phrase that really followed above the other; 0.5 is chance. Then where both
    stand on average among the held-out phrases by which takes are marked; people's own should stand at 0.5.
    """
    real, strange = marks_of(network, successions)
    ranks = [torch.searchsorted(network.marks, marks).float().mean() / len(network.marks) for marks in (real, strange)]
    return {
        "critic: next phrase known from a stranger": float((real > strange).float().mean()),
        "critic: rank of people's own among people's": float(ranks[0]),
        "critic: rank of strangers among people's": float(ranks[1]),
    }
