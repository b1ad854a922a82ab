"""Plans of what is written through points: a melody anew phrase by phrase, or the way between two melodies."""

from __future__ import annotations

from dataclasses import replace

from composer.errors import BadRequest
from composer.events import PHRASE_BARS
from composer.music import Reading, melody_of, skyline
from composer.score import Metre, Note, Voice
from composer.writing.plan import Plan, make_plan
from composer.writing.region import Region
from composer.writing.request import MAX_BARS, Request
from composer.writing.sampling import Mask


def again_plan(seed: Reading, request: Request) -> Plan:
    """The melody makes way, to be written anew from beginning to end; other tracks stay."""
    scale = "none" if request.task == "restore" else request.scale
    plan = make_plan(seed, replace(request, task="continue", scale=scale), 1)
    index = plan.parts[0]
    voices = list(plan.score.voices)
    line = skyline(voices[index].notes)
    bars = plan.score.with_voices([Voice(line)]).bars
    if bars > MAX_BARS:
        raise BadRequest(f"The seed has {bars} bars; the task '{request.task}' takes {MAX_BARS} at most. Bring fewer.")
    voices[index] = replace(voices[index], notes=())
    score = plan.score.with_voices(voices)
    region = Region.of_bars(score, 0, bars - 1, frozenset({0}))
    pitches = {0: _with_own(plan.pitches[0], line, request)}
    return replace(plan, score=score, region=region, pitches=pitches, replaced=tuple((index, note) for note in line))


def morph_plan(seed: Reading, second: Reading, request: Request) -> Plan:
    """The first phrase of one melody, `steps` phrases to be written, the first phrase of the other.

    Where the other's bars are of another length, its own phrase is written anew too, in the metre of the first.
    """
    plan = make_plan(seed, replace(request, task="continue"), 1)
    voice, metre = plan.score.voices[plan.parts[0]], plan.score.metres[0]
    other = melody_of(second).score
    here, there = opening(skyline(voice.notes), metre), opening(other.voices[0].notes, other.metres[0])
    same = other.metres[0].bar_ticks == metre.bar_ticks
    phrases = request.steps + (not same)
    later = (phrases + 1) * PHRASE_BARS * metre.bar_ticks
    kept = (*here, *(replace(note, onset=note.onset + later) for note in there)) if same else here
    score = replace(plan.score, voices=(replace(voice, notes=kept),), metres=(metre,), tempos=plan.score.tempos[:1])
    region = Region.of_bars(score, PHRASE_BARS, (phrases + 1) * PHRASE_BARS - 1, frozenset({0}))
    pitches = {0: _with_own(plan.pitches[0], (*here, *there), request)}
    remark = "The second melody was moved into the key of the first" + ("." if same else f" and into {metre}.")
    return replace(plan, score=score, parts=(0,), region=region, pitches=pitches, remarks=(*plan.remarks, remark))


def opening(notes: tuple[Note, ...], metre: Metre) -> tuple[Note, ...]:
    """The notes of the first phrase, none sounding beyond it."""
    end = PHRASE_BARS * metre.bar_ticks
    return tuple(replace(note, duration=min(note.duration, end - note.onset)) for note in notes if note.onset < end)


def _with_own(mask: Mask, notes: tuple[Note, ...], request: Request) -> Mask:
    """Where the visitor chose neither scale nor range, the melody's own pitches are free beside those of its key."""
    if request.scale != "auto" and request.task != "restore":
        return mask
    low, high = request.low or 0, 127 if request.high is None else request.high
    own = mask.copy()
    own[[note.pitch for note in notes if low <= note.pitch <= high]] = True
    return own
