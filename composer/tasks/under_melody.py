"""Setting voices under a melody, which stays: what harmonising and accompanying have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from composer.errors import BadRequest
from composer.music import Reading, melody_of, skyline
from composer.score import Score, Voice
from composer.tasks.ensembles import Ensemble
from composer.tasks.plan import Plan, pitch_masks
from composer.tasks.region import Region, find_voices
from composer.tasks.task import TOLD, Given, Task

if TYPE_CHECKING:
    from composer.tasks.request import Request


class UnderMelody(Task):
    """The melody stays; the ensemble's other parts are written under it, but those that are frozen."""

    ensemble: ClassVar[Ensemble]
    settings = TOLD | {"track", "freeze"}

    def length(self, request: Request, seed: Score) -> int:
        """As long as the seed."""
        return seed.bars

    def plan(self, seed: Reading, request: Request, given: Given) -> Plan:
        """See `Task.plan`."""
        ensemble = self.ensemble
        melody = melody_of(seed, request.track)
        line = melody.score.voices[0]
        frozen = find_voices(request.freeze, seed.score) if request.freeze else frozenset()
        kept = {seed.score.voices[i].name.lower(): seed.score.voices[i].notes for i in frozen}
        first, *others = ensemble.parts
        voices = [Voice(line.notes, first.name, line.program)]
        for part in others:
            notes = kept.get(part.name.lower(), ())
            # A choir sings with the melody's instrument; a piano stays a piano.
            program = line.program if part.most == 1 else part.program
            voices.append(Voice(notes if part.most > 1 else skyline(notes), part.name, program))
        score = seed.score.with_voices(voices)
        written = frozenset(i for i in range(1, len(voices)) if not voices[i].notes)
        if not written:
            raise BadRequest("All voices are frozen, so there is nothing to write. Free one of them.")
        region = Region.of_bars(score, 0, score.bars - 1, written)
        ranges = {i: (ensemble.parts[i].low, ensemble.parts[i].high) for i in written}
        pitches = pitch_masks(ranges, request, request.key(seed.key))
        most = {i: part.most for i, part in enumerate(ensemble.parts)}
        remarks = melody.remarks[len(seed.remarks) :]
        programs = {i: part.program for i, part in enumerate(ensemble.parts)}
        everyone = tuple(range(len(voices)))
        style = request.style or ensemble.style
        plan = Plan(score, everyone, region, pitches, most, style, False, remarks, programs=programs)
        if not ensemble.sustained:
            return plan
        return replace(plan, sustained=written, under=voices[0])
