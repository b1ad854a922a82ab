"""MusicXML and ABC, read by music21."""

from __future__ import annotations

import contextlib
import io
import lzma
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from composer.errors import UnreadableMusic
from composer.music.abc import abc_field, abc_tunes, ready
from composer.music.midi import without_overlaps
from composer.music.reading import LIMITS, Reading
from composer.score import DEFAULT_VELOCITY, TICKS_PER_QUARTER, Key, Metre, Note, Score, Tempo, Voice

# music21 takes 1 ms a note and more for a bar, so that these stay within seconds.
_XML_LIMITS = {"note": 2_500, "measure": 1_000, "attributes": 400, "direction": 600, "harmony": 600, "score-part": 40}
_MAX_XML_BYTES = 8_000_000
_MINOR_MODES = ("minor", "aeolian", "dorian", "phrygian", "locrian")  # by their third


def read_abc(text: str) -> Reading:
    """The first tune of an ABC text."""
    tunes = abc_tunes(text)
    if not tunes:
        raise UnreadableMusic("There is no tune in this ABC text: a tune begins with a line 'X:1' and names its key.")
    tune, remarks = ready(tunes[0])
    reading = _read(tune, "abc", "ABC").remarking(*remarks)
    if len(tunes) > 1:
        reading = reading.remarking(f"The first of the {len(tunes)} tunes in this file was read.")
    return replace(reading, style=abc_field(tunes[0], "R"))


def read_musicxml(data: bytes) -> Reading:
    """A MusicXML document, plain or compressed (.mxl)."""
    data = _uncompressed(data) if data[:2] == b"PK" else data
    if len(data) > _MAX_XML_BYTES:
        raise UnreadableMusic(f"This score is {len(data)} bytes long; Motif takes up to {_MAX_XML_BYTES}.")
    text = _decoded(data)
    if "<!ENTITY" in text:
        raise UnreadableMusic(
            "This MusicXML file defines entities of its own, which Motif does not follow. Export it anew."
        )
    for what, most in _XML_LIMITS.items():
        found = len(re.findall(rf"<(?:\w+:)?{what}\b", text))
        if found > most:
            raise UnreadableMusic(
                f"This score has {found} {what}s; Motif takes up to {most} from notation. Bring MIDI."
            )
    if re.search(r"times\s*=\s*[\"']\s*\d{2}|ending[^>]*\d{3}", text):
        raise UnreadableMusic("This score repeats a passage more than nine times. Write it out, or bring MIDI.")
    return _read(text, "musicxml", "MusicXML")


def _decoded(data: bytes) -> str:
    for charset in ("utf-16", "latin1") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "latin1"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin1 decodes anything")


