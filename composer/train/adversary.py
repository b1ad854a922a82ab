"""Generator against critic, on successions of phrases as an autoencoder's points.

Hinge losses (Lim & Ye 2017), the generator slower than the critic (Heusel et al. 2017), with a gradient penalty on real
successions (R1, Mescheder et al. 2018). The critic is also shown real phrases that followed others (as Reed et al. 2016
do with captions), so that it minds what went before; how much of the past is told is drawn anew every time. Against
answers that hardly differ, the generator is rewarded for turning different noise into different points (mode seeking,
Mao et al. 2019).

Axes: B batch, P phrases so far, D latent dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from composer.events import Vocabulary, place_sizes
from composer.networks import EventSizes, WritingNetwork
from composer.networks.gan import QUANTILES, Gan, GanConfig
from composer.networks.vae import Vae
from composer.train.autoencoding import PhraseLesson
from composer.train.practice import Practice
from composer.train.successions import Successions

_PENALTY = 0.1  # of the critic's gradient at real successions, squared
_SEEKING = 1.0
_CRITIC_TURNS = 2  # a turn of the generator
_MEASURED = 4096  # successions


def _told(network: Gan, past: Tensor, present: Tensor) -> Tensor:
    """The past as one row (B, told), where only the phrases present are told, and as many as the network minds."""
    past, flags = past[:, -network.config.past :], present[:, -network.config.past :, None].to(past.dtype)
    return torch.cat([network.standardise(past) * flags, flags], -1).flatten(1)


@dataclass
class Duel:
    """Turns of the critic, then one of the generator."""

    successions: Successions
    size: int
    told: dict[str, float] = field(default_factory=dict)

    def turns(self, network: WritingNetwork, random: np.random.Generator, done: float) -> Iterator[Tensor]:
        """See `Practice`."""
        assert isinstance(network, Gan)
        for _ in range(_CRITIC_TURNS):
            yield self._critic_loss(network, random)
        network.critic.requires_grad_(False)
        yield self._generator_loss(network, random)
        network.critic.requires_grad_(True)

    def _critic_loss(self, network: Gan, random: np.random.Generator) -> Tensor:
        drawn = self.successions.draw(self.size, random)
        told = _told(network, drawn.past, drawn.present)
        real = network.standardise(drawn.following).requires_grad_()
        with torch.no_grad():
            made = network.generate(told, torch.randn(self.size, network.noise))
        marks, fake = network.mark(told, real), network.mark(told, made)
        (slope,) = torch.autograd.grad(marks.sum(), real, create_graph=True)
        some = drawn.present.any(1)  # where no past is told, every real phrase may follow
        stranger = network.mark(told, network.standardise(drawn.strangers))
        loss = (1 - marks).relu().mean() + 0.6 * (1 + fake).relu().mean()
        loss = loss + 0.4 * ((1 + stranger).relu() * some).sum() / some.sum().clamp(min=1)
        right = ((marks > 0).float().mean() + (fake < 0).float().mean()) / 2
        self.told |= {"critic": float(loss.detach()), "critic right": float(right)}
        return loss + _PENALTY / 2 * slope.square().sum(1).mean()

    def _generator_loss(self, network: Gan, random: np.random.Generator) -> Tensor:
        drawn = self.successions.draw(self.size, random)
        told, noise = _told(network, drawn.past, drawn.present), torch.randn(2, self.size, network.noise)
        one, other = network.generate(told, noise[0]), network.generate(told, noise[1])
        apart = (one - other).abs().mean(1) / (noise[0] - noise[1]).abs().mean(1)
        loss = -network.mark(told, one).mean()
        self.told |= {"generator": float(loss.detach())}
        return loss + _SEEKING / (apart.mean() + 1e-3)


class AnswerLesson:
    """Successions of phrases, as the points of a trained autoencoder."""

    unit: str = "distance over discernment"
    pace: ClassVar[Mapping[str, Any]] = {"batch": 256, "learning_rate": 1e-3, "momentum": 0.0, "valid_every": 0.5}
    # At one pace the critic never learned to know invented points, and they crowded where music is most usual.
    paces: ClassVar[Mapping[str, float]] = {"generator": 0.1}

    def __init__(self, phrases: PhraseLesson, vae: Vae) -> None:
        self.phrases, self.vae = phrases, vae
        vocabulary: Vocabulary = phrases.vocabulary
        self.sizes = EventSizes(vocabulary.size, place_sizes(vocabulary))
        self.settings: Mapping[str, Any] = {"vae": asdict(vae.config)}
        past = GanConfig().past
        self.train, self.valid = (Successions.of(vae, source, past) for source in (phrases.train, phrases.valid))

    def prepare(self, network: WritingNetwork) -> None:
        """See `Lesson`: the autoencoder, and what points look like."""
        assert isinstance(network, Gan)
        network.vae.load_state_dict(self.vae.state_dict())
        network.vae.requires_grad_(False)
        train = self.train
        network.centre.copy_(train.means.mean(0))
        network.spread.copy_((train.means.var(0) + train.deviations.square().mean(0)).sqrt())

    def practice(self, size: int, window: int) -> Practice:
        """See `Lesson`."""
        return Duel(self.train, size)

    def measure(self, network: WritingNetwork) -> float:
        """See `Lesson`: the Fréchet distance of invented successions from real ones, for what the critic is worth.

        It is divided by how often the critic knows what really followed from a stranger: the autoencoder's prior, from
        which the generator begins, lies near to the music, and by the distance alone the best critic would be the one
        that has learned nothing.
        """
        assert isinstance(network, Gan)
        known, strange = marks_of(network, self.valid)
        return frechet(*successions_beside(network, self.valid)) / float((known > strange).float().mean())

    @torch.no_grad()
    def complete(self, network: WritingNetwork) -> None:
        """See `Lesson`: the critic's marks of held-out phrases, to compare others with."""
        assert isinstance(network, Gan)
        levels = torch.linspace(0, 1, QUANTILES)
        for table, marks in zip((network.marks, network.strangers), marks_of(network, self.valid), strict=True):
            table.copy_(torch.quantile(marks, levels))

    def card(self) -> dict[str, Any]:
        """See `Lesson`."""
        return self.phrases.card()


