"""Standard MIDI files read into scores.

Times in the file are ticks of its own resolution; in a score they are ticks of 1/24 quarter.
"""

from __future__ import annotations

import json
import struct
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from composer.errors import UnreadableMusic
from composer.music import smf
from composer.music.chordnames import chord_named
from composer.music.limits import CHANGES, LIMITS
from composer.music.midi_writer import RECIPE_MARK, write_midi
from composer.music.overlaps import without_overlaps
from composer.music.reading import Reading
from composer.music.text import clean, decoded
from composer.music.written import is_metre
from composer.score import TICKS_PER_QUARTER, ChordSymbol, Key, KeyChange, Metre, Note, Score, Tempo, Voice

__all__ = ["RECIPE_MARK", "read_midi", "without_overlaps", "write_midi"]

_FASTEST, _SLOWEST = 60_000, 7_500_000  # microseconds a quarter: 1000 and 8 quarters a minute
_DRUMS = 9  # General MIDI's tenth channel
_NO_TITLES = ("", "untitled", "tempo", "tempo track", "conductor", "conductor track", "master track", "global track")


def read_midi(data: bytes) -> Reading:
    """A Standard MIDI file as a reading; UnreadableMusic with the reason otherwise."""
    file = smf.parse(_unwrapped(data))
    told: Counter[str] = Counter()
    notes = sum(event.kind == smf.ON and event.second > 0 for track in file.tracks for event in track)
    if notes == 0:
        raise UnreadableMusic("There are no notes in this MIDI file, so there is nothing to go on from.")
    if notes > LIMITS["notes"]:
        raise UnreadableMusic(f"This file has {notes} notes; Motif takes up to {LIMITS['notes']}. Bring a part of it.")
    strikes = [strike for track in file.tracks for strike in _strikes(track, file.quarter, told)]
    if not strikes:
        raise UnreadableMusic("The notes in this MIDI file have no length, so there is nothing to go on from.")
    if max(strike.end for strike in strikes) > LIMITS["bars"] * 8 * file.quarter:
        raise UnreadableMusic(
            f"This file lasts more than {LIMITS['bars']} long bars, silence included; Motif takes up to "
            f"{LIMITS['bars']} bars. Bring a part of it."
        )
    conducted = _Conducted(file.quarter, told)
    for number, track in enumerate(file.tracks):
        conducted.read(track, is_first=number == 0 and file.kind == 1 and len(file.tracks) > 1)
    score = Score(
        tuple(_voices(strikes, file.quarter, told)),
        *conducted.changes(),
        title=conducted.title,
        chords=tuple(conducted.chords[tick] for tick in sorted(conducted.chords)[:CHANGES]),
        composer=conducted.composer,
        key_name=conducted.key_name,
    )
    score = conducted.key_changes(score)
    return Reading(score, "MIDI", remarks=tuple(_sentences(told, len(score.notes))), recipe=conducted.recipe)


def _unwrapped(data: bytes) -> bytes:
    """The MIDI file inside a RIFF (.rmi) wrapper, or the data as it is."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID" and b"MThd" not in data:
        raise UnreadableMusic("This RIFF file says it holds MIDI, but there is none in it.")
    return data


@dataclass(slots=True)
class _Strike:
    """A note as it was played, in the file's ticks."""

    voice: tuple[int, int, int]  # the track's id, channel, program
    name: str
    onset: int
    end: int
    pitch: int
    velocity: int


