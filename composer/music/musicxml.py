"""Scores as MusicXML, through music21: a staff a voice, in the key's spelling, tied over bar lines.

Pitches are spelled along the line of fifths around the key, as notation has it: F sharp in D major, G flat in D flat
major; in minor the leading note is raised. A triplet or an odd length is written out as such and tied where it must be.
"""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

from composer.music.key import key_of
from composer.score import TICKS_PER_QUARTER, Key, Note, Score, Voice

# Sharps of each major key by tonic (flats are negative), as signatures have them.
_SHARPS = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)
_LINE = "FCGDAEB"


def write_musicxml(score: Score) -> bytes:
    """A MusicXML document of a score."""
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of instruments and clefs it guesses at
        return bytes(GeneralObjectExporter(_stream(score)).parse())


def spelled(pitch: int, key: Key | None) -> tuple[str, int]:
    """The name and octave of a MIDI pitch in a key, flats written as music21 does: ("F#", 4), ("B-", 3).

    >>> spelled(66, Key.parse("D major")), spelled(70, Key.parse("F major"))
    (('F#', 4), ('B-', 4))
    """
    sharps = _sharps(key or Key(0))
    # Twelve neighbours on the line of fifths (C is 0). In C major they reach from E flat to G sharp, the leading note
    # of its relative minor; in A minor from B flat to D sharp.
    low = sharps - 3 if key is None or key.mode == "major" else sharps - 2
    position = next(at for at in range(low, low + 12) if at * 7 % 12 == pitch % 12)
    letter, alteration = _LINE[(position + 1) % 7], (position + 1) // 7
    natural = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter]
    octave = (pitch - alteration - natural) // 12 - 1
    return f"{letter}{'#' * alteration}{'-' * -alteration}", octave


def _sharps(key: Key) -> int:
    """The signature: sharps, or flats as a negative number."""
    return _SHARPS[key.tonic if key.mode == "major" else (key.tonic + 3) % 12]


def _stream(score: Score) -> Any:
    from music21 import layout, metadata, stream

    key = key_of(score)
    whole: Any = stream.Score()
    whole.metadata = metadata.Metadata(title=score.title, movementName=score.title, composer="Motif")
    last = score.bar_start(max(1, score.bars))
    parts = [_part(score, voice, index, key, last) for index, voice in enumerate(score.voices)]
    for part in parts:
        whole.insert(0, part)
    if len(parts) > 1:
        whole.insert(0, layout.StaffGroup(parts, symbol="bracket", barTogether=True))
    return whole


def _part(score: Score, voice: Voice, index: int, key: Key | None, last: int) -> Any:
    """A staff. Where notes overlap, each bar holds several lines as notation's voices."""
    from music21 import clef, instrument, stream

    lines = [_line(score, chords, key, last) for chords in _lines(voice.notes)]
    part: Any = lines[0]
    for number in range(1, len(lines)):
        _set_beside(part, lines[number], str(number + 1))
    part.id = f"P{index + 1}"
    part.partName, part.partAbbreviation = voice.name or f"Track {index + 1}", ""
    player = instrument.UnpitchedPercussion() if voice.is_drum else instrument.instrumentFromMidiProgram(voice.program)
    player.partName, player.midiProgram = part.partName, voice.program
    player.transposition = None  # a score holds what sounds
    part.insert(0, player)
    first = part.getElementsByClass(stream.Measure)[0]
    first.clef = _clef(voice, clef)
    if index == 0:
        _insert_tempos(part, score)
    return part


def _line(score: Score, chords: list[list[Note]], key: Key | None, last: int) -> Any:
    """One line of a staff in bars up to tick `last`, with rests, ties and beams."""
    from music21 import key as m21key
    from music21 import meter, stream

    line: Any = stream.Part()
    line.insert(0, m21key.KeySignature(_sharps(key) if key else 0).asKey(key.mode if key else "major"))
    for metre in score.metres:
        line.insert(_quarters(metre.tick), meter.TimeSignature(str(metre)))
    for notes in chords:
        line.insert(_quarters(notes[0].onset), _element(notes, key))
    line.makeRests(fillGaps=True, inPlace=True, refStreamOrTimeRange=[0, _quarters(last)])
    return line.makeNotation(inPlace=False)


def _lines(notes: tuple[Note, ...]) -> list[list[list[Note]]]:
    """The fewest lines in which no note overlaps the next; notes struck and released together make a chord."""
    chords: dict[tuple[int, int], list[Note]] = {}
    for note in notes:
        chords.setdefault((note.onset, -note.duration), []).append(note)
    lines: list[list[list[Note]]] = []
    for (onset, _), together in sorted(chords.items()):
        free = next((line for line in lines if line[-1][0].end <= onset), None)
        if free is None:
            lines.append([together])
        else:
            free.append(together)
    return lines or [[]]


def _set_beside(part: Any, line: Any, name: str) -> None:
    """Put another line's bars into the part's, as a voice of that name beside those there."""
    from music21 import stream

    for bar, other in zip(part.getElementsByClass("Measure"), line.getElementsByClass("Measure"), strict=True):
        if not bar.voices:
            bar.insert(0, _voice_of(bar, "1", stream))
        bar.insert(0, _voice_of(other, name, stream))


def _voice_of(bar: Any, name: str, stream: Any) -> Any:
    """A bar's notes and rests, taken out of it into a voice."""
    voice = stream.Voice(id=name)
    for element in list(bar.notesAndRests):
        voice.insert(element.offset, element)
        bar.remove(element)
    return voice


def _insert_tempos(part: Any, score: Score) -> None:
    from music21 import tempo

    bars = list(part.getElementsByClass("Measure"))
    for mark in score.tempos:
        at = _quarters(mark.tick)
        bar = next((bar for bar in reversed(bars) if bar.offset <= at), bars[0])
        bar.insert(at - bar.offset, tempo.MetronomeMark(number=round(mark.bpm, 2), referent=1.0))


def _clef(voice: Voice, clefs: Any) -> Any:
    if voice.is_drum:
        return clefs.PercussionClef()
    pitches = [note.pitch for note in voice.notes]
    middle = sum(pitches) / len(pitches) if pitches else 67
    if voice.name.lower() == "tenor":
        return clefs.Treble8vbClef()
    return clefs.TrebleClef() if middle >= 58 else clefs.BassClef()


def _element(notes: list[Note], key: Key | None) -> Any:
    from music21 import chord, note, pitch

    length = _quarters(notes[0].duration)
    pitches = [pitch.Pitch(name, octave=octave) for name, octave in (spelled(n.pitch, key) for n in notes)]
    element: Any = (
        note.Note(pitches[0], quarterLength=length) if len(notes) == 1 else chord.Chord(pitches, quarterLength=length)
    )
    element.volume.velocity = notes[0].velocity
    return element


def _quarters(ticks: int) -> Fraction:
    return Fraction(ticks, TICKS_PER_QUARTER)
