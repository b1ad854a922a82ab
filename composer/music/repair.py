"""Mending a MIDI file before pretty_midi sees it, and saying so: what it would choke on, lose, or end too early.

pretty_midi looks for tempo, metre and key on the first track only, drops notes that are never switched off, ends all
strikes of a pitch at the first release, and keeps whatever nobody hears. Times here are ticks of the file's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import mido

_CONDUCTING = ("set_tempo", "time_signature", "key_signature")
_KEPT = ("note_on", "note_off", "program_change", "track_name", "text", "end_of_track")
_FASTEST, _SLOWEST = 60_000, 7_500_000  # microseconds a quarter: 1000 and 8 quarters a minute
_MOST_TEXT = 20_000  # letters

Event = tuple[int, mido.Message]  # at an absolute time


def repair(file: mido.MidiFile) -> list[str]:
    """Mend the file's tracks in place; the sentences to tell."""
    done: Counter[str] = Counter()
    conducting: list[Event] = []
    tracks: list[list[Event]] = []
    for track in file.tracks:
        kept, found = _sorted_out(track, done)
        conducting += found
        tracks.append(list(_mended(kept, file.ticks_per_beat, done)))
    tracks[0] = sorted([*conducting, *tracks[0]], key=lambda event: event[0])  # stable: conducting comes first
    for track, events in zip(file.tracks, tracks, strict=True):
        track[:] = _with_deltas(events)
    return [_SENTENCES[what].format(count, "s were" if count > 1 else " was") for what, count in sorted(done.items())]


_SENTENCES = {
    "doubled": "{} note{} struck twice at once and count once.",
    "hanging": "{} note{} never switched off and now end with their track.",
    "impossible": "{} impossible tempo or metre mark{} left out.",
    "restruck": "{} note{} struck again while sounding and end there.",
    "timeless": "{} note{} of no length and left out.",
}


def _sorted_out(track: mido.MidiTrack, done: Counter[str]) -> tuple[list[Event], list[Event]]:
    """What a score is made of, and what conducts it; controllers, bends and the like make no notes."""
    kept: list[Event] = []
    conducting: list[Event] = []
    now = 0
    for message in track:
        now += message.time
        if message.type in _CONDUCTING:
            if _possible(message):
                conducting.append((now, message))
            else:
                done["impossible"] += 1
        elif message.type in _KEPT and not (message.type == "text" and len(message.text) > _MOST_TEXT):
            kept.append((now, message))
    return kept, conducting


def _possible(message: mido.MetaMessage) -> bool:
    if message.type == "set_tempo":
        return bool(_FASTEST <= message.tempo <= _SLOWEST)
    if message.type == "time_signature":
        return message.denominator in (1, 2, 4, 8, 16, 32) and 1 <= message.numerator <= 64
    return True


def _mended(events: list[Event], quarter: int, done: Counter[str]) -> Iterator[Event]:
    """The events with every note begun once, ended once, and of some length."""
    out: list[Event | None] = []
    sounding: dict[tuple[int, int], tuple[int, int]] = {}  # channel, pitch → onset, where in `out`
    spent: Counter[tuple[int, int]] = Counter()  # releases that belong to strikes which have ended already
    for now, message in events:
        if message.type not in ("note_on", "note_off"):
            if message.type != "end_of_track":
                out.append((now, message))
            continue
        key = (message.channel, message.note)
        begins = message.type == "note_on" and message.velocity > 0
        if begins and key in sounding:
            spent[key] += 1
            if sounding[key][0] == now:
                done["doubled"] += 1
                continue
            done["restruck"] += 1
            out.append((now, _release(key)))
        elif not begins:
            if spent[key]:
                spent[key] -= 1
            elif key in sounding:
                onset, at = sounding.pop(key)
                if onset == now:
                    done["timeless"] += 1
                    out[at] = None
                else:
                    out.append((now, message))
            continue
        sounding[key] = (now, len(out))
        out.append((now, message))
    end = events[-1][0] if events else 0
    for key, (onset, _) in sorted(sounding.items()):
        done["hanging"] += 1
        out.append((end if end > onset else onset + quarter, _release(key)))
    yield from sorted((event for event in out if event is not None), key=lambda event: event[0])


def _release(key: tuple[int, int]) -> mido.Message:
    return mido.Message("note_off", channel=key[0], note=key[1])


def _with_deltas(events: list[Event]) -> list[mido.Message]:
    messages, before = [], 0
    for now, message in events:
        messages.append(message.copy(skip_checks=True, time=now - before))
        before = now
    return messages