def _strikes(track: list[smf.Event], quarter: int, told: Counter[str]) -> list[_Strike]:
    """The notes of a track, each begun once, ended once, and of some length."""
    name = _name(track)
    programs = [0] * 16
    found: list[_Strike] = []
    sounding: dict[tuple[int, int], _Strike] = {}  # channel, pitch
    spent: Counter[tuple[int, int]] = Counter()  # releases that belong to strikes which have ended already
    for event in track:
        key = (event.channel, event.first)
        if event.kind == smf.ON and event.second:
            before = sounding.get(key)
            if before:
                spent[key] += 1
                if before.onset == event.tick:
                    told["doubled"] += 1
                    continue
                told["restruck"] += 1
                before.end = event.tick
            voice = (id(track), event.channel, programs[event.channel])
            sounding[key] = _Strike(voice, name, event.tick, -1, event.first, event.second)
            found.append(sounding[key])
        elif event.kind in (smf.ON, smf.OFF):
            if spent[key]:
                spent[key] -= 1
            elif key in sounding:
                sounding.pop(key).end = event.tick
        elif event.kind == smf.PROGRAM:
            programs[event.channel] = event.first
        elif event.kind == smf.CONTROL and event.first in smf.SILENCERS:
            for one in [one for one in sounding if one[0] == event.channel]:
                sounding.pop(one).end = event.tick
                spent[one] = 0
        elif event.kind == smf.CONTROL and event.first == smf.SUSTAIN:
            told["pedal"] += event.second >= 64
    end = track[-1].tick if track else 0
    for strike in sounding.values():
        told["hanging"] += 1
        strike.end = end if end > strike.onset else strike.onset + quarter
    told["timeless"] += sum(strike.end <= strike.onset for strike in found)
    return [strike for strike in found if strike.end > strike.onset]


def _name(track: list[smf.Event]) -> str:
    for kind in (smf.NAME, smf.INSTRUMENT):
        for event in track:
            if event.kind == kind and event.channel < 0 and (name := clean(decoded(event.data))):
                return name
    return ""


def _voices(strikes: list[_Strike], quarter: int, told: Counter[str]) -> list[Voice]:
    """A voice for each instrument of each channel of each track."""
    played: dict[tuple[int, int, int], list[_Strike]] = {}
    for strike in strikes:
        played.setdefault(strike.voice, []).append(strike)
    voices = []
    for (_, channel, program), several in played.items():
        notes = []
        for strike in several:
            told["moved"] += strike.onset * TICKS_PER_QUARTER % quarter > 0
            onset = _tick(strike.onset, quarter)
            duration = max(1, _tick(strike.end, quarter) - onset)
            notes.append(Note(onset, strike.pitch, duration, strike.velocity))
        line = without_overlaps(notes)
        told["cut"] += len(notes) - len(line)
        voices.append(Voice(line, several[0].name, program, channel == _DRUMS))
    return voices


def _tick(tick: int, quarter: int) -> int:
    return round(tick * TICKS_PER_QUARTER / quarter)


