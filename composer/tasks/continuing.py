"""Continue: the network goes on where the seed ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from composer.music import Reading, melody_of
from composer.music.quantise import is_loose
from composer.score import Score, Voice
from composer.tasks.plan import (
    Plan,
    as_heard,
    doublings,
    from_the_highest,
    most_at_once,
    pitch_masks,
    range_around,
    written_out,
)
from composer.tasks.region import Region
from composer.tasks.task import TOLD, Given, Task

if TYPE_CHECKING:
    from composer.tasks.request import Request

_INSIDE = 0.85  # of the seed's time, where it is in a scale


class Continue(Task):
    """Goes on from the seed's end, in all its voices or in its melody."""

    name = "continue"
    title = "Continue"
    hint = "The network goes on where the seed ends."
    settings = TOLD | {"bars", "form", "track", "strict"}
    goes_on = True

    def length(self, request: Request, seed: Score) -> int:
        """As long as one says."""
        return request.bars

    def plan(self, seed: Reading, request: Request, given: Given) -> Plan:
        """See `Task.plan`."""
        score = _frame(seed.score)
        played, written = frozenset[int](), score
        if given.most_voices > 1 and request.track is None:
            parts = from_the_highest(score, [i for i, v in enumerate(score.voices) if v.notes])[: given.most_voices]
            key = seed.key
            if len(parts) > 1:  # parts that were played together are heard together
                played = frozenset(index for index, voice in enumerate(score.voices) if is_loose(voice.notes))
                written = score.with_voices(written_out(voice, i in played) for i, voice in enumerate(score.voices))
            most = most_at_once(written, parts)
            remarks = doublings(written, parts, most)
        else:
            melody = melody_of(seed, request.track)
            remarks, key = melody.remarks[len(seed.remarks) :], melody.key
            parts, most = (_index_of(melody.score.voices[0], score),), {0: 1}
        region = Region.after(written, request.bars, frozenset(range(len(parts))))
        remarks = (*remarks, *_out_of_scale(seed, request), *_without_drums(seed.score))
        ranges = {
            part: range_around(as_heard(score.voices[index].notes, most[part])) for part, index in enumerate(parts)
        }
        pitches = pitch_masks(ranges, request, request.key(key))
        style = request.style or seed.style
        return Plan(score, parts, region, pitches, most, style, True, remarks, played=played)


def _out_of_scale(seed: Reading, request: Request) -> tuple[str, ...]:
    """What to say where the new notes are locked to another scale than the seed's."""
    key = request.key(None)
    notes = [note for voice in seed.score.voices if not voice.is_drum for note in voice.notes]
    if key is None or request.scale == "auto" or not notes:
        return ()
    inside = sum(note.duration for note in notes if note.pitch % 12 in key.pitch_classes)
    if inside >= _INSIDE * sum(note.duration for note in notes):
        return ()
    return (f"The scale lock holds the new notes to {key}; the seed itself stays as it is, in another key.",)


def _without_drums(score: Score) -> tuple[str, ...]:
    if any(voice.is_drum and voice.notes for voice in score.voices):
        return ("The drums do not go on: no network here writes drums.",)
    return ()


def _frame(score: Score) -> Score:
    """The score without metre and tempo marks after its last note: what follows goes on in its metre."""
    end = max(1, score.end)
    return replace(
        score,
        metres=tuple(metre for metre in score.metres if metre.tick < end),
        tempos=tuple(tempo for tempo in score.tempos if tempo.tick < end),
    )


def _index_of(line: Voice, score: Score) -> int:
    """Which voice a melody was taken from."""
    onsets = {(note.onset, note.pitch) for note in line.notes}
    for index, voice in enumerate(score.voices):
        same = (voice.name, voice.program) == (line.name, line.program)
        if same and not voice.is_drum and onsets <= {(n.onset, n.pitch) for n in voice.notes}:
            return index
    raise AssertionError("a melody comes from one of the voices")
