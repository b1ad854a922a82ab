"""The grids of the published benchmarks as tokens, and as a lesson for the trainer.

A frame is what sounds in one step of the grid. Two forms:

    frames   START, then each frame's pitches from the highest down and FRAME, then END: any number of pitches a frame
    voices   START, then each step's four voices from soprano to bass (REST where one is silent), then END

The chain of one token a decision gives the exact joint likelihood of a piece, its end included.

Places told beside a token: how many tokens of its frame stand before it, the frame's number modulo 16, and the number
of the frame in sixteens, at most 31.
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

PAD, START, END, FRAME, REST, PITCH = range(6)
SIZES = EventSizes(PITCH + 128, (16, 16, 32))
_MOST_DEEP = 15

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


def encode_grid(piece: Piece, form: Form, transposition: int = 0) -> Example:
    """A whole piece as tokens (T,) and places (T, 3)."""
    tokens, places = [START], [(0, 0, 0)]
    for number, frame in enumerate(piece):
        for depth, token in enumerate(_frame_tokens(frame, form, transposition)):
            tokens.append(token)
            places.append((min(depth, _MOST_DEEP), number % 16, min(number // 16, 31)))
    tokens.append(END)
    places.append((0, len(piece) % 16, min(len(piece) // 16, 31)))
    # A place is told beside the token before: what is to be said next stands there.
    told = [*places[1:], places[-1]]
    return Example(np.array(tokens, np.int64), np.array(told, np.int64), given=1)


def _frame_tokens(frame: list[int], form: Form, transposition: int) -> list[int]:
    if form == "voices":
        return [REST if pitch < 0 else PITCH + pitch + transposition for pitch in frame]
    return [*(PITCH + pitch + transposition for pitch in sorted(frame, reverse=True)), FRAME]


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

    def draw(self, random: np.random.Generator) -> Example:
        """An example of at most `window` + 1 tokens."""
        piece = self.pieces[min(int(np.searchsorted(self._weights, random.random())), len(self.pieces) - 1)]
        shift = int(random.integers(-self.transpositions, self.transpositions + 1))
        whole = encode_grid(piece, self.form, shift)
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

    def card(self) -> dict[str, Any]:
        """See `Lesson`."""
        return {
            "vocabulary": {"grid": self.form, "size": SIZES.vocabulary},
            "pieces": len(self.splits["train"]),
        } | self.about
