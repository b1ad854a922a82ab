"""A score read out bar by bar, for those who hear it described instead of seeing it.

>>> from composer.score import Note, Score, Voice
>>> bars_in_words(Score((Voice((Note(0, 60, 24), Note(48, 64, 12)), "Flute"),)))
['Bar 1: C4 quarter, quarter rest, E4 eighth, dotted quarter rest.']
"""

from __future__ import annotations

from collections.abc import Iterator

from composer.score import Key, Note, Score, Voice

# What people call a length in ticks; every other length is said in ticks.
LENGTHS = {
    96: "whole",
    72: "dotted half",
    48: "half",
    36: "dotted quarter",
    24: "quarter",
    18: "dotted eighth",
    16: "triplet quarter",
    12: "eighth",
    9: "dotted sixteenth",
    8: "triplet eighth",
    6: "sixteenth",
    4: "triplet sixteenth",
    3: "thirty-second",
}
_SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_FLATS = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
_FLAT_MAJORS = (1, 3, 5, 8, 10)  # D♭, E♭, F, A♭, B♭ major and their relatives


def pitch_in_words(pitch: int, key: Key | None = None) -> str:
    """A MIDI pitch as "F♯4", or "G♭4" in a key of flats; 60 is C4."""
    tonic = None if key is None else (key.tonic + (3 if key.mode == "minor" else 0)) % 12
    return (_FLATS if tonic in _FLAT_MAJORS else _SHARPS)[pitch % 12] + str(pitch // 12 - 1)


def length_in_words(ticks: int) -> str:
    """A length as "dotted quarter"; one that notation has no single sign for as "30 ticks"."""
    return LENGTHS.get(ticks, f"{ticks} ticks")


def bars_in_words(score: Score, key: Key | None = None) -> list[str]:
    """One sentence a bar and voice; drums are left out."""
    voices = [(number, v) for number, v in enumerate(score.voices, 1) if v.notes and not v.is_drum]
    key = key or score.key
    sentences = []
    for bar in range(score.bars):
        start, end = score.bar_start(bar), score.bar_start(bar + 1)
        for number, voice in voices:
            name = f", {voice.name or f'Track {number}'}" if len(voices) > 1 else ""
            sentences.append(f"Bar {bar + 1}{name}: {', '.join(_bar(voice, start, end, key))}.")
    return sentences


def _bar(voice: Voice, start: int, end: int, key: Key | None) -> Iterator[str]:
    """What happens in one bar of a voice, in order."""
    at = start
    sounding = [note for note in voice.notes if note.onset < start < note.end]
    if sounding:
        at = min(end, max(note.end for note in sounding))
        yield f"{_chord(sounding, key)} held"
    onsets: dict[int, list[Note]] = {}
    for note in voice.notes:
        if start <= note.onset < end:
            onsets.setdefault(note.onset, []).append(note)
    for onset, notes in sorted(onsets.items()):
        if onset > at:
            yield f"{length_in_words(onset - at)} rest"
        last = max(note.end for note in notes)
        over = " into the next bar" if last > end else ""
        yield f"{_chord(notes, key)} {length_in_words(min(last, end) - onset)}{over}"
        at = max(at, last)
    if at < end:
        yield "rest" if at == start else f"{length_in_words(end - at)} rest"


def _chord(notes: list[Note], key: Key | None) -> str:
    return "+".join(pitch_in_words(note.pitch, key) for note in sorted(notes, key=lambda note: note.pitch))
