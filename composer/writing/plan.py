"""From a seed and a request to what exactly is written: the frame, the region, and who may sing what.

A plan is made once for all takes of a request and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from composer.errors import BadRequest
from composer.events import Header, Vocabulary
from composer.music import Reading, melody_of, skyline
from composer.score import Key, Note, Score, Voice
from composer.writing.constraints import pitch_mask
from composer.writing.region import Region, find_voices, parse_region
from composer.writing.request import Request
from composer.writing.sampling import Mask

_FIFTH = 7  # semitones that new notes may go beyond a voice's range
_IMPROVISED_RANGE = (55, 84)  # where nothing is given: G3 to C6
# Names and ranges of a choir's voices, as chorales use them.
CHOIR = (("Soprano", 60, 81), ("Alto", 53, 74), ("Tenor", 47, 69), ("Bass", 36, 64))
CHOIR_STYLES = ("chorale", "hymn", "choir")


@dataclass(frozen=True)
class Plan:
    """What is to be written.

    `score` holds everything that stays; `parts` are the indices of its voices that the network reads and writes, in
    the order of the network's voices; `region` counts voices as the network does; `pitches` are masks by the network's
    voice; `from_left` tells that the region is simply what comes next; `replaced` are the notes, each with the index of
    its voice in the score, that make way for new ones.
    """

    score: Score
    parts: tuple[int, ...]
    region: Region
    pitches: Mapping[int, Mask]
    header: Header
    from_left: bool
    remarks: tuple[str, ...] = ()
    replaced: tuple[tuple[int, Note], ...] = ()

    def view(self, score: Score) -> Score:
        """The voices of `score` that the network sees."""
        return score.with_voices(score.voices[part] for part in self.parts)


def make_plan(seed: Reading | None, request: Request, polyphonic: bool, vocabulary: Vocabulary) -> Plan:
    """The plan of a request; BadRequest where seed and request do not go together."""
    if request.style is not None and request.style not in vocabulary.styles:
        raise BadRequest(f"There is no style {request.style!r}; there are: {', '.join(vocabulary.styles)}.")
    if request.task == "improvise":
        return _improvise(seed or Reading(Score(), "nothing"), request, polyphonic, vocabulary)
    if seed is None or not seed.score.notes:
        raise BadRequest(f"There is no seed to {request.task} from. Bring a few notes, or choose the task 'improvise'.")
    if request.task == "harmonise":
        return _harmonise(seed, request, vocabulary)
    if request.task == "infill":
        return _infill(seed, request, vocabulary)
    return _continue(seed, request, polyphonic, vocabulary)


def _improvise(seed: Reading, request: Request, polyphonic: bool, vocabulary: Vocabulary) -> Plan:
    """From nothing: of the seed only its first metre and tempo, key and style are taken."""
    style = request.style or seed.style
    choir = polyphonic and style in CHOIR_STYLES
    names = [name for name, _, _ in CHOIR] if choir else ["Melody"]
    score = Score(tuple(Voice(name=name) for name in names), seed.score.metres[:1], seed.score.tempos[:1], seed.key)
    region = Region.after(score, request.bars, frozenset(range(len(names))))
    key = request.key(seed.key)
    ranges = [(low, high) for _, low, high in CHOIR] if choir else [_IMPROVISED_RANGE]
    pitches = _masks(dict(enumerate(ranges)), request, key, vocabulary)
    return Plan(score, tuple(range(len(names))), region, pitches, Header(style, score.metres[0]), True)


def _continue(seed: Reading, request: Request, polyphonic: bool, vocabulary: Vocabulary) -> Plan:
    score = _frame(seed.score)
    if polyphonic and request.track is None:
        parts = tuple(i for i, v in enumerate(score.voices) if v.notes and not v.is_drum)[: vocabulary.voices]
        key = seed.key
        remarks = _chords(score, parts)
    else:
        melody = melody_of(seed, request.track)
        remarks, key = melody.remarks[len(seed.remarks) :], melody.key
        parts = (_index_of(melody.score.voices[0], score),)
    region = Region.after(score, request.bars, frozenset(range(len(parts))))
    ranges = {part: _around(skyline(score.voices[index].notes)) for part, index in enumerate(parts)}
    pitches = _masks(ranges, request, request.key(key), vocabulary)
    return Plan(score, parts, region, pitches, _header(seed, request, score), True, remarks)


def _harmonise(seed: Reading, request: Request, vocabulary: Vocabulary) -> Plan:
    """The melody stays; the other voices of a choir are written under it, but those that are frozen."""
    melody = melody_of(seed, request.track)
    line = melody.score.voices[0]
    frozen = find_voices(request.freeze, seed.score) if request.freeze else frozenset()
    kept = {seed.score.voices[i].name.lower(): seed.score.voices[i].notes for i in frozen}
    voices = [Voice(line.notes, CHOIR[0][0], line.program)]
    for name, _, _ in CHOIR[1:]:
        voices.append(Voice(skyline(kept.get(name.lower(), ())), name, line.program))
    score = seed.score.with_voices(voices)
    written = frozenset(i for i in range(1, len(CHOIR)) if not voices[i].notes)
    if not written:
        raise BadRequest("All voices are frozen, so there is nothing to write. Free one of them.")
    region = Region.of_bars(score, 0, score.bars - 1, written)
    pitches = _masks({i: CHOIR[i][1:] for i in written}, request, request.key(seed.key), vocabulary)
    header = _header(seed, replace(request, style=request.style or "chorale"), score)
    return Plan(score, tuple(range(len(CHOIR))), region, pitches, header, False, melody.remarks[len(seed.remarks) :])


def _infill(seed: Reading, request: Request, vocabulary: Vocabulary) -> Plan:
    """Some bars of some voices are written anew; what begins elsewhere stays."""
    assert request.region is not None  # Request sees to it
    first, last, chosen = parse_region(request.region, seed.score)
    chosen -= find_voices(request.freeze, seed.score) if request.freeze else frozenset()
    parts = tuple(i for i, v in enumerate(seed.score.voices) if not v.is_drum)[: vocabulary.voices]
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
    ranges = {voice: _around(skyline(seed.score.voices[parts[voice]].notes)) for voice in voices}
    pitches = _masks(ranges, request, request.key(seed.key), vocabulary)
    header = _header(seed, request, score)
    return Plan(score, parts, region, pitches, header, False, _chords(seed.score, parts), replaced)


def _frame(score: Score) -> Score:
    """The score without metre and tempo marks after its last note: what follows goes on in its metre."""
    end = max(1, score.end)
    return replace(
        score,
        metres=tuple(metre for metre in score.metres if metre.tick < end),
        tempos=tuple(tempo for tempo in score.tempos if tempo.tick < end),
    )


def _chords(score: Score, parts: tuple[int, ...]) -> tuple[str, ...]:
    """What to say where a voice has chords: the networks hear one note of a voice at a time."""
    thick = [
        score.voices[i].name or f"track {i + 1}"
        for i in parts
        if len(skyline(score.voices[i].notes)) < len(score.voices[i].notes)
    ]
    if not thick:
        return ()
    return (f"Of chords within a track the network hears and writes the highest note: {', '.join(thick)}.",)


def _header(seed: Reading, request: Request, score: Score) -> Header:
    return Header(request.style or seed.style, score.metres[0])


def _around(notes: tuple[Note, ...]) -> tuple[int, int]:
    pitches = [note.pitch for note in notes]
    return (min(pitches) - _FIFTH, max(pitches) + _FIFTH) if pitches else _IMPROVISED_RANGE


def _masks(
    ranges: Mapping[int, tuple[int, int]], request: Request, key: Key | None, vocabulary: Vocabulary
) -> dict[int, Mask]:
    """A PITCH mask a voice: its range, or what the visitor chose; of several voices' ranges, the part chosen."""
    masks = {}
    for voice, (low, high) in ranges.items():
        lowest, highest = request.low, request.high
        if len(ranges) > 1:  # a choice means all voices together, and none leaves its own range for it
            lowest, highest = max(low, lowest or 0), min(high, 127 if highest is None else highest)
        masks[voice] = pitch_mask(
            vocabulary, key, low if lowest is None else lowest, high if highest is None else highest
        )
    return masks


def _index_of(line: Voice, score: Score) -> int:
    """Which voice a melody was taken from."""
    onsets = {(note.onset, note.pitch) for note in line.notes}
    for index, voice in enumerate(score.voices):
        same = (voice.name, voice.program) == (line.name, line.program)
        if same and not voice.is_drum and onsets <= {(n.onset, n.pitch) for n in voice.notes}:
            return index
    raise AssertionError("a melody comes from one of the voices")
