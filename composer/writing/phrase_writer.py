"""Writing through points: every two bars a network of points is given one, and writes down what it stands for.

Which point decides the task: one imagined after those before (continue, improvise), the melody's own (restore), one on
the way from there to a stranger (vary), or one on the way between two melodies (morph).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import torch

from composer.errors import BadRequest
from composer.events.conditions import Wishes
from composer.events.features import Listener
from composer.events.phrase import PHRASE_BARS, phrase_notes
from composer.events.rows import CHORD_MOVE, MOVE, WRITE, Row, with_moves
from composer.music import Reading, melody_of
from composer.networks import LatentNetwork
from composer.playing import Ask, Begun
from composer.score import TICKS_PER_QUARTER, Note, Score
from composer.shelf import Shelved
from composer.writing.note_writer import NoteWriter, Question, lines_of, rows_of
from composer.writing.phrase_plan import again_plan, morph_plan, repeated
from composer.writing.plan import Plan
from composer.writing.points import (
    Floats,
    Point,
    between,
    check_bars,
    on_the_way,
    order_of,
    pack,
    point_of,
    unpack,
    walked,
    way,
)
from composer.writing.region import Region
from composer.writing.request import THROUGH_POINTS, Recipe, Request
from composer.writing.row_loop import hear
from composer.writing.take import Take, fingerprint
from composer.writing.transposition import move_note, moved, way_home
from composer.writing.writer import Written, next_part

PAST = 8  # phrases before one that a network may answer
_SEEN = 4  # bars before a phrase that are heard; the networks learned from none to as many
_NOTE_BYTES = 3  # onset, pitch and duration


class PhraseWriter(NoteWriter):
    """A request to a network of points: every two bars are written from one, with the bars before them in view."""

    def __init__(self, seed: Reading | None, request: Request, shelved: Shelved, second: Reading | None = None) -> None:
        assert isinstance(shelved.network, LatentNetwork)
        if request.task == "morph" and second is None:
            raise BadRequest("Morphing needs two seeds: the melody to begin with and the one to end with.")
        untold = [wish for wish in request.wishes if wish != "ending"]
        if untold:
            raise BadRequest(
                f"{shelved.name} cannot be told of {' and '.join(untold)}; leave that as it likes, or choose "
                "a transformer, an lstm or an rnn."
            )
        self.points: LatentNetwork = shelved.network
        self.second = moved(second, way_home(second)) if second is not None and request.task == "morph" else None
        super().__init__(seed, request, shelved)
        if second is not None and request.task == "morph":
            self.parent += "+" + fingerprint(second.score)

    @property
    def _chords(self) -> bool:
        return False

    @property
    def _guidance(self) -> float:
        return 0.0

    @property
    def _ending(self) -> str:
        """As asked; a melody written anew ends as its points have it."""
        through = self.request.task in THROUGH_POINTS
        return self.request.ending or ("running on" if through else super()._ending)

    def _make_plan(self, seed: Reading | None) -> Plan:
        plan = self._planned(seed)
        for metre in plan.score.metres:
            check_bars(metre.bar_ticks)
        return plan

    def _planned(self, seed: Reading | None) -> Plan:
        if self.request.task not in THROUGH_POINTS:
            return super()._make_plan(seed)
        self._key = seed.key if seed else None
        if seed is None or not seed.score.notes:
            raise BadRequest(f"There is no seed to {self.request.task}. Bring a few notes, or choose 'improvise'.")
        if self.second is None:
            return again_plan(seed, self.request)
        return morph_plan(seed, self.second, self.request)

    def _segments(self) -> Iterator[Region]:
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

    def _write_segment(
        self, segment: Region, before: tuple[Written, ...], random: np.random.Generator
    ) -> Generator[Ask | tuple[list[Written], int], Any, None]:
        last = segment is self.segments[-1]
        written = super()._write_segment(segment, before, random)
        if self.request.task == "vary" and self.request.amount == 0:
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

    def _question(self, score: Score, segment: Region, random: np.random.Generator) -> Question:
        """The phrase of a segment as the network is asked it: from its point, what there is of it staying."""
        view, phrase = self.plan.view(score), self._phrase_of(segment)
        first = max(0, phrase - _SEEN)
        lines = lines_of(view, first, phrase + PHRASE_BARS)
        rows, at = rows_of(view, lines)
        rows, at = rows[rows[:, MOVE] < CHORD_MOVE], at[rows[:, MOVE] < CHORD_MOVE]
        begins = phrase - first
        stays = at >= begins
        listener = Listener(
            self._told(view, lines), Wishes(begins + PHRASE_BARS - 1), lines, (at[stays], rows[stays]), begins
        )
        shown = np.concatenate([self._opening(view), with_moves(rows[~stays], at[~stays], 0)[0]])
        asking = np.array([(WRITE, 0, 0, 0, 0, 0, 0)], np.int64)
        given: list[tuple[int, Row]] = [
            (int(bar), tuple(row)) for bar, row in zip(at[stays], rows[stays].tolist(), strict=True)
        ]
        point = self._point(score, phrase, random)
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

    def _point(self, score: Score, phrase: int, random: np.random.Generator) -> Point:
        """The point of the phrase that begins with bar `phrase`."""
        task = self.request.task
        if task in ("continue", "improvise"):
            return self._imagined(self._past(score, phrase), random)
        if self.second is not None:
            return self._between(phrase)
        own = self._heard(self._with(self.plan.replaced), phrase)
        if task == "restore":
            return unpack(pack(own))
        # The stranger has a random source of its own: with only the amount changed, the way leads to the same one.
        drawn_from = np.random.default_rng([random.bit_generator.seed_seq.entropy, phrase])  # type: ignore[attr-defined]
        return between(own, self._imagined([], drawn_from), way(self.request.amount))

    def _between(self, phrase: int) -> Point:
        """The point on the way between the two melodies, of which each step has all phrases once."""
        ways = self._ways
        step, number = divmod((phrase - self.plan.region.first_bar) // PHRASE_BARS, len(ways))
        a, b, order = ways[number]
        return on_the_way(a, b, self._share((step + 1) / (self.request.steps + 1)), order)

    def _share(self, done: float) -> float:
        """How far to go so that about the share `done` of the way's changes is done."""
        return walked(done)

    @cached_property
    def _ways(self) -> list[tuple[Point, Point, Floats]]:
        """For each phrase the points of both melodies, the shorter one's again and again, and the order of cells."""
        assert self.second is not None
        metre, phrases = self.second.score.metres[0], self.plan.region.first_bar // PHRASE_BARS
        mine = self.plan.view(self.plan.score)
        other = repeated(melody_of(self.second).score.voices[0].notes, metre, phrases)
        lengths = mine.metres[0].bar_ticks, metre.bar_ticks
        cells = self.points.autoencoder.config.cells
        found = []
        for number in range(phrases):
            places = [
                (n, number * PHRASE_BARS * ticks, ticks) for n, ticks in zip((mine.notes, other), lengths, strict=True)
            ]
            a, b = (point_of(self.points, *place) for place in places)
            found.append((a, b, order_of(cells, *(phrase_notes(*place) for place in places))))
        return found

    def _past(self, score: Score, phrase: int) -> list[Point]:
        """The points of the phrases before bar `phrase`, without a gap, the latest last."""
        points: list[Point] = []
        view = self.plan.view(score)
        for first in range(phrase - PHRASE_BARS, max(-PHRASE_BARS, phrase - PHRASE_BARS * (PAST + 1)), -PHRASE_BARS):
            span = view.bar_start(max(0, first)), view.bar_start(first + PHRASE_BARS)
            if not any(span[0] <= note.onset < span[1] for note in view.notes):
                break
            points.insert(0, self._heard(view, first))
        return points

    def _heard(self, score: Score, bar: int) -> Point:
        """The point of the phrase that begins with a bar of a melody; bar −1 is an empty one before the first."""
        line = score.voices[0 if len(score.voices) == 1 else self.plan.parts[0]]
        bar_ticks = score.metre_at(score.bar_start(max(0, bar))).bar_ticks
        start = score.bar_start(bar) if bar >= 0 else bar * bar_ticks
        return point_of(self.points, line.notes, start, bar_ticks)

    def _imagined(self, past: list[Point], random: np.random.Generator) -> Point:
        """A point that the network imagines after others."""
        before = np.array(past, np.float32).reshape(1, len(past), self.points.latent)
        noise = random.standard_normal((1, self.points.noise)).astype(np.float32)
        with torch.inference_mode():
            imagined: Point = self.points.imagine(torch.from_numpy(before), torch.from_numpy(noise))[0].numpy()
        return imagined

    def _take(self, notes: list[Written], recipe: Recipe, bar: int) -> Take:
        take = super()._take(notes, recipe, bar)
        return self._counted(take) if self.request.task == "restore" else take

    def _counted(self, take: Take) -> Take:
        """How much came back, and in how little room."""
        line = self.plan.region.bar_starts[self.plan.region.first_bar + take.bars_written]
        before = [move_note(note, -self.home) for _, note in self.plan.replaced if note.onset < line]
        share = restored(before, take.new_notes)
        points = sum(segment.first_bar < self.plan.region.first_bar + take.bars_written for segment in self.segments)
        sizes = {"bytes of points": points * self.points.latent, "bytes of notes": _NOTE_BYTES * len(before)}
        remark = (
            f"{share:.0%} of {len(before)} notes came back through {points} points of the map of phrases. What comes "
            "back the network can hold: Vary and Morph begin from that."
        )
        return replace(take, figures={"notes restored": share, **sizes}, remarks=(*take.remarks, remark))


def restored(before: Sequence[Note], after: Sequence[Note]) -> float:
    """The share of notes that are in both, onset, pitch and duration alike; of whichever has more notes."""
    a, b = (Counter((n.onset, n.pitch, n.duration) for n in notes) for notes in (before, after))
    return (a & b).total() / max(1, a.total(), b.total())
