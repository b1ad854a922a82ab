"""The log: lines of a bounded length, whatever a visitor sent into them."""

from __future__ import annotations

import io
import sys
from typing import TextIO

LONGEST = 2_000  # letters of a line


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


def _cut(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    end = "\n" if line.endswith("\n") else ""
    return f"{line[:LONGEST]}… ({len(line.rstrip())} letters){end}"
