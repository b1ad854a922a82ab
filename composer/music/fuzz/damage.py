"""Good files of each format, and how they are damaged: bytes changed, taken away, repeated or put in."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache

from composer.music.abc import write_abc
from composer.music.fuzz.grammars import ATTRIBUTES, XML, XML_NOTE
from composer.music.fuzz.recordings import good_recordings
from composer.music.midi_writer import write_midi
from composer.score import ChordSymbol, Key, Metre, Note, Score, Tempo, Voice

_SCORE = Score(
    (
        Voice(tuple(Note(12 * i, 60 + i * 7 % 13, 12 + i % 3 * 8) for i in range(24)), "Flöte", 73),
        Voice((Note(0, 36, 96), Note(0, 43, 48), Note(96, 38, 200)), "Bass", 32),
        Voice((Note(0, 36, 12), Note(48, 38, 12)), "Drums", is_drum=True),
    ),
    (Metre(), Metre(192, 6, 8)),
    (Tempo(), Tempo(96, 400_000, 36)),
    Key(9, "minor"),
    "A title",
    (ChordSymbol(0, 9, "m7"), ChordSymbol(96, 2, "", 6)),
    "Somebody",
)
_ABC = """X:1
T:A tune
M:6/8
L:1/8
Q:3/8=112
P:ABA
K:Dmix
V:1 name="Air"
P:A
|:"D"d2A {g}F>A<d|(3ABc [DFA]3-|[1 [DFA]6:|[2 !trill!z2 "^rit."G4 & D6||
P:B
[M:2/4][K:Em]e4-|e2 z2|Z2|^F/G/_A//B//x y c|]
V:2 clef=bass octave=-1
P:A
|:D6|D6|[1A,6:|[2A,6||
w:la la la
P:B
[M:2/4]D4|D4|Z2|D4|]

X:2
T:Another
K:C
CDEF|GABc::c'bag|f4!D.C.!|]
"""
_MEASURES = (
    f'<measure number="1">{ATTRIBUTES}<direction><sound tempo="90"/></direction>'
    '<barline location="left"><repeat direction="forward"/></barline>'
    f"{XML_NOTE.format('C')}{XML_NOTE.format('D')}<backup><duration>4</duration></backup>{XML_NOTE.format('E')}"
    '</measure><measure number="2"><harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>'
    f'{XML_NOTE.format("F")}{XML_NOTE.format("G")}<barline location="right"><ending number="1" type="stop"/>'
    '<repeat direction="backward"/></barline></measure>'
)


def _zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="s.xml"/></container>')
        archive.writestr("s.xml", data)
    return buffer.getvalue()


_PLAIN_XML = XML.format(_MEASURES).encode()


@cache
def good_files(kind: str) -> list[bytes]:
    """Some good files of a kind."""
    if kind == "MIDI":
        return [write_midi(_SCORE, {"motif": 1}), write_midi(_SCORE.with_voices(_SCORE.voices[:1]))]
    if kind == "ABC":
        return [_ABC.encode(), write_abc(_SCORE).encode(), _ABC.replace("\n", "\r\n").encode("utf-16")]
    if kind == "MusicXML":
        return [_PLAIN_XML, _PLAIN_XML, _zipped(_PLAIN_XML)]
    return good_recordings()


_SPLICES = (
    *(b"", b"\0", b"\xff", b"\xff" * 200, b"\x7f\xff\xff\xff", b"\xff\x51\3\0\0\0", b"\xff\x58\4\0\xff\0\0"),
    *(b"\xff\x59\2\x63\0", b"\xff\x2f\0", b"\xf0\x7f", b"\x90\x3c\x50\0\x80\x3c\0", b"MTrk", b"MThd", b"PK\3\4"),
    *(b"X:1\n", b"|:", b":|", b"::", b"[1", b"[2-99", b"&", b"(3", b"(9:9:99", b"(0", b"K:\n", b"L:1/0\n", b"M:0/0\n"),
    *(
        b"[K:Q]",
        b"[V:9]",
        b"V:x\n",
        b"Z999",
        b"z99999",
        b"a999/7",
        b"{",
        b"}",
        b'"',
        b"!",
        b"P:A9(B9)9\n",
        b"%%begin x",
    ),
    *(b"-1", b"1e99", b"nan", b"999999999", b"<note/>", b"<backup>", b"&x;", b"<chord/>", b"<grace/>", b"<!--", b"]]>"),
    *(b'<repeat direction="backward" times="99"/>', b'<sound dacapo="yes"/>', b"<measure/>" * 40, b"\xe2\x99\xad"),
)


def damaged(source: random.Random, data: bytes) -> bytes:
    """A file with a few places of it changed."""
    for _ in range(source.randint(1, 5)):
        at = source.randint(0, len(data))
        length = source.choice((0, 1, 1, 2, 4, 30))
        splice = source.choice((*_SPLICES, data[at : at + 40], source.randbytes(3)))
        data = data[:at] + splice * source.choice((1, 1, 1, 2, 50)) + data[at + length :]
    return data[: source.randint(1, len(data))] if source.random() < 0.15 and data else data
