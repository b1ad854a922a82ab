"""Scores to tokens and back.

`encode` writes the bars of a score as the events of `vocabulary`; `decode` reads events back into notes. What the
grid of durations can hold comes back exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from composer.events.rows import DURATIONS
from composer.events.vocabulary import Vocabulary
from composer.score import Metre, Note, Score, Voice


@dataclass(frozen=True)
class Header:
    """What stands before the first bar: whether the piece begins here, and its style and metre where known."""

    style: str | None = None
    metre: Metre | None = None
    begins: bool = True

    def tokens(self, vocabulary: Vocabulary) -> list[int]:
        """The three header tokens."""
        beginning = vocabulary.START if self.begins else vocabulary.MIDDLE
        return [beginning, vocabulary.style_token(self.style), vocabulary.metre_token(self.metre)]


HEADER_TOKENS = 3


def encode_bars(
    score: Score, vocabulary: Vocabulary, first: int = 0, until: int | None = None, after: int | None = None
) -> list[list[int]]:
    """The tokens of bars `first` to `until` (exclusive; default: the last with notes), a list a bar.

    Each begins with BAR, or METRE BAR where the metre has changed since the bar before; `after` is the bar that
    counts as the one before the first (default: the first itself). Voices past the vocabulary's last are written as
    the last.
    """
    until = score.bars if until is None else until
    by_onset: dict[int, list[tuple[int, Note]]] = defaultdict(list)
    for index, voice in enumerate(score.voices):
        for note in voice.notes:
            by_onset[note.onset].append((min(index, vocabulary.voices - 1), note))
    onsets = sorted(by_onset)
    bars: list[list[int]] = []
    cursor = 0
    for bar in range(first, until):
        start, end = score.bar_start(bar), score.bar_start(bar + 1)
        before = bar - 1 if bar > first else first if after is None else after
        tokens = _bar_opening(score, vocabulary, bar, before)
        while cursor < len(onsets) and onsets[cursor] < start:
            cursor += 1
        while cursor < len(onsets) and onsets[cursor] < end:
            tokens.append(vocabulary.position + onsets[cursor] - start)
            tokens.extend(_onset_tokens(by_onset[onsets[cursor]], vocabulary))
            cursor += 1
        bars.append(tokens)
    return bars


def _bar_opening(score: Score, vocabulary: Vocabulary, bar: int, before: int) -> list[int]:
    metre = score.metre_at(score.bar_start(bar))
    token = vocabulary.metre_token(metre)  # also refuses bars the vocabulary cannot hold
    if vocabulary.metre_token(score.metre_at(score.bar_start(before))) != token:
        return [token, vocabulary.BAR]
    return [vocabulary.BAR]


def _onset_tokens(notes: list[tuple[int, Note]], vocabulary: Vocabulary) -> list[int]:
    tokens: list[int] = []
    in_force = 0
    for voice, note in sorted(notes):
        if voice != in_force:
            tokens.append(vocabulary.voice + voice)
            in_force = voice
        tokens.append(vocabulary.pitch + note.pitch)
        tokens.append(vocabulary.duration_token(note.duration))
    return tokens


def encode(score: Score, vocabulary: Vocabulary, header: Header) -> list[int]:
    """The whole score as tokens: header, bars, END."""
    bars = encode_bars(score, vocabulary)
    return [*header.tokens(vocabulary), *(token for bar in bars for token in bar), vocabulary.END]


class NoteReader:
    """Reads tokens one by one and keeps the notes they spell. Header and END tokens pass by."""

    def __init__(self, vocabulary: Vocabulary, bar_starts: Iterable[int]) -> None:
        self.vocabulary = vocabulary
        self.notes: list[tuple[int, Note]] = []
        self._bar_starts = iter(bar_starts)
        self._bar_start = self._onset = self._voice = self._pitch = 0

    def stand_at(self, bar_start: int) -> None:
        """Go on in a bar that has begun already."""
        self._bar_start = bar_start

    def read(self, token: int) -> None:
        """Take one token; a DURATION completes a note."""
        v = self.vocabulary
        if token == v.BAR:
            self._bar_start = next(self._bar_starts)
            self._onset, self._voice = self._bar_start, 0
        elif v.is_position(token):
            self._onset, self._voice = self._bar_start + token - v.position, 0
        elif v.is_voice(token):
            self._voice = token - v.voice
        elif v.is_pitch(token):
            self._pitch = token - v.pitch
        elif v.is_duration(token):
            self.notes.append((self._voice, Note(self._onset, self._pitch, DURATIONS[token - v.duration])))


def decode(tokens: Iterable[int], vocabulary: Vocabulary, frame: Score) -> Score:
    """Tokens to a score, with the metres, tempos and voice names of `frame`; its notes are replaced."""
    reader = NoteReader(vocabulary, (frame.bar_start(bar) for bar in range(1_000_000)))
    for token in tokens:
        reader.read(int(token))
    count = max([len(frame.voices), *(voice + 1 for voice, _ in reader.notes)])
    voices = [frame.voices[i] if i < len(frame.voices) else Voice() for i in range(count)]
    return frame.with_voices(
        Voice(tuple(n for v, n in reader.notes if v == i), voice.name, voice.program, voice.is_drum)
        for i, voice in enumerate(voices)
    )
