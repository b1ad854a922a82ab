"""Scores as Standard MIDI files.

What MIDI has no event for stands in texts of the first track: title, composer, chord symbols, the beat that a tempo
counts, and the recipe by which Motif wrote the piece.
"""

from __future__ import annotations

import io
import json
from typing import Any

import mido

from composer.score import TICKS_PER_QUARTER, Score, Voice

RECIPE_MARK = "motif-recipe:"
_RESOLUTION = 480
_MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_NAMES = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")


def write_midi(score: Score, recipe: dict[str, Any] | None = None) -> bytes:
    """A type-1 MIDI file: a conductor track with tempo, metre, key, title and recipe, then a track a voice."""
    file = mido.MidiFile(type=1, ticks_per_beat=_RESOLUTION, charset="utf-8")
    file.tracks.append(_track(_conductor_events(score, recipe)))
    channels = [channel for channel in range(16) if channel != 9]
    tuned = 0
    for voice in score.voices:
        channel = 9 if voice.is_drum else channels[tuned % len(channels)]
        tuned += not voice.is_drum
        file.tracks.append(_track(_voice_events(voice, channel)))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _conductor_events(score: Score, recipe: dict[str, Any] | None) -> list[tuple[int, int, mido.Message]]:
    meta = mido.MetaMessage
    events = []
    for what, said in (("title", score.title), ("composer", score.composer), ("key", score.key_name)):
        if said:
            events.append((0, 0, meta("text", text=f"{what}:{said}")))
    if recipe:
        events.append(
            (0, 0, meta("text", text=RECIPE_MARK + json.dumps(recipe, separators=(",", ":"), sort_keys=True)))
        )
    for tick, key in ((0, score.key), *((change.tick, change.key) for change in score.key_changes)):
        if key:
            names = _MAJOR_NAMES if key.mode == "major" else _MINOR_NAMES
            events.append((tick, 0, meta("key_signature", key=names[key.tonic])))
    for metre in score.metres:
        events.append((metre.tick, 0, meta("time_signature", numerator=metre.numerator, denominator=metre.denominator)))
    for tempo in score.tempos:
        events.append((tempo.tick, 0, meta("set_tempo", tempo=tempo.microseconds)))
        if tempo.beat != TICKS_PER_QUARTER:
            events.append((tempo.tick, 0, meta("text", text=f"beat:{tempo.beat}")))
    for chord in score.chords:
        events.append((chord.onset, 0, meta("text", text=f"chord:{chord}")))
    return events


def _voice_events(voice: Voice, channel: int) -> list[tuple[int, int, mido.Message]]:
    events: list[tuple[int, int, mido.Message]] = []
    if voice.name:
        events.append((0, 0, mido.MetaMessage("track_name", name=voice.name)))
    events.append((0, 0, mido.Message("program_change", program=voice.program, channel=channel)))
    for note in voice.notes:
        events.append(
            (note.onset, 2, mido.Message("note_on", note=note.pitch, velocity=note.velocity, channel=channel))
        )
        events.append((note.end, 1, mido.Message("note_off", note=note.pitch, channel=channel)))  # before a new onset
    return events


def _track(events: list[tuple[int, int, mido.Message]]) -> mido.MidiTrack:
    """Events at score ticks, with their rank among those of one tick, as a track of delta times."""
    track, before = mido.MidiTrack(), 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=(tick - before) * _RESOLUTION // TICKS_PER_QUARTER))
        before = tick
    return track
