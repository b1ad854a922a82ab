"""Writing through points: every two bars a network of points is given one, and writes down what it stands for.

Which point it is the task decides (`Task.point`).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from composer.errors import BadRequest
from composer.events.conditions import Wishes
from composer.events.features import Listener
from composer.events.phrase import PHRASE_BARS
from composer.events.rows import CHORD_MOVE, MOVE, WRITE, Row, with_moves
from composer.music import Reading
from composer.networks import LatentNetwork
from composer.playing import Ask, Begun
from composer.score import TICKS_PER_QUARTER, Note, Score
from composer.tasks import Request
from composer.tasks.plan import Plan, Written
from composer.tasks.points import Point
from composer.tasks.region import Region
from composer.writing.drafters.notes import NoteDrafter, Question, lines_of, rows_of
from composer.writing.points import check_bars, point_of
from composer.writing.row_loop import hear
from composer.writing.writer import Chance, Job, next_part

PAST = 8  # phrases before one that a network may answer
_SEEN = 4  # bars before a phrase that are heard; the networks learned from none to as many


class PhraseDrafter(NoteDrafter):
    """Writes with a network of points: every two bars from one, with the bars before them in view."""

    def __init__(self, job: Job) -> None:
        network, plan = job.shelved.network, job.plan
        assert isinstance(network, LatentNetwork)
        untold = [wish for wish in job.request.wishes if wish != "ending"]
        if untold:
            raise BadRequest(
                f"{job.shelved.name} cannot be told of {' and '.join(untold)}; leave that as it likes, or choose "
                "a transformer, an lstm or an rnn."
            )
        for metre in plan.score.metres:
            check_bars(metre.bar_ticks)
        self.points: LatentNetwork = network
        super().__init__(job)

    @property
    def chords(self) -> bool:
        """See `NoteDrafter.chords`."""
        return False

    @property
    def guidance(self) -> float:
        """See `NoteDrafter.guidance`."""
        return 0.0

    @property
    def ending(self) -> str:
        """As asked; a melody written anew ends as its points have it."""
        return self.request.ending or ("running on" if self.job.task.through_points else super().ending)

    def parts(self) -> Iterator[Region]:
        """The bars to be written, two at a time; of a melody written anew, those in which a note begins."""
        region = self.plan.region
        struck = {self.plan.score.bar_at(note.onset) for _, note in self.plan.replaced}
        for first in range(region.first_bar, region.last_bar + 1, PHRASE_BARS):
            bars = range(first, min(region.last_bar, first + PHRASE_BARS - 1) + 1)
            if chosen := [bar for bar in bars if not struck or bar in struck]:
                start = max(region.start, region.bar_starts[chosen[0]])
                yield replace(region, start=start, first_bar=chosen[0], last_bar=chosen[-1])

    def _phrase_of(self, segment: Region) -> int:
        """The first bar of the phrase that a segment is of."""
        before = segment.first_bar - self.plan.region.first_bar
        return segment.first_bar - before % PHRASE_BARS

    def draft(
        self, segment: Region, before: tuple[Written, ...], chance: Chance
    ) -> Generator[Ask | tuple[list[Written], int], Any, None]:
        """See `Drafter.draft`."""
        last = segment is self.segments[-1]
        written = super().draft(segment, before, chance)
        if self.job.task.unchanged(self.request):
            written = self._unchanged(segment)
        answer = None
        while (step := next_part(written, answer)) is not None:
            if isinstance(step, tuple) and last and step[1] == segment.last_bar:
                step = step[0], self.plan.region.last_bar
            answer = yield step

    def _unchanged(self, segment: Region) -> Generator[tuple[list[Written], int], None, None]:
        """What the seed has there; nothing is asked of the network."""
        for bar in range(segment.first_bar, segment.last_bar + 1):
            span = segment.bar_starts[segment.first_bar], segment.bar_starts[bar + 1]
            yield [(i, note) for i, note in self.plan.replaced if span[0] <= note.onset < span[1]], bar

    def question(self, score: Score, segment: Region, chance: Chance) -> Question:
        """The phrase of a segment as the network is asked it: from its point, what there is of it staying."""
        view, phrase = self.plan.view(score), self._phrase_of(segment)
        first = max(0, phrase - _SEEN)
        lines = lines_of(view, first, phrase + PHRASE_BARS)
        rows, at = rows_of(view, lines)
        rows, at = rows[rows[:, MOVE] < CHORD_MOVE], at[rows[:, MOVE] < CHORD_MOVE]
        begins = phrase - first
        stays = at >= begins
        listener = Listener(
            self.told(view, lines), Wishes(begins + PHRASE_BARS - 1), lines, (at[stays], rows[stays]), begins
        )
        shown = np.concatenate([self.opening(view), with_moves(rows[~stays], at[~stays], 0)[0]])
        asking = np.array([(WRITE, 0, 0, 0, 0, 0, 0)], np.int64)
        given: list[tuple[int, Row]] = [
            (int(bar), tuple(row)) for bar, row in zip(at[stays], rows[stays].tolist(), strict=True)
        ]
        point = self.job.task.point(_Phrase(self, score, phrase, chance.random, chance.number))
        begun = self._begun(point, lines.starts[begins] - lines.starts[0], lines.starts[-1] - lines.starts[begins])
        heard = hear(self.shelved.engine, [listener], [(shown, False), (asking, True)], begun)
        return Question(heard, lines, begins, given)

    @torch.inference_mode()
    def _begun(self, point: Point, begins: int, lasts: int) -> Begun:
        """What a point is known from, of a phrase that begins and lasts so many ticks."""
        autoencoder = self.points.autoencoder
        cells = torch.arange(autoencoder.config.cells)[None] / autoencoder.config.cells
        state = autoencoder.begin(torch.from_numpy(point)[None], (begins + lasts * cells) / TICKS_PER_QUARTER)
        return [(keys.numpy(), values.numpy()) for keys, values in state]

    def account(self, written: Sequence[Written], bars: int) -> tuple[Mapping[str, float], tuple[str, ...]]:
        """See `Drafter.account`."""
        region, done = self.plan.region, self.plan.region.first_bar + bars
        before = [note for _, note in self.plan.replaced if note.onset < region.bar_starts[done]]
        points = sum(segment.first_bar < done for segment in self.segments)
        return self.job.task.account(before, [note for _, note in written], points, self.points.latent)


@dataclass(frozen=True)
class _Phrase:
    """A phrase that is to be written, as a task sees it (`composer.tasks.task.Phrase`)."""

    drafter: PhraseDrafter
    score: Score  # with what was written before
    bar: int
    random: np.random.Generator
    number: int

    @property
    def request(self) -> Request:
        return self.drafter.request

    @property
    def plan(self) -> Plan:
        return self.drafter.plan

    @property
    def second(self) -> Reading | None:
        return self.drafter.job.second

    @property
    def cells(self) -> int:
        return self.drafter.points.autoencoder.config.cells

    def own(self) -> Point:
        return self._heard(self.plan.with_notes(self.plan.replaced), self.bar)

    def past(self) -> list[Point]:
        points: list[Point] = []
        view, phrase = self.plan.view(self.score), self.bar
        for first in range(phrase - PHRASE_BARS, max(-PHRASE_BARS, phrase - PHRASE_BARS * (PAST + 1)), -PHRASE_BARS):
            span = view.bar_start(max(0, first)), view.bar_start(first + PHRASE_BARS)
            if not any(span[0] <= note.onset < span[1] for note in view.notes):
                break
            points.insert(0, self._heard(view, first))
        return points

    def imagined(self, past: Sequence[Point], random: np.random.Generator) -> Point:
        points = self.drafter.points
        before = np.array(past, np.float32).reshape(1, len(past), points.latent)
        noise = random.standard_normal((1, points.noise)).astype(np.float32)
        with torch.inference_mode():
            imagined: Point = points.imagine(torch.from_numpy(before), torch.from_numpy(noise))[0].numpy()
        return imagined

    def point_of(self, notes: Sequence[Note], start: int, bar_ticks: int) -> Point:
        return point_of(self.drafter.points, notes, start, bar_ticks)

    def _heard(self, score: Score, bar: int) -> Point:
        """The point of the phrase that begins with a bar of a melody; bar −1 is an empty one before the first."""
        line = score.voices[0 if len(score.voices) == 1 else self.plan.parts[0]]
        bar_ticks = score.metre_at(score.bar_start(max(0, bar))).bar_ticks
        start = score.bar_start(bar) if bar >= 0 else bar * bar_ticks
        return self.point_of(line.notes, start, bar_ticks)
