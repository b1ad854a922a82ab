"""The likelihood of held-out pieces under a network of notes, as the exact mixture of the twelve keys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tqdm import tqdm

from composer.data.examples import whole_piece
from composer.data.prepared import Prepared
from composer.networks import NoteNetwork
from composer.training.notes import MEASURED_NOTES, NoteBatch

KEYS = range(-6, 6)  # semitones from the home key


@dataclass(frozen=True)
class NoteLikelihood:
    """Surprise in nats of pieces with so many `notes`: as a mixture of the twelve keys, and told the home key."""

    mixture: float
    home: float
    notes: int

    @property
    def per_note(self) -> float:
        """Nats a note where no key is told: everything that is drawn, shared among the notes."""
        return self.mixture / self.notes

    @property
    def home_per_note(self) -> float:
        """Nats a note in the home key."""
        return self.home / self.notes


@torch.inference_mode()
def likelihood(network: NoteNetwork, pieces: Sequence[Prepared]) -> NoteLikelihood:
    """The exact likelihood of whole pieces up to 700 notes; style and metre are told, all else is hidden."""
    mixture = home = 0.0
    notes = 0
    for piece in tqdm(pieces, desc="Measuring", unit="piece", disable=None):
        batch = NoteBatch.of([whole_piece(piece, MEASURED_NOTES, shift) for shift in KEYS])
        context, _ = network(batch.heard)
        each = batch.asked.sum(1).tolist()
        asked = (context[batch.asked], batch.rows[batch.asked], batch.heard.last[batch.asked])
        surprise = network.head.surprise(*asked).sum(1).double()
        chances = torch.stack([-part.sum() for part in surprise.split(each)])  # (12,)
        mixture -= float(chances.logsumexp(0)) - math.log(len(KEYS))
        home -= float(chances[KEYS.index(0)])
        notes += batch.notes // len(KEYS)
    return NoteLikelihood(mixture, home, notes)
