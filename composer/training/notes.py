"""Learning to write notes: the surprise of what is asked for, a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from composer.data.examples import Example, ExampleSource, whole_piece
from composer.data.prepared import Prepared
from composer.networks.notes import HeardBatch, NoteNetwork
from composer.training.objective import Objective

MEASURED_NOTES = 700  # of a piece, from its beginning


@dataclass(frozen=True)
class NoteBatch:
    """Examples side by side: what is heard, the rows (B, T, 7) that follow, which of them are asked for (B, T)."""

    heard: HeardBatch
    rows: Tensor
    asked: Tensor
    notes: int

    @classmethod
    def of(cls, examples: Sequence[Example]) -> NoteBatch:
        """The shorter examples are padded with rows that nobody asks for."""
        longest = max(map(len, examples))
        rows = np.zeros((len(examples), longest, examples[0].rows.shape[1]), np.int64)
        asked = np.zeros((len(examples), longest), np.bool_)
        for index, example in enumerate(examples):
            rows[index, : len(example)], asked[index, : len(example)] = example.rows, example.asked
        heard = HeardBatch.side_by_side([example.heard for example in examples])
        notes = sum(example.notes for example in examples)
        return cls(heard, torch.from_numpy(rows), torch.from_numpy(asked), notes)

    def to(self, device: str) -> NoteBatch:
        """The same on a device."""
        return NoteBatch(self.heard.to(device), self.rows.to(device), self.asked.to(device), self.notes)


class NoteObjective(Objective):
    """Write what people wrote: nats a note, everything that is drawn counted."""

    unit = "nats a note"

    def __init__(
        self, source: ExampleSource, valid: Mapping[str, Sequence[Prepared]], rows: int, pool: int = 96
    ) -> None:
        self.source, self.valid, self.rows, self.drawn = source, valid, rows, pool

    def pool(self, random: np.random.Generator) -> list[NoteBatch]:
        """Batches of about `rows` rows each, padding counted."""
        return [NoteBatch.of(examples) for examples in self.source.pool(self.rows, random, self.drawn)]

    def loss(self, network: nn.Module, batch: NoteBatch, device: str, done: float = 1.0) -> Tensor:
        """Nats a note."""
        assert isinstance(network, NoteNetwork)
        there = batch.to(device)
        nats: Tensor = network.surprise(there.heard, there.rows, there.asked).sum()
        return nats / max(1, batch.notes)

    def measure(self, network: nn.Module, device: str) -> dict[str, float]:
        """Nats a note of the held-out pieces of each corpus, in their home key."""
        return {corpus: self._nats_per_note(network, pieces, device) for corpus, pieces in self.valid.items()}

    def _nats_per_note(self, network: nn.Module, pieces: Sequence[Prepared], device: str) -> float:
        nats = notes = 0.0
        for piece in pieces:
            batch = NoteBatch.of([whole_piece(piece, MEASURED_NOTES)])
            nats += float(self.loss(network, batch, device)) * max(1, batch.notes)
            notes += batch.notes
        return nats / max(1.0, notes)
