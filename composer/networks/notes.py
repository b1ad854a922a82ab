"""Networks that hear and write whole notes: an embedding, a trunk, and one head that spells the next row.

The trunk hears one row a step; the head spells the next row decision by decision, each given those before. The chance
of a row is the exact product of its decisions' chances. Networks differ in the trunk and in nothing else.

Axes: B batch, T rows, C channels, D decisions, S slots, V voices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from composer.events.features import SLOT_TABLE, SLOTS, TABLE, Heard
from composer.events.rows import (
    CHORD,
    CHORD_MOVE,
    DURATION,
    END,
    EXTEND,
    HEAD_SIZES,
    MOVE,
    PITCH,
    PITCHES,
    POSITION,
    VOICE,
)

State = Any  # a tensor, or a nest of tuples of tensors: whatever the trunk remembers; never changed in place


@dataclass(frozen=True)
class Inside:
    """What went on in a trunk while it heard T rows. A trunk tells of what it has; the rest is None or empty.

    `attention` (L, N, T, T): how much each head of each layer took from row s (last axis) at row t, rows summing to 1.
    `hidden` (L, T, H): the values of each layer after each row, from −1 to 1. `gates`, by name, (L, T, H): how far
    each was open, from 0 to 1.
    """

    attention: Tensor | None = None
    hidden: Tensor | None = None
    gates: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class HeardBatch:
    """What networks hear: `fields` (B, T, F) and `slots` (B, T, S, K) int64, `time` (B, T), `last` (B, T, V) int64."""

    fields: Tensor
    slots: Tensor
    time: Tensor
    last: Tensor

    @classmethod
    def of(cls, heard: Heard) -> HeardBatch:
        """One window by itself."""
        arrays = (heard.fields, heard.slots, heard.time, heard.last)
        fields, slots, time, last = (torch.from_numpy(array)[None] for array in arrays)
        return cls(fields.long(), slots.long(), time, last.long())

    @classmethod
    def side_by_side(cls, windows: list[Heard]) -> HeardBatch:
        """Several windows, the shorter ones padded with rows of which nothing is told."""
        longest = max(len(heard) for heard in windows)
        padded = []
        for name in ("fields", "slots", "time", "last"):
            first = getattr(windows[0], name)
            array = np.zeros((len(windows), longest, *first.shape[1:]), first.dtype)
            for row, heard in enumerate(windows):
                array[row, : len(heard)] = getattr(heard, name)
            padded.append(torch.from_numpy(array))
        fields, slots, time, last = padded
        return cls(fields.long(), slots.long(), time, last.long())

    def to(self, device: torch.device | str) -> HeardBatch:
        """The same on a device."""
        return HeardBatch(*(getattr(self, name).to(device) for name in ("fields", "slots", "time", "last")))


class RowEmbedding(nn.Module):
    """All that is heard of a row, as one vector: (B, T, F) and (B, T, S, K) → (B, T, C)."""

    def __init__(self, channels: int, slot_width: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(TABLE, channels) * 0.5 * channels**-0.5)
        self.slot_table = nn.Parameter(torch.randn(SLOT_TABLE, slot_width) * slot_width**-0.5)
        self.slots = nn.Linear(SLOTS * slot_width, channels, bias=False)

    def forward(self, heard: HeardBatch) -> Tensor:
        """See the class."""
        b, t, f = heard.fields.shape
        told = F.embedding_bag(heard.fields.view(b * t, f), self.table, mode="sum", padding_idx=0)
        slots = heard.slots.view(b * t * SLOTS, -1)
        seen = F.embedding_bag(slots, self.slot_table, mode="sum", padding_idx=0).view(b, t, -1)
        embedded: Tensor = told.view(b, t, -1) + self.slots(seen)
        return embedded


class RowHead(nn.Module):
    """Spells a row: for each decision a small layer over the context and the decisions taken so far.

    Whoever chose the voice is told that voice's last pitch before the next one is chosen.
    """

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.RMSNorm(channels), nn.Linear(channels, inner), nn.SiLU(), nn.Linear(inner, channels))
            for _ in HEAD_SIZES
        )
        self.out = nn.ModuleList(nn.Linear(channels, size) for size in HEAD_SIZES)
        self.taken = nn.ParameterList(torch.randn(size, channels) * channels**-0.5 for size in HEAD_SIZES[:DURATION])
        self.last_pitch = nn.Parameter(torch.zeros(1 + PITCHES, channels))

    def logits(self, decision: int, context: Tensor) -> Tensor:
        """Logits (…, values of the decision) given a context (…, C) that knows the decisions before."""
        answered: Tensor = self.out[decision](context + self.layers[decision](context))
        return answered

    def take(self, decision: int, value: Tensor, context: Tensor, last: Tensor) -> Tensor:
        """The context (…, C) after a decision (…,); `last` (…, V) are the voices' last pitches, plus 1."""
        context = context + self.taken[decision][value]
        if decision == VOICE:
            context = context + self.last_pitch[last.gather(-1, value[..., None])[..., 0]]
        return context

    def surprise(self, context: Tensor, rows: Tensor, last: Tensor) -> Tensor:
        """Nats (N, D) of rows (N, 7), given contexts (N, C); 0 for decisions that a row does not have."""
        move = rows[:, MOVE]
        note, chord = move < CHORD_MOVE, (move >= CHORD_MOVE) & (move < END)
        nats = context.new_zeros(len(rows), len(HEAD_SIZES), dtype=torch.float32)
        nats[:, MOVE] = self._cost(MOVE, context, move)
        context = self.take(MOVE, move, context, last)
        placed = note | chord
        extended = move == EXTEND
        if extended.any():
            nats[extended, DURATION] = self._cost(DURATION, context[extended], rows[extended, DURATION])
        context, rows, last, note, chord = (values[placed] for values in (context, rows, last, note, chord))
        at = placed.nonzero()[:, 0]
        nats[at, POSITION] = self._cost(POSITION, context, rows[:, POSITION])
        context = self.take(POSITION, rows[:, POSITION], context, last)
        if chord.any():
            nats[at[chord], CHORD] = self._cost(CHORD, context[chord], rows[chord, CHORD])
        context, rows, last, at = (values[note] for values in (context, rows, last, at))
        for decision in (VOICE, PITCH, DURATION):
            nats[at, decision] = self._cost(decision, context, rows[:, decision])
            if decision != DURATION:
                context = self.take(decision, rows[:, decision], context, last)
        return nats

    def _cost(self, decision: int, context: Tensor, values: Tensor) -> Tensor:
        return F.cross_entropy(self.logits(decision, context).float(), values, reduction="none")


