"""Files as a DAW exports them: several parts, played a little early or late, drums, a lead that nobody quantised."""

from __future__ import annotations

import io

import mido
import numpy as np

RESOLUTION = 480  # ticks a quarter
BARS = 8
FILES = 10
_BAR = 4 * RESOLUTION
_PROGRESSIONS = ((0, 5, 3, 4), (0, 3, 4, 0), (5, 3, 0, 4), (0, 4, 5, 3), (1, 4, 0, 5))  # steps of the scale
_SCALE = (0, 2, 4, 5, 7, 9, 11)
_DRUMS = 9
_PROGRAMS = {"Lead": 81, "Keys": 4, "Strings": 48, "Guitar": 27, "Bass": 33, "Drums": 0}

Strikes = list[tuple[float, float, int]]  # onset and length in quarters, pitch


def daw_file(number: int) -> bytes:
    """File `number` (from 0) of ten, with three to six parts; the same every time."""
    random = np.random.default_rng([2026, number])
    chords = _PROGRESSIONS[number % len(_PROGRESSIONS)]
    tonic = int(random.integers(12))
    names = ("Lead", "Drums", "Bass", "Keys", "Strings", "Guitar")[: 3 + number % 4]
    file = mido.MidiFile(type=1, ticks_per_beat=RESOLUTION)
    conductor = mido.MidiTrack([mido.MetaMessage("track_name", name=f"Project {number + 1}")])
    conductor.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(int(random.integers(80, 140)))))
    conductor.append(mido.MetaMessage("time_signature", numerator=4, denominator=4))
    file.tracks.append(conductor)
    for channel, name in enumerate(names):
        strikes = _PLAYERS[name](random, chords, tonic)
        looseness = 22 if name == "Lead" else 8  # ticks
        file.tracks.append(_track(name, _DRUMS if name == "Drums" else channel, strikes, looseness, random))
    written = io.BytesIO()
    file.save(file=written)
    return written.getvalue()


def _pitch(step: int, octave: int, tonic: int) -> int:
    return 12 * (octave + 1 + step // 7) + _SCALE[step % 7] + (tonic if tonic < 6 else tonic - 12)


def _lead(random: np.random.Generator, chords: tuple[int, ...], tonic: int) -> Strikes:
    """A line of quarters and eighths that answers itself after four bars."""
    rhythms = (
        (0.0, 1.0, 1.5, 2.0, 3.0),
        (0.0, 0.5, 1.0, 2.0, 2.5, 3.0),
        (0.0, 1.0, 2.0, 3.0),
        (0.5, 1.0, 1.5, 2.0, 3.0),
    )
    phrase: Strikes = []
    step = 7 + chords[0]
    for bar in range(4):
        places = rhythms[int(random.integers(len(rhythms)))]
        for place, following in zip(places, (*places[1:], 4.0), strict=True):
            phrase.append((4 * bar + place, following - place, _pitch(step, 4, tonic)))
            step = int(np.clip(step + random.choice([-2, -1, -1, 1, 1, 2]), 2, 12))
    return phrase + [(onset + 16, length, pitch) for onset, length, pitch in phrase]


def _bass(random: np.random.Generator, chords: tuple[int, ...], tonic: int) -> Strikes:
    rhythm = ((0.0, 1.5, 2.0, 3.5), (0.0, 1.0, 2.0, 3.0), (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5))[
        int(random.integers(3))
    ]
    found: Strikes = []
    for bar in range(BARS):
        root = chords[bar % 4]
        for index, (place, following) in enumerate(zip(rhythm, (*rhythm[1:], 4.0), strict=True)):
            step = root + (4 if index % 3 == 2 else 0)
            found.append((4 * bar + place, (following - place) * 0.9, _pitch(step, 2, tonic)))
    return found


def _chords(lengths: tuple[float, ...], octave: int) -> object:
    def play(random: np.random.Generator, chords: tuple[int, ...], tonic: int) -> Strikes:
        found: Strikes = []
        for bar in range(BARS):
            at = 0.0
            for length in lengths:
                for tone in (0, 2, 4):
                    found.append((4 * bar + at, length * 0.95, _pitch(chords[bar % 4] + tone, octave, tonic)))
                at += length
        return found

    return play


def _drums(random: np.random.Generator, chords: tuple[int, ...], tonic: int) -> Strikes:
    kit = [(place / 2, 42) for place in range(8)] + [(0.0, 36), (2.0, 36), (2.5, 36), (1.0, 38), (3.0, 38)]
    return [(4 * bar + place, 0.2, pitch) for bar in range(BARS) for place, pitch in kit]


def _guitar(random: np.random.Generator, chords: tuple[int, ...], tonic: int) -> Strikes:
    """Broken chords in eighths."""
    order = (0, 2, 4, 7, 4, 2, 4, 2)
    return [
        (4 * bar + index / 2, 0.5, _pitch(chords[bar % 4] + tone, 3, tonic))
        for bar in range(BARS)
        for index, tone in enumerate(order)
    ]


_PLAYERS = {
    "Lead": _lead,
    "Bass": _bass,
    "Keys": _chords((2.0, 2.0), 3),
    "Strings": _chords((4.0,), 4),
    "Guitar": _guitar,
    "Drums": _drums,
}


def _track(name: str, channel: int, strikes: Strikes, looseness: int, random: np.random.Generator) -> mido.MidiTrack:
    """A part, each note up to so many ticks early or late and of its own velocity."""
    events = []
    for onset, length, pitch in strikes:
        begin = max(0, round(onset * RESOLUTION + random.normal(0, looseness / 2)))
        end = max(begin + 30, round((onset + length) * RESOLUTION + random.normal(0, looseness)))
        events.append(
            (begin, 1, mido.Message("note_on", note=pitch, velocity=int(random.integers(60, 110)), channel=channel))
        )
        events.append((end, 0, mido.Message("note_off", note=pitch, channel=channel)))
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
    track.append(mido.Message("program_change", program=_PROGRAMS[name], channel=channel))
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    return track
