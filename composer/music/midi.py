"""Standard MIDI files read into scores.

Times in the file are ticks of its own resolution; in a score they are ticks of 1/24 quarter.
"""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from composer.errors import UnreadableMusic
from composer.music import smf
from composer.music.beats import Floats
from composer.music.chordnames import chord_named
from composer.music.limits import CHANGES, LIMITS
from composer.music.midi_writer import RECIPE_MARK, write_midi
from composer.music.overlaps import without_overlaps
from composer.music.performance import Performance, performed
from composer.music.reading import Reading
from composer.music.strikes import Strike, name_of, strikes_of
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
    strikes = [strike for track in file.tracks for strike in strikes_of(track, file.quarter, told)]
    if not strikes:
        raise UnreadableMusic("The notes in this MIDI file have no length, so there is nothing to go on from.")
    if max(strike.end for strike in strikes) > LIMITS["bars"] * 8 * file.quarter:
        raise UnreadableMusic(
            f"This file lasts more than {LIMITS['bars']} long bars, silence included; Motif takes up to "
            f"{LIMITS['bars']} bars. Bring a part of it."
        )
    plain = partial(_tick, quarter=file.quarter)
    # What Motif wrote is as it was meant, however strange; other music may have been played.
    ours = _conducted(file, plain, Counter()).recipe is not None
    performance = None if ours else performed(strikes, file.quarter, _seconds(file), _first_metre(file))
    conducted = _conducted(file, performance.place if performance else plain, told)
    score = Score(
        tuple(_voices(strikes, file.quarter, performance, told)),
        *conducted.changes(performance),
        title=conducted.title,
        chords=tuple(conducted.chords[tick] for tick in sorted(conducted.chords)[:CHANGES]),
        composer=conducted.composer,
        key_name=conducted.key_name,
    )
    score = conducted.key_changes(score)
    remarks = [performance.sentence] if performance else []
    remarks += _sentences(told, len(score.notes))
    return Reading(score, "MIDI", remarks=tuple(remarks), recipe=conducted.recipe)


def _unwrapped(data: bytes) -> bytes:
    """The MIDI file inside a RIFF (.rmi) wrapper, or the data as it is."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID" and b"MThd" not in data:
        raise UnreadableMusic("This RIFF file says it holds MIDI, but there is none in it.")
    return data


def _voices(strikes: list[Strike], quarter: int, performance: Performance | None, told: Counter[str]) -> list[Voice]:
    """A voice for each instrument of each channel of each track."""
    voices: dict[tuple[int, int, int], list[Note]] = {}
    names = {strike.voice: strike.name for strike in reversed(strikes)}
    on_grid = performance.notes if performance else {}
    for number, strike in enumerate(strikes):
        if number in on_grid:
            onset, duration = on_grid[number]
        else:
            told["moved"] += strike.onset * TICKS_PER_QUARTER % quarter > 0
            onset = _tick(strike.onset, quarter)
            duration = max(1, _tick(strike.end, quarter) - onset)
        voices.setdefault(strike.voice, []).append(Note(onset, strike.pitch, duration, strike.velocity))
    found = []
    for voice, notes in voices.items():
        line = without_overlaps(notes)
        told["cut"] += len(notes) - len(line)
        found.append(Voice(line, names[voice], voice[2], voice[1] == _DRUMS))
    return found


def _seconds(file: smf.SmfFile) -> Callable[[Floats], Floats]:
    """The time of the file's ticks, by its tempos."""
    tempos = {0: Tempo().microseconds}
    for event in (event for track in file.tracks for event in track if event.kind == smf.TEMPO and event.channel < 0):
        if _is_tempo(event.data):
            tempos[event.tick] = int.from_bytes(event.data, "big")
    ticks = np.array(sorted(tempos), float)
    rates = np.array([tempos[int(tick)] for tick in ticks]) / 1e6 / file.quarter  # seconds a tick
    starts = np.concatenate(([0.0], np.cumsum(np.diff(ticks) * rates[:-1])))

    def seconds(at: Floats) -> Floats:
        which = np.maximum(0, np.searchsorted(ticks, at, "right") - 1)
        return np.asarray(starts[which] + (at - ticks[which]) * rates[which])

    return seconds


def _first_metre(file: smf.SmfFile) -> Metre:
    metres = [(e.tick, e.data) for track in file.tracks for e in track if e.kind == smf.METRE and _is_metre(e.data)]
    _, data = min(metres, default=(0, b"\4\2"))
    return Metre(0, data[0], 2 ** data[1])


def _is_metre(data: bytes) -> bool:
    return len(data) >= 2 and data[1] < 6 and is_metre(data[0], 2 ** data[1])


def _is_tempo(data: bytes) -> bool:
    return len(data) == 3 and _FASTEST <= int.from_bytes(data, "big") <= _SLOWEST


def _tick(tick: int, quarter: int) -> int:
    return round(tick * TICKS_PER_QUARTER / quarter)


def _conducted(file: smf.SmfFile, place: Callable[[int], int], told: Counter[str]) -> _Conducted:
    """What the meta events of a file say."""
    found = _Conducted(place, told)
    for number, track in enumerate(file.tracks):
        found.read(track, is_first=number == 0 and file.kind == 1 and len(file.tracks) > 1)
    return found


@dataclass
class _Conducted:
    """What the meta events of all tracks say of the piece."""

    place: Callable[[int], int]  # where one of the file's ticks lies in the score
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
                tick = self.place(event.tick)
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
            name = name_of(track)
            self.title = "" if name.lower() in _NO_TITLES else name

    def _tempo(self, tick: int, data: bytes) -> None:
        if _is_tempo(data):
            self.tempos[tick] = int.from_bytes(data, "big")
        else:
            self.told["impossible"] += 1

    def _metre(self, tick: int, data: bytes) -> None:
        if _is_metre(data):
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

    def changes(self, performance: Performance | None) -> tuple[tuple[Metre, ...], tuple[Tempo, ...]]:
        """The metres and tempos from tick 0 on, each only where it changes; of a beat that was found, its own."""
        if performance and performance.metre and performance.tempo:
            return (performance.metre,), (performance.tempo,)
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
