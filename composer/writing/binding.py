"""A request, a seed and a network brought together."""

from __future__ import annotations

from composer.music import Reading
from composer.networks.latent import LatentNetwork
from composer.shelf import Shelved
from composer.writing.phrases import PhraseCommission
from composer.writing.request import Request
from composer.writing.take import Commission


def commission(seed: Reading | None, request: Request, shelved: Shelved, second: Reading | None = None) -> Commission:
    """What writes the takes of a request; `second` is the melody to morph into, where that is the task."""
    if isinstance(shelved.network, LatentNetwork):
        return PhraseCommission(seed, request, shelved, second)
    return Commission(seed, request, shelved)
