"""Taste: in which order a listener may like melodies, given some they liked and some they did not.

A melody is told by a dozen traits, each a number counted from its notes and scaled by how much the library's tunes
differ in it. What is near a liked melody and far from the disliked ones comes first. Everything is a function of what
it is given: nothing is kept here, and nobody's taste reaches another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.score import Key, Note, Score

# A trait, what much and what little of it is called, and its mean and spread over the library (`bench/taste.py`).
TRAITS = (
    ("notes a beat", "lively", "calm", 2.78, 0.89),
    ("even notes", "even in rhythm", "varied in rhythm", 0.66, 0.24),
    ("dotted pairs", "dotted", "without dotted notes", 0.14, 0.20),
    ("steps", "moving by step", "seldom moving by step", 0.51, 0.13),
    ("leaps", "leaping", "without leaps", 0.14, 0.08),
    ("repeated notes", "repeating notes", "seldom repeating a note", 0.10, 0.07),
    ("range", "wide in range", "narrow in range", 18.27, 3.43),
    ("turns", "turning often", "running on", 0.55, 0.09),
    ("minor", "in minor", "in major", 0.15, 0.36),
    ("in threes", "in threes", "in twos", 0.38, 0.49),
    ("long notes", "with long notes", "without long notes", 0.01, 0.04),
    ("repeated rhythm", "with a rhythm that comes back", "with a rhythm that changes", 0.69, 0.21),
)
SIZE = len(TRAITS)
_NEAR = 1.0  # distance, in spreads a trait, within which melodies are alike
_LEAN = 0.5  # how much the general direction counts, beside nearness
_TELLING = 0.05  # what a trait must add to be named

Traits = npt.NDArray[np.float64]


def traits_of(score: Score, key: Key | None = None, notes: tuple[Note, ...] | None = None) -> Traits:
    """The traits (12,) of a melody, scaled: the score's first voice, or some `notes`, one at a time."""
    line = score.voices[0].notes if notes is None else notes
    raw = _counted(line, score, key or score.key)
    return (raw - np.array([mean for *_, mean, _ in TRAITS])) / np.array([spread for *_, spread in TRAITS])


def _counted(line: tuple[Note, ...], score: Score, key: Key | None) -> Traits:
    metre = score.metres[0]
    pitches = np.array([note.pitch for note in line])
    onsets, durations = np.array([note.onset for note in line]), np.array([note.duration for note in line])
    intervals = np.diff(pitches) if len(line) > 1 else np.zeros(1)
    waits = np.maximum(1, np.diff(onsets)) if len(line) > 1 else durations[:1]
    ratios = waits[1:] / waits[:-1] if len(waits) > 1 else np.ones(1)
    beats = max(1.0, (onsets[-1] + durations[-1] - onsets[0]) / metre.beat_ticks)
    bars: dict[int, list[int]] = {}
    for onset in onsets.tolist():
        bars.setdefault(onset // metre.bar_ticks, []).append(onset % metre.bar_ticks)
    size = np.abs(intervals)
    in_threes = metre.numerator % 3 == 0 or metre.beat_ticks % 36 == 0
    return np.array(
        [
            len(line) / beats,
            np.mean(ratios == 1),
            np.mean((ratios >= 2.5) | (ratios <= 0.4)),
            np.mean((size > 0) & (size < 3)),
            np.mean(size > 4),
            np.mean(size == 0),
            np.ptp(pitches),
            np.mean(np.diff(np.sign(intervals)) != 0) if len(intervals) > 1 else 0.0,
            float(key is not None and key.mode == "minor"),
            float(in_threes),
            np.mean(durations >= 1.5 * metre.beat_ticks),
            1 - len({tuple(bar) for bar in bars.values()}) / len(bars),
        ]
    )


@dataclass(frozen=True)
class Choice:
    """A candidate by its number, how much it should be liked (0: nothing is known), and a word of why."""

    number: int
    score: float
    why: str


def by_taste(likes: Sequence[Traits], dislikes: Sequence[Traits], candidates: Sequence[Traits]) -> list[Choice]:
    """The candidates, most to the taste first; in their own order where nothing was liked or disliked."""
    if not len(likes) and not len(dislikes):
        return [Choice(number, 0.0, "") for number in range(len(candidates))]
    traits = np.array(candidates).reshape(-1, SIZE)
    lean = _mean(likes) - _mean(dislikes)
    lengths = np.linalg.norm(traits, axis=1) * np.linalg.norm(lean) + 1e-9
    scores = _nearness(traits, likes) - _nearness(traits, dislikes) + _LEAN * (traits @ lean) / lengths
    order = np.argsort(-scores, kind="stable").tolist()
    return [Choice(number, float(scores[number]), _why(traits[number], lean, bool(len(likes)))) for number in order]


def _mean(traits: Sequence[Traits]) -> Traits:
    """Their mean, drawn towards the library's where there are few."""
    return np.sum(traits, axis=0) / (len(traits) + 1) if len(traits) else np.zeros(SIZE)


def _nearness(traits: Traits, others: Sequence[Traits]) -> Traits:
    """For each candidate (N, 12): 1 on top of one of the others, 0 far from all."""
    nearest = np.zeros(len(traits))
    for other in others:
        nearest = np.maximum(nearest, np.exp(-np.mean((traits - other) ** 2, axis=1) / (2 * _NEAR**2)))
    return nearest


def _why(traits: Traits, lean: Traits, liked: bool) -> str:
    """The trait that speaks most for a candidate, in words."""
    gains = lean * traits
    best = int(np.argmax(gains))
    if gains[best] <= _TELLING:
        return ""
    word = TRAITS[best][1 if traits[best] > 0 else 2]
    return f"{word}, like what you liked" if liked else f"{word}, unlike what you disliked"
