"""The shelf: networks loaded once and read by everyone, never changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from composer.checkpoint import FOLDER, Card, Checkpoint, available, digest, find, load
from composer.listening.listeners import Listeners
from composer.listening.originality import Memory
from composer.listening.tunes import FILE
from composer.networks import Network


@dataclass(frozen=True)
class Shelved:
    """A loaded checkpoint. The network's weights are frozen; what a request needs it brings itself."""

    name: str
    network: Network
    card: Card
    digest: str
    path: Path

    @cached_property
    def memory(self) -> Memory:
        """What the network learned from, as far as there are fingerprints of it."""
        kept_out = self.card.vocabulary.get("kept_out", ())
        return Memory.of_network(self.path, self.card.corpus, self.network.polyphonic, kept_out)


@dataclass
class Shelf:
    """Loads each checkpoint at its first use. Safe to share between threads.

    `listeners` are the readers beside the checkpoints, and the library of tunes.
    """

    folder: Path = FOLDER
    tunes_file: Path = FILE
    listeners: Listeners = field(init=False)
    _loaded: dict[tuple[Path, int], Shelved] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.listeners = Listeners(self.folder, self.tunes_file)

    def menu(self) -> list[Checkpoint]:
        """What there is to choose from, read from headers."""
        return available(self.folder)

    def take(self, name: str) -> Shelved:
        """The network of that name, or of that path."""
        path = find(name, self.folder).resolve()
        stamp = path.stat().st_mtime_ns if path.exists() else 0  # a file trained anew is loaded anew
        with self._lock:
            if (path, stamp) not in self._loaded:
                weights = digest(path) if stamp else ""  # before loading: a file replaced in between is loaded anew
                network, card = load(path)
                self._loaded = {key: held for key, held in self._loaded.items() if key[0] != path}
                self._loaded[path, stamp] = Shelved(path.stem, network, card, weights, path)
            return self._loaded[path, stamp]
