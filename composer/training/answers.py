"""Generator against critic, on successions of phrases as an autoencoder's points.

Hinge losses (Lim & Ye 2017), the generator slower than the critic (Heusel et al. 2017), with a gradient penalty on real
successions (R1, Mescheder et al. 2018). The critic is also shown real phrases that followed others (as Reed et al. 2016
do with captions), so that it minds what went before; how much of the past is told is drawn anew every time. Against
answers that hardly differ, the generator is rewarded for turning different noise into different points (mode seeking,
Mao et al. 2019).

Axes: B batch, P phrases so far, D latent dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from composer.networks.gan import QUANTILES, Gan
from composer.networks.vae import Vae
from composer.training.objective import Objective
from composer.training.successions import Drawn, Successions

_PENALTY = 0.1  # of the critic's gradient at real successions, squared
_SEEKING = 1.0
_MEASURED = 4096  # successions
_POOL = 64  # batches


@dataclass(frozen=True)
class Round:
    """Successions to tell apart, and noise (3, B, 1 + D): one for the critic to see through, two for the generator."""

    drawn: Drawn
    noise: Tensor


def _told(network: Gan, past: Tensor, present: Tensor) -> Tensor:
    """The past as one row (B, told), where only the phrases present are told, and as many as the network minds."""
    past, flags = past[:, -network.config.past :], present[:, -network.config.past :, None].to(past.dtype)
    return torch.cat([network.standardise(past) * flags, flags], -1).flatten(1)


class AnswerObjective(Objective):
    """Answer a phrase with the next one, and know people's answers from others: both learn from one loss.

    The critic's weights are constants where the generator learns, and the generator's answers where the critic does.
    """

    unit = "distance over discernment"

    def __init__(self, train: Successions, valid: Successions, vae: Vae, size: int) -> None:
        self.train, self.valid, self.vae, self.size = train, valid, vae, size

    def prepare(self, network: nn.Module) -> None:
        """See `Objective`: the autoencoder, and what points look like."""
        assert isinstance(network, Gan)
        network.vae.load_state_dict(self.vae.state_dict())
        network.vae.requires_grad_(False)
        train = self.train
        network.centre.copy_(train.means.mean(0))
        network.spread.copy_((train.means.var(0) + train.deviations.square().mean(0)).sqrt())

    def pool(self, random: np.random.Generator) -> list[Round]:
        """Some rounds of so many successions."""
        return [self._round(random) for _ in range(_POOL)]

    def _round(self, random: np.random.Generator) -> Round:
        noise = random.standard_normal((3, self.size, 1 + self.vae.latent)).astype(np.float32)
        return Round(self.train.draw(self.size, random), torch.from_numpy(noise))

    def loss(self, network: nn.Module, batch: Round, device: str, done: float = 1.0) -> Tensor:
        """The critic's hinge loss, and the generator's."""
        assert isinstance(network, Gan)
        with torch.autocast(device.partition(":")[0], enabled=False):  # a second derivative needs single precision
            told = _told(network, batch.drawn.past, batch.drawn.present)
            return _critic_loss(network, batch, told) + _generator_loss(network, batch, told)

    def measure(self, network: nn.Module, device: str) -> dict[str, float]:
        """The Fréchet distance of invented successions from real ones, for what the critic is worth.

        It is divided by how often the critic knows what really followed from a stranger: the autoencoder's prior, from
        which the generator begins, lies near to the music, and by the distance alone the best critic would be the one
        that has learned nothing.
        """
        assert isinstance(network, Gan)
        known, strange = marks_of(network, self.valid)
        return {"answers": frechet(*successions_beside(network, self.valid)) / float((known > strange).float().mean())}

    @torch.no_grad()
    def complete(self, network: nn.Module) -> None:
        """See `Objective`: the critic's marks of held-out phrases, to compare others with."""
        assert isinstance(network, Gan)
        levels = torch.linspace(0, 1, QUANTILES)
        for table, marks in zip((network.marks, network.strangers), marks_of(network, self.valid), strict=True):
            table.copy_(torch.quantile(marks, levels))


def _critic_loss(network: Gan, batch: Round, told: Tensor) -> Tensor:
    drawn = batch.drawn
    real = network.standardise(drawn.following).requires_grad_()
    with torch.no_grad():
        made = network.generate(told, batch.noise[0])
    marks, fake = network.mark(told, real), network.mark(told, made)
    (slope,) = torch.autograd.grad(marks.sum(), real, create_graph=True)
    some = drawn.present.any(1)  # where no past is told, every real phrase may follow
    stranger = network.mark(told, network.standardise(drawn.strangers))
    loss = (1 - marks).relu().mean() + 0.6 * (1 + fake).relu().mean()
    loss = loss + 0.4 * ((1 + stranger).relu() * some).sum() / some.sum().clamp(min=1)
    return loss + _PENALTY / 2 * slope.square().sum(1).mean()


def _generator_loss(network: Gan, batch: Round, told: Tensor) -> Tensor:
    one, other = (network.generate(told, noise) for noise in batch.noise[1:])
    apart = (one - other).abs().mean(1) / (batch.noise[1] - batch.noise[2]).abs().mean(1)
    fixed = {name: weight.detach() for name, weight in network.critic.named_parameters()}
    marks = functional_call(network.critic, fixed, (torch.cat([told, one], -1),))[:, 0]
    return -marks.mean() + _SEEKING / (apart.mean() + 1e-3)


@torch.no_grad()
def successions_beside(network: Gan, successions: Successions) -> tuple[Tensor, Tensor]:
    """Real successions (M, 2 D) of two standardised points, and the same with the second invented."""
    random = np.random.default_rng(0)
    drawn = successions.draw(_MEASURED, random)
    noise = torch.from_numpy(random.standard_normal((_MEASURED, 1 + network.latent)).astype(np.float32))
    last = network.standardise(drawn.past[:, -1]) * drawn.present[:, -1:]
    made = network.generate(_told(network, drawn.past, drawn.present), noise)
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
