"""Tunes kept out of training with their whole families, so that what is shown on the page is new to every network."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from composer.data.piece import Piece
from composer.errors import NoTrainingMusic, UnreadableMusic
from composer.music import SUFFIXES, read_all
from composer.score import Score

_INTERVALS = 10  # so many in a row, of which
_DISTINCT = 4  # so many differ, are a tune's own


def phrases_of(score: Score) -> set[tuple[int, ...]]:
    """Runs of ten intervals of each voice's upper line, which a tune shares with its transpositions and settings."""
    found: set[tuple[int, ...]] = set()
    for voice in score.voices:
        if voice.is_drum:
            continue
        top: dict[int, int] = {}
        for note in voice.notes:
            top[note.onset] = max(note.pitch, top.get(note.onset, 0))
        pitches = [pitch for _, pitch in sorted(top.items())]
        intervals = [b - a for a, b in itertools.pairwise(pitches)]
        for first in range(len(intervals) - _INTERVALS + 1):
            run = tuple(intervals[first : first + _INTERVALS])
            if len(set(run)) >= _DISTINCT:
                found.add(run)
    return found


def keep_out(pieces: Iterable[Piece], tunes: Sequence[Path]) -> tuple[list[Piece], list[Piece]]:
    """The pieces that share no phrase with the tunes in these files and folders, and those that do.

    A piece of the same family as one that shares a phrase goes with it.
    """
    phrases = {phrase for score in _scores(tunes) for phrase in phrases_of(score)}
    everything = list(pieces)
    shares = [bool(phrases & phrases_of(piece.score)) for piece in everything]
    families = {piece.family for piece, shared in zip(everything, shares, strict=True) if shared and piece.family}
    kept: list[Piece] = []
    out: list[Piece] = []
    for piece, shared in zip(everything, shares, strict=True):
        (out if shared or piece.family in families else kept).append(piece)
    return kept, out


def _scores(tunes: Sequence[Path]) -> Iterator[Score]:
    for path in tunes:
        if not path.exists():
            raise NoTrainingMusic(f"There is no file or folder {path} of tunes to keep out.")
        files = (
            [file for file in sorted(path.rglob("*")) if file.suffix.lower() in SUFFIXES] if path.is_dir() else [path]
        )
        for file in files:
            try:
                yield from (reading.score for reading in read_all(file))
            except UnreadableMusic:
                continue  # a damaged file is no tune
