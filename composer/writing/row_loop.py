"""The loop over rows: every network of notes and every task of theirs goes through `RowLoop`.

A prompt is heard once; each take begins from the memory of it, with a random source of its own. The loop computes
nothing of the network's itself: it yields what it asks and is sent the answer (`playing` answers many loops at once).
Stopping is closing the iterator, and nothing is shared between two loops but the network's frozen weights.

Where something is wished for, the network may be heard twice, told of the wish and not: what the wish changes is then
followed further than the network would by itself (guidance without a classifier, Ho & Salimans 2022).

Axes: B hearings (told, and untold where there is guidance), V values of a decision.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from composer.events.features import Heard, Listener, joined
from composer.events.rows import COLUMNS, MOVE, PITCH, Ints, Row, decisions_of
from composer.playing import Ask, Begin, Begun, Engine, Floats, Hear, Known, Memory, Spell
from composer.writing.row_constraints import RowConstraints
from composer.writing.sampling import COLDEST, draw_likely


@dataclass(frozen=True)
class RowSampling:
    """One temperature for pitches, another for everything else; the share of probability that is kept.

    `guidance` is how much further what is wished for is followed: 0 as far as the network does.
    """

    pitch: float
    rhythm: float
    top_p: float
    guidance: float = 0.0

    def of(self, decision: int) -> float:
        """The temperature of a decision."""
        return self.pitch if decision == PITCH else self.rhythm


@dataclass(frozen=True)
class RowsHeard:
    """A prompt that was heard, once for each hearing (B), the listeners after it, and what they made of it."""

    memories: tuple[Memory, ...]
    listeners: tuple[Listener, ...]
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True)
class Decided:
    """One decision of a row as it was taken: logits (V,) of all its values, which a mask has left, which was drawn."""

    decision: int
    logits: npt.NDArray[np.float64]
    left: Ints
    value: int


class Watch(Protocol):
    """Follows a loop from inside, with the network's first hearing; what it is told of is nobody else's."""

    def begin(self, heard: RowsHeard) -> None:
        """A prompt was heard; rows follow."""
        ...

    def decide(self, decided: Decided) -> int:
        """A value was drawn; the one to be taken, which is among those left. The random source goes on all the same."""
        ...

    def end(self, row: Row, heard: Heard | None) -> None:
        """A row was written, and heard unless it was the last."""
        ...


def hear(
    engine: Engine, listeners: Sequence[Listener], parts: Sequence[tuple[Ints, bool]], begun: Begun | None = None
) -> RowsHeard:
    """Let the network hear rows, once for all takes: parts of a prompt (T, 7), each with whether wishes are told.

    The second listener, if any, is told less than the first. `begun` is what the network begins with, if anything.
    """
    heard = [joined([listener.read(rows, wished=w) for rows, w in parts if len(rows)]) for listener in listeners]
    return RowsHeard(tuple(engine.hear(each, begun) for each in heard), tuple(listeners), tuple(heard))


class RowLoop:
    """Writes rows after a prompt until the constraints are satisfied."""

    def __init__(
        self,
        engine: Engine,
        heard: RowsHeard,
        constraints: RowConstraints,
        sampling: RowSampling,
        random: np.random.Generator,
        watch: Watch | None = None,
    ) -> None:
        self.watch = watch
        self.engine, self.heard, self.constraints, self.sampling, self.random = (
            *(engine, heard, constraints),
            *(sampling, random),
        )
        self._listeners = tuple(listener.copy() for listener in heard.listeners)
        self._known: tuple[Known, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether nothing is left to write."""
        return self.constraints.finished

    def next_row(self) -> Generator[Ask, Any, Row]:
        """Write one row; what the network is asked for is yielded."""
        if not self._known:
            yield Begin(self.heard.memories)
            self._known = tuple(memory.known for memory in self.heard.memories)
            if self.watch:
                self.watch.begin(self.heard)
        row = yield from self._draw()
        self.constraints.read(row)
        heard = () if self.finished else tuple(listener.read([row]) for listener in self._listeners)
        if self.watch:
            self.watch.end(row, heard[0] if heard else None)
        if heard:
            self._known = yield Hear(heard)
        return row

    def _draw(self) -> Generator[Ask, Any, Row]:
        row = [0] * len(COLUMNS)
        known, constraints = self._known, self.constraints
        decision: int = MOVE
        decisions: tuple[int, ...] = (MOVE,)
        while True:
            left = constraints.allowed(decision).nonzero()[0]
            assert len(left), "a mask must leave something to write"
            value = int(left[0])
            if len(left) > 1 or self.watch:  # else nothing is asked of the network
                answered = yield Spell(decision, known)
                if len(left) > 1:
                    value = int(left[self._choose(decision, answered, left)])
                if self.watch:
                    value = self.watch.decide(Decided(decision, self._logits(answered), left, value))
            constraints.take(decision, value)
            row[decision] = value
            if decision == MOVE:
                decisions = decisions_of(value)
            following = decisions.index(decision) + 1
            if following == len(decisions):
                return tuple(row)  # type: ignore[return-value]
            known = tuple(self.engine.take(decision, value, each) for each in known)
            decision = decisions[following]

    def _logits(self, answered: Floats) -> npt.NDArray[np.float64]:
        """Logits (V,) from those of each hearing (B, V)."""
        logits = answered[0].astype(np.float64)
        if len(answered) > 1:
            logits += self.sampling.guidance * (logits - answered[1])
        return logits

    def _choose(self, decision: int, answered: Floats, left: Ints) -> int:
        """Which of the values that are left, given the logits (B, V)."""
        logits, sampling = self._logits(answered[:, left]), self.sampling
        return draw_likely(logits / max(COLDEST, sampling.of(decision)), sampling.top_p, self.random)
