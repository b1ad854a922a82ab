"""ABC text made ready for music21: what its reader passes over is spelled out, what it cannot follow is refused.

Accidentals hold to the end of the bar for notes of the same letter and octave, as on paper.
"""

from __future__ import annotations

import re
from fractions import Fraction

from composer.errors import UnreadableMusic

# music21 takes 2 ms a note of ABC, and more for each field; these stay within seconds.
_LIMITS = {"letters": 30_000, "notes": 1_500, "fields": 150, "voices": 16}
_TUNE = re.compile(r"^X:", re.MULTILINE)
_PROSE = re.compile(r"^[ABCDFGHNORSTZ]:.*$", re.MULTILINE)  # fields in which anything may stand, such as a date
_FIELD = re.compile(r"^[A-Za-z]:|\[[A-Za-z]:", re.MULTILINE)
_APART = r'"[^"\n]*"|![^!\n]*!|%[^\n]*|\[[A-Za-z]:[^\]\n]*\]|^[A-Za-z]:[^\n]*'  # text, marks, remarks, fields
_TOKEN = re.compile(
    rf"(?P<apart>{_APART})|(?P<bar>[|:]+)|(?P<sign>\^{{1,2}}|_{{1,2}}|=)?(?P<note>[A-Ga-g][,']*)|Z(?P<bars>\d*)|&",
    re.MULTILINE,
)
_CHORD_TIE = re.compile(r"(\[[^\]\n:]*\])([\d/]*)-")


def abc_tunes(text: str) -> list[str]:
    """The tunes of a tune book, each from its X: line on; a text with a key but no X: is one tune."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _TUNE.finditer(text)]
    if not starts:
        return [f"X:1\n{text.lstrip()}"] if re.search(r"^K:", text, re.MULTILINE) else []
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def abc_field(tune: str, letter: str) -> str | None:
    """What a field such as R: says first, in small letters."""
    found = re.search(rf"^{letter}:[ \t]*(\S.*?)[ \t]*$", tune, re.MULTILINE)
    return found[1].lower() if found else None


def ready(tune: str) -> tuple[str, list[str]]:
    """The tune as music21 reads it rightly, and remarks; UnreadableMusic for what cannot be."""
    _check(tune)
    units = _bar_units(tune)
    signs: dict[str, str] = {}

    def spell(match: re.Match[str]) -> str:
        if match["apart"] is not None:
            return match[0]
        if match[0] == "&":
            raise UnreadableMusic(
                "This ABC lays voices over one another with '&', which Motif cannot follow. Bring MIDI."
            )
        if match["bar"]:
            signs.clear()
        elif match["bars"] is not None:
            return "|".join([f"z{units}"] * min(int(match["bars"] or 1), 64))
        elif match["note"]:
            if match["sign"]:
                signs[match["note"]] = match["sign"]
            return signs.get(match["note"], "") + match["note"]
        return match[0]

    spelled = _TOKEN.sub(spell, tune)
    if not abc_field(tune, "L") and not abc_field(tune, "M"):
        spelled = re.sub(r"^K:", "L:1/8\nK:", spelled, count=1, flags=re.MULTILINE)
    spelled = re.sub(r"\[([KLM]):([^\]\n]*)\]", r"\n\1:\2\n", spelled)  # music21 reads these on lines of their own
    spelled = _CHORD_TIE.sub(lambda m: re.sub(r"([A-Ga-g][,']*[\d/]*)", r"\1-", m[1]) + m[2], spelled)
    remarks = ["The order of parts (P:) was not followed."] if abc_field(tune, "P") else []
    return spelled, remarks


def _check(tune: str) -> None:
    notes = len(re.findall(r"[A-Ga-g]", re.sub(_APART, "", tune, flags=re.MULTILINE)))
    found = {
        "letters": len(tune),
        "notes": notes,
        "fields": len(_FIELD.findall(tune)),
        "voices": len(set(re.findall(r"V:\s*(\S+)", tune))),
    }
    for what, count in found.items():
        if count > _LIMITS[what]:
            raise UnreadableMusic(
                f"This tune has {count} {what}; Motif takes up to {_LIMITS[what]} in ABC. Bring MIDI."
            )
    if not notes:
        raise UnreadableMusic("There are no notes in this ABC, so there is nothing to go on from.")
    if "[V:" in tune:
        raise UnreadableMusic("This ABC changes voices within a line ([V:…]), which Motif cannot follow. Bring MIDI.")
    if re.search(r"\({9}|M:\s*\d{3}|\d{6}", _PROSE.sub("", tune)):
        raise UnreadableMusic("This ABC holds a number or a row of brackets that makes no sense. Check it.")


def _bar_units(tune: str) -> Fraction:
    """How many units of length a bar has, for rests of whole bars."""
    metre = {"c": Fraction(1), "c|": Fraction(1)}.get(name := abc_field(tune, "M") or "4/4")
    try:
        metre = metre or Fraction(name)
        unit = Fraction(abc_field(tune, "L") or (Fraction(1, 16) if metre < Fraction(3, 4) else Fraction(1, 8)))
        return metre / unit
    except (ValueError, ZeroDivisionError):
        return Fraction(8)
