"""The page's own files of HTML, CSS and JavaScript, which stand beside this one."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def asset(*names: str) -> str:
    """The text of one file of this folder, or of several, one after the other."""
    return "\n".join((FOLDER / name).read_text("utf-8") for name in names)
