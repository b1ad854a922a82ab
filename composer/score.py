"""The score: notes in voices, on a grid of 24 ticks a quarter, as frozen values.

Conventions: onsets and durations are integer ticks (`TICKS_PER_QUARTER` = 24, so an eighth-note triplet is 8 and a
32nd is 3); pitches are MIDI numbers (60 = middle C); tick 0 is a bar line. Seconds exist only where files are read
and sound is made.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TypeVar

TICKS_PER_QUARTER = 24
DEFAULT_VELOCITY = 80

_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LONGEST_KEY = 20  # letters of a key's name
_STEPS = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note. `onset` and `duration` in ticks, `pitch` 0–127, `velocity` 1–127."""

    onset: int
    pitch: int
    duration: int
    velocity: int = DEFAULT_VELOCITY

    @property
    def end(self) -> int:
        """The tick at which the note stops sounding."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Voice:
    """One line or instrument: its notes in order of onset, then pitch. `program` is General MIDI, 0–127."""

    notes: tuple[Note, ...] = ()
    name: str = ""
    program: int = 0
    is_drum: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", tuple(sorted(self.notes)))

    @property
    def end(self) -> int:
        """The tick at which the last note stops; 0 when there are no notes."""
        return max((note.end for note in self.notes), default=0)


@dataclass(frozen=True, slots=True, order=True)
class Metre:
    """A time signature that holds from `tick` on; `tick` is a bar line."""

    tick: int = 0
    numerator: int = 4
    denominator: int = 4

    def __post_init__(self) -> None:
        if self.numerator < 1 or self.denominator not in (1, 2, 4, 8, 16, 32):
            raise ValueError(f"metre {self.numerator}/{self.denominator} is not one like 6/8")

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def bar_ticks(self) -> int:
        """The length of a bar in ticks."""
        return self.numerator * 4 * TICKS_PER_QUARTER // self.denominator

    @property
    def beat_ticks(self) -> int:
        """The length of a beat in ticks: a dotted unit in compound metres (6/8, 9/8, 12/8), else the unit."""
        unit = 4 * TICKS_PER_QUARTER // self.denominator
        compound = self.denominator >= 8 and self.numerator > 3 and self.numerator % 3 == 0
        return 3 * unit if compound else unit


@dataclass(frozen=True, slots=True, order=True)
class Tempo:
    """A tempo that holds from `tick` on, in microseconds a quarter as MIDI has it (500000 = 120 quarters a minute).

    `beat` is what the file counts, in ticks: 36 where it says "dotted quarter = 112". It changes no time, so that two
    tempos that differ in it alone are equal.
    """

    tick: int = 0
    microseconds: int = 500_000
    beat: int = field(default=TICKS_PER_QUARTER, compare=False)

    @classmethod
    def from_bpm(cls, bpm: float, tick: int = 0, beat: int = TICKS_PER_QUARTER) -> Tempo:
        """The tempo of `bpm` quarters a minute, counted in beats of so many ticks."""
        return cls(tick, round(60_000_000 / bpm), beat)

    @property
    def bpm(self) -> float:
        """Quarters a minute."""
        return 60_000_000 / self.microseconds

    @property
    def beats_a_minute(self) -> float:
        """How many of the file's own beats a minute has."""
        return self.bpm * TICKS_PER_QUARTER / self.beat


@dataclass(frozen=True, slots=True, order=True)
class ChordSymbol:
    """A chord that holds from `onset` (ticks) until the next symbol.

    `root` and `bass` are pitch classes, 0 = C … 11 = B: no root means that no chord is meant, no bass that the root is
    the lowest. `quality` is what stands after the root's name: "" for major, "m", "7", "m7" …
    """

    onset: int
    root: int | None = None
    quality: str = ""
    bass: int | None = None

    def __str__(self) -> str:
        if self.root is None:
            return "N.C."
        bass = "" if self.bass in (None, self.root) else f"/{_TONICS[self.bass]}"
        return f"{_TONICS[self.root]}{self.quality}{bass}"


_Change = TypeVar("_Change", Metre, Tempo)


