"""Scores as MusicXML, through music21: a staff a voice, in the key's spelling, tied over bar lines.

Pitches are spelled along the line of fifths around the key, as notation has it: F sharp in D major, G flat in D flat
major; in minor the leading note is raised. A triplet or an odd length is written out as such and tied where it must be.
"""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

from composer.music.key import key_of
from composer.music.lines import lines_of
from composer.music.spelling import sharps_of
from composer.music.spelling import spelled as spelled
from composer.score import TICKS_PER_QUARTER, ChordSymbol, Key, Note, Score, Voice

# What music21 and MusicXML call the qualities of chord symbols.
_KINDS = {
    "": "major",
    "m": "minor",
    "7": "dominant-seventh",
    "m7": "minor-seventh",
    "maj7": "major-seventh",
    "dim": "diminished",
    "dim7": "diminished-seventh",
    "m7b5": "half-diminished-seventh",
    "aug": "augmented",
    "sus4": "suspended-fourth",
    "6": "major-sixth",
    "m6": "minor-sixth",
}


def write_musicxml(score: Score) -> bytes:
    """A MusicXML document of a score."""
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of instruments and clefs it guesses at
        return bytes(GeneralObjectExporter(_stream(score)).parse())


def _stream(score: Score) -> Any:
    from music21 import layout, metadata, stream

    key = key_of(score)
    whole: Any = stream.Score()
    whole.metadata = metadata.Metadata(title=score.title, movementName=score.title, composer=score.composer or "Motif")
    if score.composer:  # beside a composer's name stands who went on from it
        whole.metadata.add("arranger", "Motif")
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

    lines = [_line(score, chords, key, last) for chords in lines_of(voice.notes)]
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
        _insert_chords(part, score)
    return part


def _line(score: Score, chords: list[list[Note]], key: Key | None, last: int) -> Any:
    """One line of a staff in bars up to tick `last`, with rests, ties and beams."""
    from music21 import key as m21key
    from music21 import meter, stream

    line: Any = stream.Part()
    line.insert(0, m21key.KeySignature(sharps_of(key) if key else 0).asKey(key.mode if key else "major"))
    for metre in score.metres:
        line.insert(_quarters(metre.tick), meter.TimeSignature(str(metre)))
    for notes in chords:
        line.insert(_quarters(notes[0].onset), _element(notes, key))
    line.makeRests(fillGaps=True, inPlace=True, refStreamOrTimeRange=[0, _quarters(last)])
    return line.makeNotation(inPlace=False)


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
        beat = _quarters(mark.beat)
        bar.insert(at - bar.offset, tempo.MetronomeMark(number=round(mark.beats_a_minute, 2), referent=beat))


def _insert_chords(part: Any, score: Score) -> None:
    from music21 import harmony

    bars = list(part.getElementsByClass("Measure"))
    for chord in score.chords:
        at = _quarters(chord.onset)
        bar = next((bar for bar in reversed(bars) if bar.offset <= at), bars[0])
        if chord.root is None:
            symbol: Any = harmony.NoChord()
        else:
            root, bass = (None if step is None else _letter(step) for step in (chord.root, chord.bass))
            symbol = harmony.ChordSymbol(root=root, bass=bass, kind=_KINDS.get(chord.quality, "major"))
        bar.insert(at - bar.offset, symbol)


def _letter(step: int) -> str:
    """A chord's root as chord symbols name it, flats written as music21 does."""
    return str(ChordSymbol(0, step)).replace("b", "-")


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
