"""Takes: what a network wrote for a request, bar by bar and whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median_low

import numpy as np

from composer.errors import BadRequest
from composer.events import Header, NoteReader, encode_bars
from composer.music import Reading, melody_of
from composer.score import DEFAULT_VELOCITY, Metre, Note, Score, Voice
from composer.shelf import Shelved
from composer.writing.constraints import MelodyGrammar, Region, pitch_mask
from composer.writing.loop import Prompt, PromptRead, read_prompt, write
from composer.writing.request import Recipe, Request
from composer.writing.sampling import Sampling

_FIFTH = 7  # semitones that new notes may go beyond the seed's range
_IMPROVISED_RANGE = (55, 84)  # where nothing is given: G3 to C6


@dataclass(frozen=True)
class Take:
    """A finished or growing take: the score, the tick from which it is new, and the recipe that made it.

    `bars_written` counts the whole bars asked for that are done; `voice` is the index of the voice written.
    """

    score: Score
    new_from: int
    voice: int
    recipe: Recipe
    bars_written: int
    remarks: tuple[str, ...] = ()

    @property
    def new_notes(self) -> list[Note]:
        """The notes that were written."""
        return [note for note in self.score.voices[self.voice].notes if note.onset >= self.new_from]


class Commission:
    """A request bound to a seed and a network, the prompt read: any of its takes can be written from here."""

    def __init__(self, seed: Reading | None, request: Request, shelved: Shelved) -> None:
        self.request, self.shelved = request, shelved
        seed = seed or Reading(Score(), "nothing")
        self.seed = _emptied(seed) if request.task == "improvise" else seed
        if request.task not in shelved.network.tasks:
            raise BadRequest(f"{shelved.name} cannot {request.task}; it can {', '.join(shelved.network.tasks)}.")
        if request.task == "continue" and not seed.score.notes:
            raise BadRequest("There is no seed to go on from. Bring a few notes, or choose the task 'improvise'.")
        self.frame = _frame(self.seed.score)
        melody = melody_of(self.seed, request.track) if self.seed.score.voices else self.seed
        self.remarks = melody.remarks[len(self.seed.remarks) :]
        self.voice, self.line = _line(self.seed.score, melody)
        self.region = Region.after(self.frame, request.bars)
        self.pitches = pitch_mask(shelved.vocabulary, request.key(melody.key), *self._range())
        self.read = self._read_prompt()

    def _range(self) -> tuple[int, int]:
        pitches = [note.pitch for note in self.line.notes]
        low, high = (min(pitches) - _FIFTH, max(pitches) + _FIFTH) if pitches else _IMPROVISED_RANGE
        chosen = self.request
        return (low if chosen.low is None else chosen.low, high if chosen.high is None else chosen.high)

    def _read_prompt(self) -> PromptRead:
        vocabulary = self.shelved.vocabulary
        header = Header(self.request.style or self.seed.style, self.frame.metres[0])
        given = self.frame.with_voices([self.line])
        bars = encode_bars(given, vocabulary, until=self.frame.bars)
        tokens = (*header.tokens(vocabulary), *(token for bar in bars for token in bar))
        prompt = Prompt(tokens, self.frame.metres[0].bar_ticks, self.region.last_bar)
        return read_prompt(self.shelved.network, vocabulary, prompt)

    def write(self, take: int = 0) -> Iterator[Take]:
        """Write take number `take` (from 0): a growing take after every bar, the last one whole."""
        request, region = replace(self.request, takes=1, seed=self.request.seed + take), self.region
        vocabulary = self.shelved.vocabulary
        recipe = Recipe(self.shelved.name, self.shelved.digest, request, fingerprint(self.seed.score))
        sampling = Sampling.of(vocabulary, request.temperature, request.rhythm_temperature, request.top_p)
        grammar = MelodyGrammar(vocabulary, region, self.pitches)
        reader = NoteReader(vocabulary, region.bar_starts)
        for token in self.read.prompt.tokens:
            reader.read(token)
        given = len(reader.notes)
        random = np.random.default_rng(request.seed)
        bar = self.read.prompt.tokens.count(vocabulary.BAR) - 1  # the one the pen stands in
        for token in write(self.shelved.network, vocabulary, self.read, grammar, sampling, random):
            reader.read(token)
            if token == vocabulary.END or (token == vocabulary.BAR and len(reader.notes) > given):
                done = request.bars if token == vocabulary.END else max(0, bar - (region.last_bar - request.bars))
                yield self._take([note for _, note in reader.notes[given:]], recipe, done)
            bar += token == vocabulary.BAR

    def _take(self, notes: list[Note], recipe: Recipe, done: int) -> Take:
        velocity = median_low([n.velocity for n in self.line.notes]) if self.line.notes else DEFAULT_VELOCITY
        added = tuple(replace(note, velocity=velocity) for note in notes)
        voices = list(self.frame.voices) or [Voice(name="Melody")]
        voices[self.voice] = replace(voices[self.voice], notes=(*voices[self.voice].notes, *added))
        return Take(self.frame.with_voices(voices), self.region.start, self.voice, recipe, done, self.remarks)


def _emptied(seed: Reading) -> Reading:
    """What improvising takes from a seed: its first metre and tempo, key and style, and none of its notes."""
    score = replace(seed.score, voices=(), metres=seed.score.metres[:1], tempos=seed.score.tempos[:1], title="")
    return replace(seed, score=score)


def _frame(score: Score) -> Score:
    """The score without metre and tempo marks after its last note: what follows goes on in its metre."""
    end = max(1, score.end)
    return replace(
        score,
        metres=tuple(metre for metre in score.metres if metre.tick < end),
        tempos=tuple(tempo for tempo in score.tempos if tempo.tick < end),
    )


def _line(score: Score, melody: Reading) -> tuple[int, Voice]:
    """The index of the voice that the melody was taken from, and the melody itself."""
    if not score.voices:
        return 0, Voice(name="Melody")
    line = melody.score.voices[0]
    names = [(voice.name, voice.program) for voice in score.voices]
    onsets = {(note.onset, note.pitch) for note in line.notes}
    for index, voice in enumerate(score.voices):
        if names[index] == (line.name, line.program) and onsets <= {(n.onset, n.pitch) for n in voice.notes}:
            return index, line
    raise AssertionError("a melody comes from one of the voices")


def fingerprint(score: Score) -> str:
    """The first 16 hexadecimal digits of a hash of the notes: which seed exactly a take was made from."""
    spelled = [(v.is_drum, [(n.onset, n.pitch, n.duration) for n in v.notes]) for v in score.voices]
    return hashlib.sha256(repr((spelled, [str(m) for m in score.metres])).encode()).hexdigest()[:16]


def blank(metre: Metre, bpm: float) -> Reading:
    """A seed without notes, to improvise in a metre and tempo."""
    from composer.score import Tempo

    return Reading(Score((), (metre,), (Tempo.from_bpm(bpm),)), "nothing")