@torch.no_grad()
def successions_beside(network: Gan, successions: Successions) -> tuple[Tensor, Tensor]:
    """Real successions (M, 2 D) of two standardised points, and the same with the second invented."""
    random = np.random.default_rng(0)
    torch.manual_seed(0)
    drawn = successions.draw(_MEASURED, random)
    last = network.standardise(drawn.past[:, -1]) * drawn.present[:, -1:]
    made = network.generate(_told(network, drawn.past, drawn.present), torch.randn(_MEASURED, network.noise))
    return torch.cat([last, network.standardise(drawn.following)], 1), torch.cat([last, made], 1)


@torch.no_grad()
def marks_of(network: Gan, successions: Successions) -> tuple[Tensor, Tensor]:
    """The critic's marks (M,) of phrases after all it minds of those before, and of strangers in their place."""
    following = np.flatnonzero(successions.before[:, -1] >= 0)
    chosen = np.random.default_rng(0).permutation(following)[:_MEASURED]
    before = successions.before[chosen]
    told = _told(network, successions.means[torch.from_numpy(before)], torch.from_numpy(before >= 0))
    there = torch.from_numpy(chosen)
    other = there[torch.from_numpy(successions.strangers(chosen))]
    real, strange = (network.mark(told, network.standardise(successions.means[index])) for index in (there, other))
    return real, strange


def frechet(real: Tensor, made: Tensor) -> float:
    """The Fréchet distance between Gaussians fitted to two sets of points (M, D) (Heusel et al. 2017)."""
    a, b = real.double(), made.double()
    away = (a.mean(0) - b.mean(0)).square().sum()
    first, second = torch.cov(a.T), torch.cov(b.T)
    values, vectors = torch.linalg.eigh(first)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    joint = torch.linalg.eigvalsh(root @ second @ root).clamp(min=0).sqrt().sum()
    return float(away + first.trace() + second.trace() - 2 * joint)
