"""What ABC's fields mean: keys, metres, lengths, tempos, clefs.

A key is told by how each letter is altered: {"F": 1, "C": 1} in D major.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from composer.music.written import is_metre
from composer.score import Key

SHARPS = "FCGDAEB"  # the order in which signatures add sharps
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
# How many sharps a mode has fewer than major on the same tonic, and what it is called.
_MODES = {
    "": (0, "major"),
    "maj": (0, "major"),
    "ion": (0, "major"),
    "mix": (1, "mixolydian"),
    "dor": (2, "dorian"),
    "m": (3, "minor"),
    "min": (3, "minor"),
    "aeo": (3, "minor"),
    "phr": (4, "phrygian"),
    "loc": (5, "locrian"),
    "lyd": (-1, "lydian"),
}
_MINOR = ("minor", "dorian", "phrygian", "locrian")  # by their third
_TONIC = re.compile(r"([A-G])([#b♯♭]?)(?![a-z]*=)[ \t]*(m(?![a-z])|[A-Za-z]{3,10})?", re.IGNORECASE)
_SIGN = re.compile(r"(?<![\w=])(\^\^?|__?|=)([A-Ga-g])(?![\w=])")
_SETTING = re.compile(r"\b(octave|transpose|t|program)[ \t]*=[ \t]*(-?\d{1,3})")
_CLEF = re.compile(r"\b(?:treble|bass|alto|tenor|mezzo|soprano|baritone|[GCF])\d?([+\-])8")
_WORDS = re.compile(r"\"[^\"]*\"")
_PART = re.compile(r"(\d{1,3})/(\d{1,3})")
ALTERATIONS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}


@dataclass(frozen=True)
class KeySign:
    """A key as it sounds: which letters are altered; its key for Motif and in words, where it has a tonic."""

    altered: dict[str, int] = field(default_factory=dict)
    key: Key | None = None
    name: str = ""


def key_sign(text: str) -> KeySign | None:
    """What a K: field says of the key; None where it tells of a clef alone."""
    text = text.strip()
    if re.match(r"[a-g][#b]?(?:m|min|maj|dor|mix|lyd|phr|loc|aeo|ion)?(?![\w=#\-+])", text):
        text = text[0].upper() + text[1:]
    signs = {letter.upper(): ALTERATIONS[sign] for sign, letter in _SIGN.findall(text)}
    first = text.split(maxsplit=1)[0] if text else ""
    if first.lower() == "hp":
        return KeySign({"F": 1, "C": 1}, Key(9), "A mixolydian")
    if not text or first.lower() == "none":
        return KeySign(signs, Key(0) if not text else None)
    found = _TONIC.match(text) if first[:1].isupper() else None
    if not found or (found[3] or "").lower()[:3] in ("cle", "tre", "bas", "alt", "ten") or _is_word(first, found):
        found = _TONIC.match(first) if first[:1].isupper() and not _is_word(first, None) else None
    if not found:
        return KeySign(signs) if signs else None
    letter, accidental, mode = found[1], found[2], (found[3] or "").lower()
    fewer, name = _MODES.get(mode if mode == "m" else mode[:3], (0, "major"))
    shift = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(accidental, 0)
    tonic = (STEPS[letter] + shift) % 12
    if mode == "exp":
        return KeySign(signs, Key(tonic))
    count = SHARPS.index(letter) - 1 + 7 * shift - fewer
    altered = {step: by for at, step in enumerate(SHARPS) if (by := (count - at + 6) // 7)}
    plain = Key(tonic, "minor" if name in _MINOR else "major")
    said = f"{letter}{accidental} {name}" if name not in ("major", "minor") else ""
    return KeySign({**altered, **signs}, plain, said)


def _is_word(first: str, found: re.Match[str] | None) -> bool:
    """Whether what begins like a tonic is the beginning of a word such as "clef"."""
    word = re.match(r"[A-Za-z]+", first)
    rest = word[0][1:].lower() if word else ""
    if rest[:1] == "b" and found is None:
        rest = rest[1:]
    return len(rest) > 1 and rest.lstrip("b")[:3] not in _MODES and rest[:3] not in _MODES and rest[:3] != "exp"


def settings(text: str) -> dict[str, int]:
    """What a K: or V: field says beside key and name: semitones to move by, octaves, the program."""
    text = _WORDS.sub("", text)
    found = {name: int(value) for name, value in _SETTING.findall(text)}
    moved = 12 * found.pop("octave", 0) + found.pop("transpose", 0) + found.pop("t", 0)
    if clef := _CLEF.search(text):
        moved += 12 if clef[1] == "+" else -12
    return {**found, "moved": moved}


def metre(text: str) -> tuple[int, int] | None:
    """A metre such as "6/8", "C|" or "2+3+2/8"; None where there is none, or no sense."""
    text = text.strip()[:40]
    if text.upper() in ("C", "C|"):
        return (2, 2) if "|" in text else (4, 4)
    top, slash, bottom = text.replace("(", "").replace(")", "").replace(" ", "").partition("/")
    bottom = bottom.partition("/")[0] if "+" not in bottom else bottom
    if "+" in bottom:  # 2/4+3/8
        parts = [Fraction(int(a), int(b)) for a, b in _PART.findall(text) if int(b)]
        whole = sum(parts, Fraction(0))
        beats, unit = whole.numerator, whole.denominator
        unit_wanted = max((int(b) for _, b in _PART.findall(text)), default=4)
        beats, unit = (beats * unit_wanted // unit, unit_wanted) if unit and unit_wanted % unit == 0 else (beats, unit)
    elif top.replace("+", "").isdecimal() and (bottom.isdecimal() or not slash) and len(bottom) < 4:
        beats = sum(int(part[:4]) for part in top.split("+") if part)
        unit = int(bottom) if slash else 4
    else:
        return None
    return (beats, unit) if is_metre(beats, unit) else None


def length(text: str) -> Fraction | None:
    """A unit of length such as "1/8", in quarters; None where it makes no sense."""
    found = re.fullmatch(r"[ \t]*(\d{1,3})(?:[ \t]*/[ \t]*(\d{1,3}))?.*", text[:40])
    if not found or int(found[2] or 1) == 0:
        return None
    quarters = 4 * Fraction(int(found[1]), int(found[2] or 1))
    return quarters if Fraction(1, 64) <= quarters <= 16 else None


def tempo(text: str, unit: Fraction) -> tuple[float, int] | None:
    """Quarters a minute, and the beat that the field counts in ticks; None where it names no number.

    A number alone counts units of length, as ABC had it before 2.0.
    """
    plain = _WORDS.sub(" ", text[:200])
    left, equals, right = plain.partition("=")
    number = re.search(r"\d{1,4}(?:\.\d{1,9})?", right if equals else plain)
    if not number:
        return None
    parts = [4 * Fraction(int(a), int(b)) for a, b in _PART.findall(left) if int(b)]
    old = re.search(r"C(\d{0,2})", left)
    beat = sum(parts, Fraction(0)) or unit * int((old and old[1]) or 1)
    bpm = float(number[0]) * float(beat)
    ticks = round(beat * 24)
    return (bpm, ticks) if 8 <= bpm <= 1000 and ticks else None
