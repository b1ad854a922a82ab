"""The folder that files are served from: each file under a secret that ends, old ones swept, the whole bounded.

A file's address holds 128 random bits, told to the visitor it was made for and to nobody else, and works until the
sweep, at most `Host.file_seconds` after the file was made. What an earlier run of the server left is swept too.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gradio.utils import get_upload_folder

EVERY = 20  # seconds between two sweeps: room is short long before files are old
_VARIABLE = "GRADIO_TEMP_DIR"
FULL = "This server's disk is full just now. Please try again in a few minutes; what you made is kept in your browser."


def choose_root() -> None:
    """Let Gradio keep its files in a folder of ours, unless the host has named one: what is in it may be swept."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    os.environ.setdefault(_VARIABLE, str(Path(tempfile.gettempdir()) / f"motif-{user}"))


def new_folder() -> Path:
    """A fresh folder that nobody can guess; OSError where the disk is full."""
    root = Path(get_upload_folder())
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"take-{secrets.token_urlsafe(16)}"
    folder.mkdir(mode=0o700)
    return folder


def is_full(error: OSError) -> bool:
    """Whether there was no room, rather than a fault of ours."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class _File:
    made: float
    size: int
    path: Path


def sweep(root: Path, age: float, most: int) -> int:
    """Remove files older than `age` seconds, then the oldest until no more than `most` bytes are left; how many went.

    Files that lie in the folder itself are not ours. Empty folders go with their files.
    """
    files, now, gone = sorted(_files(root), key=lambda file: file.made), time.time(), 0
    size = sum(file.size for file in files)
    for file in files:
        if now - file.made <= age and size <= most:
            break
        with contextlib.suppress(OSError):
            file.path.unlink()
            gone += 1
        size -= file.size
    for folder in sorted(_folders(root), reverse=True):  # the inner ones first
        with contextlib.suppress(OSError):
            if now - folder.stat().st_mtime > 60:  # somebody may be about to write into a new one
                folder.rmdir()
    return gone


def _files(root: Path) -> list[_File]:
    found = []
    for folder, _, names in os.walk(root):
        for name in names if Path(folder) != root else ():
            with contextlib.suppress(OSError):
                path = Path(folder) / name
                about = path.lstat()
                found.append(_File(max(about.st_mtime, about.st_ctime), about.st_size, path))
    return found


def _folders(root: Path) -> list[Path]:
    return [Path(folder) for folder, _, _ in os.walk(root) if Path(folder) != root]


@asynccontextmanager
async def swept(age: float, most: int) -> AsyncIterator[None]:
    """Sweep now, and from time to time until the end; `age` in seconds, `most` in bytes, as `sweep` has them."""
    task = asyncio.create_task(_sweeping(age, most))
    try:
        yield
    finally:
        task.cancel()


async def _sweeping(age: float, most: int) -> None:
    while True:
        await asyncio.to_thread(sweep, Path(get_upload_folder()), age, most)
        await asyncio.sleep(EVERY)
