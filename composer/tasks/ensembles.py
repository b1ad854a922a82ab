"""Ensembles: who plays, in which range, and how many notes at once, where music is written from nothing or a melody."""

from __future__ import annotations

from dataclasses import dataclass

from composer.music import skyline
from composer.score import Note

MOST_AT_ONCE = 6  # notes a voice may be asked to sound together
_LINE = 0.9  # a voice with so large a share of its notes in its skyline is a line that doubles a note now and then


@dataclass(frozen=True)
class Part:
    """One voice: its name, the pitches it plays, its General MIDI program, and how many notes it may sound at once."""

    name: str
    low: int
    high: int
    program: int = 0
    most: int = 1


@dataclass(frozen=True)
class Ensemble:
    """Parts from the highest, and the style that music for them has where none is asked for.

    `called` is what the page calls it; where it is `sustained` voices do not rest: people's chorales and hymns have
    none that does.
    """

    called: str
    parts: tuple[Part, ...]
    style: str | None = None
    sustained: bool = False


_PIANO = (Part("Piano RH", 48, 98, most=5), Part("Piano LH", 28, 70, most=4))
ENSEMBLES = {
    "melody": Ensemble("a melody", (Part("Melody", 55, 84),)),
    "chorale": Ensemble(
        "a chorale in four voices",
        (
            Part("Soprano", 60, 81, 52),
            Part("Alto", 53, 74, 52),
            Part("Tenor", 47, 69, 52),
            Part("Bass", 36, 64, 52),
        ),
        "chorale",
        sustained=True,
    ),
    "song": Ensemble("a song with piano", (Part("Voice", 57, 81, 53), *_PIANO), "lied"),
    "piano": Ensemble("piano", _PIANO, "piano"),
    "quartet": Ensemble(
        "a string quartet",
        (
            Part("Violin 1", 55, 93, 40),
            Part("Violin 2", 55, 86, 40),
            Part("Viola", 48, 79, 41),
            Part("Cello", 36, 72, 42),
        ),
        "quartet",
    ),
}
KINDS = tuple(ENSEMBLES)
_KIND_OF_STYLE = {
    "chorale": "chorale",
    "hymn": "chorale",
    "choir": "chorale",
    "lied": "song",
    "song": "song",
    "piano": "piano",
    "quartet": "quartet",
}


LED_STYLES = tuple(style for style, kind in _KIND_OF_STYLE.items() if kind == "chorale")  # by the rules of harmony


def kind_of(style: str | None) -> str:
    """What is written in a style unless something else is asked for."""
    return _KIND_OF_STYLE.get(style or "", "melody")


def polyphony(notes: tuple[Note, ...]) -> int:
    """How many notes a voice sounds at once: 1 for a line, at most `MOST_AT_ONCE`."""
    if len(skyline(notes)) >= _LINE * len(notes):
        return 1
    changes = sorted([(note.onset, 1) for note in notes] + [(note.end, -1) for note in notes])
    sounding = most = 0
    for _, change in changes:
        sounding += change
        most = max(most, sounding)
    return min(MOST_AT_ONCE, max(2, most))
