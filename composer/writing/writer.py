"""Writers: a request bound to a seed and a network, from which any of its takes can be written.

A region longer than a network can see at once is written in segments of whole bars, each with what stands before,
after and above it in view. Networks know music in one home key; takes come back to the seed's.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Any, Protocol

import numpy as np

from composer.errors import BadRequest
from composer.events.rows import MAX_VOICES
from composer.music import Reading
from composer.playing import Ask, Begin, Hear, Spell, Stage
from composer.score import DEFAULT_VELOCITY, Key, Score
from composer.shelf import Shelved
from composer.tasks import Given, Request, Task
from composer.tasks.plan import Plan, Written
from composer.tasks.region import Region
from composer.writing.take import Recipe, Take, fingerprint
from composer.writing.transposition import Transposition


@dataclass(frozen=True)
class Grown:
    """The notes that are written of a take, by voice of the score, and the bar they are written up to."""

    notes: list[Written]
    bar: int


@dataclass(frozen=True)
class Chance:
    """Where a take's notes are drawn from: a random source, and the number that it began with."""

    number: int
    random: np.random.Generator

    @classmethod
    def of(cls, number: int) -> Chance:
        """The source that a number begins."""
        return cls(number, np.random.default_rng(number))


@dataclass(frozen=True)
class Job:
    """What is to be drafted, all of it in the home key, and by which network.

    `key` is the seed's; `second` is the melody to end with, where the task needs one.
    """

    task: Task
    request: Request
    plan: Plan
    shelved: Shelved
    key: Key | None = None
    second: Reading | None = None


class Drafter(Protocol):
    """How a network writes a job: note by note, or through points."""

    @property
    def segments(self) -> Sequence[Region]:
        """The plan's region in parts that are each written in one go."""

    @property
    def stage(self) -> Stage | None:
        """Where the loops of takes are played; None where they ask nothing."""

    def draft(
        self, segment: Region, before: tuple[Written, ...], chance: Chance
    ) -> Generator[Ask | tuple[list[Written], int], Any, None]:
        """Write one segment: after each bar its notes so far, by voice of the score, and the number of the bar.

        What is to be computed with other takes is asked for between.
        """

    def account(self, written: Sequence[Written], bars: int) -> tuple[Mapping[str, float], tuple[str, ...]]:
        """Figures of what was written in the first whole bars, and what is to be said of them."""


class Writer:
    """A request bound to a seed and a network: any of its takes can be written from here, at once if need be.

    `second` is the melody to end with, where the task needs one; `task` another than the request names.
    """

    def __init__(
        self,
        seed: Reading | None,
        request: Request,
        shelved: Shelved,
        drafter: Callable[[Job], Drafter],
        second: Reading | None = None,
        task: Task | None = None,
    ) -> None:
        task = task or request.what
        if task.name not in shelved.kind.tasks:
            raise BadRequest(f"{shelved.name} cannot {task.name}; it can {', '.join(shelved.kind.tasks)}.")
        second = second if task.needs_second else None
        self.asked, self.shelved = request.filled(), shelved
        self.home = Transposition.home(seed, self.asked)
        home, there = self.home.reading(seed), Transposition.home(second).reading(second)
        inside = self.home.request(self.asked)
        self.plan = task.planned(inside, Given(home, there, MAX_VOICES if shelved.kind.polyphonic else 1))
        self.drafter = drafter(Job(task, inside, self.plan, shelved, home.key if home else None, there))
        scores = [seed.score if seed else Score(), *([second.score] if second else [])]
        self.parent = "+".join(map(fingerprint, scores))

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

    def write_all(
        self, takes: Sequence[int] | None = None, visitor: Hashable = None
    ) -> Generator[tuple[int, Take], None, None]:
        """Write takes (None: all requested) side by side: the number of each, and the take, after each of its bars.

        Of one `visitor` no more is played at once than of others; None is somebody else every time.
        """
        with closing(self._grow(takes, visitor)) as growing:
            yield from ((take, self._made(take, grown)) for take, grown in growing)

    def _grow(self, takes: Sequence[int] | None, visitor: Hashable = None) -> Generator[tuple[int, Grown], None, None]:
        """What is written of each take after each of its bars, and the number of the take."""
        numbers = tuple(range(self.asked.takes)) if takes is None else takes
        stage = self.drafter.stage
        if stage is None:
            yield from ((take, grown) for take in numbers for grown in self._loop(take))
            return
        with closing(stage.play([self._loop(take) for take in numbers], visitor)) as growing:
            yield from ((numbers[index], grown) for index, grown in growing)

    def _loop(self, take: int) -> Generator[Any, Any, None]:
        """What is written of a take after each bar (`Grown`); what is to be computed is asked for between (`Ask`)."""
        chance = Chance.of(self.asked.seed + take)
        written: list[Written] = []
        for segment in self.drafter.segments:
            before = tuple(written)
            answer = None
            with closing(self.drafter.draft(segment, before, chance)) as parts:
                while (part := next_part(parts, answer)) is not None:
                    if isinstance(part, (Begin, Spell, Hear)):
                        answer = yield part
                        continue
                    answer, (notes, bar) = None, part
                    written = [*before, *notes]
                    yield Grown(written, bar)

    def _made(self, take: int, grown: Grown) -> Take:
        """A take as far as it is written."""
        plan, region, bar = self.plan, self.plan.region, grown.bar
        request = replace(self.asked, takes=1, seed=self.asked.seed + take)
        done = max(0, bar - region.first_whole_bar + 1)
        # What stood in bars not yet written stays: a stopped take loses nothing.
        line = region.bar_starts[bar + 1]
        held: dict[int, int] = {}
        for voice, note in grown.notes:
            held[voice] = max(held.get(voice, 0), note.end)
        kept = [(voice, n) for voice, n in plan.replaced if n.onset >= max(line, held.get(voice, 0))]
        played = [note.velocity for note in plan.score.notes]
        velocity = median_low(played) if played else DEFAULT_VELOCITY
        new = tuple((voice, replace(note, velocity=velocity)) for voice, note in grown.notes)
        figures, remarks = self.drafter.account(new, done)
        recipe = Recipe(self.shelved.name, self.shelved.digest, request, self.parent)
        score = plan.with_notes([*new, *kept])
        made = Take(score, new, region.start, recipe, done, (*plan.remarks, *remarks), figures)
        return self.home.back(made)

    @property
    def bars(self) -> int:
        """How many whole bars a finished take has written."""
        return self.plan.region.last_bar - self.plan.region.first_whole_bar + 1


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
