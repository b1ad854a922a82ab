"""Standard MIDI files: read through pretty_midi, written through mido (pretty_midi's own reader and writer of bytes).

Times in the file are ticks of its own resolution; in a score they are ticks of 1/24 quarter.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import struct
import warnings
from typing import Any

import mido

from composer.errors import UnreadableMusic
from composer.music.reading import LIMITS, Reading
from composer.music.repair import repair
from composer.score import TICKS_PER_QUARTER, Key, Metre, Note, Score, Tempo, Voice

with contextlib.redirect_stdout(io.StringIO()):  # a module behind it tells what it found, where CI is set
    import pretty_midi

RECIPE_MARK = "motif-recipe:"
_RESOLUTION = 480
_ENDLESS = re.compile(rb"[\x80-\xff]{2001}")  # no length or delta goes on so; mido would add it up for minutes
_BROKEN = (
    *(EOFError, OSError, ValueError, IndexError, KeyError, TypeError, OverflowError, MemoryError),
    *(struct.error, mido.KeySignatureError),
)
_MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_NAMES = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")


def read_midi(data: bytes) -> Reading:
    """A Standard MIDI file as a reading; UnreadableMusic with the reason otherwise."""
    data = _unwrapped(data)
    _check_header(data)
    file = _parsed(data)
    _check_size(file)
    remarks = repair(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pretty_midi warns of what the remarks tell in words
        try:
            midi = pretty_midi.PrettyMIDI(mido_object=file)
        except (ValueError, IndexError, KeyError, ZeroDivisionError, OverflowError) as error:
            raise UnreadableMusic(f"This MIDI file is damaged ({error}). Save it anew and try again.") from error
    score, more = _score(midi)
    if not score.notes:
        raise UnreadableMusic("The notes in this MIDI file have no length, so there is nothing to go on from.")
    return Reading(score, "MIDI", remarks=(*remarks, *more), recipe=_recipe(midi))


def _unwrapped(data: bytes) -> bytes:
    """The MIDI file inside a RIFF (.rmi) wrapper, or the data as it is."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        at = data.find(b"MThd")
        if at < 0:
            raise UnreadableMusic("This RIFF file says it holds MIDI, but there is none in it.")
        return data[at:]
    return data


def _check_header(data: bytes) -> None:
    if len(data) < 14:
        raise UnreadableMusic(f"This MIDI file is cut off after {len(data)} bytes. Save it anew and try again.")
    _, kind, _, division = struct.unpack(">IHHH", data[4:14])
    if kind == 2:
        raise UnreadableMusic("This is a type-2 MIDI file of separate patterns. Save it as type 0 or 1 and try again.")
    if kind > 2:
        raise UnreadableMusic(f"This file calls itself MIDI type {kind}; there are types 0 and 1. Save it anew.")
    if division & 0x8000:
        raise UnreadableMusic("This MIDI file counts film frames, not beats. Save it with ticks a quarter instead.")
    if division == 0:
        raise UnreadableMusic("This MIDI file says a quarter lasts no time. Save it anew and try again.")


def _parsed(data: bytes) -> mido.MidiFile:
    if _ENDLESS.search(data):
        raise UnreadableMusic("This MIDI file is damaged (a number in it never ends). Save it anew and try again.")
    for charset in ("utf-8", "latin1"):
        try:
            file = mido.MidiFile(file=io.BytesIO(data), charset=charset, clip=True)
        except UnicodeDecodeError:
            continue
        except _BROKEN as error:
            reason = str(error) or "it ends too early"
            raise UnreadableMusic(f"This MIDI file is damaged ({reason}). Save it anew and try again.") from error
        if not any(file.tracks):
            raise UnreadableMusic("This MIDI file has no tracks, so there is nothing to go on from.")
        return file
    raise AssertionError("latin1 decodes anything")


def _check_size(file: mido.MidiFile) -> None:
    """Refuse what is too much before room is made for it."""
    if len(file.tracks) > LIMITS["tracks"]:
        raise UnreadableMusic(f"This file has {len(file.tracks)} tracks; Motif takes up to {LIMITS['tracks']}.")
    notes = sum(message.type == "note_on" and message.velocity > 0 for track in file.tracks for message in track)
    if notes == 0:
        raise UnreadableMusic("There are no notes in this MIDI file, so there is nothing to go on from.")
    if notes > LIMITS["notes"]:
        raise UnreadableMusic(f"This file has {notes} notes; Motif takes up to {LIMITS['notes']}. Bring a part of it.")
    ticks = max(sum(message.time for message in track) for track in file.tracks)
    if ticks > LIMITS["bars"] * 8 * file.ticks_per_beat or ticks >= pretty_midi.pretty_midi.MAX_TICK:
        raise UnreadableMusic(
            f"This file lasts more than {LIMITS['bars']} long bars, silence included; Motif takes up to "
            f"{LIMITS['bars']} bars. Bring a part of it."
        )


