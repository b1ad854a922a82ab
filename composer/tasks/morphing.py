"""Morph: one melody turns step by step into another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from composer.errors import BadRequest
from composer.events.phrase import PHRASE_BARS, phrase_notes
from composer.music import Reading, melody_of, skyline
from composer.score import Metre, Note, Score
from composer.tasks.anew import with_own
from composer.tasks.continuing import Continue
from composer.tasks.plan import Plan
from composer.tasks.points import Point, on_the_way, order_of, walked
from composer.tasks.region import Region
from composer.tasks.task import MAX_BARS, Given, Phrase, Task

if TYPE_CHECKING:
    from composer.tasks.request import Request


class Morph(Task):
    """Writes melodies on the way between two.

    Both have as many phrases as the longer one, as far as there is room for; the shorter one is played again and again.
    Where the other's bars are of another length, it is written anew too, in the metre of the first.
    """

    name = "morph"
    title = "Morph"
    hint = "The first two bars of the seed turn step by step into those of another tune."
    needs_second = True
    settings = frozenset({"track", "steps", "ending"})
    through_points = True

    def length(self, request: Request, seed: Score) -> None:
        """As the longer of both melodies has it."""
        return

    def plan(self, seed: Reading, request: Request, given: Given) -> Plan:
        """One melody, `steps` melodies as long to be written, the other melody."""
        if given.second is None:
            raise BadRequest("Morphing needs two seeds: the melody to begin with and the one to end with.")
        plan = Continue().plan(seed, request, Given(seed))
        voice, metre = plan.score.voices[plan.parts[0]], plan.score.metres[0]
        other = melody_of(given.second).score
        lines = (skyline(voice.notes), metre), (other.voices[0].notes, other.metres[0])
        longest = max(phrases_of(*line) for line in lines)
        phrases = min(longest, max(1, MAX_BARS // PHRASE_BARS // request.steps))
        here, there = (repeated(*line, phrases) for line in lines)
        same = other.metres[0].bar_ticks == metre.bar_ticks
        melodies = request.steps + (not same)
        bars = phrases * PHRASE_BARS
        later = (melodies + 1) * bars * metre.bar_ticks
        kept = (*here, *(replace(note, onset=note.onset + later) for note in there)) if same else here
        score = replace(plan.score, voices=(replace(voice, notes=kept),), metres=(metre,), tempos=plan.score.tempos[:1])
        region = Region.of_bars(score, bars, (melodies + 1) * bars - 1, frozenset({0}))
        pitches = plan.pitches
        if request.scale == "auto":
            pitches = {0: with_own(plan.pitches[0], (*here, *there), request)}
        remarks = [
            *plan.remarks,
            "The second melody was moved into the key of the first" + ("." if same else f" and into {metre}."),
        ]
        if phrases < longest:
            remarks.append(f"Of both melodies the first {bars} bars are morphed; fewer steps leave room for more.")
        return replace(
            plan, score=score, parts=(0,), region=region, pitches=pitches, remarks=tuple(remarks), from_left=False
        )

    def point(self, phrase: Phrase) -> Point:
        """The point on the way between the two melodies, of which each step has all phrases once."""
        assert phrase.second is not None
        region, metre = phrase.plan.region, phrase.second.score.metres[0]
        phrases = region.first_bar // PHRASE_BARS
        step, number = divmod((phrase.bar - region.first_bar) // PHRASE_BARS, phrases)
        mine = phrase.plan.view(phrase.plan.score)
        other = repeated(melody_of(phrase.second).score.voices[0].notes, metre, phrases)
        places = [
            (notes, number * PHRASE_BARS * ticks, ticks)
            for notes, ticks in ((mine.notes, mine.metres[0].bar_ticks), (other, metre.bar_ticks))
        ]
        order = order_of(phrase.cells, *(phrase_notes(*place) for place in places))
        a, b = (phrase.point_of(*place) for place in places)
        return on_the_way(a, b, self.share((step + 1) / (phrase.request.steps + 1)), order)

    def share(self, done: float) -> float:
        """How far to go so that about the share `done` of the way's changes is done."""
        return walked(done)


def phrases_of(notes: Sequence[Note], metre: Metre) -> int:
    """How many phrases a melody has."""
    last = max(note.onset for note in notes)
    return 1 + last // (PHRASE_BARS * metre.bar_ticks)


def repeated(notes: Sequence[Note], metre: Metre, phrases: int) -> tuple[Note, ...]:
    """So many phrases of a melody, played again and again if it has fewer; none of its notes sounds beyond them."""
    phrase = PHRASE_BARS * metre.bar_ticks
    once = phrases_of(notes, metre) * phrase
    end = phrases * phrase
    found = []
    for start in range(0, end, once):
        line = min(end, start + once)
        moved = (replace(note, onset=note.onset + start) for note in notes)
        found += [replace(n, duration=min(n.duration, line - n.onset)) for n in moved if n.onset < line]
    return tuple(found)
