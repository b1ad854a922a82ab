"""Rooms: what the pupils of a class vote for, counted live. The one thing that visitors share.

A teacher opens a room and gets its code, to be read out, and a key, which is theirs alone. Pupils join with the code
and get a key each: one voice a key, which may change its mind until the round closes. No name, no address and no music
is kept, only letters; a room and all that was in it is gone when its teacher closes it, when nobody has asked for it
for `IDLE` seconds, or `AGE` seconds after it was opened.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from composer.errors import BadRequest

MOST_ROOMS, MOST_PUPILS = 60, 80
IDLE, AGE = 900.0, 7_200.0  # seconds
MOST_CHOICES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another
_CODE = 5  # letters

GONE = "There is no such room, or it was closed. Ask for its code, or open a new one."


@dataclass
class _Room:
    key: str
    opened: float
    asked: float
    round: int = 0
    choices: int = 0  # 0 while nothing is voted for
    people: bool = False  # whether one of the choices is people's
    revealed: tuple[str, ...] = ()
    pupils: set[str] = field(default_factory=set)
    keep: dict[str, int] = field(default_factory=dict)
    guess: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """How a round stands: votes a choice for the one to keep, and for the one that is people's."""

    round: int
    pupils: int
    keep: tuple[int, ...]
    guess: tuple[int, ...]


@dataclass(frozen=True)
class Round:
    """What a pupil sees: the number of choices (0: none yet), whether one is people's, their own votes, the names.

    `names` are there when the teacher has told them.
    """

    round: int
    choices: int
    people: bool
    keep: int | None
    guess: int | None
    names: tuple[str, ...]


@dataclass
class Rooms:
    """All rooms of a server, bounded. Safe to share between threads."""

    clock: Callable[[], float] = time.monotonic
    _rooms: dict[str, _Room] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> tuple[str, str]:
        """A new room: its code and its teacher's key; BadRequest where there are too many."""
        with self._lock:
            self._sweep()
            if len(self._rooms) >= MOST_ROOMS:
                raise BadRequest("All rooms of this server are taken. Please try again in a few minutes.")
            code = _free_code(self._rooms)
            now = self.clock()
            self._rooms[code] = _Room(secrets.token_urlsafe(16), now, now)
            return code, self._rooms[code].key

    def close(self, code: str, key: str) -> None:
        """Forget a room and all that was in it."""
        with self._lock:
            self._of_teacher(code, key)
            del self._rooms[code]

    def ask(self, code: str, key: str, choices: int, people: bool) -> Count:
        """Begin a round over so many choices, none voted for yet."""
        with self._lock:
            room = self._of_teacher(code, key)
            room.round += 1
            room.choices, room.people, room.revealed = choices, people, ()
            room.keep, room.guess = {}, {}
            return _count(room)

    def reveal(self, code: str, key: str, names: tuple[str, ...]) -> Count:
        """Tell whose each choice was; votes no longer change."""
        with self._lock:
            room = self._of_teacher(code, key)
            if len(names) != room.choices:
                raise BadRequest(f"There are {room.choices} choices in this round, and {len(names)} names.")
            room.revealed = names
            return _count(room)

    def count(self, code: str, key: str) -> Count:
        """How the round stands."""
        with self._lock:
            return _count(self._of_teacher(code, key))

    def join(self, code: str) -> str:
        """A pupil's key; BadRequest where the room is full."""
        with self._lock:
            room = self._room(code)
            if len(room.pupils) >= MOST_PUPILS:
                raise BadRequest(f"This room is full: {MOST_PUPILS} have joined it.")
            pupil = secrets.token_urlsafe(9)
            room.pupils.add(pupil)
            return pupil

    def look(self, code: str, pupil: str) -> Round:
        """What there is to vote for, and what this pupil voted for."""
        with self._lock:
            return _seen(self._of_pupil(code, pupil), pupil)

    def vote(self, code: str, pupil: str, round_: int, keep: int | None, guess: int | None) -> Round:
        """Vote, or vote otherwise; None leaves a vote as it is. Nothing is counted for a round that is over."""
        with self._lock:
            room = self._of_pupil(code, pupil)
            if round_ != room.round or room.revealed or not room.choices:
                raise BadRequest("This round is over. Wait for the next one.")
            for votes, choice in ((room.keep, keep), (room.guess, guess)):
                if choice is not None and not 0 <= choice < room.choices:
                    raise BadRequest(f"There is no choice {choice + 1}; there are {room.choices}.")
                if choice is not None and (votes is room.keep or room.people):
                    votes[pupil] = choice
            return _seen(room, pupil)

    def _room(self, code: str) -> _Room:
        self._sweep()
        room = self._rooms.get(code.strip().upper())
        if room is None:
            raise BadRequest(GONE)
        return room

    def _of_teacher(self, code: str, key: str) -> _Room:
        room = self._room(code)
        if not secrets.compare_digest(room.key.encode(), key.encode()):
            raise BadRequest(GONE)
        room.asked = self.clock()
        return room

    def _of_pupil(self, code: str, pupil: str) -> _Room:
        room = self._room(code)
        if pupil not in room.pupils:
            raise BadRequest(GONE)
        return room

    def _sweep(self) -> None:
        now = self.clock()
        old = [code for code, room in self._rooms.items() if now - room.asked > IDLE or now - room.opened > AGE]
        for code in old:
            del self._rooms[code]


def _free_code(taken: dict[str, _Room]) -> str:
    while (code := "".join(secrets.choice(_LETTERS) for _ in range(_CODE))) in taken:
        pass
    return code


def _count(room: _Room) -> Count:
    keep, guess = Counter(room.keep.values()), Counter(room.guess.values())
    each = range(room.choices)
    return Count(room.round, len(room.pupils), tuple(keep[i] for i in each), tuple(guess[i] for i in each))


def _seen(room: _Room, pupil: str) -> Round:
    mine = room.keep.get(pupil), room.guess.get(pupil)
    return Round(room.round, room.choices, room.people, *mine, room.revealed)
