"""Damaged and hostile files by the thousand: what a reader may meet, made from a seed, and what it did with them.

Three ways to make a file: a good one with bytes changed, taken away, repeated or put in; a text by a grammar of ABC or
MusicXML with numbers and signs as they come; a MIDI file of events as they come.
"""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from composer.errors import UnreadableMusic
from composer.music.abc import write_abc
from composer.music.front import read
from composer.music.limits import READ_SECONDS
from composer.music.midi_writer import write_midi
from composer.score import ChordSymbol, Key, Metre, Note, Score, Tempo, Voice

KINDS = ("MIDI", "ABC", "MusicXML")


@dataclass
class Outcome:
    """What became of a number of files."""

    cases: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0  # seconds of wall time
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every file was read or refused in words, and in time."""
        return not self.faults


def fuzz(cases: int, seed: int, report: Callable[[int], None] = lambda count: None) -> Outcome:
    """Have so many files read, the same for the same seed. `report` hears after each how many are done."""
    outcome = Outcome()
    for number, (name, data) in enumerate(files(cases, seed), 1):
        _try(name, data, outcome)
        report(number)
    return outcome


def files(cases: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The names and bytes of so many files; each depends on the seed and its own number alone."""
    for number in range(cases):
        source = random.Random(f"{seed}/{number}")
        kind = KINDS[number % len(KINDS)]
        way = "grammar" if number // len(KINDS) % 2 else "damage"
        data = _GRAMMARS[kind](source) if way == "grammar" else _damaged(source, source.choice(_GOOD[kind]))
        yield f"case {number} of seed {seed} ({kind}, {way})", data


def _try(name: str, data: bytes, outcome: Outcome) -> None:
    outcome.cases += 1
    began = time.perf_counter()
    try:
        reading = read(data)
    except UnreadableMusic as refusal:
        outcome.refused += 1
        if not str(refusal).strip():
            outcome.faults.append(f"{name}: refused without a word")
        elif f"longer than {READ_SECONDS:.0f} seconds" in str(refusal):
            outcome.faults.append(f"{name}: no answer in time or memory")
    except Exception as error:
        outcome.faults.append(f"{name}: {type(error).__name__}: {str(error).strip().splitlines()[-1:]}")
    else:
        outcome.read += 1
        notes = reading.score.notes
        if not notes or any(n.onset < 0 or n.duration < 1 or not 0 <= n.pitch < 128 for n in notes):
            outcome.faults.append(f"{name}: read, but not as notes")
    outcome.slowest = max(outcome.slowest, time.perf_counter() - began)


# Good files -----------------------------------------------------------------------------------------------------------

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
_ATTRIBUTES = (
    "<attributes><divisions>2</divisions><key><fifths>1</fifths></key><time><beats>2</beats><beat-type>4</beat-type>"
    "</time><transpose><chromatic>-2</chromatic></transpose></attributes>"
)
_XML_NOTE = "<note><pitch><step>{}</step><octave>4</octave></pitch><duration>2</duration><type>quarter</type></note>"
_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0"><work><work-title>A</work-title></work>'
    '<part-list><score-part id="P1"><part-name>Horn</part-name></score-part></part-list><part id="P1">{}</part>'
    "</score-partwise>"
)
_MEASURES = (
    f'<measure number="1">{_ATTRIBUTES}<direction><sound tempo="90"/></direction>'
    '<barline location="left"><repeat direction="forward"/></barline>'
    f"{_XML_NOTE.format('C')}{_XML_NOTE.format('D')}<backup><duration>4</duration></backup>{_XML_NOTE.format('E')}"
    '</measure><measure number="2"><harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>'
    f'{_XML_NOTE.format("F")}{_XML_NOTE.format("G")}<barline location="right"><ending number="1" type="stop"/>'
    '<repeat direction="backward"/></barline></measure>'
)


