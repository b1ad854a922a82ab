"""Reading damaged and hostile bytes: notes or a sentence, never anything else, never for long.

Warnings are errors here, so that none escapes either.
"""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.errors import UnreadableMusic
from composer.music import melody_of, read, write_midi
from composer.score import Key, Metre, Note, Score, Tempo, Voice
from tests.conftest import DATA, SEEDS

_LONGEST = 5.0  # seconds of processor time that any file may take

_TWO_VOICES = Score(
    (
        Voice(tuple(Note(24 * i, 60 + i, 24) for i in range(12)), "Tune", 40),
        Voice((Note(0, 36, 12), Note(48, 38, 12)), "Drums", is_drum=True),
    ),
    (Metre(), Metre(192, 6, 8)),
    (Tempo(), Tempo(96, 400_000)),
    Key(9, "minor"),
    "A title",
)
_XML = """<?xml version="1.0"?><score-partwise><part-list><score-part id="P1"><part-name>F</part-name></score-part>
</part-list><part id="P1">{}</part></score-partwise>"""
_ATTRIBUTES = "<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
_C = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note>"


def _xml(body: str) -> bytes:
    return _XML.format(f'<measure number="1">{_ATTRIBUTES}{body}</measure>').encode()


def _zip(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("score.xml", data)
    return buffer.getvalue()


_SEEDS = {
    "midi": [write_midi(_TWO_VOICES, {"motif": 1}), (DATA / "greensleeves.mid").read_bytes()],
    "abc": [
        (SEEDS / "minuet_in_g.abc").read_bytes(),
        b"X:1\nM:4/4\nL:1/4\nK:G\n|:G|(3ABc ^d2 [Gc]>A|1 G3:|2 {a}G3|]\n",
    ],
    "musicxml": [_xml(_C * 3 + "<backup><duration>4</duration></backup>" + _C), _zip(_xml(_C * 3))],
}
_SPLICES = (
    *(
        b"",
        b"\0",
        b"\xff",
        b"\xff" * 9,
        b"\xff" * 200,
        b"\x7f\xff\xff\xff",
        b"\xff\x51\3\0\0\0",
        b"\xff\x58\4\0\xff\0\0",
    ),
    *(
        b"\xff\x58\4\0\xff\0\0",
        b"\xff\x59\2\x63\0",
        b"\xff\x2f\0",
        b"\xf0\x7f",
        b"\x90\x3c\x50\0\x80\x3c\0",
        b"MTrk",
        b"X:1\n",
        b"|:",
        b":|",
    ),
    *(b"(3", b"(0", b"K:\n", b"L:1/0\n", b"M:0/0\n", b"[K:Q]", b"-1", b"1e99", b"nan", b"<note/>", b"<backup>", b"&x;"),
)


@st.composite
def _damaged(draw: st.DrawFn, kind: str) -> bytes:
    """A good file with a few bytes changed, taken away, repeated or put in."""
    data = draw(st.sampled_from(_SEEDS[kind]))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from((0, 1, 1, 2, 4, 30)))
        splice = draw(st.sampled_from((*_SPLICES, data[at : at + 40])) | st.binary(min_size=1, max_size=4))
        data = data[:at] + splice + data[at + length :]
    return data[: draw(st.integers(1, len(data)))] if draw(st.integers(0, 4)) == 0 else data


def _read_or_refuse(data: bytes) -> None:
    began = time.process_time()
    try:
        reading = read(data)
    except UnreadableMusic as error:
        assert str(error).strip()  # noqa: PT017 - a refusal is as good as a reading, if it says something
    else:
        notes = reading.score.notes
        assert notes, "never silently empty"
        assert all(n.onset >= 0 and n.duration >= 1 and 0 <= n.pitch <= 127 and 1 <= n.velocity <= 127 for n in notes)
        assert read(write_midi(reading.score)).score.notes == notes, "what was read can be written"
        assert melody_of(reading).score.notes
    assert time.process_time() - began < _LONGEST


@pytest.mark.parametrize("kind", _SEEDS)
def test_damaged_bytes_are_read_or_refused(kind):
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(_damaged(kind))
    def holds(data: bytes) -> None:
        _read_or_refuse(data)

    holds()


def _midi(*bodies: bytes, division: int = 480) -> bytes:
    tracks = b"".join(b"MTrk" + struct.pack(">I", len(body)) + body for body in bodies)
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(bodies), division) + tracks


_NOTE = b"\0\x90\x3c\x50\x83\x60\x80\x3c\0"
_RECIPE = b"motif-recipe:" + b"[" * 20_000
_ABC = "X:1\nM:4/4\nL:1/4\nK:C\n"
_ZIPPED = {
    method: _zip(_xml(_C * 40), method) for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
}
HOSTILE = {
    "a key of fifteen sharps": _midi(b"\0\xff\x59\2\x0f\0" + _NOTE),
    "a delta of 200 bytes": _midi(b"\xff" * 200 + b"\1\x90\x3c\x50"),
    "a delta of a megabyte": _midi(b"\xff" * 990_000 + b"\1\x90\x3c\x50"),
    "a text of endless length": _midi(b"\0\xff\1" + b"\xff" * 990_000 + b"\1"),
    "only notes of no length": _midi(b"\0\x90\x3c\x50\0\x80\x3c\0"),
    "a megabyte of controllers": _midi(b"\0\xd0\7" + b"\0\x41" * 494_000 + _NOTE),
    "19000 tracks": _midi(*[_NOTE] * 19_000),
    "a recipe of 20000 brackets": _midi(b"\0\xff\1\x81\x9c\x2d" + _RECIPE + _NOTE),
    "ABC without X": b"T:hello\nK:C\nCDEF|\n",
    "a comment": b"% nothing more\n",
    "a PDF": b"%PDF-1.7\n",
    "ABC after a byte order mark": b"\xef\xbb\xbf" + f"{_ABC}CDEF|\n".encode(),
    "ABC of 190000 letters": (_ABC + "CDEF|" * 38_000).encode(),
    "ABC of 50000 brackets": (_ABC + "(" * 50_000 + "C|").encode(),
    "ABC of 9000 keys": (_ABC + "C|\nK:G\n" * 9_000).encode(),
    "ABC of 2000 voices": (_ABC + "".join(f"V:{i}\nC4|\n" for i in range(2_000))).encode(),
    "ABC with endless bars": _ABC.replace("4/4", "99999999/4").encode() + b"CDEF|GABc|\n",
    "a note of negative length": _xml(_C.replace(">4</d", ">-8</d") + _C),
    "forward by less than nothing": _xml(_C + "<forward><duration>-100</duration></forward>" + _C),
    "bars of 300 beats": _xml(_C).replace(b"<beats>4<", b"<beats>300<"),
    "80000 empty bars": _XML.format(f"<measure>{_ATTRIBUTES}{_C}</measure>" + "<measure/>" * 80_000).encode(),
    "10000 chord symbols": _xml(
        "<harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>" * 10_000 + _C
    ),
    "a repeat a million times": _xml(
        _C + '<barline location="right"><repeat direction="backward" times="1000000"/></barline>'
    ),
    **{f"a damaged archive, {m}": z[:56] + bytes(b ^ 0x55 for b in z[56:90]) + z[90:] for m, z in _ZIPPED.items()},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_read_or_refused(case):
    _read_or_refuse(HOSTILE[case])
