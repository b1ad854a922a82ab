"""How surprised a network is by people's music: exact nats a token and nats a note over whole pieces."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from composer.networks import WritingNetwork
from composer.train.windows import Batch, Example


@dataclass(frozen=True)
class Likelihood:
    """Total surprise in nats over `tokens` events (bars and END among them) that spell `notes` notes."""

    nats: float
    tokens: int
    notes: int

    @property
    def per_token(self) -> float:
        """Nats a token."""
        return self.nats / self.tokens

    @property
    def per_note(self) -> float:
        """Nats a note: everything it takes to write the piece, shared among its notes."""
        return self.nats / self.notes


@torch.inference_mode()
def measure(network: WritingNetwork, pieces: Iterable[tuple[Example, int]]) -> Likelihood:
    """The exact joint likelihood of whole pieces, each an example and its number of notes.

    Pieces are read one at a time from their beginning, however long.
    """
    was_training = network.training
    network.eval()
    nats, tokens, notes = 0.0, 0, 0
    for example, count in pieces:
        batch = Batch.of([example])
        logits, _ = network(batch.tokens, batch.places)
        nats += float(F.cross_entropy(logits[0].float(), batch.targets[0], ignore_index=-100, reduction="sum"))
        tokens += int((batch.targets >= 0).sum())
        notes += count
    network.train(was_training)
    return Likelihood(nats, tokens, notes)


@torch.inference_mode()
def measure_in_keys(network: WritingNetwork, pieces: Iterable[tuple[Sequence[Example], int]]) -> Likelihood:
    """The likelihood where each token's chance is the mean of its chances in several keys.

    A piece is an example in each key, token for token, and its number of notes. As each key's prediction is a
    distribution over the same next tokens, so is their mean: the figure is again an exact joint likelihood.
    """
    network.eval()
    nats, tokens, notes = 0.0, 0, 0
    for examples, count in pieces:
        batch = Batch.of(list(examples))
        logits, _ = network(batch.tokens, batch.places)
        known = batch.targets[0] >= 0
        chances = logits.float().log_softmax(-1).gather(-1, batch.targets.clamp(min=0)[..., None])[..., 0]  # (K, T)
        nats -= float((chances.logsumexp(0) - math.log(len(examples)))[known].sum())
        tokens, notes = tokens + int(known.sum()), notes + count
    return Likelihood(nats, tokens, notes)
