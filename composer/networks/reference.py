"""Networks of notes played by PyTorch: what every other engine is compared with, and the way for networks without one.

Axes: T rows, C channels, M rows of any seats.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from composer.events.features import Heard
from composer.networks.notes import HeardBatch, NoteNetwork, State
from composer.playing.engine import Band, Begun, Floats, Known, Memory


class ReferenceEngine:
    """See `Engine`. Seats are computed one by one."""

    def __init__(self, network: NoteNetwork) -> None:
        self.network = network

    def hear(self, heard: Heard, begun: Begun | None = None) -> Memory:
        """See `Engine.hear`."""
        state = None if begun is None else tuple((torch.from_numpy(k), torch.from_numpy(v)) for k, v in begun)
        return self.heard_after(heard, state)

    @torch.inference_mode()
    def heard_after(self, heard: Heard, state: State | None) -> Memory:
        """Further rows after a state, None at the beginning."""
        context, state = self.network(HeardBatch.of(heard), state)
        return Memory(Known(context[0, -1].numpy(), heard.last[-1]), state)

    def band(self) -> Band:
        """See `Engine.band`."""
        return _ReferenceBand(self)

    @torch.inference_mode()
    def take(self, decision: int, value: int, known: Known) -> Known:
        """See `Engine.take`."""
        last = torch.from_numpy(known.last.astype(np.int64))
        context = self.network.head.take(decision, torch.tensor(value), torch.from_numpy(known.context), last)
        return Known(context.numpy(), known.last)


class _ReferenceBand:
    def __init__(self, engine: ReferenceEngine) -> None:
        self._engine = engine
        self._states: dict[int, State] = {}
        self._next = 0

    def join(self, memory: Memory) -> int:
        """See `Band.join`."""
        self._states[self._next] = memory.state
        self._next += 1
        return self._next - 1

    def leave(self, seat: int) -> None:
        """See `Band.leave`."""
        del self._states[seat]

    def step(self, heard: Sequence[tuple[int, Heard]]) -> list[Known]:
        """See `Band.step`."""
        memories = [(seat, self._engine.heard_after(row, self._states[seat])) for seat, row in heard]
        self._states |= {seat: memory.state for seat, memory in memories}
        return [memory.known for _, memory in memories]

    @torch.inference_mode()
    def logits(self, decision: int, contexts: Sequence[Floats]) -> Floats:
        """See `Band.logits`."""
        return self._engine.network.head.logits(decision, torch.from_numpy(np.stack(contexts))).numpy()