def _score(midi: pretty_midi.PrettyMIDI) -> tuple[Score, list[str]]:
    def tick(seconds: float) -> float:
        return float(midi.time_to_tick(seconds)) * TICKS_PER_QUARTER / midi.resolution

    moved, cut, voices = 0, 0, []
    for instrument in midi.instruments:
        notes = []
        for note in instrument.notes:
            onset, end = tick(note.start), tick(note.end)
            moved += abs(onset - round(onset)) > 1e-6
            duration = max(1, round(end) - round(onset))
            notes.append(Note(round(onset), note.pitch, duration, max(1, note.velocity)))
        line = without_overlaps(notes)
        cut += len(notes) - len(line)
        if line:
            name = instrument.name.strip("\x00 ").strip()
            voices.append(Voice(line, name, int(instrument.program), instrument.is_drum))
    remarks = []
    total = sum(len(voice.notes) for voice in voices)
    if moved:
        remarks.append(f"{moved} of {total} notes were moved to the nearest 24th of a quarter.")
    if cut:
        remarks.append(f"{cut} note{'s that doubled others' if cut > 1 else ' that doubled another'} left out.")
    score = Score(tuple(voices), _metres(midi, tick), _tempos(midi), _key(midi), _title(midi))
    return score, remarks


def without_overlaps(notes: list[Note]) -> tuple[Note, ...]:
    """The notes with each pitch cut where it is struck again, and one of any struck twice at once (the longest)."""
    by_pitch: dict[int, list[Note]] = {}
    for note in sorted(notes, key=lambda n: (n.onset, n.pitch, -n.duration)):
        line = by_pitch.setdefault(note.pitch, [])
        if line and line[-1].onset == note.onset:
            continue
        if line and line[-1].end > note.onset:
            last = line[-1]
            line[-1] = Note(last.onset, last.pitch, note.onset - last.onset, last.velocity)
        line.append(note)
    return tuple(sorted(note for line in by_pitch.values() for note in line))


def _metres(midi: pretty_midi.PrettyMIDI, tick: Any) -> tuple[Metre, ...]:
    changes = {0: Metre()}
    for change in midi.time_signature_changes:
        at = round(tick(change.time))
        metre = Metre(at, change.numerator, change.denominator)
        if metre.numerator * 4 * TICKS_PER_QUARTER % metre.denominator == 0:
            changes[at] = metre
    kept: list[Metre] = []
    for at in sorted(changes):
        if not kept or str(kept[-1]) != str(changes[at]):
            kept.append(changes[at])
    return tuple(kept)


def _tempos(midi: pretty_midi.PrettyMIDI) -> tuple[Tempo, ...]:
    times, bpms = midi.get_tempo_changes()
    changes: dict[int, Tempo] = {}
    for time, bpm in zip(times, bpms, strict=True):
        at = round(float(midi.time_to_tick(time)) * TICKS_PER_QUARTER / midi.resolution)
        changes[at] = Tempo(at, round(60_000_000 / bpm))
    kept: list[Tempo] = []
    for at in sorted(changes):
        if not kept or kept[-1].microseconds != changes[at].microseconds:
            kept.append(changes[at])
    return tuple(kept)


def _key(midi: pretty_midi.PrettyMIDI) -> Key | None:
    for change in midi.key_signature_changes:
        if change.time == 0:
            return Key(change.key_number % 12, "major" if change.key_number < 12 else "minor")
    return None


def _title(midi: pretty_midi.PrettyMIDI) -> str:
    for event in midi.text_events:
        if event.text.startswith("title:"):
            return str(event.text.removeprefix("title:"))
    return ""


def _recipe(midi: pretty_midi.PrettyMIDI) -> dict[str, Any] | None:
    for event in midi.text_events:
        if event.text.startswith(RECIPE_MARK):
            try:
                recipe = json.loads(event.text.removeprefix(RECIPE_MARK))
            except (ValueError, RecursionError):
                return None
            return recipe if isinstance(recipe, dict) else None
    return None


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
    if score.title:
        events.append((0, 0, meta("text", text=f"title:{score.title}")))
    if recipe:
        events.append(
            (0, 0, meta("text", text=RECIPE_MARK + json.dumps(recipe, separators=(",", ":"), sort_keys=True)))
        )
    if score.key:
        names = _MAJOR_NAMES if score.key.mode == "major" else _MINOR_NAMES
        events.append((0, 0, meta("key_signature", key=names[score.key.tonic])))
    for metre in score.metres:
        events.append((metre.tick, 0, meta("time_signature", numerator=metre.numerator, denominator=metre.denominator)))
    for tempo in score.tempos:
        events.append((tempo.tick, 0, meta("set_tempo", tempo=tempo.microseconds)))
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
