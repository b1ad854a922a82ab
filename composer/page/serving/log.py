"""The log: lines of a bounded length, and nothing in them that a visitor wrote.

An exception's message may quote what was sent, so it stays out: its class and the places it went through are told.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Literal, TextIO

LONGEST = 2_000  # letters of a line
_NUMBERS = ("press", "outcome", "waited", "worked")  # what a line on a press has beside the rest


class ShortLines(io.TextIOBase):
    """A stream that cuts the lines written to it; a traceback that quotes a megabyte is told all the same."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, each of its lines cut."""
        self._stream.write("".join(map(_cut, text.splitlines(keepends=True))) if len(text) > LONGEST else text)
        return len(text)

    def flush(self) -> None:
        """Write out what is held back."""
        self._stream.flush()

    def fileno(self) -> int:
        """The file's number."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._stream.isatty()


def shorten_lines() -> None:
    """Let whatever this program, its libraries or a traceback print be cut."""
    sys.stdout, sys.stderr = ShortLines(sys.stdout), ShortLines(sys.stderr)


class Lines(logging.Formatter):
    """A line of text for people, with an exception's class and places below it."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: object) -> str:  # noqa: N802 (logging's name)
        """The places an exception went through and its class, without what it says."""
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_places(error)) if isinstance(error, BaseException) else ""


class Objects(Lines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as JSON: time (UTC), level, where from, what; of a press its name, outcome and seconds."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "message": record.getMessage(),
            **{name: vars(record)[name] for name in _NUMBERS if name in vars(record)},
        }
        if record.exc_info and record.exc_info[1]:
            told["error"] = _places(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False)


def start_log(kind: Literal["text", "json"]) -> None:
    """Let the program log to standard error; presses are told of in JSON alone, where programs read it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Objects() if kind == "json" else Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("motif.presses").setLevel(logging.INFO if kind == "json" else logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells whole addresses


def take_over(name: str) -> None:
    """Let a library that has set up a log of its own write into ours, in the same words."""
    logger = logging.getLogger(name)
    logger.handlers.clear()
    logger.propagate = True


def _places(error: BaseException) -> list[str]:
    """The places an exception went through, the last one at the end, and its class; what caused it before it."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = traceback.extract_tb(error.__traceback__)
    here = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return [*(_places(cause) if cause else ()), *here, type(error).__name__]


def _cut(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    end = "\n" if line.endswith("\n") else ""
    return f"{line[:LONGEST]}… ({len(line.rstrip())} letters){end}"