def _zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="s.xml"/></container>')
        archive.writestr("s.xml", data)
    return buffer.getvalue()


_PLAIN_XML = _XML.format(_MEASURES).encode()
_GOOD = {
    "MIDI": [write_midi(_SCORE, {"motif": 1}), write_midi(_SCORE.with_voices(_SCORE.voices[:1]))],
    "ABC": [_ABC.encode(), write_abc(_SCORE).encode(), _ABC.replace("\n", "\r\n").encode("utf-16")],
    "MusicXML": [_PLAIN_XML, _PLAIN_XML, _zipped(_PLAIN_XML)],
}
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


def _damaged(source: random.Random, data: bytes) -> bytes:
    for _ in range(source.randint(1, 5)):
        at = source.randint(0, len(data))
        length = source.choice((0, 1, 1, 2, 4, 30))
        splice = source.choice((*_SPLICES, data[at : at + 40], source.randbytes(3)))
        data = data[:at] + splice * source.choice((1, 1, 1, 2, 50)) + data[at + length :]
    return data[: source.randint(1, len(data))] if source.random() < 0.15 and data else data


# Grammars -------------------------------------------------------------------------------------------------------------

_ABC_WORDS = (
    *("C", "^F", "_b'", "=e,", "__G,,", "^^c''", "z", "x2", "Z", "Z3", "X", "y", "[CEG]", "[C2E4]-", "A-", "B/", "c//"),
    *(
        "d3/2",
        "e>f",
        "g<<a",
        "(3abc",
        "(5:4:3",
        "(2",
        "{ga}",
        "|",
        "||",
        "|]",
        "[|",
        "|:",
        ":|",
        "::",
        ":|:",
        "|1",
        ":|2",
    ),
    *(
        "[1",
        "[2,3",
        "[1-3",
        "&",
        "(",
        ")",
        "!trill!",
        "!D.S.!",
        "!segno!",
        "!coda!",
        "!fine!",
        "!",
        "+f+",
        "~",
        "H",
        ".",
    ),
    *(
        '"Am7"',
        '"^text"',
        '"',
        "[K:Bb]",
        "[M:3/8]",
        "[L:1/16]",
        "[Q:1/4=60]",
        "[V:2]",
        "[V:new]",
        "[P:B]",
        "[r:x]",
        "\n",
    ),
    *(
        "\nV:1\n",
        "\nV:2\n",
        "\nK:F#m\n",
        "\nM:7/8\n",
        "\nP:A\n",
        "\nw:la\n",
        "\n%%MIDI program 40\n",
        "\\\n",
        " ",
        "99",
    ),
)
_ABC_HEADS = (
    *(
        "M:C|",
        "M:2+3/8",
        "M:none",
        "M:99/1",
        "L:1/16",
        "L:1/1",
        "Q:120",
        "Q:1/4 1/8=70",
        "P:A2B",
        "P:(AB)9",
        "V:1 octave=9",
    ),
    *(
        "V:2 transpose=-99",
        "R:jig",
        "C:N. N.",
        "I:decoration +",
        "%%propagate-accidentals not",
        "U:T=!x!",
        "m:n=a",
        "+:x",
    ),
)
_XML_WORDS = (
    *(
        _XML_NOTE.format("A"),
        "<note><rest/><duration>2</duration></note>",
        "<note><chord/><pitch><step>B</step></pitch>",
    ),
    *(
        "<note>",
        "</note>",
        "<duration>{}</duration>",
        "<pitch><step>C</step><alter>{}</alter><octave>{}</octave></pitch>",
    ),
    *("<backup><duration>{}</duration></backup>", "<forward><duration>{}</duration></forward>", "<cue/>", "<grace/>"),
    *("<attributes><divisions>{}</divisions></attributes>", "<key><fifths>{}</fifths><mode>dorian</mode></key>"),
    *("<attributes><time><beats>{}</beats><beat-type>{}</beat-type></time></attributes>", "</measure><measure>"),
    *("</part><part id='P2'>", "<barline><repeat direction='forward'/></barline>", "<tie type='start'/>", "<dot/>"),
    *("<barline><repeat direction='backward' times='{}'/></barline>", "<barline><ending number='{}' type='start'/>"),
    *("</barline>", "<sound tempo='{}'/>", "<sound dalsegno='1'/>", "<sound coda='1'/>", "<sound fine='{}'/>"),
    *("<direction><direction-type><words>D.C. al Coda</words></direction-type></direction>", "<unpitched/>", "{}"),
    *(
        "<harmony><root><root-step>{}</root-step></root><kind>other</kind></harmony>",
        "<transpose><chromatic>{}</chromatic>",
    ),
)
_NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "4",
    "7",
    "16",
    "-1",
    "99",
    "1000",
    "99999",
    "1e9",
    "999999999999",
    "0.5",
    "",
    "x",
    "1+1",
)


