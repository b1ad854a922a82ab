"""Reading processes kept warm: each reads one file at a time, and is ended when it takes too long.

A process that was forked begins with none of its parent's; what stands idle when Python ends, ends too.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Collection
from pathlib import Path

from composer.errors import UnreadableMusic
from composer.music.compact import to_plain
from composer.music.engraving import Engraving
from composer.music.limits import LISTEN_SECONDS, READ_SECONDS, WRITE_SECONDS, WRITE_WAIT
from composer.music.messages import Message, reading_of, receive, send
from composer.music.reading import Reading
from composer.score import Note, Score

_MOST = max(4, min(8, os.cpu_count() or 4))  # at once; others wait their turn
_START_SECONDS = 60.0


class ReadingFailed(RuntimeError):
    """The reader has a fault; the message is the traceback of the reading process."""


class _Worker:
    def __init__(self, nice: int) -> None:
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "composer.music.worker", str(nice)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # More threads than one would only take room: nothing here multiplies matrices.
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._answer(_START_SECONDS)

    def ask(self, request: Message, data: bytes, seconds: float) -> tuple[Message, bytes] | None:
        """The answer and its bytes; None where the process has ended without one."""
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, {**request, "seconds": seconds}, data)
            return self._answer(seconds)
        except (EOFError, OSError):
            return None

    def _answer(self, seconds: float) -> tuple[Message, bytes]:
        assert self._process.stdout is not None
        timer = threading.Timer(seconds, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            return receive(self._process.stdout)
        finally:
            timer.cancel()

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()


class _Pool:
    def __init__(self, most: int = _MOST, nice: int = 10) -> None:
        self._nice = nice
        self._turns = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []

    def ask(self, request: Message, data: bytes, seconds: float) -> tuple[Message, bytes] | None:
        """The answer of a process that is free, and its bytes; None where it ended without one."""
        with self._turns:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            worker = worker or _started(self._nice)
            answer = None
            try:
                answer = worker.ask(request, data, seconds)
            finally:
                if answer is None:
                    worker.end()
                else:
                    with self._lock:
                        self._idle.append(worker)
        return answer

    def end(self) -> None:
        """End the processes that stand idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()


def _started(nice: int) -> _Worker:
    try:
        return _Worker(nice)
    except (OSError, EOFError) as error:
        raise UnreadableMusic("No process could be started to read this file. Try again in a moment.") from error


def _told(answer: tuple[Message, bytes] | None, too_long: str) -> tuple[Message, bytes]:
    if answer is None:
        raise UnreadableMusic(too_long)
    if "refused" in answer[0]:
        raise UnreadableMusic(answer[0]["refused"])
    if "failed" in answer[0]:
        raise ReadingFailed(answer[0]["failed"])
    return answer


_pool = _Pool()
_writers = _Pool(2, nice=0)  # apart, so that nobody's engraving keeps files waiting
_inherited: list[_Pool] = []  # of the process that this one was forked from: not ours to speak to, nor to end


def reading(data: bytes, tune: int | str | None = None) -> Reading:
    """Have a file read by a process of the pool; UnreadableMusic where it refuses, or does not answer in time."""
    return reading_of(_read({"asked": "reading", "tune": tune}, data, READ_SECONDS)[0]["reading"])


def tunes(data: bytes) -> list[tuple[str, str]]:
    """Have a file's tunes told by a process of the pool: (number, title) of each."""
    return [(number, title) for number, title in _read({"asked": "tunes"}, data, READ_SECONDS)[0]["tunes"]]


def samples(data: bytes) -> bytes:
    """Have a recording decoded by a process of the pool, as `composer.music.recording` says."""
    return _read({"asked": "samples"}, data, LISTEN_SECONDS)[1]


def _read(request: Message, data: bytes, seconds: float) -> tuple[Message, bytes]:
    too_long = (
        f"Reading this file takes longer than {seconds:.0f} seconds or more memory than there is. "
        "Bring a part of it, or export it anew."
    )
    return _told(_pool.ask(request, data, seconds), too_long)


def engrave_apart(score: Score, width: int) -> Engraving:
    """`engrave` in a process of its own, where it holds up nobody and is ended when it takes too long."""
    told, svg = _written({"asked": "engraving", "width": width}, score)
    notes = tuple((onset, end, name) for onset, end, name in told["notes"])
    return Engraving(svg.decode(), notes, tuple((voice, pitch) for voice, pitch in told["heads"]))


def engrave_pages_apart(score: Score) -> list[str]:
    """`engrave_pages` likewise."""
    return list(json.loads(_written({"asked": "pages"}, score)[1]))


def write_musicxml_apart(score: Score, new: Collection[tuple[int, Note]] = ()) -> bytes:
    """`write_musicxml` likewise."""
    marked = [[voice, n.onset, n.pitch, n.duration, n.velocity] for voice, n in new]
    return _written({"asked": "musicxml", "new": marked}, score)[1]


def _written(request: Message, score: Score) -> tuple[Message, bytes]:
    too_long = f"This is too long to be written down within {WRITE_SECONDS} seconds. Take its MIDI file, or a part."
    data = json.dumps(to_plain(score)).encode()
    return _told(_writers.ask({**request, "processor": WRITE_SECONDS}, data, WRITE_WAIT), too_long)


def close() -> None:
    """End the processes that stand idle; the next question starts new ones."""
    _pool.end()
    _writers.end()


def allow(readers: int) -> None:
    """Let so many processes read files at once; those that stand idle end."""
    global _pool
    _pool.end()
    _pool = _Pool(readers)


def _begin_anew() -> None:
    global _pool, _writers
    _inherited.extend([_pool, _writers])
    _pool, _writers = _Pool(), _Pool(2, nice=0)


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
