"""From a seed and a request to what exactly is written: the frame, the region, and who may sing what.

A plan is made once for all takes of a request and never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from composer.music import skyline
from composer.music.quantise import on_the_beat
from composer.score import Key, Note, Score, Voice
from composer.tasks.ensembles import polyphony
from composer.tasks.pitches import Mask, pitch_mask
from composer.tasks.region import Region

if TYPE_CHECKING:
    from composer.tasks.request import Request

Written = tuple[int, Note]  # a note and the index of its voice in the score

_FIFTH = 7  # semitones that new notes may go beyond a voice's range
_IMPROVISED_RANGE = (55, 84)  # where nothing is given: G3 to C6


@dataclass(frozen=True)
class Plan:
    """What is to be written.

    `score` holds everything that stays; `parts` are the indices of its voices that the network reads and writes, in
    the order of the network's voices; `region` counts voices as the network does; `pitches` are masks, and `most` how
    many notes may sound at once, by the network's voice; `style` is what the network is told of, None where unknown;
    `from_left` tells that the region is simply what comes next;
    `programs` are the instruments that the network is told of, where they are not those that will play. `replaced` are
    the notes, each with the index of its voice in the score, that make way for new ones. `sustained` are the voices,
    as the network counts them, that never rest; `under` is the melody that they begin and end with. `played` are the
    indices of voices of the score that lie beside the beat, which the network hears as they would be written.
    """

    score: Score
    parts: tuple[int, ...]
    region: Region
    pitches: Mapping[int, Mask]
    most: Mapping[int, int]
    style: str | None
    from_left: bool
    remarks: tuple[str, ...] = ()
    replaced: tuple[Written, ...] = ()
    programs: Mapping[int, int] = field(default_factory=dict)
    sustained: frozenset[int] = frozenset()
    under: Voice | None = None
    played: frozenset[int] = frozenset()

    @property
    def sounding(self) -> tuple[int, int]:
        """From when to when something may sound: the region, or what the melody that is harmonised takes of it."""
        start, end = self.region.start, self.region.end
        if self.under is None:
            return start, end
        return max(start, self.under.notes[0].onset), min(end, self.under.end)

    def with_notes(self, written: Sequence[Written]) -> Score:
        """The score with what was written so far."""
        voices = list(self.score.voices)
        for index, voice in enumerate(voices):
            mine = tuple(note for i, note in written if i == index)
            voices[index] = replace(voice, notes=(*voice.notes, *mine))
        return self.score.with_voices(voices)

    def view(self, score: Score) -> Score:
        """The voices of `score` as the network sees them: on the beat, and of a line that doubles notes the highest."""
        voices = [written_out(score.voices[part], part in self.played) for part in self.parts]
        return score.with_voices(
            replace(voice, notes=skyline(voice.notes)) if self.most[index] == 1 else voice
            for index, voice in enumerate(voices)
        )


def from_the_highest(score: Score, voices: Iterable[int]) -> tuple[int, ...]:
    """The voices that have pitches, the highest first, as networks know them; a silent one stays by its neighbour."""
    middles: dict[int, float] = {}
    for index in voices:
        voice = score.voices[index]
        if not voice.is_drum:
            before = min(middles.values(), default=127.0)
            middles[index] = float(median(n.pitch for n in voice.notes)) if voice.notes else before
    return tuple(sorted(middles, key=lambda index: -middles[index]))


def written_out(voice: Voice, is_played: bool) -> Voice:
    """A voice on the beat, where it was played beside it."""
    return replace(voice, notes=on_the_beat(voice.notes)) if is_played else voice


def most_at_once(score: Score, parts: tuple[int, ...]) -> dict[int, int]:
    """How many notes each part may sound at once: as many as it does."""
    return {part: polyphony(score.voices[index].notes) for part, index in enumerate(parts)}


def as_heard(notes: tuple[Note, ...], most: int) -> tuple[Note, ...]:
    """The notes of a voice that the network hears, where so many may sound at once."""
    return skyline(notes) if most == 1 else notes


def doublings(score: Score, parts: tuple[int, ...], most: Mapping[int, int]) -> tuple[str, ...]:
    """What to say where a line sounds two notes now and then: the network hears one of them."""
    thick = [
        score.voices[index].name or f"track {index + 1}"
        for part, index in enumerate(parts)
        if most[part] == 1 and len(skyline(score.voices[index].notes)) < len(score.voices[index].notes)
    ]
    if not thick:
        return ()
    return (f"Where a line sounds two notes at once the network hears the higher: {', '.join(thick)}.",)


def range_around(notes: tuple[Note, ...]) -> tuple[int, int]:
    """The lowest and the highest pitch that may go on from notes."""
    pitches = [note.pitch for note in notes]
    return (min(pitches) - _FIFTH, max(pitches) + _FIFTH) if pitches else _IMPROVISED_RANGE


def pitch_masks(ranges: Mapping[int, tuple[int, int]], request: Request, key: Key | None) -> dict[int, Mask]:
    """A mask of pitches (128,) a voice: its range, or what the visitor chose; of several ranges, the part chosen."""
    masks = {}
    for voice, (low, high) in ranges.items():
        lowest, highest = request.low, request.high
        if len(ranges) > 1:  # a choice means all voices together, and none leaves its own range for it
            lowest, highest = max(low, lowest or 0), min(high, 127 if highest is None else highest)
        masks[voice] = pitch_mask(key, low if lowest is None else lowest, high if highest is None else highest)
    return masks
