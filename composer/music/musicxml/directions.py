"""What stands over a staff of MusicXML: tempos, loudness, jumps in signs and in words, chord symbols."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from composer.music.chordnames import chord_named
from composer.music.limits import CHANGES
from composer.music.musicxml.document import Element
from composer.music.musicxml.values import number, text_at, text_of, unit, velocity, whole
from composer.music.written import Bar
from composer.score import DEFAULT_VELOCITY, ChordSymbol

_DYNAMICS = {
    "pppp": 10,
    "ppp": 20,
    "pp": 33,
    "p": 49,
    "mp": 64,
    "mf": 80,
    "f": 96,
    "ff": 112,
    "fff": 124,
    "ffff": 127,
    "sf": 104,
    "sfz": 104,
    "fz": 104,
    "fp": 96,
}
# MusicXML's kinds of chords as people write them.
_KINDS = {
    "major": "",
    "minor": "m",
    "augmented": "aug",
    "diminished": "dim",
    "dominant": "7",
    "major-seventh": "maj7",
    "minor-seventh": "m7",
    "diminished-seventh": "dim7",
    "augmented-seventh": "aug7",
    "half-diminished": "m7b5",
    "major-minor": "m(maj7)",
    "major-sixth": "6",
    "minor-sixth": "m6",
    "dominant-ninth": "9",
    "power": "5",
    "major-ninth": "maj9",
    "minor-ninth": "m9",
    "dominant-11th": "11",
    "major-11th": "maj11",
    "minor-11th": "m11",
    "dominant-13th": "13",
    "major-13th": "maj13",
    "minor-13th": "m13",
    "suspended-second": "sus2",
    "suspended-fourth": "sus4",
}
_CAPO = re.compile(r"(?:D\.? ?C\.?|da ?capo)(?![a-z])", re.IGNORECASE)
_SEGNO = re.compile(r"(?:D\.? ?S\.?|dal ?segno|del segno)(?![a-z])", re.IGNORECASE)
_TO_CODA = re.compile(r"(?:to|al) coda\b", re.IGNORECASE)
_FINE = re.compile(r"fine\.?", re.IGNORECASE)


class Directions:
    """The directions of a part, and what of them holds until the next: how loud, and how fast."""

    def __init__(self, told: Counter[str]) -> None:
        self.told = told
        self.velocity = DEFAULT_VELOCITY
        self._bpm = 120.0

    def direction(self, element: Element, bar: Bar, at: Fraction) -> None:
        """Take in a direction that stands `at` quarters into a bar."""
        sound = element.find("sound")
        beat = relation = None
        for metronome in element.iter("metronome"):
            is_told = sound is not None and sound.get("tempo") is not None
            beat, relation = self._metronome(metronome, bar, at, is_told)
        if sound is not None:
            self.sound(sound, bar, at, beat)
        for dynamics in element.iter("dynamics"):
            for mark in dynamics:
                self.velocity = _DYNAMICS.get(mark.tag, self.velocity)
        said = " ".join(text_of(w) for w in element.iter("words"))[:200].strip()
        _jump_in_words(said, bar)
        self.told["texts"] += bool(said) and relation is None and not _is_jump(said)
        bar.signs.segno |= element.find("direction-type/segno") is not None
        leaves = (sound is not None and sound.get("tocoda") is not None) or bool(_TO_CODA.match(said))
        bar.signs.coda |= element.find("direction-type/coda") is not None and not leaves

    def sound(self, element: Element, bar: Bar, at: Fraction, beat: Fraction | None = None) -> None:
        """Take in what is to be heard: jumps, tempo (of that beat), loudness."""
        signs = bar.signs
        signs.segno |= element.get("segno") is not None
        signs.coda |= element.get("coda") is not None
        signs.to_coda |= element.get("tocoda") is not None
        signs.fine |= element.get("fine") is not None
        if element.get("dacapo") == "yes":
            signs.jump = "capo"
        elif element.get("dalsegno") is not None:
            signs.jump = "segno"
        if element.get("tempo") is not None:
            self._tempo(bar, at, number(element.get("tempo")), beat)
        if element.get("dynamics") is not None:
            self.velocity = velocity(number(element.get("dynamics")))

    def _metronome(
        self, element: Element, bar: Bar, at: Fraction, is_told: bool
    ) -> tuple[Fraction | None, Fraction | None]:
        """The beat of a metronome mark, and the ratio of a metric relation; the tempo set, if no sound tells it."""
        units: list[Fraction] = []
        for part in element:
            if part.tag == "beat-unit":
                units.append(unit(text_of(part)))
            elif part.tag == "beat-unit-dot" and units:
                units[-1] *= Fraction(3, 2)
        if not units or not all(units):
            return None, None
        if len(units) == 2:  # this note is now as long as that one was
            if not is_told:
                self._tempo(bar, at, self._bpm * float(units[1] / units[0]), units[1])
            return units[1], units[1] / units[0]
        found = re.search(r"\d{1,4}(?:\.\d{1,4})?", text_at(element, "per-minute")[:40])
        if found and not is_told:
            self._tempo(bar, at, float(found[0]) * float(units[0]), units[0])
        return units[0], None

    def _tempo(self, bar: Bar, at: Fraction, bpm: float, beat: Fraction | None = None) -> None:
        if not 8 <= bpm <= 1000 or len(bar.tempos) >= CHANGES:
            self.told["tempos"] += 1
            return
        self._bpm = bpm
        bar.tempos = [tempo for tempo in bar.tempos if tempo[0] != at]
        bar.tempos.append((at, bpm, round(24 * (beat or 1))))


def _is_jump(said: str) -> bool:
    return any(sign.match(said) for sign in (_CAPO, _SEGNO, _TO_CODA, _FINE))


def _jump_in_words(said: str, bar: Bar) -> None:
    if _CAPO.match(said):
        bar.signs.jump = "capo"
    elif _SEGNO.match(said):
        bar.signs.jump = "segno"
    elif _TO_CODA.match(said):
        bar.signs.to_coda = True
    elif _FINE.fullmatch(said):
        bar.signs.fine = True


def chord_of(element: Element, moved: int) -> ChordSymbol | None:
    """The chord symbol of a harmony as it sounds, `moved` semitones from what is written; None where it is none."""
    root, kind = element.find("root"), text_at(element, "kind")
    if kind == "none":
        return ChordSymbol(0)
    if root is None:
        return None
    bass = _letter(element.find("bass"), "bass")
    name = _letter(root, "root") + _KINDS.get(kind, "?")
    chord = chord_named(f"{name}/{bass}" if bass else name)
    if chord is None or chord.root is None:
        return chord
    low = None if chord.bass is None else (chord.bass + moved) % 12
    return ChordSymbol(0, (chord.root + moved) % 12, chord.quality, low)


def _letter(element: Element | None, what: str) -> str:
    if element is None:
        return ""
    sign = {1: "#", -1: "b", 2: "##", -2: "bb"}.get(whole(text_at(element, f"{what}-alter"), 0), "")
    return text_at(element, f"{what}-step") + sign
