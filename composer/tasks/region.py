"""Regions: which bars and voices are to be written.

Bars count from 0 here and from 1 where people read or write them ("5-6:alto,tenor").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from composer.errors import BadRequest, quoted
from composer.score import Score

_FORM = re.compile(r"\s*([0-9]{1,4})(?:\s*-\s*([0-9]{1,4}))?\s*(?::\s*(.*\S))?\s*|\s*:?\s*([^\d:\s](?:.*\S)?)\s*")


@dataclass(frozen=True)
class Region:
    """What to fill: in `voices`, from tick `start` in `first_bar` to the end of `last_bar`.

    `bar_starts` are the ticks of all bar lines from the score's first up to and including the one after `last_bar`.
    """

    start: int
    first_bar: int
    last_bar: int
    bar_starts: tuple[int, ...]
    beat: int
    voices: frozenset[int] = frozenset({0})

    @property
    def end(self) -> int:
        """The tick at which the region ends."""
        return self.bar_starts[self.last_bar + 1]

    @property
    def first_whole_bar(self) -> int:
        """The first bar that is written from its beginning."""
        return self.first_bar + (self.bar_starts[self.first_bar] < self.start)

    @classmethod
    def of_bars(cls, score: Score, first: int, last: int, voices: frozenset[int]) -> Region:
        """Whole bars `first` to `last`, both included."""
        start = score.bar_start(first)
        return cls(start, first, last, _bar_starts(score, last), score.metre_at(start).beat_ticks, voices)

    @classmethod
    def after(cls, score: Score, bars: int, voices: frozenset[int] = frozenset({0})) -> Region:
        """From the first beat after the last note, through what is left of its bar, then `bars` whole bars."""
        end = score.end
        metre = score.metre_at(max(0, end - 1))
        seed_bars = score.bars
        line = score.bar_start(seed_bars)  # the bar line at or after the end
        opening = score.bar_start(seed_bars - 1) if seed_bars else 0
        start = min(line, opening + -(-(end - opening) // metre.beat_ticks) * metre.beat_ticks)
        last = seed_bars + bars - 1
        first = seed_bars - 1 if start < line else seed_bars
        return cls(start, first, last, _bar_starts(score, last), metre.beat_ticks, voices)


def _bar_starts(score: Score, last: int) -> tuple[int, ...]:
    return tuple(score.bar_start(bar) for bar in range(last + 2))


def parse_region(text: str, score: Score) -> tuple[int, int, frozenset[int]]:
    """First bar, last bar (from 0) and voices of a text such as "5-6:alto,tenor", "3" or "bass"."""
    found = _FORM.fullmatch(text)
    if not found:
        raise BadRequest(f"The region {quoted(text)} is not one like '5-6', '3' or '5-6:alto,tenor'.")
    first, last, names = found[1], found[2] or found[1], found[3] or found[4]
    bars = (int(first) - 1, int(last) - 1) if first else (0, score.bars - 1)
    if not 0 <= bars[0] <= bars[1] < score.bars:
        raise BadRequest(f"The region {quoted(text)} is not within the piece's bars 1 to {score.bars}.")
    voices = find_voices(names.split(","), score) if names else frozenset(range(len(score.voices)))
    return bars[0], bars[1], voices


def find_voices(names: list[str] | tuple[str, ...], score: Score) -> frozenset[int]:
    """The indices of voices named (in any case, or by the beginning of the name) or numbered from 1.

    A name that several voices bear means all of them.
    """
    return frozenset(index for name in names for index in _find_voice(name.strip(), score))


def _find_voice(name: str, score: Score) -> list[int]:
    known = [voice.name or f"Track {index + 1}" for index, voice in enumerate(score.voices)]
    if name.isdecimal() and len(name) < 4 and 1 <= int(name) <= len(known):
        return [int(name) - 1]
    matching = [i for i, other in enumerate(known) if other.lower().startswith(name.lower())] if name else []
    if not matching:
        raise BadRequest(f"There is no voice {quoted(name)}; there are: {', '.join(known)}.")
    exactly = [i for i in matching if known[i].lower() == name.lower()]
    return exactly or matching