def _abc_by_grammar(source: random.Random) -> bytes:
    head = "".join(f"{source.choice(_ABC_HEADS)}\n" for _ in range(source.randint(0, 4)))
    body = "".join(source.choice(_ABC_WORDS) for _ in range(source.choice((5, 40, 200, 1_000))))
    return f"X:1\nT:t\n{head}K:{source.choice(('C', 'Gdor', 'HP', 'none', 'D exp _b', ''))}\n{body}\n".encode()


def _xml_by_grammar(source: random.Random) -> bytes:
    def word() -> str:
        text = source.choice(_XML_WORDS)
        return text.format(*(source.choice(_NUMBERS) for _ in range(text.count("{}"))))

    words = [word() for _ in range(source.choice((3, 20, 100, 500)))]
    kept = [w for w in words if _is_whole(w)] if source.random() < 0.8 else words
    return _XML.format(f"<measure>{_ATTRIBUTES}{_XML_NOTE.format('C')}{''.join(kept)}</measure>").encode()


def _is_whole(text: str) -> bool:
    try:
        ElementTree.fromstring(f"<part><measure>{text}</measure></part>")
    except ElementTree.ParseError:
        return False
    return True


def _midi_by_grammar(source: random.Random) -> bytes:
    tracks = b""
    count = source.randint(1, 4)
    for _ in range(count):
        body = b"".join(_event(source) for _ in range(source.choice((3, 30, 300, 2_000))))
        body += source.choice((b"\0\xff\x2f\0", b""))
        tracks += b"MTrk" + struct.pack(">I", len(body) + source.choice((*[0] * 20, 3, -3))) + body
    division = source.choice((1, 24, 96, 480, 960, 32_767))
    return b"MThd" + struct.pack(">IHHH", 6, source.choice((0, 1, 1, 1)), count, division) + tracks


def _event(source: random.Random) -> bytes:
    delta = source.choice((b"\0", b"\0", b"\x0c", b"\x18", b"\x60", b"\x83\x60"))
    one = source.randrange(128)
    kinds = (
        *(bytes((0x90, one, 80)), bytes((0x80, one, 0)), bytes((0x90 + one % 16, one, one)), bytes((0x99, 36, 90))),
        *(bytes((0xC0 + one % 16, one)), bytes((0xB0, source.choice((64, 123, 7)), one)), bytes((0xE0, one, one))),
        *(
            b"\xff\x51\3" + source.randbytes(3),
            b"\xff\x58\4" + source.randbytes(4),
            b"\xff\x59\2" + source.randbytes(2),
        ),
        *(b"\xff\3\4" + source.randbytes(4), b"\xff\1\7chord:C", b"\xf0\2\1\xf7"),
    )
    if source.random() < 0.003:
        return source.randbytes(3)
    return delta + source.choice(kinds)


_GRAMMARS = {"MIDI": _midi_by_grammar, "ABC": _abc_by_grammar, "MusicXML": _xml_by_grammar}
