"""Fill in: some bars of some voices are written anew; what begins elsewhere stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from composer.errors import BadRequest
from composer.music import Reading
from composer.score import Score
from composer.tasks.plan import (
    Plan,
    as_heard,
    doublings,
    from_the_highest,
    most_at_once,
    pitch_masks,
    range_around,
)
from composer.tasks.region import Region, find_voices, parse_region
from composer.tasks.task import TOLD, Given, Task

if TYPE_CHECKING:
    from composer.tasks.request import Request


class Infill(Task):
    """Writes bars and voices of the seed anew."""

    name = "infill"
    title = "Fill in"
    hint = "Some bars are written anew: name them, or drag across them on the roll."
    settings = TOLD | {"region", "freeze", "strict"}
    run_up = 1

    def lacking(self, request: Request) -> str | None:
        """See `Task.lacking`."""
        if request.region:
            return None
        return "Filling in needs a region: the bars to re-write, such as '5-6' or '5-6:alto,tenor'."

    def length(self, request: Request, seed: Score) -> int:
        """The bars of the region."""
        first, last, _ = parse_region(request.region or "", seed)
        return last - first + 1

    def plan(self, seed: Reading, request: Request, given: Given) -> Plan:
        """See `Task.plan`."""
        assert request.region is not None  # Request sees to it
        first, last, chosen = parse_region(request.region, seed.score)
        chosen -= find_voices(request.freeze, seed.score) if request.freeze else frozenset()
        parts = from_the_highest(seed.score, range(len(seed.score.voices)))[: given.most_voices]
        voices = frozenset(part for part, index in enumerate(parts) if index in chosen)
        if not voices:
            raise BadRequest(
                "All voices of the region are frozen or drums, so there is nothing to write. Free one of them."
            )
        region = Region.of_bars(seed.score, first, last, voices)
        replaced = tuple(
            (parts[voice], note)
            for voice in sorted(voices)
            for note in seed.score.voices[parts[voice]].notes
            if region.start <= note.onset < region.end
        )
        score = seed.score.with_voices(
            replace(voice, notes=tuple(n for n in voice.notes if (i, n) not in replaced))
            for i, voice in enumerate(seed.score.voices)
        )
        most = most_at_once(seed.score, parts)
        ranges = {voice: range_around(as_heard(seed.score.voices[parts[voice]].notes, most[voice])) for voice in voices}
        pitches = pitch_masks(ranges, request, request.key(seed.key))
        remarks = doublings(seed.score, parts, most)
        return Plan(score, parts, region, pitches, most, request.style or seed.style, False, remarks, replaced)
