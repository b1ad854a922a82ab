"""A stage: loops of many visitors, played together by one thread that lives while there are any.

Whoever asks for takes iterates over what their loops say; closing the iterator frees their seats before the next row is
written. Loops are taken in turn: those of whoever has fewest come first, and nobody has more than a share of all.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator, Hashable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from composer.playing.engine import Engine
from composer.playing.together import Loop, Part, Together

AT_ONCE, AT_ONCE_EACH = 64, 8  # loops, in all and of one visitor


@dataclass(eq=False)
class _Entry:
    """A loop on its way: whose it is, where what it says is awaited, and under which number."""

    loop: Loop[Any]
    visitor: Hashable
    heard_at: SimpleQueue[tuple[int, Any, bool]]  # the loop's number, what it says, and whether that is its end
    number: int
    part: Part[Any] | None = None
    unwanted: bool = False


class Stage:
    """Plays the loops of one network. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._entries: list[_Entry] = []
        self._lock = threading.Lock()
        self._playing = False

    @property
    def loops(self) -> int:
        """How many loops are being played or wait for it."""
        return len(self._entries)

    def play(self, loops: Sequence[Loop[Any]], visitor: Hashable = None) -> Generator[tuple[int, Any], None, None]:
        """What loops say, with the number of each, as it comes. An error in one ends all of them and is raised here."""
        said: SimpleQueue[tuple[int, Any, bool]] = SimpleQueue()
        entries = [_Entry(loop, visitor if visitor is not None else said, said, n) for n, loop in enumerate(loops)]
        try:
            with self._lock:
                self._entries += entries
                if not self._playing:
                    self._playing = True
                    threading.Thread(target=self._run, name="stage").start()
            going = len(entries)
            while going:
                number, what, ended = said.get()
                if not ended:
                    yield number, what
                elif isinstance(what, BaseException):
                    raise what
                going -= ended
        finally:
            for entry in entries:
                entry.unwanted = True

    def _run(self) -> None:
        together: Together[Any] = Together(self._engine)
        try:
            while self._seated(together):
                together.round()
                for entry in [entry for entry in self._entries if entry.part]:
                    self._pass_on(entry)
        except BaseException as error:  # a fault of ours: whoever waits is told, and the next press begins anew
            with self._lock:
                for entry in self._entries:
                    entry.heard_at.put((entry.number, error, True))
                self._entries, self._playing = [], False
            raise

    def _seated(self, together: Together[Any]) -> bool:
        """Let go what is not wanted, take in what waits, and tell whether anything is there."""
        # At its end the program waits for this thread; one cut off amid a computation would end it with an abort.
        ends = not threading.main_thread().is_alive()
        with self._lock:
            for entry in [entry for entry in self._entries if entry.unwanted or ends]:
                self._entries.remove(entry)
                if entry.part:
                    together.remove(entry.part)
                entry.heard_at.put((entry.number, None, True))
            held = Counter(entry.visitor for entry in self._entries if entry.part)
            waiting = [entry for entry in self._entries if not entry.part]
            while waiting and held.total() < AT_ONCE:
                entry = min(waiting, key=lambda entry: held[entry.visitor])
                if held[entry.visitor] >= AT_ONCE_EACH:
                    break
                waiting.remove(entry)
                entry.part = together.add(entry.loop)
                held[entry.visitor] += 1
            self._playing = bool(self._entries)
            return self._playing

    def _pass_on(self, entry: _Entry) -> None:
        part = entry.part
        assert part is not None
        for what in part.said:
            entry.heard_at.put((entry.number, what, False))
        part.said.clear()
        if part.finished:
            with self._lock:
                self._entries.remove(entry)
            entry.heard_at.put((entry.number, part.error, True))
