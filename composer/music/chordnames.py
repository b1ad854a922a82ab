"""Names of chords: "Am7/C" as people write it above the staff, and back.

A quality that Motif has no word for is told by the nearest that it has: C9 by C7, Cadd9 by C.
"""

from __future__ import annotations

import re

from composer.score import ChordSymbol

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "H": 11}
_SIGNS = {"#": 1, "+": 1, "♯": 1, "b": -1, "♭": -1, "##": 2, "bb": -2}
_NAME = re.compile(r"([A-H])(##|bb|[#♯b♭]?)([^/]*)(?:/([A-Ha-h])([#♯+b♭]?))?")
_NONE = re.compile(r"N\.?\s?C\.?", re.IGNORECASE)
# What is written after the root, in the spelling of Motif's qualities; the longest beginning decides.
_QUALITIES = {
    "": "",
    **dict.fromkeys(("M", "maj", "ma", "major", "5", "2", "add", "sus2", "6/9add"), ""),
    **dict.fromkeys(("m", "min", "mi", "minor", "-", "madd", "m(maj", "mmaj", "mM", "minmaj"), "m"),
    **dict.fromkeys(("7", "9", "11", "13", "dom", "7b5", "7#5", "7alt", "alt"), "7"),
    **dict.fromkeys(("m7", "min7", "mi7", "-7", "m9", "m11", "m13", "min9", "min11", "-9"), "m7"),
    **dict.fromkeys(("maj7", "ma7", "M7", "maj9", "maj11", "maj13", "ma9", "M9", "Δ", "△", "j7", "major7"), "maj7"),
    **dict.fromkeys(("dim", "o", "°", "mb5"), "dim"),
    **dict.fromkeys(("dim7", "o7", "°7"), "dim7"),
    **dict.fromkeys(("m7b5", "m7(b5", "min7b5", "-7b5", "ø", "ø7", "0", "m7-5", "h7"), "m7b5"),
    **dict.fromkeys(("aug", "+", "#5", "5+", "aug7", "+7"), "aug"),
    **dict.fromkeys(("sus", "sus4", "7sus", "7sus4", "9sus", "9sus4", "4"), "sus4"),
    **dict.fromkeys(("6", "maj6", "M6", "6/9", "69", "6add9"), "6"),
    **dict.fromkeys(("m6", "min6", "-6", "m6/9", "m69"), "m6"),
}
_LONGEST = max(map(len, _QUALITIES))


def chord_named(name: str) -> ChordSymbol | None:
    """The chord of a name, at tick 0; None for what is no chord, such as "rit.".

    >>> str(chord_named("F#m7b5/A")), str(chord_named("N.C.")), chord_named("Fine")
    ('F#m7b5/A', 'N.C.', None)
    """
    name = name.strip().strip("()*").replace(" ", "")[:24]
    if _NONE.fullmatch(name):
        return ChordSymbol(0)
    found = _NAME.fullmatch(name.replace("6/9", "69"))
    if not found:
        return None
    letter, sign, kind, bass, bass_sign = found.groups()
    quality = _quality(kind)
    if quality is None:
        return None
    low = None if bass is None else (_STEPS[bass.upper()] + _SIGNS.get(bass_sign, 0)) % 12
    root = (_STEPS[letter] + _SIGNS.get(sign, 0)) % 12
    return ChordSymbol(0, root, quality, None if low == root else low)


def _quality(kind: str) -> str | None:
    """The quality that what stands after the root begins with; None where it is no chord's."""
    for length in range(min(len(kind), _LONGEST), -1, -1):
        rest = kind[length:]
        if kind[:length] in _QUALITIES and re.fullmatch(r"[0-9#b♯♭+\-()^,susadomjgin]*", rest):
            return _QUALITIES[kind[:length]] if length or not rest or not rest[0].isalpha() else None
    return None
