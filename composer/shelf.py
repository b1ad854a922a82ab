"""The shelf: networks loaded once and read by everyone, never changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from composer.analysis.listeners import Listeners
from composer.analysis.originality import Memory
from composer.card import Card, Checkpoint, available, damaged, digest, find, find_name, read_card
from composer.kinds import KINDS, OF_POINTS, Kind
from composer.places import checkpoints_folder, library_file
from composer.playing import PLAYED, Engine, Stage, load_engine

if TYPE_CHECKING:
    from composer.networks import Network

_Made = TypeVar("_Made")
_MOST = 12


@dataclass(frozen=True)
class Shelved:
    """A checkpoint in use. Its weights are frozen; what a request needs it brings itself.

    `engine` plays the notes. `given` is a network that comes from no file.
    """

    name: str
    card: Card
    digest: str
    path: Path
    given: Network | None = None
    _made: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def kind(self) -> Kind:
        """What kind of network it is, and what it can do."""
        if (network := self.given) is not None:
            return Kind(network.name, network.summary, network.tasks, network.polyphonic)
        return KINDS[self.card.network]

    @property
    def network(self) -> Network:
        """The network in PyTorch, which is imported for it: that takes a second, and who writes notes needs it not."""
        if self.given is not None:
            return self.given
        from composer.checkpoint import load

        return self._kept("network", lambda: load(self.path)[0])

    @property
    def engine(self) -> Engine:
        """What plays a network of notes: its graph, or the network itself where there is no graph of its kind."""
        return self._kept("engine", self._load_engine)

    def _load_engine(self) -> Engine:
        if self.card.network in PLAYED and self.given is None:
            return load_engine(self.path, self.card)
        from composer.networks import LatentNetwork
        from composer.networks.reference import ReferenceEngine

        network = self.network
        return ReferenceEngine(network.autoencoder if isinstance(network, LatentNetwork) else network)

    @property
    def stage(self) -> Stage:
        """Where takes of all who ask for this network's notes are played together."""
        return self._kept("stage", lambda: Stage(self.engine))

    def _kept(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What is made once; a `cached_property` has one lock for a whole class in Python 3.11: others would wait."""
        if name not in self._made:
            self._made[name] = make()
        made: _Made = self._made[name]
        return made

    def load(self) -> None:
        """Load what writes with it now, before anybody waits for it and before the file can change."""
        _ = self.stage
        if self.card.network in OF_POINTS:  # which hear phrases as points in PyTorch
            _ = self.network

    @cached_property
    def memory(self) -> Memory:
        """What the network learned from, as far as there are fingerprints of it."""
        kept_out = self.card.vocabulary.get("kept_out", ())
        return Memory.of_network(self.path, self.card.corpus, self.kind.polyphonic, kept_out)


@dataclass
class _Place:
    """Where one file's network stands once it is loaded; who asks for it meanwhile waits here and nowhere else."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    held: Shelved | None = None


@dataclass
class Shelf:
    """Loads each checkpoint at its first use, and keeps those used last. Safe to share between threads.

    `listeners` are the readers beside the checkpoints, and the library of tunes.
    """

    folder: Path = field(default_factory=checkpoints_folder)
    tunes_file: Path = field(default_factory=library_file)
    most: int = _MOST  # networks kept loaded
    listeners: Listeners = field(init=False)
    _places: OrderedDict[tuple[Path, int], _Place] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.listeners = Listeners(self.folder, self.tunes_file)

    def menu(self) -> list[Checkpoint]:
        """What there is to choose from, read from headers."""
        return available(self.folder)

    def troubles(self) -> list[str]:
        """A sentence on each file that should be a checkpoint and is none."""
        return damaged(self.folder)

    def take(self, name: str) -> Shelved:
        """The network of that name in the shelf's folder: whatever a visitor sends opens no other file."""
        return self._loaded(find_name(name, self.folder))

    def open(self, name_or_path: str) -> Shelved:
        """The network of that name, or of that path: for the command line and programs, never for what was sent."""
        return self._loaded(find(name_or_path, self.folder))

    def _loaded(self, path: Path) -> Shelved:
        path = path.resolve()
        stamp = path.stat().st_mtime_ns if path.exists() else 0  # a file trained anew is loaded anew
        place = self._place((path, stamp))
        with place.lock:
            if place.held is None:
                weights = digest(path) if stamp else ""  # before loading: a file replaced in between is loaded anew
                found = Shelved(path.stem, read_card(path), weights, path)
                found.load()
                place.held = found
            return place.held

    def _place(self, key: tuple[Path, int]) -> _Place:
        with self._lock:
            for old in [old for old in self._places if old[0] == key[0] and old != key]:
                del self._places[old]
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > self.most:
                self._places.popitem(last=False)
            return place