@dataclass(frozen=True, slots=True)
class Key:
    """A major or minor key. `tonic` is a pitch class, 0 = C … 11 = B.

    >>> Key.parse("F# minor")
    Key(tonic=6, mode='minor')
    """

    tonic: int
    mode: str = "major"

    def __post_init__(self) -> None:
        if not 0 <= self.tonic < 12 or self.mode not in _STEPS:
            raise ValueError(f"key {self.tonic} {self.mode} is not one like 'G major'")

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read "G major", "Bb minor", "F#m" or "c" (a lone small letter is minor); ValueError otherwise."""
        plain = text.strip()[: _LONGEST_KEY + 1]  # cut first: this may be anything from outside
        found = re.fullmatch(r"([A-Ga-g])([#♯b♭-]?)\s*(major|maj|minor|min|m)?", plain)
        if not found or len(plain) > _LONGEST_KEY:
            raise ValueError(f"{plain!r} is not a key; write one like 'G major' or 'F# minor'")
        letter, accidental, mode = found.groups()
        shift = {"#": 1, "♯": 1, "b": -1, "♭": -1, "-": -1}.get(accidental, 0)
        minor = (mode or "").startswith("min") or mode == "m" or (mode is None and letter.islower())
        return cls((_LETTERS[letter.upper()] + shift) % 12, "minor" if minor else "major")

    def __str__(self) -> str:
        return f"{_TONICS[self.tonic]} {self.mode}"

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The scale's seven pitch classes; minor also has the raised sixth and seventh of cadences."""
        steps = _STEPS[self.mode] + ((9, 11) if self.mode == "minor" else ())
        return frozenset((self.tonic + step) % 12 for step in steps)

    @property
    def home(self) -> int:
        """The semitones, −6 to 5, that bring the key to C major or A minor."""
        return (6 - self.tonic - (0 if self.mode == "major" else 3)) % 12 - 6


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key signature that holds from `tick`, a bar line after the first, on."""

    tick: int
    key: Key


@dataclass(frozen=True)
class Score:
    """A piece: voices, and the metres, tempos and key they stand in.

    `metres` and `tempos` are in order and begin at tick 0; `key` is None where unknown, and `key_name` is the key as
    the file says it, such as "D mixolydian", where major and minor do not tell it. `key_changes` are the signatures
    after the first, in order.
    """

    voices: tuple[Voice, ...] = ()
    metres: tuple[Metre, ...] = (Metre(),)
    tempos: tuple[Tempo, ...] = (Tempo(),)
    key: Key | None = None
    title: str = ""
    chords: tuple[ChordSymbol, ...] = ()
    composer: str = ""
    key_name: str = ""
    key_changes: tuple[KeyChange, ...] = ()

    def __post_init__(self) -> None:
        for changes in (self.metres, self.tempos):
            ticks = [change.tick for change in changes]
            if not ticks or ticks[0] != 0 or ticks != sorted(set(ticks)):
                raise ValueError(f"metres and tempos must begin at tick 0 and rise, not {ticks}")

    @property
    def notes(self) -> list[Note]:
        """All notes of all voices in order of onset, then pitch."""
        return sorted(note for voice in self.voices for note in voice.notes)

    @property
    def end(self) -> int:
        """The tick at which the last note stops."""
        return max((voice.end for voice in self.voices), default=0)

    @property
    def bars(self) -> int:
        """How many bars the notes reach into."""
        return self.bar_at(self.end - 1) + 1 if self.end else 0

    def metre_at(self, tick: int) -> Metre:
        """The metre in force at `tick`."""
        return self.metres[bisect.bisect_right(self._metre_ticks, tick) - 1]

    def key_at(self, tick: int) -> Key | None:
        """The key signature in force at `tick`; None where none is known."""
        before = bisect.bisect_right([change.tick for change in self.key_changes], tick)
        return self.key_changes[before - 1].key if before else self.key

    def bar_at(self, tick: int) -> int:
        """The number, from 0, of the bar that holds `tick`."""
        index = max(0, bisect.bisect_right(self._metre_ticks, tick) - 1)
        metre = self.metres[index]
        return self._bars_before[index] + (tick - metre.tick) // metre.bar_ticks

    def bar_start(self, bar: int) -> int:
        """The tick at which bar number `bar` (from 0) begins."""
        index = max(0, bisect.bisect_right(self._bars_before, bar) - 1)
        metre = self.metres[index]
        return metre.tick + (bar - self._bars_before[index]) * metre.bar_ticks

    def seconds_at(self, tick: int) -> float:
        """The time of `tick` in seconds from the beginning."""
        index = max(0, bisect.bisect_right(self._tempo_ticks, tick) - 1)
        tempo = self.tempos[index]
        return self._seconds_before[index] + max(0, tick - tempo.tick) * tempo.microseconds / TICKS_PER_QUARTER / 1e6

    # Running sums, so that asking where every one of many changes or notes stands takes no time in their square.

    @cached_property
    def _metre_ticks(self) -> list[int]:
        return [metre.tick for metre in self.metres]

    @cached_property
    def _tempo_ticks(self) -> list[int]:
        return [tempo.tick for tempo in self.tempos]

    @cached_property
    def _bars_before(self) -> list[int]:
        """How many bars lie before each metre; a bar that a change cuts short counts."""
        spans = (-(-(after.tick - metre.tick) // metre.bar_ticks) for metre, after in pairwise(self.metres))
        return list(accumulate(spans, initial=0))

    @cached_property
    def _seconds_before(self) -> list[float]:
        """The time of each tempo in seconds."""
        spans = (
            (after.tick - tempo.tick) * tempo.microseconds / TICKS_PER_QUARTER / 1e6
            for tempo, after in pairwise(self.tempos)
        )
        return list(accumulate(spans, initial=0.0))

    def from_tick(self, start: int) -> Score:
        """The piece from a bar line on, which becomes tick 0; notes that began before are left out."""
        return Score(
            tuple(
                replace(voice, notes=tuple(replace(n, onset=n.onset - start) for n in voice.notes if n.onset >= start))
                for voice in self.voices
            ),
            tuple(replace(m, tick=max(0, m.tick - start)) for m in self._in_force(self.metres, start)),
            tuple(replace(t, tick=max(0, t.tick - start)) for t in self._in_force(self.tempos, start)),
            self.key_at(start),
            self.title,
            tuple(replace(c, onset=max(0, c.onset - start)) for c in self._chords_in_force(start)),
            self.composer,
            self.key_name if self.key_at(start) == self.key else "",
            tuple(replace(c, tick=c.tick - start) for c in self.key_changes if c.tick > start),
        )

    def _chords_in_force(self, start: int) -> tuple[ChordSymbol, ...]:
        first = bisect.bisect_right([chord.onset for chord in self.chords], start) - 1
        return self.chords[max(0, first) :]

    @staticmethod
    def _in_force(changes: tuple[_Change, ...], start: int) -> tuple[_Change, ...]:
        return tuple(
            c
            for c, following in zip(changes, (*changes[1:], None), strict=True)
            if following is None or following.tick > start
        )

    def with_voices(self, voices: Iterable[Voice]) -> Score:
        """The same piece with other voices."""
        return replace(self, voices=tuple(voices))
