"""One voice of a tune while it is being read: what holds at the moment, and the bars written so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from composer.errors import UnreadableMusic
from composer.music.abc.fields import ALTERATIONS, STEPS, KeySign
from composer.music.limits import LIMITS
from composer.music.written import ZERO, Bar, Tone
from composer.score import ChordSymbol, Key

_LONGEST = 64 * 4  # quarters of one note or rest
_TUPLETS = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}


@dataclass(slots=True)
class Struck:
    """A note as it stands in the text: letter with its case, octave marks, accidental; length in units."""

    letter: str
    marks: str
    sign: str
    length: Fraction
    tied: bool


@dataclass
class AbcVoice:
    """The state of a voice. Lengths in quarters, `now` from the beginning of the bar."""

    key: KeySign
    metre: tuple[int, int]
    unit: Fraction
    moved: int = 0  # semitones
    name: str = ""
    program: int = 0
    is_drum: bool = False
    propagate: str = "octave"  # how far an accidental reaches: not, octave, pitch
    bars: list[Bar] = field(default_factory=list)
    bar: Bar = field(default_factory=Bar)
    now: Fraction = ZERO

    def __post_init__(self) -> None:
        self.bar.metre = self.metre
        self._signs: dict[tuple[str, str], int] = {}  # accidentals of this bar
        self._tied: dict[tuple[str, str], int] = {}  # pitches that go on, as they sound
        self._last: list[Tone] = []  # what a tie or a broken rhythm after it speaks of
        self._last_ids: list[tuple[str, str]] = []
        self._last_length = ZERO
        self._break = 0  # steps of broken rhythm that the next note takes: positive is shorter
        self._tuplet = (Fraction(1), 0)  # factor, how many more notes
        self._endings: frozenset[int] = frozenset()
        self._next_metre: tuple[int, int] | None = None
        self._next_key: Key | None = None
        self._reach = ZERO  # how far the bar reaches, overlays counted

    # Fields ---------------------------------------------------------------------------------------------------------

    def set_metre(self, metre: tuple[int, int]) -> None:
        """From the next bar line on, or from here where the bar is empty."""
        if self._is_empty():
            self.metre = self.bar.metre = metre
        else:
            self._next_metre = metre

    def set_key(self, sign: KeySign) -> None:
        """From here on; a bar that has begun is not told of it."""
        self.key = sign
        if self._is_empty():
            self.bar.key = sign.key
        else:
            self._next_key = sign.key

    def set_tempo(self, bpm: float, beat: int) -> None:
        """From here on."""
        self.bar.tempos.append((self.now, bpm, beat))

    def name_chord(self, chord: ChordSymbol) -> None:
        """A chord symbol stands here."""
        self.bar.chords.append((self.now, chord))

    # Notes ----------------------------------------------------------------------------------------------------------

    def strike(self, notes: list[Struck], factor: Fraction) -> None:
        """Notes that begin together, each as long as it says times the factor; the first says when the next begins."""
        stretch = self._stretch()
        self._last, self._last_ids = [], []
        tied, self._tied = self._tied, {}
        for note in notes:
            long = _bounded(note.length * factor * self.unit) * stretch
            name = (note.letter, note.marks)
            pitch = self._pitch(note, tied)
            tone = Tone(self.now, long, pitch, tied=note.tied)
            self.bar.tones.append(tone)
            self._last.append(tone)
            self._last_ids.append(name)
            if note.tied:
                self._tied[name] = pitch
        self._pass(_bounded(notes[0].length * factor * self.unit) * stretch)

    def rest(self, units: Fraction) -> None:
        """Silence."""
        stretch = self._stretch()
        self._last, self._last_ids = [], []
        self._tied = {}
        self._pass(_bounded(units * self.unit) * stretch)

    def tie(self) -> None:
        """The last notes go on in the next of their pitch."""
        for tone, name in zip(self._last, self._last_ids, strict=True):
            tone.tied = True
            self._tied[name] = tone.pitch

    def break_rhythm(self, steps: int) -> None:
        """The last note longer and the next shorter by so many dots; the other way round where negative."""
        steps = max(-4, min(4, steps))
        if not self._last_length or not steps:
            return
        less = Fraction(1, 2 ** abs(steps))
        factor = 2 - less if steps > 0 else less
        change = self._last_length * (factor - 1)
        for tone in self._last:
            tone.duration *= factor
        self.now += change
        self._last_length += change
        self._break = steps

    def tuplet(self, notes: int, time: int | None, reach: int | None) -> None:
        """The next `reach` notes are played `notes` in the time of `time`."""
        compound = self.metre[1] >= 8 and self.metre[0] % 3 == 0 and self.metre[0] > 3
        time = time or _TUPLETS.get(notes, 3 if compound else 2)
        self._tuplet = (Fraction(time, notes), reach or notes)

    def overlay(self) -> None:
        """Go back to the beginning of the bar; what follows sounds together with what was there."""
        self._reach = max(self._reach, self.now)
        self.now = ZERO
        self._tied = {}
        self._forget()

    def _pitch(self, note: Struck, tied: dict[tuple[str, str], int]) -> int:
        name = (note.letter, note.marks)
        step = note.letter.upper()
        octave = note.marks.count("'") - note.marks.count(",") + (5 if note.letter.islower() else 4)
        reach = (step, "") if self.propagate == "pitch" else (step, str(octave))
        if not note.sign and name in tied:
            return tied[name]
        if note.sign:
            alteration = ALTERATIONS[note.sign]
            if self.propagate != "not":
                self._signs[reach] = alteration
        else:
            alteration = self._signs.get(reach, self.key.altered.get(step, 0))
        return 12 * (octave + 1) + STEPS[step] + alteration + self.moved

    def _stretch(self) -> Fraction:
        """By how much the next note is longer than it says: tuplets and broken rhythm."""
        factor, left = self._tuplet
        stretch = factor if left else Fraction(1)
        self._tuplet = (factor, max(0, left - 1))
        if self._break:
            less = Fraction(1, 2 ** abs(self._break))
            stretch *= less if self._break > 0 else 2 - less
            self._break = 0
        return stretch

    def _pass(self, long: Fraction) -> None:
        self._last_length = long
        self.now += long
        if self.now > 4 * _LONGEST:
            raise UnreadableMusic("A bar of this ABC lasts longer than 256 whole notes. Check its lengths.")

    def _forget(self) -> None:
        self._last, self._last_ids, self._last_length, self._break = [], [], ZERO, 0

    # Bars -----------------------------------------------------------------------------------------------------------

    def bar_line(self, line: str, endings: str) -> None:
        """A bar line such as ":|:", with the numbers of the ending that begins there, if any."""
        before, after = _repeats(line)
        if not self._is_empty():
            self._close()
        if before and self.bars:
            self.bars[-1].signs.ends = max(self.bars[-1].signs.ends, before + 1)
        if before or after or endings or "||" in line or "]" in line or "[" in line:
            self._endings = frozenset()
        if after:
            self.bar.signs.begins = max(self.bar.signs.begins, after + 1)
        if endings:
            self._endings = _numbers(endings)
        self.bar.signs.endings = self._endings
        self._signs = {}

    def rest_bars(self, count: int) -> None:
        """Whole bars of rest."""
        for number in range(count):
            if number:
                self.bar_line("|", "")
            self._tied = {}
            self.now += self.bar.full

    def finish(self) -> list[Bar]:
        """All bars, the last one closed."""
        if not self._is_empty():
            self._close()
        return self.bars

    def _close(self) -> None:
        self.bar.length = max(self._reach, self.now)
        if len(self.bars) >= LIMITS["bars"]:
            raise UnreadableMusic(f"This tune has more than {LIMITS['bars']} bars. Bring a part of it.")
        self.bars.append(self.bar)
        if self._next_metre:
            self.metre, self._next_metre = self._next_metre, None
        self.bar = Bar(self.metre, key=self._next_key)
        self._next_key = None
        self.now = self._reach = ZERO
        broken = self._break  # "E>|F" reaches over the bar line
        self._forget()
        self._break = broken

    def _is_empty(self) -> bool:
        return not (self.now or self._reach or self.bar.tones)


def _bounded(long: Fraction) -> Fraction:
    if long > _LONGEST:
        raise UnreadableMusic("A note of this ABC lasts longer than 64 whole notes. Check its length.")
    return long


def _repeats(line: str) -> tuple[int, int]:
    """How many repeat dots stand before and after the strokes of a bar line."""
    if "|" not in line:
        return (1, 1) if line.count(":") > 1 else (0, 0)
    before, after = line.partition("|")[0], line.rpartition("|")[2]
    return before.count(":"), after.count(":")


def _numbers(text: str) -> frozenset[int]:
    """The passes that an ending such as "1,3" or "1-3" is for."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d{1,2})(?:-(\d{1,2}))?", text[:60]):
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(number for number in found if number)
