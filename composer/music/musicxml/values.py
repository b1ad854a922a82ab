"""What stands in MusicXML's elements: texts, numbers, lengths, as far as music has such."""

from __future__ import annotations

import re
from fractions import Fraction

from composer.music.musicxml.document import Element

_UNITS: dict[str, int | Fraction] = {
    "maxima": 32,
    "long": 16,
    "breve": 8,
    "whole": 4,
    "half": 2,
    "quarter": 1,
    "eighth": Fraction(1, 2),
    "16th": Fraction(1, 4),
    "32nd": Fraction(1, 8),
    "64th": Fraction(1, 16),
    "128th": Fraction(1, 32),
    "256th": Fraction(1, 64),
    "512th": Fraction(1, 128),
    "1024th": Fraction(1, 256),
}


def text_at(element: Element | None, path: str) -> str:
    """The text of the first element at a path; empty where there is none."""
    return (element.findtext(path) or "").strip() if element is not None else ""


def text_of(element: Element) -> str:
    """An element's own text."""
    return (element.text or "").strip()


def whole(text: str | None, otherwise: int) -> int:
    """A number of a file, if it is one of a size that music has."""
    found = re.fullmatch(r"([+-]?\d{1,9})(?:\.\d{0,9})?", (text or "").strip()[:30])
    return int(found[1]) if found else otherwise


def number(text: str | None) -> float:
    """The same with a fraction; 0 where there is none."""
    found = re.fullmatch(r"[+-]?\d{0,9}(?:\.\d{0,9})?", (text or "").strip()[:30])
    return float(found[0]) if found and re.search(r"\d", found[0]) else 0.0


def velocity(percent: float) -> int:
    """A loudness of MIDI; MusicXML's dynamics are per cent of 90."""
    return max(1, min(127, round(0.9 * percent)))


def unit(name: str) -> Fraction:
    """How many quarters a kind of note such as "eighth" lasts; 0 where there is no such kind."""
    return Fraction(_UNITS.get(name, 0))


def passes(text: str) -> frozenset[int]:
    """The passes that an ending such as "1, 3" or "1-3" is for."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d{1,2})(?:\s?-\s?(\d{1,2}))?", text[:60]):
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(number for number in found if number)


def length(element: Element, divisions: int) -> Fraction:
    """How many quarters a note, rest or move lasts: as it says, else by its kind of note, dots and tuplet."""
    said = element.findtext("duration")
    if said is not None:
        return Fraction(max(0, min(10**9, round(1000 * number(said)))), 1000 * divisions)
    if element.find("grace") is not None:
        return Fraction(0)
    long = unit(text_at(element, "type"))
    long *= 2 - Fraction(1, 2 ** min(4, len(element.findall("dot"))))
    actual = whole(text_at(element, "time-modification/actual-notes"), 1)
    normal = whole(text_at(element, "time-modification/normal-notes"), 1)
    return long * normal / actual if 0 < actual < 100 and 0 < normal < 100 else long


def offset(element: Element, divisions: int) -> Fraction:
    """By how many quarters something stands beside where it is written."""
    return Fraction(max(-(10**6), min(10**6, whole(text_at(element, "offset"), 0))), divisions)
