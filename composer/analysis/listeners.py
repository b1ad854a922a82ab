"""The readers and the library, loaded once for everyone and only read from then on.

PyTorch, which the readers need and which takes a second to import, is imported with the first of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from composer.analysis.tunes import Library, load_library
from composer.card import READERS
from composer.places import library_file

if TYPE_CHECKING:
    from composer.analysis.likeness import Index, Likeness
    from composer.analysis.readers import StyleReader

Held = TypeVar("Held")


@dataclass
class Listeners:
    """Loads each at its first use, once however many ask; a file that was made anew is loaded anew.

    Safe to share between threads.
    """

    checkpoints: Path
    tunes_file: Path = field(default_factory=library_file)
    _held: dict[str, tuple[tuple[int, ...], Any]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def style(self) -> StyleReader:
        """The network that hears styles; BadCheckpoint where there is none."""
        from composer.analysis.readers import style_reader

        return self._once("style", self._stamps("style"), lambda: style_reader(self.checkpoints))

    def likeness(self) -> Likeness:
        """The network that hears likeness; BadCheckpoint where there is none."""
        from composer.analysis.readers import likeness_reader

        return self._once("likeness", self._stamps("likeness"), lambda: likeness_reader(self.checkpoints))

    def tunes(self) -> Library:
        """The library; BadRequest where there is none."""
        return self._once("tunes", (_stamp(self.tunes_file),), lambda: load_library(self.tunes_file))

    def points(self) -> Index:
        """The library's tunes as the network that hears likeness places them."""
        from composer.analysis.similar import index_of

        stamps = (*self._stamps("likeness"), _stamp(self.tunes_file))
        return self._once("points", stamps, lambda: index_of(self.tunes(), self.likeness()))

    def _stamps(self, reader: str) -> tuple[int]:
        return (_stamp(self.checkpoints / READERS / f"{reader}.safetensors"),)

    def _once(self, name: str, stamps: tuple[int, ...], load: Callable[[], Held]) -> Held:
        found = self._held.get(name)  # without the lock: who wants what is there does not wait for what is loading
        if found is None or found[0] != stamps:
            with self._lock:
                found = self._held.get(name)
                if found is None or found[0] != stamps:
                    found = self._held[name] = stamps, load()
        held: Held = found[1]
        return held


def _stamp(path: Path) -> int:
    """When a file was last changed."""
    return path.stat().st_mtime_ns if path.exists() else 0
