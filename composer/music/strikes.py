"""Notes as a MIDI file has them played: each begun once, ended once, and of some length."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from composer.music import smf
from composer.music.text import clean, decoded


@dataclass(slots=True)
class Strike:
    """A note as it was played, in the file's ticks. `voice` is its track's id, its channel, its program."""

    voice: tuple[int, int, int]
    name: str
    onset: int
    end: int
    pitch: int
    velocity: int


def strikes_of(track: list[smf.Event], quarter: int, told: Counter[str]) -> list[Strike]:
    """The notes of a track; what was mended or left out is counted."""
    name = name_of(track)
    programs = [0] * 16
    found: list[Strike] = []
    sounding: dict[tuple[int, int], Strike] = {}  # channel, pitch
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
            sounding[key] = Strike(voice, name, event.tick, -1, event.first, event.second)
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


def name_of(track: list[smf.Event]) -> str:
    """What a track is called: by its name, else by its instrument's."""
    for kind in (smf.NAME, smf.INSTRUMENT):
        for event in track:
            if event.kind == kind and event.channel < 0 and (name := clean(decoded(event.data))):
                return name
    return ""
