"""Teaching likeness: a passage and the same passage as another player has it shall be near, all others far.

The loss is InfoNCE (van den Oord et al. 2018, arXiv:1807.03748) both ways, over a step's passages; variants of a tune
in one family are told to be near by their passages at the same bar.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from composer.analysis.likeness import Likeness, LikenessConfig
from composer.analysis.windows import BARS, SIZE, Curves, curves_of
from composer.data.corpus import Piece
from composer.score import Note, Score
from composer.train.ornaments import ornamented


@dataclass(frozen=True)
class LikenessLesson:
    """How to teach: minutes of processor time, passages a step, the pace, and how sharply to tell apart."""

    minutes: float = 4.0
    batch: int = 256
    learning_rate: float = 2e-3
    temperature: float = 0.07
    pairs: int = 6_000  # passages made before the first step
    seed: int = 0


def passage(score: Score, bar: int) -> tuple[Note, ...]:
    """The notes of the first voice that begin in the four bars from `bar` on."""
    start, end = score.bar_start(bar), score.bar_start(bar + BARS)
    return tuple(note for note in score.voices[0].notes if start <= note.onset < end)


def pairs_of(pieces: Sequence[Piece], number: int, random: np.random.Generator) -> tuple[Curves, Curves]:
    """Curves (N, 48) of passages, and of the same ones ornamented and transposed."""
    here = np.zeros((number, SIZE), np.float32)
    there = np.zeros((number, SIZE), np.float32)
    made = 0
    while made < number:
        piece = pieces[int(random.integers(len(pieces)))]
        last = piece.score.bars - BARS
        notes = passage(piece.score, int(random.integers(last + 1))) if last >= 0 else piece.score.voices[0].notes
        if len(notes) < 5:
            continue
        one, two = curves_of(piece.score, notes)[0], curves_of(piece.score, ornamented(notes, random))[0]
        if len(one) and len(two):
            here[made], there[made] = one[0], two[0]
            made += 1
    return here, there


def train_likeness(
    pieces: Sequence[Piece],
    config: LikenessConfig,
    lesson: LikenessLesson,
    report: Callable[[str], None] = lambda _: None,
) -> Likeness:
    """A network taught on melodies, each piece its first voice."""
    torch.manual_seed(lesson.seed)
    random = np.random.default_rng(lesson.seed)
    curves = [torch.from_numpy(side) for side in pairs_of(pieces, lesson.pairs, random)]
    network = Likeness(config)
    optimizer = torch.optim.AdamW(network.parameters(), lr=lesson.learning_rate, weight_decay=0.01)
    began, step = time.process_time(), 0
    while (done := (time.process_time() - began) / (60 * lesson.minutes)) < 1:
        for group in optimizer.param_groups:
            group["lr"] = lesson.learning_rate * (0.01 + 0.495 * (1 + math.cos(math.pi * done)))
        chosen = torch.from_numpy(random.choice(lesson.pairs, min(lesson.batch, lesson.pairs), replace=False))
        one, two = (network(side[chosen]) for side in curves)
        alike = one @ two.T / lesson.temperature
        right = torch.arange(len(chosen))
        loss = F.cross_entropy(alike, right) + F.cross_entropy(alike.T, right)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if step % 500 == 0:
            report(f"step {step}, {done:.0%} of the time: loss {loss.item() / 2:.3f}")
    return network.eval().requires_grad_(False)
