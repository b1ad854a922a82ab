"""Writers: a request bound to a seed and a network, from which any of its takes can be written.

A region longer than a network can see at once is written in segments of whole bars, each with what stands before,
after and above it in view. Networks know music in one home key; takes come back to the seed's.
"""

from __future__ import annotations

from collections.abc import Generator, Hashable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Any

import numpy as np

from composer.errors import BadRequest
from composer.music import Reading
from composer.playing import Ask, Begin, Hear, Spell, Stage
from composer.score import DEFAULT_VELOCITY, Note, Score
from composer.shelf import Shelved
from composer.writing.plan import Plan
from composer.writing.region import Region
from composer.writing.request import Recipe, Request
from composer.writing.take import Take, fingerprint
from composer.writing.transposition import moved, moved_request, moved_take

Written = tuple[int, Note]  # a note and the index of its voice in the score


@dataclass(frozen=True)
class Grown:
    """The notes that are written of a take, by voice of the score, and the bar they are written up to."""

    notes: list[Written]
    bar: int


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
    def stage(self) -> Stage | None:
        """Where the loops of takes are played; None where they ask nothing."""
        return None

    def finish(self, take: int = 0) -> Take:
        """Take number `take` (from 0), whole."""
        return self.finish_all((take,))[0]

    def finish_all(self, takes: Sequence[int] | None = None) -> list[Take]:
        """Takes (None: all requested), whole."""
        last = dict(self._grow(takes))
        return [self._made(take, last[take]) for take in sorted(last)]

    def write(self, take: int = 0) -> Generator[Take, None, None]:
        """Write take number `take` (from 0): a growing take after every bar, the last one whole."""
        with closing(self._grow((take,))) as growing:
            yield from (self._made(take, grown) for _, grown in growing)

    def write_all(self, takes: Sequence[int] | None = None, visitor: Hashable = None) -> Iterator[tuple[int, Take]]:
        """Write takes (None: all requested) side by side: the number of each, and the take, after each of its bars.

        Of one `visitor` no more is played at once than of others; None is somebody else every time.
        """
        with closing(self._grow(takes, visitor)) as growing:
            yield from ((take, self._made(take, grown)) for take, grown in growing)

    def _grow(self, takes: Sequence[int] | None, visitor: Hashable = None) -> Generator[tuple[int, Grown], None, None]:
        """What is written of each take after each of its bars, and the number of the take."""
        numbers = tuple(range(self.asked.takes)) if takes is None else takes
        stage = self.stage
        if stage is None:
            yield from ((take, grown) for take in numbers for grown in self._loop(take))
            return
        with closing(stage.play([self._loop(take) for take in numbers], visitor)) as growing:
            yield from ((numbers[index], grown) for index, grown in growing)

    def _loop(self, take: int) -> Generator[Any, Any, None]:
        """What is written of a take after each bar (`Grown`); what is to be computed is asked for between (`Ask`)."""
        random = np.random.default_rng(self.request.seed + take)
        written: list[Written] = []
        for segment in self.segments:
            before = tuple(written)
            answer = None
            with closing(self._write_segment(segment, before, random)) as parts:
                while (part := next_part(parts, answer)) is not None:
                    if isinstance(part, (Begin, Spell, Hear)):
                        answer = yield part
                        continue
                    answer, (notes, bar) = None, part
                    written = [*before, *notes]
                    yield Grown(written, bar)

    def _made(self, take: int, grown: Grown) -> Take:
        """A take as far as it is written."""
        request = replace(self.asked, takes=1, seed=self.request.seed + take)
        recipe = Recipe(self.shelved.name, self.shelved.digest, request, self.parent)
        return self._take(grown.notes, recipe, grown.bar)

    @property
    def bars(self) -> int:
        """How many whole bars a finished take has written."""
        return self.plan.region.last_bar - self._first_whole_bar + 1

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


def next_part(parts: Generator[Any, Any, None], answer: Any) -> Any:
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
