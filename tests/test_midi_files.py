"""MIDI files as programs and phones write them, byte by byte."""

from __future__ import annotations

import struct

import pytest

from composer.music import read
from composer.music.text import decoded
from composer.score import Metre, Note, Tempo

END = b"\0\xff\x2f\0"


def note(pitch: int, channel: int = 0, ticks: bytes = b"\x60") -> bytes:
    """A note of one quarter (96 ticks), straight after what is before."""
    return bytes((0, 0x90 | channel, pitch, 80)) + ticks + bytes((0x80 | channel, pitch, 0))


def meta(kind: int, data: bytes) -> bytes:
    return bytes((0, 0xFF, kind, len(data))) + data


def chunk(body: bytes, name: bytes = b"MTrk", more: int = 0) -> bytes:
    return name + struct.pack(">I", len(body) + more) + body


def midi(*chunks: bytes, kind: int = 1, head: bytes = b"", tracks: int | None = None) -> bytes:
    count = len(chunks) if tracks is None else tracks
    return b"MThd" + struct.pack(">IHHH", 6 + len(head), kind, count, 96) + head + b"".join(chunks)


TUNE = note(60) + note(62) + END
NOTES = [Note(0, 60, 24), Note(24, 62, 24)]
CONDUCTOR = meta(0x51, b"\x06\x1a\x80") + END


@pytest.mark.parametrize(
    "data",
    [
        midi(chunk(TUNE), chunk(END)),  # a track without events
        midi(chunk(b""), chunk(TUNE)),  # and without an end
        midi(chunk(b"\0\xb0\x07\x64" + END), chunk(TUNE)),  # a controller alone
        midi(chunk(TUNE), chunk(b"\0\x99\x24\x50\0\x99\x24\0" + END)),  # notes of no length alone
        midi(chunk(TUNE[:-4])),  # no end of track
        midi(chunk(b"abcde", b"XFIH"), chunk(TUNE), chunk(b"xy", b"Junk")),  # chunks of other kinds
        midi(chunk(TUNE), head=b"more"),  # a longer header
        midi(chunk(TUNE)) + bytes(9),  # bytes after the end
        bytes(128) + midi(chunk(TUNE)),  # and before the beginning, as Macs wrote them
        midi(chunk(TUNE), tracks=5),  # fewer tracks than the header says
        midi(chunk(TUNE, more=40)),  # shorter than it says
        midi(chunk(CONDUCTOR, more=3), chunk(TUNE)),
        midi(chunk(CONDUCTOR, more=-3), chunk(TUNE)),
        midi(chunk(meta(0x59, b"\x12\x01") + meta(0x59, b"") + meta(0x51, b"\x07\xa1") + meta(0x58, b"\0\xff") + TUNE)),
        midi(
            chunk(meta(0x00, b"") + meta(0x54, b"12345") + meta(0x20, b"\1") + b"\0\xf0\3abc" + b"\0\xf7\1\xf7" + TUNE)
        ),
        midi(chunk(b"\0\x90\x3c\x50\x60\x3c\0" + meta(1, b"la") + b"\0\x3e\x50\x60\x3e\0" + END)),  # running on
        midi(chunk(b"\0\x90\x3c\x50\x60\xb0\x7b\0\0\x90\x3e\x50\x60\xb0\x78\0" + END)),  # ended by controllers
    ],
)
def test_files_are_read_as_players_read_them(data):
    assert [n for n in read(data).score.notes if n.pitch >= 60] == NOTES


def test_tempo_and_metre_count_wherever_they_stand():
    score = read(midi(chunk(TUNE), chunk(meta(0x58, b"\3\2\x18\x08") + CONDUCTOR))).score
    assert (score.metres, score.tempos) == ((Metre(0, 3, 4),), (Tempo(0, 400_000),))


def test_the_first_track_names_the_piece():
    title = chunk(meta(3, b"My Song") + CONDUCTOR)
    score = read(midi(title, chunk(meta(3, b"Lead") + TUNE))).score
    assert (score.title, score.voices[0].name) == ("My Song", "Lead")
    assert read(midi(chunk(meta(3, b"Lead") + TUNE), kind=0)).score.title == ""
    assert read(midi(chunk(meta(3, b"Tempo Track") + CONDUCTOR), chunk(TUNE))).score.title == ""


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        ("Flöte 1", "utf-8"),
        ("Flûte à bec", "latin-1"),
        ("Élève", "latin-1"),
        ("Čembalo", "utf-8"),
        ("メロディ", "shift_jis"),
        ("ピアノ右手", "cp932"),
        ("主旋律", "gb2312"),
        ("Скрипка", "utf-16"),
        ("小提琴獨奏", "gb18030"),
        ("“Solo” – 1", "cp1252"),
    ],
)
def test_names_are_told_in_every_encoding(name, charset):
    assert decoded(name.encode(charset)) == name
    assert read(midi(chunk(meta(3, name.encode(charset)) + meta(2, b"\xa9 1999") + TUNE))).score.voices[0].name == name


def test_channels_and_programs_are_voices_and_the_tenth_is_drums():
    body = b"\0\xc0\x28\0\xc1\x49" + note(60) + note(62, 1) + note(36, 9) + b"\0\xc0\x28" + note(64) + END
    voices = read(midi(chunk(body), kind=0)).score.voices
    assert [(v.program, v.is_drum, len(v.notes)) for v in voices] == [(40, False, 2), (73, False, 1), (0, True, 1)]


def test_the_pedal_is_left_out_and_told():
    assert any("pedal" in remark for remark in read(midi(chunk(b"\0\xb0\x40\x7f" + TUNE))).remarks)


def test_thousands_of_tempos_are_cut_and_told():
    changes = b"".join(b"\1\xff\x51\3" + struct.pack(">I", 400_000 + i % 2 * 9000)[1:] for i in range(5_000))
    reading = read(midi(chunk(changes + END), chunk(TUNE)))
    assert len(reading.score.tempos) == 1_000
    assert any("left out" in remark for remark in reading.remarks)
