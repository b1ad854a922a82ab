"""Writing through points: every two bars a network of points is given one, and writes down what it stands for.

Which point decides the task: one imagined after those before (continue, improvise), the melody's own (restore), one on
the way from there to a stranger (vary), or one on the way between two melodies (morph).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import torch

from composer.errors import BadRequest
from composer.events import PHRASE_BARS, encode_bars
from composer.music import Reading, melody_of
from composer.networks.latent import LatentNetwork
from composer.score import Note, Score
from composer.shelf import Shelved
from composer.writing.constraints import RegionGrammar
from composer.writing.loop import Prompt, PromptRead, read_prompt
from composer.writing.phrase_plan import again_plan, morph_plan
from composer.writing.plan import Plan
from composer.writing.points import Point, between, pack, point_of, unpack, walked, way
from composer.writing.region import Region
from composer.writing.request import THROUGH_POINTS, Recipe, Request
from composer.writing.take import Take, fingerprint
from composer.writing.token_writer import TokenWriter
from composer.writing.transposition import move_note, moved, way_home
from composer.writing.writer import Written

PAST = 8  # phrases before one that a network may answer
_NOTE_BYTES = 3  # onset, pitch and duration


class PhraseWriter(TokenWriter):
    """A request to a network of points. All is written in C major or A minor, and takes come back to the seed's key."""

    def __init__(self, seed: Reading | None, request: Request, shelved: Shelved, second: Reading | None = None) -> None:
        assert isinstance(shelved.network, LatentNetwork)
        if request.task == "morph" and second is None:
            raise BadRequest("Morphing needs two seeds: the melody to begin with and the one to end with.")
        self.points = shelved.network
        self.second = moved(second, way_home(second)) if second is not None and request.task == "morph" else None
        super().__init__(seed, request, shelved)
        if second is not None and request.task == "morph":
            self.parent += "+" + fingerprint(second.score)

    def _way_home(self, seed: Reading | None) -> int:
        return way_home(seed)

    def _make_plan(self, seed: Reading | None) -> Plan:
        if self.request.task not in THROUGH_POINTS:
            return super()._make_plan(seed)
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
    ) -> Generator[tuple[list[Written], int], None, None]:
        last = segment is self.segments[-1]
        written = super()._write_segment(segment, before, random)
        if self.request.task == "vary" and self.request.amount == 0:
            written = self._unchanged(segment)
        for part, bar in written:
            yield part, self.plan.region.last_bar if last and bar == segment.last_bar else bar

    def _unchanged(self, segment: Region) -> Generator[tuple[list[Written], int], None, None]:
        """What the seed has there; nothing is asked of the network."""
        for bar in range(segment.first_bar, segment.last_bar + 1):
            span = segment.bar_starts[segment.first_bar], segment.bar_starts[bar + 1]
            yield [(i, note) for i, note in self.plan.replaced if span[0] <= note.onset < span[1]], bar

    def _prompt(self, score: Score, segment: Region, random: np.random.Generator) -> tuple[PromptRead, int]:
        first, until = self._window(score, segment)
        phrase = self._phrase_of(segment)
        vocabulary, metre = self.shelved.vocabulary, score.metre_at(score.bar_start(first))
        header = replace(self.plan.header, metre=metre, begins=phrase == 0)
        bars = encode_bars(self.plan.view(score), vocabulary, first, until)
        shown = (*header.tokens(vocabulary), *(token for bar in bars for token in bar))
        point = torch.from_numpy(self._point(score, phrase, random))[None]
        with torch.inference_mode():
            state = self.points.begin(point)
        prompt = Prompt(shown, metre.bar_ticks, phrase + PHRASE_BARS - 1 - first)
        return read_prompt(self.points, vocabulary, prompt, state), first

    def _window(self, score: Score, segment: Region) -> tuple[int, int]:
        """The bar before the phrase, and what is there of the phrase."""
        until = segment.first_bar + (segment.start > segment.bar_starts[segment.first_bar])
        return max(0, self._phrase_of(segment) - 1), until

    def _closing(self, segment: Region) -> int:
        vocabulary = self.shelved.vocabulary
        whole = segment.last_bar == self._phrase_of(segment) + PHRASE_BARS - 1
        return vocabulary.END if whole else vocabulary.BAR

    def _grammar(self, score: Score, segment: Region, first: int) -> RegionGrammar:
        grammar = super()._grammar(score, segment, first)
        grammar.sounding = self.plan.region
        return grammar

    def _point(self, score: Score, phrase: int, random: np.random.Generator) -> Point:
        """The point of the phrase that begins with bar `phrase`."""
        task = self.request.task
        if task in ("continue", "improvise"):
            return self._imagined(self._past(score, phrase), random)
        if self.second is not None:
            step = (phrase - self.plan.region.first_bar) // PHRASE_BARS + 1
            return between(*self._ends, walked(step / (self.request.steps + 1)))
        own = self._heard(self._with(self.plan.replaced), phrase)
        if task == "restore":
            return unpack(pack(own))
        # The stranger has a random source of its own: with only the amount changed, the way leads to the same one.
        drawn_from = np.random.default_rng([random.bit_generator.seed_seq.entropy, phrase])  # type: ignore[attr-defined]
        return between(own, self._imagined([], drawn_from), way(self.request.amount))

    @cached_property
    def _ends(self) -> tuple[Point, Point]:
        """The points of the two melodies' first phrases."""
        assert self.second is not None
        there = melody_of(self.second).score
        return self._heard(self.plan.view(self.plan.score), 0), self._heard(there, 0)

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
        return point_of(self.points, line.notes, start, bar_ticks, self.shelved.vocabulary)

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
            f"{share:.0%} of {len(before)} notes came back through {points} points: "
            f"{sizes['bytes of points']} bytes, beside {sizes['bytes of notes']} of the notes themselves."
        )
        return replace(take, figures={"notes restored": share, **sizes}, remarks=(*take.remarks, remark))


def restored(before: Sequence[Note], after: Sequence[Note]) -> float:
    """The share of notes that are in both, onset, pitch and duration alike; of whichever has more notes."""
    a, b = (Counter((n.onset, n.pitch, n.duration) for n in notes) for notes in (before, after))
    return (a & b).total() / max(1, a.total(), b.total())
