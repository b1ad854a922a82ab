"""Reading a file, whatever it is: by its first bytes, not by its name."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from composer.errors import UnreadableMusic
from composer.music.abc import abc_tunes
from composer.music.key import key_of
from composer.music.midi import read_midi
from composer.music.notation import read_abc, read_musicxml
from composer.music.reading import LIMITS, Reading

SUFFIXES = (".mid", ".midi", ".kar", ".rmi", ".abc", ".musicxml", ".mxl", ".xml")
_RECORDINGS = {b"ID3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC", b"\xff\xfb": "MP3", b"\xff\xf3": "MP3", b"FORM": "AIFF"}


def read(source: Path | str | bytes) -> Reading:
    """Read MIDI, MusicXML or ABC from a file or from bytes; UnreadableMusic with the reason otherwise."""
    data = source if isinstance(source, bytes) else _bytes_of(Path(source))
    reading = _dispatch(data)
    named = replace(
        reading,
        key=key_of(reading.score),
        tracks=tuple(_track_name(v.name, i) for i, v in enumerate(reading.score.voices)),
    )
    return _within_limits(_without_long_silence(named))


def read_all(path: Path) -> list[Reading]:
    """All pieces of a file: the tunes of an ABC tune book, else the one piece."""
    if path.suffix.lower() != ".abc":
        return [read(path)]
    return [read(tune.encode()) for tune in abc_tunes(_bytes_of(path).decode("utf-8-sig", "replace"))]


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LIMITS["bytes"]:
            raise UnreadableMusic(
                f"{path.name} is {size} bytes long; Motif takes up to {LIMITS['bytes']}. Bring a part of it."
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableMusic(f"{path} could not be opened ({error.strerror}). Check the name.") from error


def _dispatch(data: bytes) -> Reading:
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not data:
        raise UnreadableMusic("This file is empty. Export it anew and try again.")
    if len(data) > LIMITS["bytes"]:
        raise UnreadableMusic(
            f"This file is {len(data)} bytes long; Motif takes up to {LIMITS['bytes']}. Bring a part of it."
        )
    if data[:4] == b"MThd" or data[8:12] == b"RMID":
        return read_midi(data)
    if data[:8] == b"SMF2CLIP":
        raise UnreadableMusic("This is a MIDI 2.0 clip, which no reader here knows. Export it as a Standard MIDI File.")
    if data[:2] == b"PK" or head[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return read_musicxml(data)
    if re.match(rb"[A-Za-z]:", head) or b"\nX:" in data or (head[:1] == b"%" and not head.startswith((b"%PDF", b"%!"))):
        return read_abc(data.decode("utf-8-sig", "replace"))
    raise UnreadableMusic(f"This is {_kind(data)}. Motif reads MIDI, MusicXML and ABC.")


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "a sound recording (WAV), not notes"
    for mark, name in _RECORDINGS.items():
        if data.startswith(mark):
            return f"a sound recording ({name}), not notes"
    return "not a file of music, whatever its name says"


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
