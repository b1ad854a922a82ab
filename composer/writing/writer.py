"""Writers: a request bound to a seed and a network, from which any of its takes can be written.

A region longer than a network can see at once is written in segments of whole bars, each with what stands before,
after and above it in view. Networks know music in one home key; takes come back to the seed's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from statistics import median_low
from typing import Any

import numpy as np

from composer.errors import BadRequest
from composer.music import Reading
from composer.playing.engine import Engine
from composer.score import DEFAULT_VELOCITY, Note, Score
from composer.shelf import Shelved
from composer.writing.plan import Plan
from composer.writing.region import Region
from composer.writing.request import Recipe, Request
from composer.writing.row_loop import Ask, Begin, Hear, Spell
from composer.writing.take import Take, fingerprint
from composer.writing.together import said_together
from composer.writing.transposition import moved, moved_request, moved_take

Written = tuple[int, Note]  # a note and the index of its voice in the score


class Writer:
    """A request bound to a seed and a network: any of its takes can be written from here, at once if need be."""

    def __init__(self, seed: Reading | None, request: Request, shelved: Shelved) -> None:
        if request.task not in shelved.kind.tasks:
            raise BadRequest(f"{shelved.name} cannot {request.task}; it can {', '.join(shelved.kind.tasks)}.")
        self.asked, self.shelved = request.filled(), shelved
        self.home = self._way_home(seed)
        self.request = moved_request(self.asked, self.home)
        self.parent = fingerprint(seed.score if seed else Score())
        self.plan = self._make_plan(moved(seed, self.home))
        self.segments = list(self._segments())

    def _way_home(self, seed: Reading | None) -> int:
        """The semitones by which the seed is moved before it is heard, and takes are moved back."""
        raise AssertionError(f"{type(self).__name__} knows no key")

    def _make_plan(self, seed: Reading | None) -> Plan:
        raise AssertionError(f"{type(self).__name__} has no plan")

    def _segments(self) -> Iterator[Region]:
        """The region in parts that are each written in one go."""
        raise AssertionError(f"{type(self).__name__} writes nothing")

    def _write_segment(
        self, segment: Region, before: tuple[Written, ...], random: np.random.Generator
    ) -> Generator[Ask | tuple[list[Written], int], Any, None]:
        """Write one segment: after each bar its notes so far, by voice of the score, and the number of the bar.

        What is to be computed with other takes is asked for between.
        """
        raise AssertionError(f"{type(self).__name__} writes nothing")

    @property
    def engine(self) -> Engine | None:
        """What answers the loops of takes; None where they ask nothing."""
        return None

    def finish(self, take: int = 0) -> Take:
        """Take number `take` (from 0), whole."""
        return deque(self.write(take), maxlen=1).pop()

    def finish_all(self) -> list[Take]:
        """All takes that were requested, whole."""
        takes = dict(self.write_all())
        return [takes[take] for take in sorted(takes)]

    def write(self, take: int = 0) -> Iterator[Take]:
        """Write take number `take` (from 0): a growing take after every bar, the last one whole."""
        yield from (grown for _, grown in self.write_all((take,)))

    def write_all(self, takes: Sequence[int] | None = None) -> Iterator[tuple[int, Take]]:
        """Write takes (None: all requested) side by side: the number of each, and the take, after each of its bars."""
        numbers = range(self.asked.takes) if takes is None else takes
        engine = self.engine
        if engine is None:
            yield from ((take, grown) for take in numbers for grown in self.steps(take) if isinstance(grown, Take))
            return
        with closing(said_together(engine, [self.steps(take) for take in numbers])) as growing:
            yield from ((numbers[index], grown) for index, grown in growing)

    def steps(self, take: int) -> Generator[Ask | Take, Any, None]:
        """`write`, with what is to be computed asked for instead of computed."""
        request = replace(self.asked, takes=1, seed=self.request.seed + take)
        recipe = Recipe(self.shelved.name, self.shelved.digest, request, self.parent)
        random = np.random.default_rng(request.seed)
        written: list[Written] = []
        for segment in self.segments:
            before = tuple(written)
            parts = self._write_segment(segment, before, random)
            answer = None
            with closing(parts):
                while (part := _next(parts, answer)) is not None:
                    if isinstance(part, (Begin, Spell, Hear)):
                        answer = yield part
                        continue
                    answer, (notes, bar) = None, part
                    written = [*before, *notes]
                    yield self._take(written, recipe, bar)

    @property
    def _first_whole_bar(self) -> int:
        region = self.plan.region
        return region.first_bar + (region.bar_starts[region.first_bar] < region.start)

    def _with(self, written: tuple[Written, ...] | list[Written]) -> Score:
        """The score with what was written so far."""
        voices = list(self.plan.score.voices)
        for index, voice in enumerate(voices):
            mine = tuple(note for i, note in written if i == index)
            voices[index] = replace(voice, notes=(*voice.notes, *mine))
        return self.plan.score.with_voices(voices)

    def _take(self, notes: list[Written], recipe: Recipe, bar: int) -> Take:
        """The take after bar `bar`. What stood in bars not yet written stays: a stopped take loses nothing."""
        done = max(0, bar - self._first_whole_bar + 1)
        line = self.plan.region.bar_starts[bar + 1]
        held: dict[int, int] = {}
        for voice, note in notes:
            held[voice] = max(held.get(voice, 0), note.end)
        kept = [(voice, n) for voice, n in self.plan.replaced if n.onset >= max(line, held.get(voice, 0))]
        played = [note.velocity for note in self.plan.score.notes]
        velocity = median_low(played) if played else DEFAULT_VELOCITY
        new = tuple((voice, replace(note, velocity=velocity)) for voice, note in notes)
        take = Take(self._with([*new, *kept]), new, self.plan.region.start, recipe, done, self.plan.remarks)
        return moved_take(take, -self.home)


def _next(parts: Generator[Any, Any, None], answer: Any) -> Any:
    """What is yielded after an answer was sent; None at the end."""
    try:
        return parts.send(answer)
    except StopIteration:
        return None


def segments_of(region: Region, bars: int) -> Iterator[Region]:
    """The region in parts of so many bars."""
    first = region.first_bar
    while first <= region.last_bar:
        last = min(region.last_bar, first + bars - 1)
        yield replace(region, start=max(region.start, region.bar_starts[first]), first_bar=first, last_bar=last)
        first = last + 1
