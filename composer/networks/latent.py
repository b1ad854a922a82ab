"""The contract of networks that write from a point in a latent space: notes to a point, a point to notes.

Axes: B batch, N notes, D dimensions of the latent space, P phrases so far, R width of the noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor

from composer.events.phrase import PhraseNotes

if TYPE_CHECKING:
    from composer.networks.vae import Vae


@dataclass(frozen=True)
class Notes:
    """Notes of phrases as an encoder reads them.

    `places` (B, N) are where they begin, bar and position in one number, `pitches` and `durations` (B, N) what they
    are, `when` (B, N) their onsets as a share of the phrase's time; padding has −1 there.
    """

    places: Tensor
    pitches: Tensor
    durations: Tensor
    when: Tensor

    @classmethod
    def of(cls, phrases: Sequence[PhraseNotes]) -> Notes:
        """Phrases side by side, each of its own number of notes."""
        longest = max(1, *(len(phrase.when) for phrase in phrases), 1)
        decisions = np.zeros((3, len(phrases), longest), np.int64)
        when = np.full((len(phrases), longest), -1.0, np.float32)
        for row, phrase in enumerate(phrases):
            size = len(phrase.when)
            decisions[:, row, :size] = phrase.places, phrase.pitches, phrase.durations
            when[row, :size] = phrase.when
        places, pitches, durations = map(torch.from_numpy, decisions)
        return cls(places, pitches, durations, torch.from_numpy(when))

    def to(self, device: str) -> Notes:
        """The same on a device."""
        return Notes(*(getattr(self, name).to(device) for name in ("places", "pitches", "durations", "when")))


class LatentNetwork:
    """A network that hears a phrase as a point, and imagines points; its autoencoder writes down what one stands for.

    `latent` is D, `noise` is R.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    tasks: ClassVar[tuple[str, ...]]
    polyphonic: ClassVar[bool] = False
    latent: int
    noise: int

    @property
    def autoencoder(self) -> Vae:
        """What hears phrases as points, and writes them."""
        raise AssertionError(f"{type(self).__name__} hears nothing")

    def imagine(self, past: Tensor, noise: Tensor) -> Tensor:
        """The next phrase's points (B, D), from those so far (B, P, D), latest last, and standard normal noise (B, R).

        P may be 0: a beginning.
        """
        raise AssertionError(f"{type(self).__name__} imagines nothing")
