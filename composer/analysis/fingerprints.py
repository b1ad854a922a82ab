"""Fingerprints of the music that a network learned from: hashed n-grams with piece and place, no scores.

A file of fingerprints is one safetensors file. Its tensors, M fingerprints in the order of the music, L lines:

    hash (M,) uint32     of an n-gram kept by winnowing
    step (M,) uint8      notes since the line's fingerprint before (the first: since the line's first note)
    bar (M,) uint8       bars since the same, at most 255
    piece, voice, count (L,) uint32   a line's piece, voice and number of fingerprints
    exact, close (S, T) uint32        how long people's own matches are: see `yardstick`

and one metadata entry, `about`: the pieces' names and sources, the window, and whether lines are melodies or voices.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file

from composer.analysis.ngrams import Hashes, Ints, Line, hashes, winnowed
from composer.analysis.titles import book_said, title_said
from composer.errors import BadCheckpoint

FOLDER = "fingerprints"  # beside the checkpoints
WINDOW = 3
_FORMAT = 1


@dataclass(frozen=True)
class Known:
    """A piece that was learned from, by the names its collection has for both."""

    name: str
    source: str

    @property
    def said(self) -> str:
        """Title and collection as people say them."""
        book = f" ({book_said(self.source)})" if self.source else ""
        return f"“{title_said(self.name)}”{book}"


@dataclass(frozen=True)
class Fingerprints:
    """Fingerprints in memory; `step` and `bar` count from the line's beginning here.

    `yardsticks` are the tables "exact" and "close" that `yardstick` fills in.
    """

    pieces: tuple[Known, ...]
    hash: Hashes  # (M,)
    step: Ints  # (M,) the n-gram's first note in its line
    bar: Ints  # (M,)
    line: Ints  # (M,) in order
    piece: Ints  # (L,)
    voice: Ints  # (L,)
    window: int = WINDOW
    melodies: bool = True
    yardsticks: dict[str, npt.NDArray[np.uint32]] = field(default_factory=dict)

    @classmethod
    def of(cls, music: Iterable[tuple[Known, Sequence[Line]]], melodies: bool, window: int = WINDOW) -> Fingerprints:
        """Take the fingerprints of pieces, each with its lines."""
        pieces: list[Known] = []
        rows: list[tuple[Hashes, Ints, Ints, Ints]] = []
        owners: list[int] = []
        voices: list[int] = []
        for known, lines in music:
            for line in lines:
                found = hashes(line)
                kept = winnowed(found, window)
                number = np.full(len(kept), len(owners))
                rows.append((found[kept], kept, line.bars[kept], number))
                owners.append(len(pieces))
                voices.append(line.voice)
            pieces.append(known)
        hash_, step, bar, line_ = (np.concatenate(column) for column in zip(*rows, strict=True))
        return cls(tuple(pieces), hash_, step, bar, line_, np.array(owners), np.array(voices), window, melodies)

    @cached_property
    def _order(self) -> Ints:
        return np.argsort(self.hash, kind="stable")

    @cached_property
    def _sorted(self) -> Hashes:
        return self.hash[self._order]

    def find(self, wanted: Hashes) -> tuple[Ints, Ints]:
        """Where hashes (K,) occur: the places in `wanted` and the numbers of the fingerprints, (H,) both."""
        left, right = (np.searchsorted(self._sorted, wanted, side) for side in ("left", "right"))
        counts = right - left
        places = np.repeat(np.arange(len(wanted)), counts)
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return places, self._order[np.repeat(left, counts) + offsets]

    def of_sources(self, sources: frozenset[str], without: frozenset[Known] = frozenset()) -> npt.NDArray[np.bool_]:
        """Which lines (L,) belong to pieces of some sources, but for those that were kept out."""
        mine = np.array([known.source in sources and known not in without for known in self.pieces], bool)
        return mine[self.piece]

    def save(self, path: Path) -> None:
        """Write the file whole or not at all."""
        first = np.r_[True, self.line[1:] != self.line[:-1]]
        tensors: dict[str, npt.NDArray[Any]] = {
            "hash": self.hash,
            "step": _differences(self.step, first),
            "bar": _differences(self.bar, first),
            "piece": self.piece.astype(np.uint32),
            "voice": self.voice.astype(np.uint32),
            "count": np.bincount(self.line, minlength=len(self.piece)).astype(np.uint32),
            **self.yardsticks,
        }
        sources = sorted({known.source for known in self.pieces})
        about = {
            "format": _FORMAT,
            "window": self.window,
            "melodies": self.melodies,
            "sources": sources,
            "pieces": [[known.name, sources.index(known.source)] for known in self.pieces],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        save_file(tensors, part, {"about": json.dumps(about, ensure_ascii=False)})
        part.replace(path)


def load_fingerprints(path: Path) -> Fingerprints:
    """Read a file of fingerprints, once for everyone; BadCheckpoint where it is damaged or from a newer Motif."""
    return _loaded(path.resolve(), path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _loaded(path: Path, _stamp: int) -> Fingerprints:
    try:
        with safe_open(path, "np") as file:
            about: dict[str, Any] = json.loads((file.metadata() or {})["about"])
        tensors = load_file(path)
        if about["format"] > _FORMAT:
            raise BadCheckpoint(f"{path.name} was made by a newer Motif. Update Motif.")
        line = np.repeat(np.arange(len(tensors["piece"])), tensors["count"])
        return Fingerprints(
            tuple(Known(name, about["sources"][source]) for name, source in about["pieces"]),
            tensors["hash"],
            _summed(tensors["step"], line),
            _summed(tensors["bar"], line),
            line,
            tensors["piece"].astype(np.int64),
            tensors["voice"].astype(np.int64),
            about["window"],
            about["melodies"],
            {name: tensors[name] for name in ("exact", "close") if name in tensors},
        )
    except (SafetensorError, OSError, KeyError, TypeError, IndexError, ValueError) as error:
        raise BadCheckpoint(f"{path.name} is not a file of fingerprints, or it is damaged. Make it anew.") from error


def _differences(values: Ints, first: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    return np.clip(np.where(first, values, np.diff(values, prepend=0)), 0, 255).astype(np.uint8)


def _summed(differences: npt.NDArray[np.uint8], line: Ints) -> Ints:
    """Running sums that begin anew in every line."""
    totals = np.cumsum(differences, dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])[: len(np.unique(line))]
    before = np.zeros(len(line), np.int64)
    before[starts] = totals[starts] - differences[starts]
    result: Ints = totals - np.maximum.accumulate(before)
    return result
