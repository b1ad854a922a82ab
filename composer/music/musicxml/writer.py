"""Scores as MusicXML, through music21: a staff a voice, in the key's spelling, tied over bar lines.

Pitches are spelled along the line of fifths around the key, as notation has it: F sharp in D major, G flat in D flat
major; in minor the leading note is raised. A triplet or an odd length is written out as such and tied where it must be.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from composer.music.key import key_of
from composer.music.lines import lines_of
from composer.music.spelling import sharps_of, spelled
from composer.score import TICKS_PER_QUARTER, ChordSymbol, Key, Note, Score, Voice

if TYPE_CHECKING:
    from music21 import chord, clef, harmony, note, stream

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


_NEW = "#B45309"  # the colour of note heads that Motif wrote


def write_musicxml(score: Score, new: Collection[tuple[int, Note]] = ()) -> bytes:
    """A MusicXML document of a score. Those of its notes that are `new`, each with its voice's index, are coloured."""
    from music21.musicxml.m21ToXml import GeneralObjectExporter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of instruments and clefs it guesses at
        return bytes(GeneralObjectExporter(_stream(score, frozenset(new))).parse())


def _stream(score: Score, new: frozenset[tuple[int, Note]]) -> stream.Score:
    from music21 import layout, metadata, stream

    key = key_of(score)
    whole = stream.Score()
    whole.metadata = metadata.Metadata(title=score.title, movementName=score.title, composer=score.composer or "Motif")
    if score.composer:  # beside a composer's name stands who went on from it
        whole.metadata.add("arranger", "Motif")
    last = score.bar_start(max(1, score.bars))
    parts = [
        _part(score, voice, index, key, last, {note for at, note in new if at == index})
        for index, voice in enumerate(score.voices)
    ]
    for part in parts:
        whole.insert(0, part)
    if len(parts) > 1:
        whole.insert(0, layout.StaffGroup(parts, symbol="bracket", barTogether=True))
    return whole


def _part(score: Score, voice: Voice, index: int, key: Key | None, last: int, new: set[Note]) -> stream.Part:
    """A staff. Where notes overlap, each bar holds several lines as notation's voices."""
    from music21 import instrument, stream

    lines = [_line(score, chords, key, last, new) for chords in lines_of(voice.notes)]
    part = lines[0]
    for number in range(1, len(lines)):
        _set_beside(part, lines[number], str(number + 1))
    part.id = f"P{index + 1}"
    alone = len(score.voices) == 1
    part.partName = voice.name or ("Melody" if alone else f"Track {index + 1}")
    part.partAbbreviation = ""
    player = instrument.UnpitchedPercussion() if voice.is_drum else instrument.instrumentFromMidiProgram(voice.program)
    player.partName, player.midiProgram = part.partName, voice.program
    player.transposition = None  # a score holds what sounds
    part.insert(0, player)
    first = part.getElementsByClass(stream.Measure)[0]
    first.clef = _clef(voice)
    if index == 0:
        _insert_tempos(part, score)
        _insert_chords(part, score)
    return part


def _line(score: Score, chords: list[list[Note]], key: Key | None, last: int, new: set[Note]) -> stream.Part:
    """One line of a staff in bars up to tick `last`, with rests, ties and beams."""
    from music21 import key as m21key
    from music21 import meter, stream

    line = stream.Part()
    for tick, signature in [(0, key), *_key_changes(score)]:
        sharps, mode = (sharps_of(signature), signature.mode) if signature else (0, "major")
        line.insert(_quarters(tick), m21key.KeySignature(sharps).asKey(mode))
    for metre in score.metres:
        line.insert(_quarters(metre.tick), meter.TimeSignature(str(metre)))
    for notes in chords:
        onset = notes[0].onset
        here = score.key_at(onset)
        line.insert(_quarters(onset), _element(notes, key if here == score.key else here, new))
    line.makeRests(fillGaps=True, inPlace=True, refStreamOrTimeRange=[0, _quarters(last)])
    return line.makeNotation(inPlace=False)


def _key_changes(score: Score) -> Iterator[tuple[int, Key]]:
    """The bar lines at which another signature begins than holds before."""
    for bar in range(1, score.bars if score.key_changes else 0):
        start = score.bar_start(bar)
        here = score.key_at(start)
        if here is not None and here != score.key_at(score.bar_start(bar - 1)):
            yield start, here


def _set_beside(part: stream.Part, line: stream.Part, name: str) -> None:
    """Put another line's bars into the part's, as a voice of that name beside those there."""
    for bar, other in zip(part.getElementsByClass("Measure"), line.getElementsByClass("Measure"), strict=True):
        if not bar.voices:
            bar.insert(0, _voice_of(bar, "1"))
        bar.insert(0, _voice_of(other, name))


def _voice_of(bar: stream.Measure, name: str) -> stream.Voice:
    """A bar's notes and rests, taken out of it into a voice."""
    from music21 import stream

    voice = stream.Voice(id=name)
    for element in list(bar.notesAndRests):
        voice.insert(element.offset, element)
        bar.remove(element)
    return voice


def _insert_tempos(part: stream.Part, score: Score) -> None:
    from music21 import tempo

    bars = list(part.getElementsByClass("Measure"))
    for mark in score.tempos:
        at = _quarters(mark.tick)
        bar = next((bar for bar in reversed(bars) if bar.offset <= at), bars[0])
        beat = _quarters(mark.beat)
        bar.insert(at - bar.offset, tempo.MetronomeMark(number=round(mark.beats_a_minute, 2), referent=beat))


def _insert_chords(part: stream.Part, score: Score) -> None:
    from music21 import harmony

    bars = list(part.getElementsByClass("Measure"))
    for chord in score.chords:
        at = _quarters(chord.onset)
        bar = next((bar for bar in reversed(bars) if bar.offset <= at), bars[0])
        if chord.root is None:
            symbol: harmony.ChordSymbol = harmony.NoChord()
        else:
            root, bass = (None if step is None else _letter(step) for step in (chord.root, chord.bass))
            symbol = harmony.ChordSymbol(root=root, bass=bass, kind=_KINDS.get(chord.quality, "major"))
        bar.insert(at - bar.offset, symbol)


def _letter(step: int) -> str:
    """A chord's root as chord symbols name it, flats written as music21 does."""
    return str(ChordSymbol(0, step)).replace("b", "-")


def _clef(voice: Voice) -> clef.Clef:
    from music21 import clef

    if voice.is_drum:
        return clef.PercussionClef()
    pitches = [note.pitch for note in voice.notes]
    middle = sum(pitches) / len(pitches) if pitches else 67
    if voice.name.lower() == "tenor":
        return clef.Treble8vbClef()
    return clef.TrebleClef() if middle >= 58 else clef.BassClef()


def _element(notes: list[Note], key: Key | None, new: set[Note]) -> note.Note | chord.Chord:
    from music21 import chord, note, pitch

    length = _quarters(notes[0].duration)
    pitches = [pitch.Pitch(name, octave=octave) for name, octave in (spelled(n.pitch, key) for n in notes)]
    element = (
        note.Note(pitches[0], quarterLength=length) if len(notes) == 1 else chord.Chord(pitches, quarterLength=length)
    )
    element.volume.velocity = notes[0].velocity
    if new.intersection(notes):
        element.style.color = _NEW
    return element


def _quarters(ticks: int) -> Fraction:
    return Fraction(ticks, TICKS_PER_QUARTER)
