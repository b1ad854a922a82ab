"""How well a take follows from its seed, in the ears of a GAN's critic, whoever wrote it.

The critic has learned to tell the phrases that people wrote next from others. Its mark of a phrase says nothing by
itself; it is told as a rank among its marks of phrases that it has not learned from: those that people wrote next, and
strangers, phrases of other melodies in bars of the same length. Both tables are kept with the network.

Axes: P phrases so far, D latent dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from composer.errors import BadRequest
from composer.events.phrase import PHRASE_BARS
from composer.music import Reading, melody_of
from composer.networks.gan import Gan
from composer.score import Note, Score
from composer.shelf import Shelved
from composer.writing.points import point_of
from composer.writing.transposition import move_note, way_home


@dataclass(frozen=True)
class PhraseMark:
    """A phrase of two bars from bar `bar` (1 is the seed's first): the shares of phrases the critic marked lower.

    `people` of those that people wrote next, `strangers` of those from elsewhere.
    """

    bar: int
    people: float
    strangers: float


@dataclass(frozen=True)
class Verdict:
    """The phrases marked, and where strangers stand among people's on average (people's own stand at a half)."""

    phrases: tuple[PhraseMark, ...]
    strangers_rank: float

    @property
    def people(self) -> float:
        """The mean rank among what people wrote next."""
        return sum(phrase.people for phrase in self.phrases) / len(self.phrases)

    @property
    def strangers(self) -> float:
        """The mean rank among phrases from elsewhere."""
        return sum(phrase.strangers for phrase in self.phrases) / len(self.phrases)

    @property
    def sentence(self) -> str:
        """The verdict in a musician's words."""
        rank, usual = round(100 * self.people), round(100 * self.strangers_rank)
        return (
            f"In the critic's ears this follows from the seed: {rank} of 100. "
            f"What people wrote next stands at 50 on average, a phrase from elsewhere at {usual}."
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "follows": round(self.people, 3),
            "above strangers": round(self.strangers, 3),
            "people's own, on average": 0.5,
            "strangers, on average": round(self.strangers_rank, 3),
            "phrases": [
                {"bar": p.bar, "people": round(p.people, 3), "strangers": round(p.strangers, 3)} for p in self.phrases
            ],
            "sentence": self.sentence,
        }


def follows(seed: Reading, take: Reading, shelved: Shelved, track: int | None = None) -> Verdict:
    """The critic's verdict on what a take adds to its seed; BadRequest where there is nothing that it can hear.

    Where the take begins as the seed does, what is marked begins with the first bar that differs; otherwise the take is
    heard as played after the seed. Marked are phrases with notes in both bars, as long as the critic still hears the
    seed before them.
    """
    network = shelved.network
    if not isinstance(network, Gan):
        raise BadRequest(f"{shelved.name} is a {network.name}, and only a gan has a critic. Name one with --model.")
    line = _joined(seed, take, track)
    points = [_heard(network, line.notes, tick, line.bar_ticks) for tick in line.past(network)]
    marks: list[PhraseMark] = []
    for tick in line.phrases(network.config.past):
        point = _heard(network, line.notes, tick, line.bar_ticks)
        people, strangers = (float(rank) for rank in network.follows(torch.stack(points)[None], point[None]))
        marks.append(PhraseMark(line.first_bar + (tick - line.new_from) // line.bar_ticks + 1, people, strangers))
        points.append(point)
    if not marks:
        raise BadRequest("The critic hears phrases of two bars with notes in both; the take adds none to the seed.")
    ranks = torch.searchsorted(network.marks, network.strangers).float() / len(network.marks)
    return Verdict(tuple(marks), float(ranks.mean()))


@dataclass(frozen=True)
class _Line:
    """A melody at home, and the tick and the number of the bar from which on it is new."""

    notes: tuple[Note, ...]
    new_from: int
    first_bar: int
    bar_ticks: int

    def past(self, network: Gan) -> list[int]:
        """The ticks at which the phrases before begin, as many as the critic minds, the latest last."""
        found: list[int] = []
        phrase = PHRASE_BARS * self.bar_ticks
        for start in range(self.new_from - phrase, self.new_from - phrase * (network.config.past + 1), -phrase):
            if not self._struck(start, start + phrase):
                break
            found.insert(0, start)
        return found

    def phrases(self, most: int) -> Iterator[int]:
        """The ticks at which phrases begin that are new and have notes in both bars."""
        for number in range(most):
            bars = [self.new_from + (number * PHRASE_BARS + bar) * self.bar_ticks for bar in range(PHRASE_BARS)]
            if not all(self._struck(start, start + self.bar_ticks) for start in bars):
                break
            yield bars[0]

    def _struck(self, start: int, end: int) -> bool:
        return any(start <= note.onset < end for note in self.notes)


def _joined(seed: Reading, take: Reading, track: int | None) -> _Line:
    """Seed and take as one melody in C major or A minor."""
    before, after = melody_of(seed, track).score, melody_of(take).score
    first = _first_difference(before, after)
    old, new = before.voices[0].notes, after.voices[0].notes
    if first:
        line = before.bar_start(first)
        notes = (*(n for n in old if n.onset < line), *(n for n in new if n.onset >= line))
    else:
        first = before.bars
        line = before.bar_start(first)
        notes = (*old, *(replace(note, onset=note.onset + line) for note in new))
    metre = before.metre_at(max(0, line - 1))
    home = way_home(replace(seed, score=before.with_voices([replace(before.voices[0], notes=notes)])))
    return _Line(tuple(move_note(note, home) for note in notes), line, first, metre.bar_ticks)


def _first_difference(before: Score, after: Score) -> int:
    """The first bar that does not hold the same in both."""
    same = [(note.onset, note.pitch) for note in before.voices[0].notes]
    other = [(note.onset, note.pitch) for note in after.voices[0].notes]
    differing = set(same) ^ set(other)
    return min((before.bar_at(onset) for onset, _ in differing), default=max(before.bars, after.bars))


def _heard(network: Gan, notes: Sequence[Note], start: int, bar_ticks: int) -> Tensor:
    """The point (D,) of the phrase that begins at tick `start`."""
    return torch.from_numpy(point_of(network, notes, start, bar_ticks))
