"""Writing a melody anew from beginning to end, phrase by phrase: what varying and restoring have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from composer.errors import BadRequest
from composer.music import Reading, skyline
from composer.score import Note, Score, Voice
from composer.tasks.continuing import Continue
from composer.tasks.pitches import Mask
from composer.tasks.plan import Plan
from composer.tasks.region import Region
from composer.tasks.task import MAX_BARS, Given, Task

if TYPE_CHECKING:
    from composer.tasks.request import Request


class Anew(Task):
    """The melody makes way, to be written anew; other tracks stay."""

    settings = frozenset({"track", "ending"})
    anew = True
    through_points = True

    def length(self, request: Request, seed: Score) -> int:
        """As long as the seed."""
        return seed.bars

    def plan(self, seed: Reading, request: Request, given: Given) -> Plan:
        """See `Task.plan`."""
        locked = "scale" not in self.ignored
        plan = Continue().plan(seed, request if locked else replace(request, scale="none"), Given(seed))
        index = plan.parts[0]
        voices = list(plan.score.voices)
        line = skyline(voices[index].notes)
        bars = plan.score.with_voices([Voice(line)]).bars
        if bars > MAX_BARS:
            raise BadRequest(f"The seed has {bars} bars; the task '{self.name}' takes {MAX_BARS} at most. Bring fewer.")
        voices[index] = replace(voices[index], notes=())
        score = plan.score.with_voices(voices)
        region = Region.of_bars(score, 0, bars - 1, frozenset({0}))
        pitches = (
            {0: with_own(plan.pitches[0], line, request)} if request.scale == "auto" or not locked else plan.pitches
        )
        return replace(
            plan, score=score, region=region, pitches=pitches, replaced=tuple((index, note) for note in line)
        )


def with_own(mask: Mask, notes: tuple[Note, ...], request: Request) -> Mask:
    """A mask (128,) with the melody's own pitches beside those of its key, as far as they are in the range asked for.

    For where the visitor chose no scale.
    """
    low, high = request.low or 0, 127 if request.high is None else request.high
    own = mask.copy()
    own[[note.pitch for note in notes if low <= note.pitch <= high]] = True
    return own
