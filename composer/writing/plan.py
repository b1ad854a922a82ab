"""From a seed and a request to what exactly is written: the frame, the region, and who may sing what.

A plan is made once for all takes of a request and never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from composer.errors import BadRequest, quoted
from composer.events.conditions import STYLES
from composer.music import Reading, melody_of, skyline
from composer.music.quantise import is_loose, on_the_beat
from composer.score import Key, Metre, Note, Score, Voice
from composer.writing.ensembles import ENSEMBLES, SUSTAINED, UNDER_MELODY, Ensemble, kind_of, polyphony
from composer.writing.pitches import pitch_mask
from composer.writing.region import Region, find_voices, parse_region
from composer.writing.request import Request
from composer.writing.sampling import Mask

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
    replaced: tuple[tuple[int, Note], ...] = ()
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

    def view(self, score: Score) -> Score:
        """The voices of `score` as the network sees them: on the beat, and of a line that doubles notes the highest."""
        voices = [_on_the_beat(score.voices[part], part in self.played) for part in self.parts]
        return score.with_voices(
            replace(voice, notes=skyline(voice.notes)) if self.most[index] == 1 else voice
            for index, voice in enumerate(voices)
        )


def make_plan(seed: Reading | None, request: Request, most_voices: int, styles: Sequence[str] = STYLES) -> Plan:
    """The plan of a request; BadRequest where seed and request do not go together.

    `most_voices` is how many a network writes (1: melodies only), `styles` those that it knows.
    """
    if request.style is not None and request.style not in styles:
        raise BadRequest(f"There is no style {quoted(request.style)}; there are: {', '.join(styles)}.")
    if request.task == "improvise":
        return _improvise(seed or Reading(Score(), "nothing"), request, most_voices)
    if seed is None or not seed.score.notes:
        raise BadRequest(f"There is no seed to {request.task} from. Bring a few notes, or choose the task 'improvise'.")
    if request.task in UNDER_MELODY:
        return _under_melody(seed, request, ENSEMBLES[UNDER_MELODY[request.task]])
    if request.task == "infill":
        return _infill(seed, request, most_voices)
    return _continue(seed, request, most_voices)


def _improvise(seed: Reading, request: Request, most_voices: int) -> Plan:
    """From nothing: of the seed only its first metre and tempo, key and style are taken."""
    style = request.style or seed.style
    metres, remarks = _metres_of(style if request.style else None, seed.score)
    kind = request.kind or (kind_of(style) if most_voices > 1 else "melody")
    if kind != "melody" and most_voices == 1:
        raise BadRequest(f"This network writes melodies; a {kind} needs one that writes several voices.")
    parts = ENSEMBLES[kind].parts
    voices = tuple(Voice(name=part.name, program=part.program) for part in parts)
    score = Score(voices, metres, seed.score.tempos[:1], seed.key)
    everyone = tuple(range(len(parts)))
    region = Region.after(score, request.bars, frozenset(everyone))
    pitches = _masks({i: (parts[i].low, parts[i].high) for i in everyone}, request, request.key(seed.key))
    most = {i: parts[i].most for i in everyone}
    told = style or ENSEMBLES[kind].style
    sustained = frozenset(everyone) if kind in SUSTAINED else frozenset()
    return Plan(score, everyone, region, pitches, most, told, True, remarks, sustained=sustained)


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


def _metres_of(style: str | None, score: Score) -> tuple[tuple[Metre, ...], tuple[str, ...]]:
    """The metre to improvise in, and what is to be said of it: a dance that was asked for brings its own."""
    own, metre = _METRES.get(style or ""), score.metres[0]
    if own is None or Metre(0, *own).bar_ticks == metre.bar_ticks:
        return score.metres[:1], ()
    return (Metre(0, *own),), (f"A {style} is in {own[0]}/{own[1]}, so the take is, and not in {metre}.",)


def _continue(seed: Reading, request: Request, most_voices: int) -> Plan:
    score = _frame(seed.score)
    played, written = frozenset[int](), score
    if most_voices > 1 and request.track is None:
        parts = _from_the_highest(score, [i for i, v in enumerate(score.voices) if v.notes])[:most_voices]
        key = seed.key
        if len(parts) > 1:  # parts that were played together are heard together
            played = frozenset(index for index, voice in enumerate(score.voices) if is_loose(voice.notes))
            written = score.with_voices(_on_the_beat(voice, i in played) for i, voice in enumerate(score.voices))
        most = _most(written, parts)
        remarks = _doublings(written, parts, most)
    else:
        melody = melody_of(seed, request.track)
        remarks, key = melody.remarks[len(seed.remarks) :], melody.key
        parts, most = (_index_of(melody.score.voices[0], score),), {0: 1}
    region = Region.after(written, request.bars, frozenset(range(len(parts))))
    remarks = (*remarks, *_out_of_scale(seed, request), *_without_drums(seed.score))
    ranges = {part: _around(_heard(score.voices[index].notes, most[part])) for part, index in enumerate(parts)}
    pitches = _masks(ranges, request, request.key(key))
    style = request.style or seed.style
    return Plan(score, parts, region, pitches, most, style, True, remarks, played=played)


def _under_melody(seed: Reading, request: Request, ensemble: Ensemble) -> Plan:
    """The melody stays; the ensemble's other parts are written under it, but those that are frozen."""
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
    pitches = _masks(ranges, request, request.key(seed.key))
    most = {i: part.most for i, part in enumerate(ensemble.parts)}
    remarks = melody.remarks[len(seed.remarks) :]
    programs = {i: part.program for i, part in enumerate(ensemble.parts)}
    everyone = tuple(range(len(voices)))
    style = request.style or ensemble.style
    plan = Plan(score, everyone, region, pitches, most, style, False, remarks, programs=programs)
    if UNDER_MELODY[request.task] not in SUSTAINED:
        return plan
    return replace(plan, sustained=written, under=voices[0])


