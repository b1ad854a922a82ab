"""Parts of a tune: the letters at P: in its body, and the order in which P: in its header has them played."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from composer.errors import UnreadableMusic
from composer.music.limits import LIMITS
from composer.music.written import Bar, Line

_PART = re.compile(r"([A-Za-z])(\d{0,3})|([()])(\d{0,3})|[ .]")


def follow_parts(lines: Sequence[Line], said: str, sections: Sequence[tuple[str, int]]) -> bool:
    """Put the bars of lines in the order that P: says; False where it cannot be followed.

    `sections` are the letters in the body, each with the number of the bar it begins with.
    """
    order = _order(said)
    starts = dict(reversed(sections))
    if len(order) < 2:
        return True
    if not set(order) <= set(starts):
        return False
    last = max((len(line.bars) for line in lines), default=0)
    edges = sorted({at for _, at in sections} | {last})
    spans = {letter: (at, next((edge for edge in edges if edge > at), last)) for letter, at in starts.items()}
    for line in lines:
        line.bars = _put_in_order(line.bars, edges[0], [spans[letter] for letter in order])
    return True


def _put_in_order(bars: list[Bar], before: int, spans: Sequence[tuple[int, int]]) -> list[Bar]:
    """The bars before the first part, then each part's; a part's repeats stay within it."""
    found = bars[:before]
    for begin, end in spans:
        section = bars[begin:end]
        if section:
            signs = section[0].signs
            first = replace(section[0], signs=replace(signs, begins=max(1, signs.begins)))
            found = [*found, first, *section[1:]]
        if len(found) > LIMITS["bars"]:
            raise UnreadableMusic(f"With its parts this tune has more than {LIMITS['bars']} bars.")
    return found


def _order(text: str) -> list[str]:
    """The parts that "A2(BC)3" names, one after the other; at most as many as a piece may have bars."""
    stack: list[list[str]] = [[]]
    for match in _PART.finditer(text[:200]):
        letter, times, bracket, more = match.groups()
        if letter:
            stack[-1] += [letter] * min(int(times or 1), LIMITS["bars"])
        elif bracket == "(":
            stack.append([])
        elif bracket and len(stack) > 1:
            inner = stack.pop()
            stack[-1] += (inner * min(int(more or 1), LIMITS["bars"]))[: LIMITS["bars"]]
        if len(stack[-1]) > LIMITS["bars"]:
            del stack[-1][LIMITS["bars"] :]
    return stack[0]
