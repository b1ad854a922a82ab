"""Training music: pieces read from a folder of notation files, or from a `.jsonl` (`.jsonl.xz`) of melodies.

A melody line is one JSON object: `id`, `notes` [[pitch, onset, duration], …] in ticks of 1/24 quarter, and, where
known, `title`, `source`, `licence`, `style`, `meter`, `split` ("train", "valid", "test") and `family` (variants of
one tune, which never cross a split).

A folder may hold an `index.jsonl`, one JSON object a line: `file`, and, where known, `title`, `source`, `licence`,
`style`, `split`, and `bars_known` (false where bar lines mean nothing).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import lzma
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from composer.data.piece import Piece as Piece
from composer.data.piece import piece_from_json
from composer.errors import BadRequest, NoTrainingMusic, UnreadableMusic
from composer.events.rows import MAX_BAR_TICKS
from composer.music import SUFFIXES, Reading, melody_of, read_all
from composer.score import Key, Metre, Note, Score, Voice

SPLITS = ("train", "valid", "test")


def load_corpora(sources: Iterable[str], report: Callable[[str], None] = lambda _: None) -> list[Piece]:
    """The pieces of several corpora, each named by its path, or `PATH=SHARE` for a share of the examples drawn.

    Corpora without a share are drawn by their length among what the shares leave; shares are of 1, or of a hundred.
    """
    named = [_source(text) for text in sources]
    corpora = [(load_corpus(path, report), share) for path, share in named]
    told = sum(share for _, share in corpora if share)
    if not told:
        return [piece for pieces, _ in corpora for piece in pieces]
    whole = 100.0 if told > 1 else 1.0
    rest = sum(_length(pieces) for pieces, share in corpora if not share)
    if told > whole or (rest and told == whole):
        raise BadRequest(f"The shares of --data add up to {told:g}, which leaves nothing of {whole:g}. Lower them.")
    left = (whole - told) / rest if rest else 0.0
    return [
        replace(piece, emphasis=share / _length(pieces) if share else left)
        for pieces, share in corpora
        for piece in pieces
    ]


def _source(text: str) -> tuple[Path, float | None]:
    """The path and the share of `PATH=SHARE`."""
    path, _, share = text.rpartition("=")
    if path and not Path(text).exists() and re.fullmatch(r"\d+(\.\d+)?", share) and float(share) > 0:
        return Path(path), float(share)
    return Path(text), None


def _length(pieces: list[Piece]) -> int:
    """How many notes there are to learn from."""
    return sum(len(voice.notes) for piece in pieces if piece.split == "train" for voice in piece.score.voices) or 1


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
                row = json.loads(line)
                piece = piece_from_json(row) if "voices" in row else _melody(row)
                if piece:
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
        score=Score((Voice(notes, "Melody"),), (metre,), key=_key(row), title=row.get("title") or row["id"]),
        split=row.get("split") or split_of(str(row.get("family", row["id"]))),
        name=row.get("title") or row["id"],
        source=row.get("source") or "",
        licence=row.get("licence") or "",
        style=row.get("style"),
        metre=metre if known else None,
        family=str(row.get("family", row["id"])),
    )


_KEY = re.compile(r"([A-G][#b]?) ?(maj|mix|lyd|ion|m(?!aj|ix)|dor|phr|aeo|loc)?", re.IGNORECASE)
_MINOR = ("m", "dor", "phr", "aeo", "loc")


def _key(row: dict[str, Any]) -> Key | None:
    """The key that a melody line names with its mode, such as "G", "Am" or "D Mixolydian"."""
    found = _KEY.match(str(row.get("key") or ""))
    if not found or ":" in row["key"]:
        return None
    return Key(Key.parse(found[1]).tonic, "minor" if (found[2] or "").lower() in _MINOR else "major")


def _from_folder(folder: Path, report: Callable[[str], None]) -> Iterator[Piece]:
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    index = _index(folder)
    refused = 0
    for file in tqdm(files, desc="Reading", unit="file", disable=not sys.stderr.isatty()):
        try:
            readings = read_all(file)
        except UnreadableMusic:
            refused += 1
            continue
        row = index.get(str(file.relative_to(folder)), {})
        yield from (_piece(r, file, folder, row) for r in readings if _fits(r.score))
    if refused:
        report(f"{refused} of {len(files)} files could not be used.")


def _index(folder: Path) -> dict[str, dict[str, Any]]:
    """What a folder's `index.jsonl` says of its files, if there is one."""
    path = folder / "index.jsonl"
    if not path.exists():
        return {}
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {row["file"]: row for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise NoTrainingMusic(f"{path} is not one JSON object a line, each with a 'file': {error}.") from error


def _fits(score: Score) -> bool:
    return all(metre.bar_ticks <= MAX_BAR_TICKS for metre in score.metres)


def _piece(reading: Reading, file: Path, folder: Path, row: dict[str, Any]) -> Piece:
    """A piece of a folder, with what the index says where it says something. Drums are left out."""
    score = reading.score.with_voices(voice for voice in reading.score.voices if not voice.is_drum)
    return Piece(
        score=score,
        split=row.get("split") or split_of(tune_hash(score)),
        name=row.get("title") or score.title or file.stem,
        source=row.get("source") or folder.name,
        licence=row.get("licence") or "",
        style=row.get("style") or reading.style,
        metre=score.metres[0] if row.get("bars_known", True) else None,
    )


def melody_piece(piece: Piece) -> Piece:
    """The piece with its melody alone."""
    if len(piece.score.voices) == 1 and is_line(piece.score.voices[0].notes):
        return piece
    return replace(piece, score=melody_of(Reading(piece.score, "training")).score)


def is_line(notes: tuple[Note, ...]) -> bool:
    """Whether no two notes sound together."""
    return all(a.end <= b.onset for a, b in itertools.pairwise(notes))


def tune_hash(score: Score) -> str:
    """The same for a tune and its transpositions, so that both fall in one split: its first 24 intervals."""
    pitches = [note.pitch for note in score.notes][:25]
    intervals = [b - a for a, b in itertools.pairwise(pitches)]
    return hashlib.sha256(repr(intervals).encode()).hexdigest()


def split_of(key: str) -> str:
    """A split drawn from a hash: 80 % train, 10 % valid, 10 % test, the same in every run."""
    drawn = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10
    return "valid" if drawn == 8 else "test" if drawn == 9 else "train"
