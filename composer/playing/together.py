"""Loops that are advanced side by side: what they ask of one network is answered in batches, one step for all.

Each keeps its own masks, random source and stop. In a round each writes one row: every decision is spelled for all
loops that have come to it, then all hear their rows in one step of the trunk. Rows do not depend on each other, so what
a loop writes is what it would write alone.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from composer.playing.engine import Ask, Begin, Engine, Hear, Spell

Said = TypeVar("Said")
Loop = Generator[Ask | Said, Any, None]  # yields what it asks, is sent the answer, and says something between


@dataclass(eq=False)
class Part(Generic[Said]):
    """A loop among others: its seats in the band, and what it asks now, None where it has asked nothing yet."""

    loop: Loop[Said]
    seats: tuple[int, ...] = ()
    asks: Ask | None = None
    said: list[Said] = field(default_factory=list)
    finished: bool = False
    error: Exception | None = None  # with which it ended, if it did


class Together(Generic[Said]):
    """Loops of one network. Not for several threads at once."""

    def __init__(self, engine: Engine) -> None:
        self.band = engine.band()
        self.parts: list[Part[Said]] = []

    @property
    def seats(self) -> int:
        """How many seats are taken."""
        return sum(len(part.seats) for part in self.parts)

    def add(self, loop: Loop[Said]) -> Part[Said]:
        """A further loop; it begins with the next round."""
        part = Part(loop)
        self.parts.append(part)
        return part

    def remove(self, part: Part[Said]) -> None:
        """End a loop where it stands and free its seats."""
        if part in self.parts:
            self.parts.remove(part)
            part.loop.close()
            self._free(part)

    def round(self) -> None:
        """One more row in every loop. What loops say lies in their parts; loops that end leave."""
        for part in [part for part in self.parts if part.asks is None]:
            self._advance(part, None)
        while spelling := [part for part in self.parts if isinstance(part.asks, Spell)]:
            self._spell(spelling)
        self._hear()

    def _spell(self, parts: list[Part[Said]]) -> None:
        """Answer those who ask for the earliest of the decisions asked for."""
        decision = min(part.asks.decision for part in parts if isinstance(part.asks, Spell))
        asked = [(p, p.asks.known) for p in parts if isinstance(p.asks, Spell) and p.asks.decision == decision]
        contexts = [known.context for _, each in asked for known in each]
        logits, first = self.band.logits(decision, contexts), 0
        for part, each in asked:
            self._advance(part, logits[first : first + len(each)])
            first += len(each)

    def _hear(self) -> None:
        asked = [(part, part.asks.rows) for part in self.parts if isinstance(part.asks, Hear)]
        if not asked:
            return
        known = iter(self.band.step([pair for p, rows in asked for pair in zip(p.seats, rows, strict=True)]))
        for part, answers in [(part, tuple(next(known) for _ in part.seats)) for part, _ in asked]:
            self._advance(part, answers)

    def _advance(self, part: Part[Said], answer: Any) -> None:
        """Go on until the next thing that is to be computed with others, or the end."""
        try:
            while True:
                step = part.loop.send(answer)
                answer = None
                if isinstance(step, Begin):
                    self._free(part)
                    part.seats = tuple(self.band.join(memory) for memory in step.memories)
                elif isinstance(step, (Spell, Hear)):
                    part.asks = step
                    return
                else:
                    part.said.append(step)
        except StopIteration:
            pass
        except Exception as error:  # one loop's, and no other's
            part.error = error
        part.finished = True
        self.parts.remove(part)
        self._free(part)

    def _free(self, part: Part[Said]) -> None:
        for seat in part.seats:
            self.band.leave(seat)
        part.seats, part.asks = (), None