class Trunk(nn.Module):
    """What a network is made of: rows heard so far to what is known before the next."""

    def forward(self, x: Tensor, time: Tensor, state: State | None) -> tuple[Tensor, State]:
        """(B, T, C), their onsets in quarters (B, T), and the state before them, to (B, T, C) and the state after."""
        raise AssertionError(f"{type(self).__name__} is no trunk")

    def inside(self, x: Tensor, time: Tensor) -> Inside:
        """What goes on while rows (1, T, C) are heard from the beginning; time (1, T) in quarters."""
        return Inside()


@dataclass(frozen=True)
class NoteConfig:
    """Sizes that every network of notes has; `dropout` is the share of activations dropped in training."""

    channels: int = 256
    slot_width: int = 32
    head: int = 384
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if min(self.channels, self.slot_width, self.head) < 1 or not 0 <= self.dropout < 1:
            raise ValueError(f"sizes must be at least 1 and dropout in [0, 1): {self}")


class NoteNetwork(nn.Module):
    """A network that hears and writes notes. A subclass names the trunk, and says what it can do.

    `summary` is one line for a menu; `tasks` are the tasks it can do; `polyphonic` tells whether it hears and writes
    several voices, or a melody only.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    tasks: ClassVar[tuple[str, ...]]
    polyphonic: ClassVar[bool] = False

    def __init__(self, config: NoteConfig, trunk: Trunk) -> None:
        super().__init__()
        self.config = config
        self.embedding = RowEmbedding(config.channels, config.slot_width)
        self.dropout = nn.Dropout(config.dropout)
        self.trunk = trunk
        self.norm = nn.RMSNorm(config.channels)
        self.head = RowHead(config.channels, config.head)

    def forward(self, heard: HeardBatch, state: State | None = None) -> tuple[Tensor, State]:
        """What is known before the next row: contexts (B, T, C), and the state after them.

        `state` is what an earlier call returned, or None at the beginning.
        """
        x, state = self.trunk(self.dropout(self.embedding(heard)), heard.time, state)
        return self.norm(x), state

    @torch.inference_mode()
    def inside(self, heard: HeardBatch) -> Inside:
        """What goes on in the trunk while one window (1, T) is heard from its beginning."""
        return self.trunk.inside(self.embedding(heard), heard.time)

    def surprise(self, heard: HeardBatch, rows: Tensor, asked: Tensor) -> Tensor:
        """Nats (N, D) of the rows (B, T, 7) that follow each heard one, where they are asked for (B, T)."""
        context, _ = self(heard)
        return self.head.surprise(context[asked], rows[asked], heard.last[asked])
