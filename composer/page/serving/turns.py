"""Turns: how many work at once, and who is next, so that one visitor's many questions wait behind another's one.

A visitor is an address and a session. Addresses take turns, and the sessions of one address among themselves: a class
behind one address shares its turns evenly, and a session made up for every question gains nothing over other addresses.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from composer.errors import BadRequest

Item = TypeVar("Item")


@dataclass(frozen=True)
class Visitor:
    """Who asks: an internet address and a session, as far as they are known."""

    address: str
    session: str


class Rounds(Generic[Item]):
    """What waits, in rounds: each address in its turn, and within it each session in its turn."""

    def __init__(self) -> None:
        self._heard: dict[Hashable, int] = {}  # when each address and session last had its turn
        self._turn = 0

    def order(self, waiting: list[tuple[Visitor, Item]]) -> list[Item]:
        """Those who wait, in the order of their turns; who came first is first among equals."""
        ranked = sorted(
            enumerate(waiting),
            key=lambda entry: (
                self._heard.get(entry[1][0].address, 0),
                self._heard.get(entry[1][0], 0),
                entry[0],
            ),
        )
        return [item for _, (_, item) in ranked]

    def had(self, visitor: Visitor) -> None:
        """Note that a visitor has had a turn."""
        self._turn += 1
        for key in (visitor.address, visitor):
            self._heard.pop(key, None)
            self._heard[key] = self._turn
        while len(self._heard) > 4_000:  # who was not heard of for long is like a newcomer
            del self._heard[next(iter(self._heard))]


@dataclass
class Turns:
    """`at_once` may work at the same time, one a session; `each` may wait of one session, `most` of all."""

    at_once: int
    each: int = 8
    most: int = 200
    _working: Counter[Visitor] = field(default_factory=Counter)
    _waiting: deque[tuple[Visitor, asyncio.Future[None]]] = field(default_factory=deque)
    _rounds: Rounds[asyncio.Future[None]] = field(default_factory=Rounds)

    @asynccontextmanager
    async def taken(self, visitor: Visitor) -> AsyncIterator[None]:
        """Wait for a turn and work in it; BadRequest where too much waits already."""
        mine = sum(other == visitor for other, _ in self._waiting)
        if mine >= self.each or len(self._waiting) >= self.most:
            raise BadRequest("A great deal is being asked for at once. Wait for what you asked for, then try again.")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (visitor, turn)
        self._waiting.append(entry)
        self._begin()
        try:
            await turn
        except BaseException:
            with contextlib.suppress(ValueError):
                self._waiting.remove(entry)
            if turn.done() and not turn.cancelled():  # it came just as its visitor left
                self._end(visitor)
            raise
        try:
            yield
        finally:
            self._end(visitor)

    def _end(self, visitor: Visitor) -> None:
        self._working[visitor] -= 1
        self._working += Counter()  # forgets those who do nothing
        self._begin()

    def _begin(self) -> None:
        """Give turns to those who are next, as far as there is room."""
        while self._working.total() < self.at_once:
            able = [(visitor, turn) for visitor, turn in self._waiting if not self._working[visitor]]
            if not able:
                return
            turn = self._rounds.order(able)[0]
            visitor = next(visitor for visitor, other in able if other is turn)
            self._waiting.remove((visitor, turn))
            if turn.done():  # cancelled meanwhile
                continue
            self._working[visitor] += 1
            self._rounds.had(visitor)
            turn.set_result(None)
