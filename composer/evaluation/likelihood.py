"""The likelihood of held-out pieces under a network of notes, as the exact mixture of the twelve keys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tqdm import tqdm

from composer.data.examples import whole_piece
from composer.data.prepared import Prepared
from composer.evaluation.ranges import Range, bootstrap
from composer.networks import NoteNetwork
from composer.training.notes import MEASURED_NOTES, NoteBatch

KEYS = range(-6, 6)  # semitones from the home key


@dataclass(frozen=True)
class NoteLikelihood:
    """Surprise in nats of each piece: as a mixture of the twelve keys, and told the home key; and the pieces' notes."""

    mixture: tuple[float, ...]
    home: tuple[float, ...]
    notes: tuple[int, ...]

    @property
    def per_note(self) -> Range:
        """Nats a note where no key is told: everything that is drawn, shared among the notes."""
        return bootstrap(self.mixture, self.notes)

    @property
    def home_per_note(self) -> Range:
        """Nats a note in the home key."""
        return bootstrap(self.home, self.notes)


@torch.inference_mode()
def likelihood(network: NoteNetwork, pieces: Sequence[Prepared]) -> NoteLikelihood:
    """The exact likelihood of whole pieces up to 700 notes; style and metre are told, all else is hidden."""
    mixture, home, notes = [], [], []
    for piece in tqdm(pieces, desc="Measuring", unit="piece", disable=None):
        batch = NoteBatch.of([whole_piece(piece, MEASURED_NOTES, shift) for shift in KEYS])
        context, _ = network(batch.heard)
        each = batch.asked.sum(1).tolist()
        asked = (context[batch.asked], batch.rows[batch.asked], batch.heard.last[batch.asked])
        surprise = network.head.surprise(*asked).sum(1).double()
        chances = torch.stack([-part.sum() for part in surprise.split(each)])  # (12,)
        mixture.append(math.log(len(KEYS)) - float(chances.logsumexp(0)))
        home.append(-float(chances[KEYS.index(0)]))
        notes.append(batch.notes // len(KEYS))
    return NoteLikelihood(tuple(mixture), tuple(home), tuple(notes))
