"""The contract of networks that write from a point in a latent space: notes to a point, a point to notes.

A latent network is a writing network whose state can begin at a point z: `begin(z)` gives the state that `forward`
takes up, so that the one loop writes what z stands for.

Axes: B batch, N notes, D dimensions of the latent space, P phrases so far, R width of the noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from composer.networks.contract import State, WritingNetwork

Spelled = tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]


@dataclass(frozen=True)
class Notes:
    """Notes as an encoder reads them.

    `events` (B, N, 3) are the POSITION, PITCH and DURATION tokens of each, `places` (B, N, F) where it stands, `when`
    (B, N) its onset as a share of the phrase's time; padding has −1.
    """

    events: Tensor
    places: Tensor
    when: Tensor

    @classmethod
    def of(cls, phrases: Sequence[Spelled]) -> Notes:
        """Phrases side by side, each the events (N, 3), places (N, F) and onsets (N,) of its own number of notes."""
        longest = max(1, *(len(events) for events, _, _ in phrases), 1)
        size, fields = len(phrases), phrases[0][1].shape[1]
        events = np.zeros((size, longest, 3), np.int64)
        places = np.zeros((size, longest, fields), np.int64)
        when = np.full((size, longest), -1.0)
        for row, (said, where, onsets) in enumerate(phrases):
            events[row, : len(said)], places[row, : len(said)], when[row, : len(said)] = said, where, onsets
        return cls(*map(torch.from_numpy, (events, places, when)))


class LatentNetwork(WritingNetwork):
    """A network that hears a phrase as a point, and writes a phrase from one. `noise` is R, `latent` is D."""

    latent: int
    noise: int

    def encode(self, notes: Notes) -> tuple[Tensor, Tensor]:
        """Mean and log-variance (B, D) of the points that phrases may stand for."""
        raise AssertionError(f"{type(self).__name__} hears nothing")

    def begin(self, z: Tensor) -> State:
        """The state (B …) from which points (B, D) are written."""
        raise AssertionError(f"{type(self).__name__} begins nowhere")

    def imagine(self, past: Tensor, noise: Tensor) -> Tensor:
        """The next phrase's points (B, D), from those so far (B, P, D), latest last, and standard normal noise (B, R).

        P may be 0: a beginning.
        """
        raise AssertionError(f"{type(self).__name__} imagines nothing")
