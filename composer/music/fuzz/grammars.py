"""Texts and bytes by a grammar: ABC, MusicXML and MIDI with numbers and signs as they come."""

from __future__ import annotations

import random
import struct
from xml.etree import ElementTree

ATTRIBUTES = (
    "<attributes><divisions>2</divisions><key><fifths>1</fifths></key><time><beats>2</beats><beat-type>4</beat-type>"
    "</time><transpose><chromatic>-2</chromatic></transpose></attributes>"
)
XML_NOTE = "<note><pitch><step>{}</step><octave>4</octave></pitch><duration>2</duration><type>quarter</type></note>"
XML = (
    '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0"><work><work-title>A</work-title></work>'
    '<part-list><score-part id="P1"><part-name>Horn</part-name></score-part></part-list><part id="P1">{}</part>'
    "</score-partwise>"
)
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
        XML_NOTE.format("A"),
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


def abc_by_grammar(source: random.Random) -> bytes:
    """A tune of ABC's words in any order."""
    head = "".join(f"{source.choice(_ABC_HEADS)}\n" for _ in range(source.randint(0, 4)))
    body = "".join(source.choice(_ABC_WORDS) for _ in range(source.choice((5, 40, 200, 1_000))))
    return f"X:1\nT:t\n{head}K:{source.choice(('C', 'Gdor', 'HP', 'none', 'D exp _b', ''))}\n{body}\n".encode()


def xml_by_grammar(source: random.Random) -> bytes:
    """A score of MusicXML's elements in any order, most of them whole."""

    def word() -> str:
        text = source.choice(_XML_WORDS)
        return text.format(*(source.choice(_NUMBERS) for _ in range(text.count("{}"))))

    words = [word() for _ in range(source.choice((3, 20, 100, 500)))]
    kept = [w for w in words if _is_whole(w)] if source.random() < 0.8 else words
    return XML.format(f"<measure>{ATTRIBUTES}{XML_NOTE.format('C')}{''.join(kept)}</measure>").encode()


def _is_whole(text: str) -> bool:
    try:
        ElementTree.fromstring(f"<part><measure>{text}</measure></part>")
    except ElementTree.ParseError:
        return False
    return True


def midi_by_grammar(source: random.Random) -> bytes:
    """A file of MIDI's events in any order."""
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
