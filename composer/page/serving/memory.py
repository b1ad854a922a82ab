"""How the process asks the system for memory, so that what visitors leave behind goes back to it."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # of glibc's mallopt(3)
_ARENAS = 2
_LARGE = 1 << 20  # bytes


def give_back_soon() -> None:
    """Let few heaps serve all threads, and large blocks, such as samples, go back as soon as they are freed.

    By itself glibc keeps a heap for each of many threads, and stops giving large blocks back once it has seen some.
    Other systems are left as they are.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):  # a C library of another kind
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(_ARENA_MAX, _ARENAS)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