def _uncompressed(data: bytes) -> bytes:
    """The score inside an .mxl archive, its size checked before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            scores = [
                entry
                for entry in archive.infolist()
                if entry.filename.lower().endswith((".xml", ".musicxml")) and not entry.filename.startswith("META-INF/")
            ]
            if not scores:
                raise UnreadableMusic("There is no score in this compressed file. Export it as MusicXML or MIDI.")
            if scores[0].file_size > _MAX_XML_BYTES:
                raise UnreadableMusic(f"The score inside is over {_MAX_XML_BYTES} bytes long. Bring a part of it.")
            with archive.open(scores[0]) as entry:
                return entry.read(_MAX_XML_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise UnreadableMusic(f"This compressed score is damaged ({error}). Export it anew.") from error


def _read(text: str, form: str, source: str) -> Reading:
    from music21 import converter
    from music21 import stream as m21stream

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parsed = converter.parseData(text, format=form)
            if isinstance(parsed, m21stream.Opus):
                parsed = parsed.scores[0]
            score, remarks = _score(parsed)
        except UnreadableMusic:
            raise
        except Exception as error:  # music21 raises most types there are for broken notation
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise UnreadableMusic(
                f"This {source} could not be understood ({reason[:120]}). Check it, or bring MIDI."
            ) from error
    if not score.notes:
        raise UnreadableMusic(f"There are no notes in this {source}, so there is nothing to go on from.")
    return Reading(score, source, remarks=tuple(remarks))


def _score(parsed: Any) -> tuple[Score, list[str]]:
    from music21 import exceptions21, repeat

    remarks = []
    # Marks that contradict each other, and music without bar lines, are read as written.
    with contextlib.suppress(repeat.ExpanderException, exceptions21.StreamException, AttributeError):
        parsed = parsed.expandRepeats()
    parts = list(parsed.parts) if hasattr(parsed, "parts") and len(parsed.parts) else [parsed]
    pickup = _pickup_ticks(parts[0])
    if pickup:
        remarks.append("The tune begins with a pick-up; the bar before the first bar line was filled with rests.")
    voices, graces = [], 0
    for part in parts:
        notes, dropped = _notes(part, pickup)
        graces += dropped
        if notes:
            program = _program(part)
            voices.append(Voice(without_overlaps(notes), str(part.partName or ""), program))
    if graces:
        remarks.append(f"{graces} grace note{'s were' if graces > 1 else ' was'} left out.")
    metadata = parsed.metadata
    title = str(metadata.bestTitle or "") if metadata is not None else ""
    score = Score(tuple(voices), _metres(parts[0], pickup), _tempos(parsed, pickup), _key(parts[0]), title)
    if score.bars > LIMITS["bars"]:
        raise UnreadableMusic(
            f"This score has {score.bars} bars; Motif takes up to {LIMITS['bars']}. Bring a part of it."
        )
    return score, remarks


def _ticks(quarters: float | Fraction) -> int:
    return round(quarters * TICKS_PER_QUARTER)


def _pickup_ticks(part: Any) -> int:
    """How far right the music must move for bar lines to fall on multiples of the bar."""
    measures = list(part.getElementsByClass("Measure"))
    if len(measures) < 2:
        return 0
    full = measures[0].barDuration.quarterLength
    short = full - measures[0].duration.quarterLength
    return _ticks(short) if 0 < short < full else 0


def _notes(part: Any, pickup: int) -> tuple[list[Note], int]:
    """The notes with tied ones joined, and how many grace notes there were."""
    notes: list[Note] = []
    graces = 0
    tied: dict[tuple[int, int], int] = {}  # (pitch, tick at which it goes on) → which of the notes
    for element in _sounding(part):
        if element.duration.isGrace or element.quarterLength == 0:
            graces += 1
            continue
        onset = _ticks(element.offset) + pickup
        end = max(onset + 1, _ticks(element.offset + element.quarterLength) + pickup)
        if onset < 0:
            raise UnreadableMusic("A note of this score begins before its first bar. Export it anew, or bring MIDI.")
        for single in getattr(element, "notes", (element,)):
            tie = (single.tie or element.tie).type if single.tie or element.tie else ""
            pitch, at = single.pitch.midi, len(notes)
            if tie in ("stop", "continue") and (pitch, onset) in tied:
                at = tied.pop((pitch, onset))
                notes[at] = replace(notes[at], duration=end - notes[at].onset)
            else:
                notes.append(Note(onset, pitch, end - onset, _velocity(element)))
            if tie in ("start", "continue"):
                tied[pitch, end] = at
    return notes, graces


def _velocity(element: Any) -> int:
    return max(1, min(127, int(element.volume.velocity or DEFAULT_VELOCITY)))


def _sounding(part: Any) -> Iterator[Any]:
    """Notes and chords in order; chord symbols make no sound."""
    from music21 import harmony

    for element in part.flatten().notes:
        if not isinstance(element, harmony.Harmony) and hasattr(element, "pitches"):
            yield element


def _metres(part: Any, pickup: int) -> tuple[Metre, ...]:
    changes = {0: Metre()}
    for sign in part.flatten().getElementsByClass("TimeSignature"):
        at = _ticks(sign.offset)
        if sign.denominator in (1, 2, 4, 8, 16, 32) and 1 <= sign.numerator <= 64:
            changes[at + pickup if at else 0] = Metre(at + pickup if at else 0, sign.numerator, sign.denominator)
    kept: list[Metre] = []
    for at in sorted(changes):
        if not kept or str(kept[-1]) != str(changes[at]):
            kept.append(changes[at])
    return tuple(kept)


def _tempos(parsed: Any, pickup: int) -> tuple[Tempo, ...]:
    changes = {0: Tempo()}
    for mark in parsed.flatten().getElementsByClass("MetronomeMark"):
        bpm = mark.getQuarterBPM()
        if bpm and 8 <= bpm <= 1000:
            at = _ticks(mark.offset)
            changes[at + pickup if at else 0] = Tempo.from_bpm(bpm, at + pickup if at else 0)
    return tuple(changes[at] for at in sorted(changes))


def _key(part: Any) -> Key | None:
    signs = list(part.flatten().getElementsByClass("KeySignature"))
    if not signs:
        return None
    named = signs[0] if hasattr(signs[0], "mode") else signs[0].asKey()
    return Key(named.tonic.pitchClass, "minor" if named.mode in _MINOR_MODES else "major")


def _program(part: Any) -> int:
    instrument = part.getInstrument(returnDefault=False)
    return int(instrument.midiProgram or 0) if instrument is not None else 0
