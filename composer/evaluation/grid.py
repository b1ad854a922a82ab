"""The grids of the published benchmarks as tokens, and as a lesson for the trainer.

A frame is what sounds in one step of the grid. Two forms:

    frames   START, then each frame's pitches from the highest down and FRAME, then END: any number of pitches a frame
    voices   START, then each step's four voices from soprano to bass (REST where one is silent, HELD where a voice is
             what it was), then END

The chain of one token a decision gives the exact joint likelihood of a piece, its end included.

Places told beside a token, of the one that is to be said next, all worked out from what was said before:

    depth    how many tokens of its frame stand before it, at most 15
    step     the frame's number modulo 16
    sixteen  the number of the frame in sixteens, at most 31
    before   1 + the pitch at that depth of the frame before; 0 where there was none
    held     for how many frames that pitch has stood there, at most 31
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from composer.errors import NoTrainingMusic
from composer.networks import EventSizes
from composer.train.lesson import TokenLesson
from composer.train.windows import Example, Sampler

PAD, START, END, FRAME, REST, HELD, PITCH = range(7)
SIZES = EventSizes(PITCH + 128, (16, 16, 32, 129, 32))
BEFORE = 3
_MOST_DEEP, _LONGEST = 15, 31

Form = Literal["frames", "voices"]
Piece = list[list[int]]  # frames of MIDI pitches; −1 is a rest


def load_grid(path: Path) -> dict[str, list[Piece]]:
    """The splits of a benchmark's file: JSON (or JSON.xz), {"train": [[[pitch, …], …], …], "valid": …, "test": …}."""
    try:
        opener = lzma.open if path.suffix == ".xz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            splits = json.load(file)
        return {split: splits[split] for split in ("train", "valid", "test")}
    except (OSError, ValueError, KeyError, TypeError, lzma.LZMAError) as error:
        raise NoTrainingMusic(f"{path} is not a benchmark's file of train, valid and test rolls ({error}).") from error


def encode_grid(piece: Piece, form: Form) -> Example:
    """A whole piece as tokens (T,) and places (T, 5)."""
    tokens, places = [START], []
    before: list[tuple[int, int]] = []  # 1 + pitch, and for how long it stands, by depth
    for number, frame in enumerate(piece):
        sounding = _frame_tokens(frame, form)
        for depth in range(len(sounding)):
            places.append(_place(depth, number, before))
        tokens.extend(_spoken(sounding, before) if form == "voices" else sounding)
        before = _standing(sounding, before)
    tokens.append(END)
    end = _place(0, len(piece), before)
    # A place is told beside the token before: what is to be said next stands there.
    return Example(np.array(tokens, np.int64), np.array([*places, end, end], np.int64), given=1)


def _place(depth: int, number: int, before: list[tuple[int, int]]) -> tuple[int, ...]:
    pitch, held = before[depth] if depth < len(before) else (0, 0)
    return (min(depth, _MOST_DEEP), number % 16, min(number // 16, 31), pitch, min(held, _LONGEST))


def _spoken(sounding: list[int], before: list[tuple[int, int]]) -> list[int]:
    """A step's voices, HELD where one is what it was: what voices do most is then one token, whatever the key."""
    was = [pitch for pitch, _ in before]
    same = [depth < len(was) and was[depth] == _told(token) for depth, token in enumerate(sounding)]
    return [HELD if held else token for held, token in zip(same, sounding, strict=True)]


def _told(token: int) -> int:
    """1 + a pitch; 0 for a rest and the end of a frame."""
    return max(0, token - PITCH + 1)


def _standing(sounding: list[int], before: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What stands at each depth after a frame, and for how long."""
    pitches = [_told(token) for token in sounding]
    same = [depth < len(before) and before[depth][0] == pitch for depth, pitch in enumerate(pitches)]
    return [(pitch, before[depth][1] + 1 if same[depth] else 1) for depth, pitch in enumerate(pitches)]


def _frame_tokens(frame: list[int], form: Form) -> list[int]:
    if form == "voices":
        return [REST if pitch < 0 else PITCH + pitch for pitch in frame]
    return [*(PITCH + pitch for pitch in sorted(frame, reverse=True)), FRAME]


def transpose_grid(example: Example, semitones: int) -> Example:
    """The same so many semitones higher."""
    tokens, places = example.tokens.copy(), example.places.copy()
    tokens[tokens >= PITCH] += semitones
    places[places[:, BEFORE] > 0, BEFORE] += semitones
    return Example(tokens, places, example.given)


@dataclass
class GridSampler:
    """Draws windows that begin at a frame, transposed at random where the corpus stands in all keys."""

    pieces: list[Piece]
    form: Form
    window: int
    transpositions: int

    def __post_init__(self) -> None:
        sizes = np.array([len(piece) for piece in self.pieces], float)
        self._weights = sizes.cumsum() / sizes.sum()
        self._whole = [encode_grid(piece, self.form) for piece in self.pieces]

    def draw(self, random: np.random.Generator) -> Example:
        """An example of at most `window` + 1 tokens."""
        drawn = self._whole[min(int(np.searchsorted(self._weights, random.random())), len(self._whole) - 1)]
        whole = transpose_grid(drawn, int(random.integers(-self.transpositions, self.transpositions + 1)))
        if len(whole.tokens) <= self.window + 1 or random.random() < 0.2:
            return _cut(whole, 0, self.window + 1)
        frames = np.flatnonzero(whole.places[:-2, 0] == 0)  # what follows these opens a frame
        return _cut(whole, int(random.choice(frames)), self.window + 1)


def _cut(example: Example, start: int, length: int) -> Example:
    return Example(example.tokens[start : start + length], example.places[start : start + length], given=1)


@dataclass
class GridLesson(TokenLesson):
    """A benchmark's corpus. `transpositions` in semitones either way; 0 where all pieces stand in one key."""

    splits: dict[str, list[Piece]]
    form: Form
    transpositions: int
    unit: str
    about: dict[str, Any]
    sizes: EventSizes = SIZES

    def sampler(self, window: int) -> Sampler:
        """See `TokenLesson`."""
        return GridSampler(self.splits["train"], self.form, window, self.transpositions)

    def held_out(self) -> Iterable[tuple[Example, int]]:
        """See `TokenLesson`."""
        return self.measured("valid")

    def measured(self, split: str) -> list[tuple[Example, int]]:
        """The pieces of a split, each with how many frames (or voices' notes) share its surprise."""
        per_frame = 4 if self.form == "voices" else 1
        return [(encode_grid(piece, self.form), per_frame * len(piece)) for piece in self.splits[split]]

    def in_all_keys(self, split: str) -> list[tuple[list[Example], int]]:
        """The pieces of a split in every key that is taught, each with how many share its surprise."""
        keys = range(-self.transpositions, self.transpositions + 1)
        return [([transpose_grid(piece, key) for key in keys], shared) for piece, shared in self.measured(split)]

    def card(self) -> dict[str, Any]:
        """See `Lesson`."""
        return {
            "vocabulary": {"grid": self.form, "size": SIZES.vocabulary},
            "pieces": len(self.splits["train"]),
        } | self.about
