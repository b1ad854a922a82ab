"""Files that froze or filled an earlier Motif: each is read or refused in words, within seconds of the processor."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from composer.errors import UnreadableMusic
from composer.music.front import read_here
from composer.music.limits import READ_SECONDS

C = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note>"
HEAD = "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n"
FORWARD, BACKWARD = (
    '<barline><repeat direction="forward"/></barline>',
    '<barline><repeat direction="backward"{}/></barline>',
)


def xml(*bars: str, title: str = "") -> bytes:
    listed = '<part-list><score-part id="P1"><part-name>x</part-name></score-part></part-list>'
    measures = "".join(f"<measure>{bar}{C}</measure>" for bar in bars)
    return f'<score-partwise>{title}{listed}<part id="P1">{measures}</part></score-partwise>'.encode()


def mxl(text: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", text)
    return held.getvalue()


def midi(event: bytes, times: int) -> bytes:
    track = b"\0\x90\x3c\x40\x83\x60\x80\x3c\0" + event * times + b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480) + b"MTrk" + struct.pack(">I", len(track)) + track


def turned(end: str, times: int = 1, within: str = "") -> str:
    return f'<barline><ending number="{end}" type="start"/></barline>{within}' * times


MARKS = "a" + "\u0300\u0316" * 40_000
FILES = {
    "D2 80 kB": b"<a " + b"ending " * 11_428,
    "D2 packed": mxl(b"<a " + b"ending " * 1_100_000),
    "D4 MusicXML": xml("", title=f"<movement-title>{MARKS}</movement-title>"),
    "D4 packed": mxl(xml("", title=f"<movement-title>{MARKS * 20}</movement-title>")),
    "D4 ABC": f"X:1\nT:{MARKS}\nM:4/4\nK:C\nabcd|".encode(),
    "D4 MIDI": midi(b"\0\xff\3\x81\x9c\x00" + ("\u0300" * 9_984).encode()[:19_968], 1),
    "D5": xml("<attributes><time><beats>999999999</beats><beat-type>4</beat-type></time></attributes>", ""),
    "D10 nested 20": xml(*[FORWARD] * 20, *[BACKWARD.format("")] * 20),
    "D10 nested 8 nine times": xml(*[FORWARD] * 8, *[BACKWARD.format(' times="9"')] * 8),
    "D10 serial": xml(*[FORWARD + BACKWARD.format(' times="9"')] * 110),
    "D10 endings": xml(FORWARD, *[turned(str(n)) + BACKWARD.format("") for n in range(1, 99)]),
    "D10 times as entities": xml(*[FORWARD + BACKWARD.format(' times="&#57;&#57;&#57;&#57;&#57;"')] * 9),
    **{f"D11 {b[:20]}": (HEAD + b).encode() for b in ("a99|", "a999|bcd|", "a9999|", "a99999|", "z88888|")},
    "D11 L": b"X:1\nM:4/4\nL:99999/1\nK:C\nabcd|",
    "D11 M": b"X:1\nM:1/32\nL:1/8\nK:C\na99 b99|abcd|",
    "D11 repeats": (HEAD + "|:abcd|1 abcd:|2 abcd:|3 abcd:|4 abcd:|" * 10).encode(),
    "D12 rests": (HEAD + "a|" + "z" * 4_000 + "|").encode(),
    "D12 slurs": (HEAD + "(a " * 700 + "b) " * 700).encode(),
    "D12 whole-bar rests": (HEAD + "a|" + "Z64|" * 300).encode(),
    "D13 fifths": xml("<attributes><key><fifths>1000000000</fifths></key></attributes>"),
    "D13 sums of beats": xml(
        f"<attributes><time><beats>{'1+' * 3_000}1</beats><beat-type>4</beat-type></time></attributes>"
    ),
    "D13 pairs": xml(
        "<attributes><time>" + "<beats>3</beats><beat-type>4</beat-type>" * 3_000 + "</time></attributes>"
    ),
    **{
        f"D13 {name}": mxl(xml(f"<{name}/>" * count))
        for name, count in (
            ("accent", 800_000),
            ("sound", 350_000),
            ("print", 300_000),
            ("credit", 150_000),
            ("slur", 40_000),
        )
    },
    "D14 tempos": midi(b"\x14\xff\x51\3\x06\x1a\x80", 8_000),
    "D14 more tempos": midi(b"\1\xff\x51\3\x06\x1a\x80", 120_000),
    "D14 metres": midi(b"\1\xff\x58\4\4\2\x18\x08", 100_000),
    "D22 M": b"X:1\nM:4" + b" " * 28_000 + b"x\nK:C\nabcd|",
    "D22 brackets": (HEAD + "[" * 28_000).encode(),
    "D22 keys": (HEAD + "[K:" * 9_300).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_read_or_refused_in_seconds_of_the_processor(name):
    began = time.process_time()  # what others do on this machine counts nothing here
    try:
        score = read_here(FILES[name]).score
        assert score.notes
        assert len(score.tempos) + len(score.metres) <= 2_000
        assert len(score.title) <= 200
    except UnreadableMusic as refusal:
        assert 20 < len(str(refusal)) < 300  # noqa: PT017
    assert time.process_time() - began < READ_SECONDS