@dataclass
class _Conducted:
    """What the meta events of all tracks say of the piece."""

    quarter: int
    told: Counter[str]
    title: str = ""
    composer: str = ""
    keys: dict[int, Key] = field(default_factory=dict)
    key_name: str = ""
    recipe: dict[str, Any] | None = None
    metres: dict[int, Metre] = field(default_factory=dict)
    tempos: dict[int, int] = field(default_factory=dict)
    beats: dict[int, int] = field(default_factory=dict)
    chords: dict[int, ChordSymbol] = field(default_factory=dict)

    def read(self, track: list[smf.Event], is_first: bool) -> None:
        """Take in a track. The name of the first, where nothing sounds in it, is the title."""
        for event in track:
            if event.channel < 0:
                tick = _tick(event.tick, self.quarter)
                match event.kind:
                    case smf.TEMPO:
                        self._tempo(tick, event.data)
                    case smf.METRE:
                        self._metre(tick, event.data)
                    case smf.KEY:
                        self._key(tick, event.data)
                    case smf.TEXT:
                        self._text(tick, event.data)
        if is_first and not self.title and not any(event.kind == smf.ON for event in track):
            name = _name(track)
            self.title = "" if name.lower() in _NO_TITLES else name

    def _tempo(self, tick: int, data: bytes) -> None:
        if len(data) == 3 and _FASTEST <= int.from_bytes(data, "big") <= _SLOWEST:
            self.tempos[tick] = int.from_bytes(data, "big")
        else:
            self.told["impossible"] += 1

    def _metre(self, tick: int, data: bytes) -> None:
        if len(data) >= 2 and data[1] < 6 and is_metre(data[0], 2 ** data[1]):
            self.metres[tick] = Metre(tick, data[0], 2 ** data[1])
        else:
            self.told["impossible"] += 1

    def _key(self, tick: int, data: bytes) -> None:
        sharps = struct.unpack("b", data[:1])[0] if data else 99
        if len(data) < 2 or not -7 <= sharps <= 7 or data[1] > 1:
            self.told["impossible"] += 1
        else:
            minor = data[1] == 1
            self.keys.setdefault(tick, Key((7 * sharps + (9 if minor else 0)) % 12, "minor" if minor else "major"))

    def _text(self, tick: int, data: bytes) -> None:
        text = decoded(data)
        mark, _, said = text.partition(":")
        if text.startswith("@T"):
            self.title = self.title or clean(text[2:])
        elif text.startswith(RECIPE_MARK):
            self.recipe = self.recipe or _recipe(said)
        elif mark == "title":
            self.title = clean(said) or self.title
        elif mark == "composer":
            self.composer = clean(said)
        elif mark == "key":
            self.key_name = clean(said)
        elif mark == "beat" and said.isdecimal() and 0 < int(said[:4]) <= 384:
            self.beats[tick] = int(said[:4])
        elif mark == "chord" and (chord := chord_named(said)) and len(self.chords) < CHANGES:
            self.chords[tick] = ChordSymbol(tick, chord.root, chord.quality, chord.bass)

    def key_changes(self, score: Score) -> Score:
        """A score with the signatures: the first, whenever it comes, and those after it, each at its bar line."""
        if not self.keys:
            return score
        first, *later = sorted(self.keys.items())
        changes: list[KeyChange] = []
        for tick, key in later[:CHANGES]:
            start = score.bar_start(score.bar_at(tick))
            if key != (changes[-1].key if changes else first[1]) and start > (changes[-1].tick if changes else 0):
                changes.append(KeyChange(start, key))
        return replace(score, key=first[1], key_changes=tuple(changes))

    def changes(self) -> tuple[tuple[Metre, ...], tuple[Tempo, ...]]:
        """The metres and tempos from tick 0 on, each only where it changes."""
        metres: list[Metre] = []
        for metre in sorted({0: Metre(), **self.metres}.values()):
            if not metres or str(metres[-1]) != str(metre):
                metres.append(metre)
        tempos: list[Tempo] = []
        for tick, microseconds in sorted({0: Tempo().microseconds, **self.tempos}.items()):
            if not tempos or tempos[-1].microseconds != microseconds:
                tempos.append(Tempo(tick, microseconds, self.beats.get(tick, TICKS_PER_QUARTER)))
        self.told["many"] += max(0, len(metres) - CHANGES) + max(0, len(tempos) - CHANGES)
        return tuple(metres[:CHANGES]), tuple(tempos[:CHANGES])


def _recipe(text: str) -> dict[str, Any] | None:
    try:
        recipe = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return recipe if isinstance(recipe, dict) else None


def _sentences(told: Counter[str], total: int) -> list[str]:
    found = []
    for what, sentence in _SENTENCES.items():
        count = told[what]
        if count:
            found.append(sentence.format(count, "s were" if count > 1 else " was", total=total))
    return found


_SENTENCES = {
    "doubled": "{} note{} struck twice at once and count once.",
    "hanging": "{} note{} never switched off and now end with their track.",
    "impossible": "{} impossible tempo, metre or key mark{} left out.",
    "restruck": "{} note{} struck again while sounding and end there.",
    "timeless": "{} note{} of no length and left out.",
    "moved": "{0} of {total} notes were moved to the nearest 24th of a quarter.",
    "cut": "{} note{} left out because another of the same pitch began with it.",
    "pedal": "The sustain pedal was left out: notes end where their keys were released.",
    "many": "{} change{} of metre or tempo left out; Motif keeps a thousand.",
}
