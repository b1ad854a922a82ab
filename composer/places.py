"""Where what comes with Motif lies: checkpoints and the library of tunes.

In the repository they are folders beside the package, where musicians look for them; a wheel carries them within it.
The environment may name other places, and is read when somebody asks, never when this is imported.
"""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
CHECKPOINTS_VARIABLE, LIBRARY_VARIABLE = "MOTIF_CHECKPOINTS", "MOTIF_LIBRARY"


def shipped(name: str) -> Path:
    """The folder of that name which comes with Motif; its place in the repository where there is none."""
    carried = _PACKAGE / "shipped" / name
    return carried if carried.is_dir() else _PACKAGE.parent / name


FOLDER = shipped("checkpoints")
TUNES = shipped("library") / "tunes.jsonl.xz"


def checkpoints_folder() -> Path:
    """The folder of checkpoints that the environment names, or else ours."""
    return Path(os.environ.get(CHECKPOINTS_VARIABLE) or FOLDER)


def library_file() -> Path:
    """The library of tunes that the environment names, or else ours."""
    return Path(os.environ.get(LIBRARY_VARIABLE) or TUNES)