def _infill(seed: Reading, request: Request, most_voices: int) -> Plan:
    """Some bars of some voices are written anew; what begins elsewhere stays."""
    assert request.region is not None  # Request sees to it
    first, last, chosen = parse_region(request.region, seed.score)
    chosen -= find_voices(request.freeze, seed.score) if request.freeze else frozenset()
    parts = _from_the_highest(seed.score, range(len(seed.score.voices)))[:most_voices]
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
    most = _most(seed.score, parts)
    ranges = {voice: _around(_heard(seed.score.voices[parts[voice]].notes, most[voice])) for voice in voices}
    pitches = _masks(ranges, request, request.key(seed.key))
    remarks = _doublings(seed.score, parts, most)
    return Plan(score, parts, region, pitches, most, request.style or seed.style, False, remarks, replaced)


_INSIDE = 0.85  # of the seed's time, where it is in a scale


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


def _from_the_highest(score: Score, voices: Iterable[int]) -> tuple[int, ...]:
    """The voices that have pitches, the highest first, as networks know them; a silent one stays by its neighbour."""
    middles: dict[int, float] = {}
    for index in voices:
        voice = score.voices[index]
        if not voice.is_drum:
            before = min(middles.values(), default=127.0)
            middles[index] = float(median(n.pitch for n in voice.notes)) if voice.notes else before
    return tuple(sorted(middles, key=lambda index: -middles[index]))


def _frame(score: Score) -> Score:
    """The score without metre and tempo marks after its last note: what follows goes on in its metre."""
    end = max(1, score.end)
    return replace(
        score,
        metres=tuple(metre for metre in score.metres if metre.tick < end),
        tempos=tuple(tempo for tempo in score.tempos if tempo.tick < end),
    )


def _on_the_beat(voice: Voice, is_played: bool) -> Voice:
    return replace(voice, notes=on_the_beat(voice.notes)) if is_played else voice


def _most(score: Score, parts: tuple[int, ...]) -> dict[int, int]:
    """How many notes each part may sound at once: as many as it does."""
    return {part: polyphony(score.voices[index].notes) for part, index in enumerate(parts)}


def _heard(notes: tuple[Note, ...], most: int) -> tuple[Note, ...]:
    return skyline(notes) if most == 1 else notes


def _doublings(score: Score, parts: tuple[int, ...], most: Mapping[int, int]) -> tuple[str, ...]:
    """What to say where a line sounds two notes now and then: the network hears one of them."""
    thick = [
        score.voices[index].name or f"track {index + 1}"
        for part, index in enumerate(parts)
        if most[part] == 1 and len(skyline(score.voices[index].notes)) < len(score.voices[index].notes)
    ]
    if not thick:
        return ()
    return (f"Where a line sounds two notes at once the network hears the higher: {', '.join(thick)}.",)


def _around(notes: tuple[Note, ...]) -> tuple[int, int]:
    pitches = [note.pitch for note in notes]
    return (min(pitches) - _FIFTH, max(pitches) + _FIFTH) if pitches else _IMPROVISED_RANGE


def _masks(ranges: Mapping[int, tuple[int, int]], request: Request, key: Key | None) -> dict[int, Mask]:
    """A mask of pitches (128,) a voice: its range, or what the visitor chose; of several ranges, the part chosen."""
    masks = {}
    for voice, (low, high) in ranges.items():
        lowest, highest = request.low, request.high
        if len(ranges) > 1:  # a choice means all voices together, and none leaves its own range for it
            lowest, highest = max(low, lowest or 0), min(high, 127 if highest is None else highest)
        masks[voice] = pitch_mask(key, low if lowest is None else lowest, high if highest is None else highest)
    return masks


def _index_of(line: Voice, score: Score) -> int:
    """Which voice a melody was taken from."""
    onsets = {(note.onset, note.pitch) for note in line.notes}
    for index, voice in enumerate(score.voices):
        same = (voice.name, voice.program) == (line.name, line.program)
        if same and not voice.is_drum and onsets <= {(n.onset, n.pitch) for n in voice.notes}:
            return index
    raise AssertionError("a melody comes from one of the voices")
