"""Conditions: what a network is told of the music to come, beside its rows; every one may be left untold.

Each is a small integer, 0 where it is not told. Style, metre and tonic are told of the whole window, the others only of
what is to be written: how many bars are left, how much of what was given returns, how busy it is, how it ends, and, bar
by bar, which earlier bar it answers. They are measured from the music itself in training, hidden half of the time, and
measured again in what was written: what was asked against what came.

Axes: B bars.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from composer.score import Metre

STYLES = (
    "reel",
    "jig",
    "hornpipe",
    "slip jig",
    "polka",
    "waltz",
    "march",
    "air",
    "strathspey",
    "carolan",
    "slide",
    "clog",
    "morris",
    "hymn",
    "chorale",
    "lied",
    "song",
    "piano",
    "quartet",
    "choir",
    "chamber",
)
_STYLE_ROOM = 32  # styles that a later network may know without its tables growing

# Numerators a denominator: all metres that scores use, up to two whole notes a bar.
_NUMERATORS = {2: range(1, 5), 4: range(1, 9), 8: range(1, 17), 16: range(1, 17)}
METRES = tuple((n, d) for d, numerators in _NUMERATORS.items() for n in numerators)

RETURNS = ("new", "a little", "much", "echo")
_RETURNS_UP_TO = (0.0, 0.25, 0.5)  # the share of bars that stand in what was given or written before
BUSY = ("very calm", "calm", "walking", "lively", "busy", "very busy")
_BUSY_FROM = (0.7, 1.05, 1.55, 2.05, 2.8)  # notes a quarter in each voice that is written
ENDINGS = ("tonic", "open", "running on")
RELATIONS = ("new", "same", "rhythm")  # of a bar to the earlier one that it answers
MAX_LEFT = 16

# How many values each condition has, 0 (not told) apart.
CONDITIONS: Mapping[str, int] = {
    "style": _STYLE_ROOM,
    "metre": len(METRES),
    "tonic": 12,
    "left": MAX_LEFT,
    "returns": len(RETURNS),
    "busy": len(BUSY),
    "ending": len(ENDINGS),
    "relation": len(RELATIONS),
    "relation_next": len(RELATIONS),
}


def style_class(style: str | None) -> int:
    """The class of a style; 0 for None and for names not in the list."""
    return 1 + STYLES.index(style) if style in STYLES else 0


def metre_class(metre: Metre | None) -> int:
    """The class of a metre; 0 for None. A rare metre takes the class of one with bars as long, if there is one."""
    if metre is None:
        return 0
    if (metre.numerator, metre.denominator) in METRES:
        return 1 + METRES.index((metre.numerator, metre.denominator))
    for index, (numerator, denominator) in enumerate(METRES):
        if Metre(0, numerator, denominator).bar_ticks == metre.bar_ticks:
            return 1 + index
    return 0


def returns_class(share: float) -> int:
    """The class of a share of bars that return, 0 … 1."""
    return 1 + bisect.bisect_left(_RETURNS_UP_TO, share)


def busy_class(notes_a_quarter: float) -> int:
    """The class of so many notes a quarter in each voice."""
    return 1 + bisect.bisect_right(_BUSY_FROM, notes_a_quarter)


@dataclass(frozen=True)
class Wishes:
    """What is told of the region to be written: classes from 1, 0 where it is as the network likes.

    `last_bar` is the number of the region's last bar, None where it is not told; `answers` gives, by the number of a
    bar, its relation (a class of `RELATIONS`) and how many bars back the bar lies that it answers.
    """

    last_bar: int | None = None
    returns: int = 0
    busy: int = 0
    ending: int = 0
    answers: Mapping[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What is told of a window: its style, the metre of each bar (B,), and the tonic, a pitch class plus 1."""

    style: int = 0
    metres: Sequence[int] = ()
    tonic: int = 0

    def metre_of(self, bar: int) -> int:
        """The class of a bar's metre; the last one's for bars beyond."""
        return self.metres[min(bar, len(self.metres) - 1)] if self.metres else 0
