"""Reading processes kept warm: each reads one file at a time, and is ended when it takes too long.

A process that was forked begins with none of its parent's; what stands idle when Python ends, ends too.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

from composer.errors import UnreadableMusic
from composer.music.limits import LISTEN_SECONDS, READ_SECONDS
from composer.music.messages import Message, reading_of, receive, send
from composer.music.reading import Reading

_MOST = max(4, min(8, os.cpu_count() or 4))  # at once; others wait their turn
_START_SECONDS = 60.0


class ReadingFailed(RuntimeError):
    """The reader has a fault; the message is the traceback of the reading process."""


class _Worker:
    def __init__(self) -> None:
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "composer.music.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # More threads than one would only take room: nothing here multiplies matrices.
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._answer(_START_SECONDS)

    def ask(self, request: Message, data: bytes, seconds: float) -> tuple[Message, bytes] | None:
        """The answer; None where the process has ended without one."""
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
    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(_MOST)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []

    def ask(self, request: Message, data: bytes, seconds: float) -> tuple[Message, bytes]:
        with self._turns:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            worker = worker or _started()
            answer = None
            try:
                answer = worker.ask(request, data, seconds)
            finally:
                if answer is None:
                    worker.end()
                else:
                    with self._lock:
                        self._idle.append(worker)
        return _answered(answer, seconds)

    def end(self) -> None:
        """End the processes that stand idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().end()


def _started() -> _Worker:
    try:
        return _Worker()
    except (OSError, EOFError) as error:
        raise UnreadableMusic("No process could be started to read this file. Try again in a moment.") from error


def _answered(answer: tuple[Message, bytes] | None, seconds: float) -> tuple[Message, bytes]:
    if answer is None:
        raise UnreadableMusic(
            f"Reading this file takes longer than {seconds:.0f} seconds or more memory than there is. "
            "Bring a part of it, or export it anew."
        )
    message, _ = answer
    if "refused" in message:
        raise UnreadableMusic(message["refused"])
    if "failed" in message:
        raise ReadingFailed(message["failed"])
    return answer


_pool = _Pool()
_inherited: list[_Pool] = []  # of the process that this one was forked from: not ours to speak to, nor to end


def reading(data: bytes, tune: int | str | None = None) -> Reading:
    """Have a file read by a process of the pool; UnreadableMusic where it refuses, or does not answer in time."""
    return reading_of(_pool.ask({"asked": "reading", "tune": tune}, data, READ_SECONDS)[0]["reading"])


def tunes(data: bytes) -> list[tuple[str, str]]:
    """Have a file's tunes told by a process of the pool: (number, title) of each."""
    return [(number, title) for number, title in _pool.ask({"asked": "tunes"}, data, READ_SECONDS)[0]["tunes"]]


def samples(data: bytes) -> bytes:
    """Have a recording decoded by a process of the pool, as `composer.music.recording` says."""
    return _pool.ask({"asked": "samples"}, data, LISTEN_SECONDS)[1]


def close() -> None:
    """End the processes that stand idle; the next question starts new ones."""
    _pool.end()


def _begin_anew() -> None:
    global _pool
    _inherited.append(_pool)
    _pool = _Pool()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
