"""MusicXML read into a score: parts and measures, what stands in them, and what is played of it.

Pitches are read as they sound. All parts have the same bars: a repeat or jump in one of them is one of the piece.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from composer.errors import UnreadableMusic
from composer.music.chordnames import chord_named
from composer.music.limits import CHANGES, LIMITS
from composer.music.mxl import Element, document
from composer.music.reading import Reading
from composer.music.text import clean
from composer.music.written import ZERO, Bar, Heading, Line, Tone, is_metre, played
from composer.score import DEFAULT_VELOCITY, ChordSymbol, Key

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
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
}
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
_FIFTHS = {0: "major", 1: "mixolydian", 2: "dorian", 3: "minor", 4: "phrygian", 5: "locrian", -1: "lydian"}
_MODES = {name: fewer for fewer, name in _FIFTHS.items()} | {"ionian": 0, "aeolian": 3, "none": 0}
_MINOR = ("minor", "aeolian", "dorian", "phrygian", "locrian")  # by their third
_TONICS = ("Fb", "Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
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
_SNARE = 38


def read_musicxml(data: bytes) -> Reading:
    """A MusicXML document, plain or compressed (.mxl); UnreadableMusic with the reason otherwise."""
    root = document(data)
    told: Counter[str] = Counter()
    definitions = {part.get("id", ""): part for part in root.iter("score-part")}
    parts = list(_parts(root))
    if len(parts) > LIMITS["tracks"]:
        raise UnreadableMusic(f"This score has {len(parts)} parts; Motif takes up to {LIMITS['tracks']}. Bring MIDI.")
    readers = [_Part(definitions.get(name), told) for name, _ in parts]
    for reader, (_, measures) in zip(readers, parts, strict=True):
        if len(measures) > LIMITS["bars"]:
            raise UnreadableMusic(
                f"This score has {len(measures)} bars; Motif takes up to {LIMITS['bars']}. Bring a part of it."
            )
        reader.read(measures)
        if told["notes"] > LIMITS["notes"]:
            raise UnreadableMusic(f"This score has more than {LIMITS['notes']} notes. Bring a part of it.")
    sounding = [line for reader in readers for line in reader.lines()]
    score, remarks = played(sounding, _heading(root, readers))
    if not score.notes:
        raise UnreadableMusic("There are no notes in this MusicXML, so there is nothing to go on from.")
    return Reading(score, "MusicXML", remarks=(*remarks, *_sentences(told)))


def _parts(root: Element) -> Iterator[tuple[str, list[Element]]]:
    """The parts' names and measures, whichever way round the document has them."""
    if root.tag == "score-partwise":
        for part in root.findall("part"):
            yield part.get("id", ""), part.findall("measure")
        return
    turned: dict[str, list[Element]] = {}
    for number, measure in enumerate(root.findall("measure")):
        for part in measure.findall("part"):
            column = turned.setdefault(part.get("id", ""), [])
            column += [Element("measure") for _ in range(min(number, LIMITS["bars"]) - len(column))]
            column.append(part)
    yield from turned.items()


def _heading(root: Element, parts: list[_Part]) -> Heading:
    title = _text(root, "work/work-title") or _text(root, "movement-title")
    if not title:
        credits = [credit for credit in root.findall("credit") if _text(credit, "credit-type") == "title"]
        title = _text(credits[0], "credit-words") if credits else ""
    composer = next((c.text or "" for c in root.iter("creator") if c.get("type") == "composer"), "")
    if composer == "Motif":  # as Motif writes where it knows of nobody else
        composer = ""
    key, name = next((part.key for part in parts if part.key), (None, ""))
    return Heading(clean(title), clean(composer), key, name)


