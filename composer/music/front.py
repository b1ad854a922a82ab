"""Reading a file, whatever it is: by its first bytes, not by its name, in a process of its own."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import Path

from composer.errors import UnreadableMusic
from composer.music import pool
from composer.music.abc import abc_tunes, read_abc
from composer.music.abc.book import abc_text, book_of
from composer.music.key import key_of
from composer.music.limits import LIMITS
from composer.music.midi import read_midi
from composer.music.musicxml import read_musicxml
from composer.music.reading import Reading

SUFFIXES = (".mid", ".midi", ".kar", ".rmi", ".abc", ".musicxml", ".mxl", ".xml")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KINDS = {
    b"ID3": "a sound recording (MP3), not notes",
    b"OggS": "a sound recording (Ogg), not notes",
    b"\xff\xfb": "a sound recording (MP3), not notes",
    b"\xff\xf3": "a sound recording (MP3), not notes",
    b"fLaC": "a sound recording (FLAC), not notes",
    b"FORM": "a sound recording (AIFF), not notes",
    b"\x18FICHIER GUITAR PRO": "a Guitar Pro file; export it as MIDI or MusicXML",
    b"%PDF": "a PDF, a picture",
    b"\\version": "LilyPond; let it write MIDI (a \\midi block)",
    b"**": "Humdrum; export it as MusicXML or MIDI",
    b"\x89PNG": "a picture, not notes",
    b"\xff\xd8\xff": "a picture, not notes",
    b"\x1f\x8b": "a packed file (gzip)",
}


def read(source: Path | str | bytes, tune: int | str | None = None) -> Reading:
    """Read MIDI, MusicXML or ABC from a file or from bytes.

    The file is read in a process of its own, which is ended when it takes longer or more memory than
    `composer.music.limits` says.

    Args:
        source: A file's path, or its bytes; what it is, is told by what stands in it.
        tune: Which of a tune book, by number or title; without it the first.

    Returns:
        The score, in ticks (24 a quarter), and what was quantised, repaired and dropped, in words.

    Raises:
        UnreadableMusic: The file is damaged, empty, over a limit or not music; the message has the reason.
    """
    data = _checked(source if isinstance(source, bytes) else _bytes_of(Path(source)))
    return pool.reading(data, tune)


def tunes_of(source: Path | str | bytes) -> list[tuple[str, str]]:
    """(number, title) of each tune of an ABC tune book, to choose one by; of any other file there are none.

    `read` takes either as its `tune`. UnreadableMusic where the file cannot be opened.
    """
    return pool.tunes(_checked(source if isinstance(source, bytes) else _bytes_of(Path(source))))


def tunes_here(data: bytes) -> list[tuple[str, str]]:
    """The same within this process."""
    return book_of(abc_text(data)) if _is_abc(_checked(data)) else []


def read_here(data: bytes, tune: int | str | None = None) -> Reading:
    """The same within this process, with nothing that ends it: what reading processes do."""
    reading = _dispatch(_checked(data), tune)
    if not reading.score.notes:
        raise UnreadableMusic(f"There are no notes in this {reading.source} that an instrument could play.")
    named = replace(
        reading,
        key=key_of(reading.score, named=reading.source in ("ABC", "MusicXML")),
        tracks=tuple(_track_name(v.name, i) for i, v in enumerate(reading.score.voices)),
    )
    return _within_limits(_without_long_silence(named))


def read_all(path: Path) -> list[Reading]:
    """All pieces of a file: the tunes of an ABC tune book, else the one piece."""
    if path.suffix.lower() != ".abc":
        return [read(path)]
    return [read(tune.encode()) for tune in abc_tunes(abc_text(_bytes_of(path)))]


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LIMITS["bytes"]:
            raise _too_long(path.name, size)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableMusic(f"{path} could not be opened ({error.strerror}). Check the name.") from error


def _checked(data: bytes) -> bytes:
    if not data:
        raise UnreadableMusic("This file is empty. Export it anew and try again.")
    if len(data) > LIMITS["bytes"]:
        raise _too_long("This file", len(data))
    return data


def _too_long(name: str, size: int) -> UnreadableMusic:
    return UnreadableMusic(f"{name} is {size} bytes long; Motif takes up to {LIMITS['bytes']}. Bring a part of it.")


def _dispatch(data: bytes, tune: int | str | None) -> Reading:
    head = _head(data)
    if data[:8] == b"SMF2CLIP":
        raise UnreadableMusic("This is a MIDI 2.0 clip, which no reader here knows. Export it as a Standard MIDI File.")
    if data.find(b"MThd", 0, 1024) >= 0 or data[8:12] == b"RMID":
        return read_midi(data)
    if _is_abc(data):
        return read_abc(data, tune)
    if data[:2] in (b"PK", *_UTF16, b"<\0", b"\0<") or head[:1] == b"<":
        return read_musicxml(data)
    kind = next((what for mark, what in _KINDS.items() if head.startswith(mark)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        kind = "a sound recording (WAV), not notes"
    raise UnreadableMusic(
        f"This is {kind or 'not a file of music, whatever its name says'}. Motif reads MIDI, MusicXML and ABC."
    )


def _head(data: bytes) -> bytes:
    return data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")


def _is_abc(data: bytes) -> bool:
    """Whether a file is ABC, if it is neither MIDI nor an archive: it begins with a field, a remark or, later, X:."""
    if data[:2] in _UTF16:
        return "<" not in data[:200].decode("utf-16", "replace")
    head = _head(data)
    if head[:1] == b"<" or data[:2] == b"PK" or any(head.startswith(mark) for mark in (*_KINDS, b"MThd", b"RIFF")):
        return False
    is_remark = head[:1] == b"%" and not head.startswith(b"%!")
    return bool(re.match(rb"[A-Za-z]:", head) or re.search(rb"[\r\n]X:", data) or is_remark)


def _without_long_silence(reading: Reading) -> Reading:
    """Whole empty bars before the first note are taken away, so that the music begins within its first bar."""
    score = reading.score
    first = score.bar_at(min(note.onset for note in score.notes))
    if first == 0:
        return reading
    start = score.bar_start(first)
    trimmed = score.from_tick(start)
    return replace(reading, score=trimmed).remarking(
        f"{first} empty bar{'s' if first > 1 else ''} at the beginning left out."
    )


def _within_limits(reading: Reading) -> Reading:
    score = reading.score
    if all(voice.is_drum for voice in score.voices):
        raise UnreadableMusic("There are only drums in this file, and no melody to go on from. Bring one with notes.")
    if len(score.voices) > LIMITS["tracks"]:
        raise UnreadableMusic(
            f"This file has {len(score.voices)} voices; Motif takes up to {LIMITS['tracks']}. Leave some out."
        )
    notes = sum(len(voice.notes) for voice in score.voices)
    if notes > LIMITS["notes"]:
        raise UnreadableMusic(f"This file has {notes} notes; Motif takes up to {LIMITS['notes']}. Bring a part of it.")
    if score.bars > LIMITS["bars"]:
        raise UnreadableMusic(
            f"This file has {score.bars} bars; Motif takes up to {LIMITS['bars']}. Bring a part of it."
        )
    if reading.seconds > LIMITS["seconds"]:
        raise UnreadableMusic(
            f"This file lasts {reading.seconds:.0f} seconds; Motif takes up to {LIMITS['seconds']}. Bring a part of it."
        )
    return reading


def _track_name(name: str, index: int) -> str:
    return name or f"Track {index + 1}"
