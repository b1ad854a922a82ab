"""How a region closes: from when only the chord of the close sounds, who must sound in it, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from composer.events.rows import PITCHES
from composer.score import TICKS_PER_QUARTER, Key, Metre, Note
from composer.tasks.pitches import Mask
from composer.tasks.plan import Plan

_CLASSES = np.arange(PITCHES) % 12
_STEPS = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 11)}  # minor as its cadences have it
_TRIADS = {"tonic": (0, 4, 3, 5), "open": (4, 0, 1, 6)}  # steps of the scale that may bear the last chord, best first


@dataclass(frozen=True)
class Approach:
    """The chord before the last: from `tick` on only `pitches` (128,) of a voice sound.

    `leads` tells that a voice was given the leading note to sing, which rises to the tonic.
    """

    tick: int
    pitches: Mapping[int, Mask]
    leads: bool


@dataclass(frozen=True)
class Close:
    """From `tick` on only `pitches` (128,) of a voice sound, and `voices` do sound when it ends.

    `first` are the pitches (128,) of a voice's first note there, where it strikes several. Where it is `held` the
    voices strike once, together, and sound to the end; else a note there is `least` ticks long.
    """

    tick: int
    pitches: Mapping[int, Mask]
    voices: frozenset[int]
    first: Mapping[int, Mask]
    held: bool
    least: int
    approach: Approach | None = None


def close_of(plan: Plan, voices: frozenset[int], key: Key, ending: str) -> Close | None:
    """The close of a plan's region in a key; `voices` are those that must sound in it.

    A melody by itself ends on the tonic, or where the ending is open on a note of the dominant's chord. Several voices
    end on the tonic's chord over its root, or the dominant's; under a melody with its last note, on the nearest chord
    that has it: None where there is none.
    """
    region, last = plan.region, max(_given(plan), key=lambda note: note.onset, default=None)
    if len(plan.parts) == 1:
        tick = _closing_tick(plan.score.metre_at(region.end - 1), region.start, region.end)
        chord = _chord(key, _TRIADS[ending][0])
        fitting = {0: _fitting(plan.pitches[0], chord if ending == "open" else chord[:1])}
        return Close(tick, fitting, voices, {}, False, min(TICKS_PER_QUARTER, region.end - tick))
    chord = next((found for step in _TRIADS[ending] if _has(found := _chord(key, step), last)), ())
    if not chord:
        return None
    tick = last.onset if last else _closing_tick(plan.score.metre_at(region.end - 1), region.start, region.end)
    lowest = max(region.voices)
    pitches = {voice: _fitting(plan.pitches[voice], chord) for voice in region.voices}
    first = {}
    # Somebody must sing the third, or the chord is none: the highest inner voice, unless the melody does.
    inner = [voice for voice in sorted(region.voices - {lowest}) if voice and voice in voices]
    third = inner[0] if inner and (last is None or last.pitch % 12 != chord[1]) else None
    for voice in region.voices:
        tones = chord[:1] if voice == lowest else chord[1:2] if voice == third else chord
        if plan.most[voice] == 1:
            pitches[voice] = _fitting(plan.pitches[voice], tones)
        else:
            first[voice] = _fitting(pitches[voice], tones)
    approach = None
    if ending == "tonic" and chord[0] == key.tonic and all(most == 1 for most in plan.most.values()):
        leading = next((voice for voice in reversed(inner) if voice != third), None)
        approach = _approach(plan, tick, key, leading)
        if approach and leading is not None and approach.leads:
            pitches[leading] = _fitting(plan.pitches[leading], chord[:1])
    return Close(tick, pitches, voices, first, True, TICKS_PER_QUARTER, approach)


def _approach(plan: Plan, close: int, key: Key, leading: int | None) -> Approach | None:
    """The dominant, with its seventh or without, over its root before a close; None where what is given does not fit.

    It begins with the last note that is given before the close, or a beat before it. `leading` is the voice that sings
    the leading note, unless it is given.
    """
    region = plan.region
    dominant = tuple((key.tonic + step) % 12 for step in (7, 11, 2, 5))
    given = [note for note in _given(plan) if note.onset < close]
    tick = max((note.onset for note in given), default=0)
    if not close - 2 * region.beat <= tick < close:
        tick = close - region.beat
    sounding = {note.pitch % 12 for note in given if note.end > tick}
    if tick <= region.start or not sounding <= set(dominant):
        return None
    leads = leading is not None and dominant[1] not in sounding
    tones = {max(region.voices): dominant[:1], leading if leads else None: dominant[1:2]}
    others = (dominant[0], *dominant[2:])  # the leading note is sung once
    pitches = {voice: _fitting(plan.pitches[voice], tones.get(voice, others)) for voice in region.voices}
    return Approach(tick, pitches, leads)


def _closing_tick(metre: Metre, start: int, end: int) -> int:
    """Where the last bar closes: half of it in 4/4 and 2/4, the second beat of three, and as late as that elsewhere."""
    bar = end - metre.bar_ticks
    beats = max(1, metre.bar_ticks // metre.beat_ticks)
    return max(start, min(end - 1, bar + beats // 2 * metre.beat_ticks))


def _chord(key: Key, step: int) -> tuple[int, ...]:
    """The triad on a step of the scale, 0 the tonic: pitch classes from the root."""
    scale = _STEPS[key.mode]
    return tuple((key.tonic + scale[(step + further) % 7]) % 12 for further in (0, 2, 4))


def _has(chord: Iterable[int], note: Note | None) -> bool:
    return note is None or note.pitch % 12 in set(chord)


def _fitting(mask: Mask, classes: Iterable[int]) -> Mask:
    """What is left of a mask with some pitch classes; all of it where nothing would be."""
    fitting: Mask = mask & np.isin(_CLASSES, list(classes))
    return fitting if fitting.any() else mask


def _given(plan: Plan) -> list[Note]:
    """The region's notes that stay."""
    region = plan.region
    staying = [plan.score.voices[part].notes for voice, part in enumerate(plan.parts) if voice not in region.voices]
    return [note for notes in staying for note in notes if region.start <= note.onset < region.end]