class _Part:
    """A part while it is being read. Times in quarters from the beginning of the bar."""

    def __init__(self, definition: Element | None, told: Counter[str]) -> None:
        self.told = told
        self.name = clean(_text(definition, "part-name"))
        if not self.name:
            self.name = clean(_text(definition, "part-name-display/display-text"))
        midi = definition.findall("midi-instrument") if definition is not None else []
        programs = [_whole(_text(m, "midi-program"), 1) for m in midi]
        self.program = max(0, min(127, (programs or [1])[0] - 1))
        self.is_drum = bool(midi) and all(_text(m, "midi-channel") == "10" for m in midi)
        self.drums = {m.get("id", ""): _whole(_text(m, "midi-unpitched"), _SNARE + 1) - 1 for m in midi}
        self.bars: list[Bar] = []
        self.struck: list[list[Tone]] = []  # of each bar, what has no pitch
        self.key: tuple[Key | None, str] | None = None
        self.divisions = 1
        self.moved = 0  # semitones from what is written to what sounds
        self.velocity = DEFAULT_VELOCITY
        self.metre = (4, 4)
        self.bpm = 120.0
        self.endings: frozenset[int] = frozenset()
        self.elements = 0

    def read(self, measures: list[Element]) -> None:
        for measure in measures:
            self._measure(measure)

    def lines(self) -> list[Line]:
        """The part, and beside it what in it has no pitch."""
        pitched = Line(self.name, self.program, self.is_drum, self.bars)
        if not any(self.struck):
            return [pitched]
        bars = [Bar(b.metre, tones, b.length, b.signs) for b, tones in zip(self.bars, self.struck, strict=True)]
        drums = Line(self.name, self.program, True, bars)
        return [pitched, drums] if any(bar.tones for bar in self.bars) else [replace(drums, bars=self._merged(bars))]

    def _merged(self, bars: list[Bar]) -> list[Bar]:
        return [replace(mine, tones=theirs.tones) for mine, theirs in zip(self.bars, bars, strict=True)]

    # Measures -------------------------------------------------------------------------------------------------------

    def _measure(self, measure: Element) -> None:
        self.bar = Bar(self.metre)
        self.hits: list[Tone] = []
        self.now = self.onset = ZERO
        self.rested = ZERO  # how far rests of whole bars reach, which say less of the bar's length than notes do
        for element in measure:
            read = getattr(self, f"_read_{element.tag.replace('-', '_')}", None)
            if read is not None:
                read(element)
        if self.endings:
            self.bar.signs.endings = self.endings
        if self._closes(measure):
            self.endings = frozenset()
        if not self.bar.length and ZERO < self.rested < self.bar.full:
            self.bar.length = self.rested
        self.bars.append(self.bar)
        self.struck.append(self.hits)

    @staticmethod
    def _closes(measure: Element) -> bool:
        return any(ending.get("type") in ("stop", "discontinue") for ending in measure.iter("ending"))

    def _read_attributes(self, element: Element) -> None:
        divisions = element.find("divisions")
        if divisions is not None:
            self.divisions = max(1, min(100_000, _whole(divisions.text, self.divisions)))
        transpose = element.find("transpose")
        if transpose is not None:
            octaves = _whole(_text(transpose, "octave-change"), 0)
            self.moved = max(-60, min(60, _whole(_text(transpose, "chromatic"), 0) + 12 * octaves))
        key = element.find("key")
        if key is not None:
            self._key(key)
        time = element.find("time")
        if time is not None:
            self._time(time)
        clef = element.find("clef")
        if clef is not None and _text(clef, "sign") == "percussion":
            self.is_drum = self.is_drum or not (self.bars or self.bar.tones)

    def _key(self, element: Element) -> None:
        fifths = _whole(_text(element, "fifths"), 99)
        if not -11 <= fifths <= 11:
            self.told["keys left"] += 1
            return
        mode = _text(element, "mode").lower()
        fewer = _MODES.get(mode, 0)
        tonic = (7 * (fifths + fewer) + self.moved) % 12
        place = fifths + fewer + 8 if not self.moved else -1
        named = f"{_TONICS[place]} {mode}" if mode in _MODES and 0 <= place < len(_TONICS) else ""
        key = Key(tonic, "minor" if mode in _MINOR else "major")
        if self.key is None:
            self.key = (key, "" if mode in ("", "none", "major", "minor") else named)
        elif self.key[0] is not None and self.key[0].home != key.home:
            self.told["keys"] += 1

    def _time(self, element: Element) -> None:
        beats = [_text_of(e) for e in element.findall("beats")[:8]]
        units = [_whole(_text_of(e), 0) for e in element.findall("beat-type")[:8]]
        counts = [sum(_whole(part, 0) for part in re.split(r"[+ ]+", text[:60])) for text in beats]
        if not beats or len(beats) != len(units):
            return
        unit = max(units)
        whole = sum(n * unit // u for n, u in zip(counts, units, strict=True) if u > 0 and unit % u == 0)
        if not is_metre(whole, unit):
            self.told["metres"] += 1
            return
        self.metre = (whole, unit)
        if not self.now and not self.bar.tones:
            self.bar.metre = self.metre

    def _read_backup(self, element: Element) -> None:
        self.now = max(ZERO, self.now - self._duration(element))

    def _read_forward(self, element: Element) -> None:
        self.now += self._duration(element)
        self._reach()

    def _read_barline(self, element: Element) -> None:
        repeat, ending = element.find("repeat"), element.find("ending")
        if repeat is not None and repeat.get("direction") == "forward":
            self.bar.signs.begins = 2
        elif repeat is not None and repeat.get("direction") == "backward":
            self.bar.signs.ends = max(2, min(99, _whole(repeat.get("times"), 2)))
        if ending is not None and ending.get("type") == "start":
            self.endings = _numbers(ending.get("number", ""))
        self._jumps(element)

    def _read_sound(self, element: Element) -> None:
        self._sound(element, self.now)

    def _read_direction(self, element: Element) -> None:
        at = max(ZERO, self.now + self._offset(element))
        sound = element.find("sound")
        unit = relation = None
        for metronome in element.iter("metronome"):
            unit, relation = self._metronome(metronome, at, sound is not None and sound.get("tempo") is not None)
        if sound is not None:
            self._sound(sound, at, unit)
        for dynamics in element.iter("dynamics"):
            for mark in dynamics:
                self.velocity = _DYNAMICS.get(mark.tag, self.velocity)
        said = " ".join(_text_of(w) for w in element.iter("words"))[:200].strip()
        self._words(said)
        self.told["texts"] += bool(said) and relation is None and not self._is_jump(said)
        signs = self.bar.signs
        signs.segno |= element.find("direction-type/segno") is not None
        leaves = (sound is not None and sound.get("tocoda") is not None) or bool(_TO_CODA.match(said))
        signs.coda |= element.find("direction-type/coda") is not None and not leaves
        self._jumps(element)

    def _is_jump(self, said: str) -> bool:
        return any(sign.match(said) for sign in (_CAPO, _SEGNO, _TO_CODA, _FINE))

    def _words(self, said: str) -> None:
        signs = self.bar.signs
        if _CAPO.match(said):
            signs.jump = "capo"
        elif _SEGNO.match(said):
            signs.jump = "segno"
        elif _TO_CODA.match(said):
            signs.to_coda = True
        elif _FINE.fullmatch(said):
            signs.fine = True

    def _jumps(self, element: Element) -> None:
        """Signs that stand at a bar line."""
        if element.tag == "barline":
            self.bar.signs.segno |= element.find("segno") is not None
            self.bar.signs.coda |= element.find("coda") is not None

    def _sound(self, element: Element, at: Fraction, beat: Fraction | None = None) -> None:
        signs = self.bar.signs
        signs.segno |= element.get("segno") is not None
        signs.coda |= element.get("coda") is not None
        signs.to_coda |= element.get("tocoda") is not None
        signs.fine |= element.get("fine") is not None
        if element.get("dacapo") == "yes":
            signs.jump = "capo"
        elif element.get("dalsegno") is not None:
            signs.jump = "segno"
        if element.get("tempo") is not None:
            self._tempo(at, _number(element.get("tempo")), beat)
        if element.get("dynamics") is not None:
            self.velocity = _velocity(_number(element.get("dynamics")))

    def _metronome(self, element: Element, at: Fraction, is_told: bool) -> tuple[Fraction | None, Fraction | None]:
        """The beat of a metronome mark, and the ratio of a metric relation; the tempo set, if no sound tells it."""
        units: list[Fraction] = []
        for part in element:
            if part.tag == "beat-unit":
                units.append(Fraction(_UNITS.get(_text_of(part), 0)))
            elif part.tag == "beat-unit-dot" and units:
                units[-1] *= Fraction(3, 2)
        if not units or not all(units):
            return None, None
        if len(units) == 2:  # this note is now as long as that one was
            if not is_told:
                self._tempo(at, self.bpm * float(units[1] / units[0]), units[1])
            return units[1], units[1] / units[0]
        found = re.search(r"\d{1,4}(?:\.\d{1,4})?", _text(element, "per-minute")[:40])
        if found and not is_told:
            self._tempo(at, float(found[0]) * float(units[0]), units[0])
        return units[0], None

    def _tempo(self, at: Fraction, bpm: float, beat: Fraction | None = None) -> None:
        if not 8 <= bpm <= 1000 or len(self.bar.tempos) >= CHANGES:
            self.told["tempos"] += 1
            return
        self.bpm = bpm
        self.bar.tempos = [tempo for tempo in self.bar.tempos if tempo[0] != at]
        self.bar.tempos.append((at, bpm, round(24 * (beat or 1))))

    def _read_harmony(self, element: Element) -> None:
        root = element.find("root")
        kind = _text(element, "kind")
        if kind == "none":
            chord: ChordSymbol | None = ChordSymbol(0)
        else:
            name = _chord_letter(root, "root") + _KINDS.get(kind, "?")
            bass = _chord_letter(element.find("bass"), "bass")
            chord = chord_named(f"{name}/{bass}" if bass else name) if root is not None else None
        if chord is None or len(self.bar.chords) >= CHANGES:
            self.told["chords"] += 1
            return
        if chord.root is not None:
            bass_class = None if chord.bass is None else (chord.bass + self.moved) % 12
            chord = ChordSymbol(0, (chord.root + self.moved) % 12, chord.quality, bass_class)
        self.bar.chords.append((max(ZERO, self.now + self._offset(element)), chord))

    # Notes ----------------------------------------------------------------------------------------------------------

    def _read_note(self, element: Element) -> None:
        self.told["notes"] += 1
        if element.find("grace") is not None:
            self.told["graces"] += 1
            return
        duration = self._duration(element)
        if element.find("chord") is None:
            self.onset = self.now
            self.now += duration
        rest = element.find("rest")
        if rest is not None and rest.get("measure") == "yes":
            self.rested = max(self.rested, self.now)
            self.now = self.onset + min(duration, self.bar.full)
            return
        self._reach()
        if rest is not None or not duration:
            return
        if element.find("cue") is not None:
            self.told["cues"] += 1
            return
        said = element.get("dynamics")
        velocity = self.velocity if said is None else _velocity(_number(said))
        ties = {tie.get("type") for tie in element.iter("tie")} | {tie.get("type") for tie in element.iter("tied")}
        tone = Tone(self.onset, duration, 0, velocity, "start" in ties, bool(ties & {"stop", "continue"}))
        pitch = element.find("pitch")
        if pitch is not None:
            step, alter = _text(pitch, "step"), round(_number(_text(pitch, "alter") or "0"))
            octave = _whole(_text(pitch, "octave"), 4)
            if step not in _STEPS or abs(alter) > 3 or abs(octave) > 12:
                self.told["pitches"] += 1
                return
            tone.pitch = 12 * (octave + 1) + _STEPS[step] + alter + self.moved
            self.bar.tones.append(tone)
        elif element.find("unpitched") is not None:
            instrument = element.find("instrument")
            name = instrument.get("id", "") if instrument is not None else ""
            tone.pitch = max(0, min(127, self.drums.get(name, _SNARE)))
            self.hits.append(tone)

    def _reach(self) -> None:
        self.bar.length = max(self.bar.length, self.now)
        if self.bar.length > 1024:
            raise UnreadableMusic("A bar of this score lasts longer than 256 whole notes. Check its durations.")

    def _duration(self, element: Element) -> Fraction:
        said = element.findtext("duration")
        if said is not None:
            return Fraction(max(0, min(10**9, round(1000 * _number(said)))), 1000 * self.divisions)
        if element.find("grace") is not None:
            return ZERO
        long = Fraction(_UNITS.get(_text(element, "type"), 0))
        long *= 2 - Fraction(1, 2 ** min(4, len(element.findall("dot"))))
        actual = _whole(_text(element, "time-modification/actual-notes"), 1)
        normal = _whole(_text(element, "time-modification/normal-notes"), 1)
        return long * normal / actual if 0 < actual < 100 and 0 < normal < 100 else long

    def _offset(self, element: Element) -> Fraction:
        return Fraction(max(-(10**6), min(10**6, _whole(_text(element, "offset"), 0))), self.divisions)


def _text(element: Element | None, path: str) -> str:
    return (element.findtext(path) or "").strip() if element is not None else ""


def _text_of(element: Element) -> str:
    return (element.text or "").strip()


def _whole(text: str | None, otherwise: int) -> int:
    """A number of a file, if it is one of a size that music has."""
    found = re.fullmatch(r"([+-]?\d{1,9})(?:\.\d{0,9})?", (text or "").strip()[:30])
    return int(found[1]) if found else otherwise


def _number(text: str | None) -> float:
    found = re.fullmatch(r"[+-]?\d{0,9}(?:\.\d{0,9})?", (text or "").strip()[:30])
    return float(found[0]) if found and re.search(r"\d", found[0]) else 0.0


def _velocity(percent: float) -> int:
    """MusicXML's dynamics are per cent of 90."""
    return max(1, min(127, round(0.9 * percent)))


def _numbers(text: str) -> frozenset[int]:
    found: set[int] = set()
    for first, last in re.findall(r"(\d{1,2})(?:\s?-\s?(\d{1,2}))?", text[:60]):
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(number for number in found if number)


def _chord_letter(element: Element | None, what: str) -> str:
    if element is None:
        return ""
    sign = {1: "#", -1: "b", 2: "##", -2: "bb"}.get(_whole(_text(element, f"{what}-alter"), 0), "")
    return _text(element, f"{what}-step") + sign


def _sentences(told: Counter[str]) -> list[str]:
    found = []
    for what, sentence in _SENTENCES.items():
        count = told[what]
        if count:
            found.append(sentence.format(count, "s were" if count > 1 else " was"))
    return found


_SENTENCES = {
    "graces": "{} grace note{} left out.",
    "cues": "{} cue note{} left out: they are not played.",
    "pitches": "{} note{} left out, because no such pitch exists.",
    "chords": "{} chord symbol{} not understood and left out.",
    "metres": "{} metre{} left out that Motif cannot hold.",
    "tempos": "{} impossible tempo{} left out.",
    "keys": "The key signature changes within the piece; the first is kept as the key.",
    "keys left": "{} key signature{} left out that no key has.",
    "texts": "Texts among the notes were left out.",
}
