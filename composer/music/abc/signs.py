"""The signs of ABC's music: notes, chords, bar lines, tuplets, texts, decorations, one after the other in a line.

Nothing is searched for backwards, so that time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from composer.errors import UnreadableMusic
from composer.music.abc.voice import Struck

_LETTER = r"(?P<sign>\^\^?|__?|=)?/?(?P<letter>[A-Ga-g])(?P<marks>[,']*)(?P<long>[\d/]*)"
_NOTE = re.compile(_LETTER + r"(?P<tie>[ \t]*\.?-)?")
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<space>[ \t`$\\*;?@#)]+|\.?\((?!\d|&)|\(&|&\))",
            r'"(?P<text>(?:[^"\\]|\\.)*)"?',
            r"!(?P<mark>[^!|]{1,80})!",
            r"\{(?P<grace>[^}]*)\}?",
            r"\[(?P<inline>[A-Za-z]):(?P<said>[^\]]*)\]?",
            r"(?P<bar>\.?(?:\[(?=\|)|\|\]?|::|:(?=[:|]))(?:\[(?=\|)|\|\]?|:)*)"
            r"(?:[ \t]*\[?[ \t]*(?P<ending>\d[\d,.\-]*))?",
            r"\[[ \t]*(?P<alone>\d[\d,.\-]*)",
            r"\[(?P<chord>[^\]|]{0,400})\](?P<times>[\d/]*)(?P<chord_tie>[ \t]*\.?-)?",
            r"\((?P<p>\d{1,2})(?::(?P<q>\d{0,2}))?(?::(?P<r>\d{0,3}))?",
            r"(?P<note>(?:\^\^?|__?|=)?/?[A-Ga-g][,']*[\d/]*(?:[ \t]*\.?-(?![\d]))?)",
            r"(?P<rest>[zx])(?P<rest_long>[\d/]*)",
            r"(?P<bars>[ZX])(?P<count>\d*)",
            r"(?P<spacer>y)[\d/]*",
            r"(?P<tie>\.?-)",
            r"(?P<broken>>+|<+)",
            r"(?P<overlay>&+)",
            r"\+(?P<plus>(?:[\^_=]{0,2}[A-Ga-g][,'\d/ \t]{0,9}){1,20}|[^+|\s]{1,40})\+",
        )
    )
)
_OLD_CHORD = re.compile(r"(?:[\^_=]{0,2}[A-Ga-g][,'\d/ \t]{0,9}){2,20}")
_BROKEN_LINE = re.compile(r"(?=.*\s|(?!D\.)[^A-G]*[A-G].*[A-Ga-g])[A-Ga-gxyz0-9^_=,'/\s\[\](){}<>~.&-]*")
_LENGTH = re.compile(r"(\d{0,6})([\d/]*)")


def signs(line: str) -> Iterator[re.Match[str]]:
    """The signs of a line, each as a match whose groups say what it is; what is no sign is passed over."""
    at = 0
    while at < len(line):
        found = _TOKEN.match(line, at)
        if found is None or found.end() == at:
            at += 1  # a decoration in one letter, or a slip
        elif found["mark"] is not None and _BROKEN_LINE.fullmatch(found["mark"]):
            at += 1  # two line breaks of abc2win, and music between them
        else:
            at = found.end()
            yield found


def is_old_chord(text: str) -> bool:
    """Whether what stands between plus signs is a chord, as before ABC 1.6."""
    return _OLD_CHORD.fullmatch(text) is not None


def graces(text: str) -> int:
    """How many notes stand in a group of grace notes."""
    return len(_NOTE.findall(text))


def struck(text: str) -> list[Struck]:
    """The notes of a note or chord; marks and texts within a chord are passed over."""
    text = re.sub(r'"[^"]*"|![^!]*!', "", text) if '"' in text or "!" in text else text
    return [
        Struck(note["letter"], note["marks"], note["sign"] or "", long(note["long"]), bool(note["tie"]))
        for note in _NOTE.finditer(text)
    ]


def long(text: str) -> Fraction:
    """A length such as "3/2", "/", "//" or "2/3", in units."""
    if not text:
        return Fraction(1)
    found = _LENGTH.match(text)
    assert found is not None
    long = Fraction(int(found[1] or 1))
    slashes = re.findall(r"/(\d{0,4})", found[2][:24])
    for slash in slashes if not any(slashes) else [slash for slash in slashes if slash]:  # "/4/" is a slip for "/4"
        long /= int(slash or 2) or 1
    if long <= 0:
        raise UnreadableMusic("A note of this ABC lasts no time. Check its length.")
    return long
