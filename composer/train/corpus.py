"""Training music: pieces read from a folder of notation files, or from a `.jsonl` (`.jsonl.xz`) of melodies.

A melody line is one JSON object: `id`, `notes` [[pitch, onset, duration], …] in ticks of 1/24 quarter, and, where
known, `title`, `source`, `licence`, `style`, `meter`, `split` ("train", "valid", "test") and `family` (variants of
one tune, which never cross a split).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import lzma
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from composer.errors import BadRequest, NoTrainingMusic, UnreadableMusic
from composer.events.vocabulary import MAX_BAR_TICKS
from composer.music import SUFFIXES, melody_of, read_all
from composer.score import Metre, Note, Score, Voice

SPLITS = ("train", "valid", "test")


@dataclass(frozen=True)
class Piece:
    """A piece to learn from. `metre` and `style` are None where unknown; bars then follow the score's own metre."""

    score: Score
    split: str
    name: str = ""
    source: str = ""
    licence: str = ""
    style: str | None = None
    metre: Metre | None = None


def load_corpus(path: Path, report: Callable[[str], None] = lambda _: None) -> list[Piece]:
    """All pieces under `path`, a folder or a melodies file; NoTrainingMusic when fewer than ten can be used.

    `report` is told how many files of a folder could not be used.
    """
    if not path.exists():
        raise NoTrainingMusic(f"There is no file or folder {path}. Name a folder of MIDI, MusicXML or ABC files.")
    pieces = list(_from_folder(path, report) if path.is_dir() else _from_jsonl(path))
    if len(pieces) < 10:
        raise NoTrainingMusic(
            f"{path} holds {len(pieces)} usable pieces; a network needs at least 10, better some hundreds. "
            "Melodies in MIDI, MusicXML or ABC files count, in subfolders too."
        )
    return pieces


def select(pieces: Iterable[Piece], split: str) -> list[Piece]:
    """The pieces of one split."""
    return [piece for piece in pieces if piece.split == split]


def _from_jsonl(path: Path) -> Iterator[Piece]:
    opener = lzma.open if path.suffix == ".xz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if piece := _melody(json.loads(line)):
                    yield piece
    except (ValueError, KeyError, TypeError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise NoTrainingMusic(f"{path} is not a file of melodies, one JSON object a line: {error}.") from error


def _melody(row: dict[str, Any]) -> Piece | None:
    """One melody line as a piece; None where its bars are longer than the vocabulary can hold."""
    name = str(row.get("meter") or "").removesuffix("?")
    known = bool(name) and not str(row["meter"]).endswith("?")
    numerator, _, denominator = {"C": "4/4", "C|": "2/2", "": "4/4"}.get(name, name).partition("/")
    metre = Metre(0, int(numerator), int(denominator))
    if metre.bar_ticks > MAX_BAR_TICKS or not row["notes"]:
        return None
    notes = tuple(Note(onset, pitch, max(1, duration)) for pitch, onset, duration in row["notes"])
    return Piece(
        score=Score((Voice(notes, "Melody"),), (metre,), title=row.get("title") or row["id"]),
        split=row.get("split") or split_of(str(row.get("family", row["id"]))),
        name=row.get("title") or row["id"],
        source=row.get("source") or "",
        licence=row.get("licence") or "",
        style=row.get("style"),
        metre=metre if known else None,
    )


def _from_folder(folder: Path, report: Callable[[str], None]) -> Iterator[Piece]:
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    refused = 0
    for file in tqdm(files, desc="Reading", unit="file", disable=not sys.stderr.isatty()):
        try:
            melodies = [melody_of(reading) for reading in read_all(file)]
        except (UnreadableMusic, BadRequest):
            refused += 1
            continue
        for melody in melodies:
            score = melody.score
            if all(metre.bar_ticks <= MAX_BAR_TICKS for metre in score.metres):
                name = score.title or file.stem
                yield Piece(
                    score, split_of(tune_hash(score)), name, folder.name, style=melody.style, metre=score.metres[0]
                )
    if refused:
        report(f"{refused} of {len(files)} files could not be used.")


def tune_hash(score: Score) -> str:
    """The same for a tune and its transpositions, so that both fall in one split: its first 24 intervals."""
    pitches = [note.pitch for note in score.notes][:25]
    intervals = [b - a for a, b in itertools.pairwise(pitches)]
    return hashlib.sha256(repr(intervals).encode()).hexdigest()


def split_of(key: str) -> str:
    """A split drawn from a hash: 80 % train, 10 % valid, 10 % test, the same in every run."""
    drawn = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10
    return "valid" if drawn == 8 else "test" if drawn == 9 else "train"
