"""Plans of what is written through points: a melody anew phrase by phrase, or melodies on the way between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from composer.errors import BadRequest
from composer.events.phrase import PHRASE_BARS
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
    """One melody, `steps` melodies as long to be written, the other melody.

    Both have as many phrases as the longer one, as far as there is room for; the shorter one is played again and again.
    Where the other's bars are of another length, it is written anew too, in the metre of the first.
    """
    plan = make_plan(seed, replace(request, task="continue"), 1)
    voice, metre = plan.score.voices[plan.parts[0]], plan.score.metres[0]
    other = melody_of(second).score
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
    pitches = {0: _with_own(plan.pitches[0], (*here, *there), request)}
    remarks = [
        *plan.remarks,
        "The second melody was moved into the key of the first" + ("." if same else f" and into {metre}."),
    ]
    if phrases < longest:
        remarks.append(f"Of both melodies the first {bars} bars are morphed; fewer steps leave room for more.")
    return replace(
        plan, score=score, parts=(0,), region=region, pitches=pitches, remarks=tuple(remarks), from_left=False
    )


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


def _with_own(mask: Mask, notes: tuple[Note, ...], request: Request) -> Mask:
    """Where the visitor chose neither scale nor range, the melody's own pitches are free beside those of its key."""
    if request.scale != "auto" and request.task != "restore":
        return mask
    low, high = request.low or 0, 127 if request.high is None else request.high
    own = mask.copy()
    own[[note.pitch for note in notes if low <= note.pitch <= high]] = True
    return own
