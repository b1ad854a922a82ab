"""Standard MIDI files as bytes: chunks and events, read as forgivingly as players read them.

Times are the file's own ticks from the beginning of the track. What sounds no note and conducts none is passed over.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

from composer.errors import UnreadableMusic
from composer.music.limits import LIMITS

OFF, ON, CONTROL, PROGRAM = 0x80, 0x90, 0xB0, 0xC0
TEXT, NAME, INSTRUMENT, MARKER = 0x01, 0x03, 0x04, 0x06
END, TEMPO, METRE, KEY = 0x2F, 0x51, 0x58, 0x59
SUSTAIN = 64
SILENCERS = (120, 123, 124, 125, 126, 127)  # controllers that end all notes of a channel
KEPT_CONTROLS = (SUSTAIN, *SILENCERS)
_KEPT = (OFF, ON, CONTROL, PROGRAM)
_META = (TEXT, NAME, INSTRUMENT, MARKER, TEMPO, METRE, KEY)
_LONGEST_TEXT = 20_000  # bytes


class Event(NamedTuple):
    """A channel's event: `kind` OFF to PROGRAM; or a meta event: `channel` −1, its bytes in `data`."""

    tick: int
    kind: int
    channel: int
    first: int = 0
    second: int = 0
    data: bytes = b""


@dataclass(frozen=True)
class SmfFile:
    """A file: its type (0 or 1), its ticks a quarter, the events of its tracks."""

    kind: int
    quarter: int
    tracks: list[list[Event]]


def parse(data: bytes) -> SmfFile:
    """The events of a MIDI file; UnreadableMusic with the reason otherwise."""
    start = data.find(b"MThd")
    data = data[max(0, start) :]
    if len(data) < 14:
        raise UnreadableMusic(f"This MIDI file is cut off after {len(data)} bytes. Save it anew and try again.")
    length, kind, _, division = struct.unpack(">IHHH", data[4:14])
    _check(kind, division)
    tracks: list[list[Event]] = []
    for begin, end, is_cut in _chunks(data, 8 + max(6, length)):
        if len(tracks) == LIMITS["tracks"]:
            raise UnreadableMusic(
                f"This file has more than {LIMITS['tracks']} tracks, and Motif takes no more. Leave some out."
            )
        tracks.append(_Track(data, begin, end, is_cut).events())
    if not tracks:
        raise UnreadableMusic("This MIDI file has no tracks, so there is nothing to go on from.")
    return SmfFile(kind, division, tracks)


def _check(kind: int, division: int) -> None:
    if kind == 2:
        raise UnreadableMusic("This is a type-2 MIDI file of separate patterns. Save it as type 0 or 1 and try again.")
    if kind > 2:
        raise UnreadableMusic(f"This file calls itself MIDI type {kind}; there are types 0 and 1. Save it anew.")
    if division & 0x8000:
        raise UnreadableMusic("This MIDI file counts film frames, not beats. Save it with ticks a quarter instead.")
    if division == 0:
        raise UnreadableMusic("This MIDI file says a quarter lasts no time. Save it anew and try again.")


def _chunks(data: bytes, at: int) -> list[tuple[int, int, bool]]:
    """Where each track's events begin and end, and whether the file ends before the track says it does.

    A track whose length is wrong reaches to the next track's name; chunks of other kinds are passed over.
    """
    found = []
    while 0 <= at <= len(data) - 8:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "big")
        end = at + 8 + length
        if name == b"MTrk":
            fits = end <= len(data) and (_is_edge(data, end) or data[end - 3 : end] == b"\xff\x2f\x00")
            follows = data.find(b"MTrk", at + 8)
            found.append((at + 8, end if fits else follows if follows > 0 else len(data), end > len(data)))
            if len(found) > LIMITS["tracks"]:
                return found
            at = end if fits else follows
        elif _is_name(name) and end <= len(data):
            at = end
        else:
            at = data.find(b"MTrk", at + 1)
    return found


def _is_edge(data: bytes, at: int) -> bool:
    return at == len(data) or _is_name(data[at : at + 4])


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= byte < 0x7F for byte in name)


class _Track:
    def __init__(self, data: bytes, begin: int, end: int, is_cut: bool) -> None:
        self.data, self.at, self.end, self.is_cut = data, begin, end, is_cut

    def events(self) -> list[Event]:
        """What is kept of the track, up to its end."""
        found: list[Event] = []
        data, tick, status = self.data, 0, 0
        while self.at < self.end:
            if data[self.at] < 0x80:
                tick += data[self.at]
                self.at += 1
            else:
                tick += self._number()
            byte = self._byte()
            if byte < 0xF0:
                if byte & 0x80:
                    status, byte = byte, self._byte()
                elif not status:
                    raise _damaged("an event in it says not what it is")
                kind = status & 0xF0
                second = 0 if kind in (0xC0, 0xD0) else self._byte()
                if kind in _KEPT and (kind != CONTROL or byte in KEPT_CONTROLS):
                    found.append(Event(tick, kind, status & 0x0F, min(byte, 127), min(second, 127)))
            elif byte == 0xFF:
                kind = self._byte()
                said = self._bytes(self._number())
                if kind == END:
                    found.append(Event(tick, END, -1))
                    return found
                if kind in _META and len(said) <= _LONGEST_TEXT:
                    found.append(Event(tick, kind, -1, data=said))
            elif byte in (0xF0, 0xF7):
                self._bytes(self._number())
            else:
                self._bytes({0xF1: 1, 0xF2: 2, 0xF3: 1}.get(byte, 0))
        if self.is_cut:
            raise _damaged("it ends too early")
        return found

    def _number(self) -> int:
        value = 0
        for _ in range(4):
            byte = self._byte()
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value
        raise _damaged("a number in it never ends")

    def _byte(self) -> int:
        if self.at >= self.end:
            raise _damaged("it ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def _bytes(self, length: int) -> bytes:
        if self.at + length > self.end:
            raise _damaged("it ends too early")
        self.at += length
        return self.data[self.at - length : self.at]


def _damaged(reason: str) -> UnreadableMusic:
    return UnreadableMusic(f"This MIDI file is damaged ({reason}). Save it anew and try again.")
