"""Phrases and those before them, as an autoencoder's points.

Axes: M phrases, B batch, P phrases so far, D latent dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from composer.data.phrases import PhraseSource
from composer.events.rows import Ints
from composer.networks.latent import Notes
from composer.networks.vae import Vae

_AT_ONCE = 512


@dataclass(frozen=True)
class Successions:
    """Phrases as points: means and deviations (M, D), and for each the numbers of those before it (M, P).

    The latest is last; −1 where there is none. `groups` (M, 2) are each phrase's piece and length of bars in ticks.
    """

    means: Tensor
    deviations: Tensor
    before: Ints
    groups: Ints

    @classmethod
    @torch.no_grad()
    def of(cls, vae: Vae, source: PhraseSource, past: int) -> Successions:
        """All phrases of a source, heard by an autoencoder."""
        groups = np.array([(phrase.piece, source.bar_ticks(phrase)) for phrase in source.phrases], np.int64)
        heard = [_hear(vae, source, start) for start in range(0, len(source.phrases), _AT_ONCE)]
        return cls(torch.cat([m for m, _ in heard]), torch.cat([d for _, d in heard]), source.before(past), groups)

    def draw(self, size: int, random: np.random.Generator) -> Drawn:
        """Some successions, of each as much of the past as chance will tell.

        The past is what a network hears when it writes, means; the next phrase may be any point that stands for it.
        """
        chosen = random.integers(len(self.before), size=size)
        before = self.before[chosen]
        told = random.integers(before.shape[1] + 1, size=size)  # how many of the phrases before
        present = (before >= 0) & (np.arange(before.shape[1], 0, -1) <= told[:, None])
        following = self._points(chosen, random)
        other = following[torch.from_numpy(self.strangers(chosen))]
        return Drawn(self.means[torch.from_numpy(before)], torch.from_numpy(present), following, other)

    def strangers(self, chosen: Ints) -> Ints:
        """For each chosen phrase (B,) the place among them of one from another melody, in bars of the same length.

        Where there is none, of any other.
        """
        place = np.roll(np.arange(len(chosen)), 1)
        for bar_ticks in np.unique(self.groups[chosen, 1]):
            rows = np.flatnonzero(self.groups[chosen, 1] == bar_ticks)
            rows = rows[np.argsort(self.groups[chosen[rows], 0], kind="stable")]  # by melody: half way round is another
            if len(rows) > 1:
                place[rows] = np.roll(rows, len(rows) // 2)
        return place

    def _points(self, numbers: Ints, random: np.random.Generator) -> Tensor:
        index, noise = torch.from_numpy(numbers), random.standard_normal((len(numbers), self.means.shape[1]))
        return self.means[index] + self.deviations[index] * torch.from_numpy(noise.astype(np.float32))


@dataclass(frozen=True)
class Drawn:
    """Points so far (B, P, D), their presence (B, P), the next point (B, D), and a stranger's in its place (B, D)."""

    past: Tensor
    present: Tensor
    following: Tensor
    strangers: Tensor


def _hear(vae: Vae, source: PhraseSource, start: int) -> tuple[Tensor, Tensor]:
    chosen = range(start, min(start + _AT_ONCE, len(source.phrases)))
    with torch.autocast("cpu", torch.bfloat16):
        mean, log_variance = vae.encode(Notes.of([source.notes(source.phrases[i]) for i in chosen]))
    return mean.float(), (log_variance / 2).exp().float()
