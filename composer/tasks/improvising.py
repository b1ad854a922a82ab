"""Improvise: from nothing, in the seed's metre, key and tempo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from composer.errors import BadRequest
from composer.music import Reading
from composer.score import Metre, Score, Voice
from composer.tasks.ensembles import ENSEMBLES, kind_of
from composer.tasks.plan import Plan, pitch_masks
from composer.tasks.region import Region
from composer.tasks.task import TOLD, Given, Task

if TYPE_CHECKING:
    from composer.tasks.request import Request

_METRES = {  # of the dances that have one metre only
    "jig": (6, 8),
    "slip jig": (9, 8),
    "slide": (12, 8),
    "polka": (2, 4),
    "waltz": (3, 4),
    "reel": (4, 4),
    "hornpipe": (4, 4),
    "strathspey": (4, 4),
}


class Improvise(Task):
    """Begins anew: of the seed only its first metre and tempo, key and style are taken."""

    name = "improvise"
    title = "Improvise"
    hint = "The network begins anew, in the seed's metre, key and tempo."
    needs_seed = False
    settings = TOLD | {"bars", "form", "kind", "strict"}

    def length(self, request: Request, seed: Score) -> int:
        """As long as one says."""
        return request.bars

    def called(self, title: str) -> str:
        """See `Task.called`."""
        return "Improvisation"

    def plan(self, seed: Reading, request: Request, given: Given) -> Plan:
        """See `Task.plan`."""
        style = request.style or seed.style
        metres, remarks = _metres_of(style if request.style else None, seed.score)
        kind = request.kind or (kind_of(style) if given.most_voices > 1 else "melody")
        if kind != "melody" and given.most_voices == 1:
            raise BadRequest(f"This network writes melodies; a {kind} needs one that writes several voices.")
        parts = ENSEMBLES[kind].parts
        voices = tuple(Voice(name=part.name, program=part.program) for part in parts)
        score = Score(voices, metres, seed.score.tempos[:1], seed.key)
        everyone = tuple(range(len(parts)))
        region = Region.after(score, request.bars, frozenset(everyone))
        pitches = pitch_masks({i: (parts[i].low, parts[i].high) for i in everyone}, request, request.key(seed.key))
        most = {i: parts[i].most for i in everyone}
        told = style or ENSEMBLES[kind].style
        sustained = frozenset(everyone) if ENSEMBLES[kind].sustained else frozenset()
        return Plan(score, everyone, region, pitches, most, told, True, remarks, sustained=sustained)


def _metres_of(style: str | None, score: Score) -> tuple[tuple[Metre, ...], tuple[str, ...]]:
    """The metre to improvise in, and what is to be said of it: a dance that was asked for brings its own."""
    own, metre = _METRES.get(style or ""), score.metres[0]
    if own is None or Metre(0, *own).bar_ticks == metre.bar_ticks:
        return score.metres[:1], ()
    return (Metre(0, *own),), (f"A {style} is in {own[0]}/{own[1]}, so the take is, and not in {metre}.",)
