"""A part of MusicXML, measure by measure: its notes as they sound, and what stands among them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from composer.errors import UnreadableMusic
from composer.music.limits import CHANGES
from composer.music.musicxml.directions import Directions, chord_of
from composer.music.musicxml.document import Element
from composer.music.musicxml.values import length, number, offset, passes, text_at, text_of, velocity, whole
from composer.music.text import clean
from composer.music.written import ZERO, Bar, Line, Tone, is_metre
from composer.score import Key

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_FIFTHS = {0: "major", 1: "mixolydian", 2: "dorian", 3: "minor", 4: "phrygian", 5: "locrian", -1: "lydian"}
_MODES = {name: fewer for fewer, name in _FIFTHS.items()} | {"ionian": 0, "aeolian": 3, "none": 0}
_MINOR = ("minor", "aeolian", "dorian", "phrygian", "locrian")  # by their third
_TONICS = ("Fb", "Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
_SNARE = 38


class Part:
    """A part while it is being read. Times in quarters from the beginning of the bar."""

    def __init__(self, definition: Element | None, told: Counter[str]) -> None:
        self.told = told
        self.name = clean(text_at(definition, "part-name"))
        if not self.name:
            self.name = clean(text_at(definition, "part-name-display/display-text"))
        midi = definition.findall("midi-instrument") if definition is not None else []
        programs = [whole(text_at(m, "midi-program"), 1) for m in midi]
        self.program = max(0, min(127, (programs or [1])[0] - 1))
        self.is_drum = bool(midi) and all(text_at(m, "midi-channel") == "10" for m in midi)
        self.drums = {m.get("id", ""): whole(text_at(m, "midi-unpitched"), _SNARE + 1) - 1 for m in midi}
        self.bars: list[Bar] = []
        self.struck: list[list[Tone]] = []  # of each bar, what has no pitch
        self.key: tuple[Key | None, str] | None = None
        self.key_now: Key | None = None
        self.divisions = 1
        self.moved = 0  # semitones from what is written to what sounds
        self.directions = Directions(told)
        self.metre = (4, 4)
        self.endings: frozenset[int] = frozenset()

    def read(self, measures: list[Element]) -> None:
        """Take in the part's measures, in order."""
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
            self.divisions = max(1, min(100_000, whole(divisions.text, self.divisions)))
        transpose = element.find("transpose")
        if transpose is not None:
            octaves = whole(text_at(transpose, "octave-change"), 0)
            self.moved = max(-60, min(60, whole(text_at(transpose, "chromatic"), 0) + 12 * octaves))
        key = element.find("key")
        if key is not None:
            self._key(key)
        time = element.find("time")
        if time is not None:
            self._time(time)
        clef = element.find("clef")
        if clef is not None and text_at(clef, "sign") == "percussion":
            self.is_drum = self.is_drum or not (self.bars or self.bar.tones)

    def _key(self, element: Element) -> None:
        fifths = whole(text_at(element, "fifths"), 99)
        if not -11 <= fifths <= 11:
            self.told["keys left"] += 1
            return
        mode = text_at(element, "mode").lower()
        fewer = _MODES.get(mode, 0)
        tonic = (7 * (fifths + fewer) + self.moved) % 12
        place = fifths + fewer + 8 if not self.moved else -1
        named = f"{_TONICS[place]} {mode}" if mode in _MODES and 0 <= place < len(_TONICS) else ""
        key = Key(tonic, "minor" if mode in _MINOR else "major")
        if self.key is None:
            self.key = (key, "" if mode in ("", "none", "major", "minor") else named)
        elif key != self.key_now:
            self.bar.key = key
        self.key_now = key

    def _time(self, element: Element) -> None:
        said = [text_of(e) for e in element.findall("beats")[:8]]
        units = [whole(text_of(e), 0) for e in element.findall("beat-type")[:8]]
        counts = [sum(whole(part, 0) for part in re.split(r"[+ ]+", text[:60])) for text in said]
        if not said or len(said) != len(units):
            return
        lowest = max(units)
        beats = sum(n * lowest // u for n, u in zip(counts, units, strict=True) if u > 0 and lowest % u == 0)
        if not is_metre(beats, lowest):
            self.told["metres"] += 1
            return
        self.metre = (beats, lowest)
        if not self.now and not self.bar.tones:
            self.bar.metre = self.metre

    def _read_backup(self, element: Element) -> None:
        self.now = max(ZERO, self.now - length(element, self.divisions))

    def _read_forward(self, element: Element) -> None:
        self.now += length(element, self.divisions)
        self._reach()

    def _read_barline(self, element: Element) -> None:
        repeat, ending = element.find("repeat"), element.find("ending")
        if repeat is not None and repeat.get("direction") == "forward":
            self.bar.signs.begins = 2
        elif repeat is not None and repeat.get("direction") == "backward":
            self.bar.signs.ends = max(2, min(99, whole(repeat.get("times"), 2)))
        if ending is not None and ending.get("type") == "start":
            self.endings = passes(ending.get("number", ""))
        self.bar.signs.segno |= element.find("segno") is not None
        self.bar.signs.coda |= element.find("coda") is not None

    def _read_sound(self, element: Element) -> None:
        self.directions.sound(element, self.bar, self.now)

    def _read_direction(self, element: Element) -> None:
        self.directions.direction(element, self.bar, max(ZERO, self.now + offset(element, self.divisions)))

    def _read_harmony(self, element: Element) -> None:
        chord = chord_of(element, self.moved)
        if chord is None or len(self.bar.chords) >= CHANGES:
            self.told["chords"] += 1
        else:
            self.bar.chords.append((max(ZERO, self.now + offset(element, self.divisions)), chord))

    # Notes ----------------------------------------------------------------------------------------------------------

    def _read_note(self, element: Element) -> None:
        self.told["notes"] += 1
        if element.find("grace") is not None:
            self.told["graces"] += 1
            return
        duration = length(element, self.divisions)
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
        loud = self.directions.velocity if said is None else velocity(number(said))
        ties = {tie.get("type") for tie in element.iter("tie")} | {tie.get("type") for tie in element.iter("tied")}
        tone = Tone(self.onset, duration, 0, loud, "start" in ties, bool(ties & {"stop", "continue"}))
        pitch = element.find("pitch")
        if pitch is not None:
            step, exact = text_at(pitch, "step"), number(text_at(pitch, "alter"))
            alter = round(exact)
            self.told["microtones"] += alter != exact
            octave = whole(text_at(pitch, "octave"), 4)
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
