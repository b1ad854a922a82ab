"""Teaching the ear to tell styles apart.

Every melody is drawn from its family's split, so that variants of one tune never stand on both sides. Passages are cut
at random, and rhythm and metre are hidden now and then, so that one network serves with and without them.
"""

from __future__ import annotations

import copy
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from composer.analysis.counts import ALONE, COUNTS, PITCHES, TIMELESS, Floats, counts_of
from composer.analysis.cues import CUES, METRE, MOST_NOTES, RHYTHM, Cues, cues_of, without
from composer.analysis.ear import Ear, EarConfig, Ears
from composer.data.corpus import Piece, melody_piece
from composer.errors import NoTrainingMusic
from composer.score import Metre, Note

FEWEST = 80  # examples that make a style
FEWEST_NOTES = 4  # of a melody
# O'Carolan's harp pieces; slides are single jigs, clogs hornpipes danced in wooden shoes; songs with piano.
_MERGED = {"carolan": "air", "slide": "jig", "clog": "hornpipe", "song": "lied"}
_ENSEMBLES = {"choir"}  # who sings, not what
_TITLES = {
    "waltz": r"\bwaltz\b",
    "polka": r"\bpolka\b",
    "march": r"\bmarche?\b",
    "reel": r"\breel\b",
    "hornpipe": r"\bhornpipe\b",
    "strathspey": r"\bstrathspe?y\b",
    "jig": r"\bjigg?\b",
}
# Chapters that hold whatever goes in their metre, songs and polkas too, and O'Neill's last, which is of "long dances,
# marches and miscellaneous": believed only where the title agrees.
_LOOSE = {("nottingham", "reel"), ("nottingham", "hornpipe"), ("oneills_1903", "march")}
# Marched to, and jigs, polkas or reels to the ear.
_NEITHER = re.compile(r"\bquick ?step\b")
# What these dances are counted in, by definition; a label that the metre belies is no label.
_BEATS_OF_THREE = {"jig": (6, 12), "slip jig": (9,)}
_BEATS_OF_TWO = {"reel", "hornpipe", "strathspey", "polka"}


@dataclass(frozen=True)
class Heard:
    """A melody, or a passage of one: its cues (N, 7) and counts (K,), its style's number, its split."""

    cues: Cues
    counts: Floats
    style: int
    split: str

    def alone(self) -> Heard:
        """The same without what tells of more than the melody."""
        return replace(self, counts=np.concatenate([self.counts[:ALONE], np.full(COUNTS - ALONE, np.nan)]))

    def hiding(self, cues: Sequence[int]) -> Heard:
        """The same with some cues, and the counts that go with them, not told."""
        counts = self.counts.copy()
        if set(METRE) <= set(cues):
            counts[PITCHES if set(RHYTHM) <= set(cues) else TIMELESS : ALONE] = np.nan
        return replace(self, cues=without(self.cues, cues), counts=counts)


def style_of(piece: Piece) -> str | None:
    """The style a piece is labelled with: its collection's word, else its title's; None where these disagree."""
    title = piece.name.lower()
    named = next((style for style, words in _TITLES.items() if re.search(words, title)), None)
    style = _MERGED.get(piece.style or "", piece.style) or named
    if style in _ENSEMBLES or _NEITHER.search(title) or ((piece.source, style) in _LOOSE and named != style):
        return None
    if style in _TITLES and named not in (None, style):
        return None
    return _by_metre(style, piece.metre)


def _by_metre(style: str | None, metre: Metre | None) -> str | None:
    """The style, as far as the metre bears it out: a jig in nine is a slip jig."""
    if style is None or metre is None:
        return style
    if style == "jig" and metre.numerator == 9:
        return "slip jig"
    if style in _BEATS_OF_THREE and metre.numerator not in _BEATS_OF_THREE[style]:
        return None
    return None if style in _BEATS_OF_TWO and metre.numerator % 3 == 0 else style


def labelled(pieces: Iterable[Piece], fewest: int = FEWEST) -> tuple[tuple[str, ...], list[Piece]]:
    """The styles with enough examples, the commonest first, and their pieces."""
    named = [replace(piece, style=style_of(piece)) for piece in pieces]
    counts = Counter(piece.style for piece in named if piece.style)
    styles = tuple(style for style, count in counts.most_common() if count >= fewest)
    if len(styles) < 2:
        raise NoTrainingMusic(
            f"Only {len(styles)} styles have {fewest} pieces; telling them apart takes two. Name styles in an "
            "index.jsonl, or in the R: field of ABC."
        )
    return styles, [piece for piece in named if piece.style in styles]


def heard(pieces: Iterable[Piece], styles: tuple[str, ...], passages: int = 0, seed: int = 0) -> list[Heard]:
    """Labelled pieces as they are heard, and so many random passages of each piece of the train split."""
    random = np.random.default_rng(seed)
    found = []
    for piece in pieces:
        notes = melody_piece(piece).score.voices[0].notes
        if piece.style is None or len(notes) < FEWEST_NOTES:
            continue
        for number in range(1 + (passages if piece.split == "train" else 0)):
            part = _passage(notes, random) if number else notes[:MOST_NOTES]
            cues, counts = cues_of(part, piece.metre), counts_of(part, piece.metre, piece.score)
            found.append(Heard(cues, counts, styles.index(piece.style), piece.split))
    return found


def _passage(notes: tuple[Note, ...], random: np.random.Generator) -> tuple[Note, ...]:
    """From 24 to 112 notes in a row, or all where there are fewer."""
    length = min(len(notes), int(random.integers(24, 113)))
    start = int(random.integers(len(notes) - length + 1))
    return notes[start : start + length]


def batch_of(examples: Sequence[Heard]) -> tuple[Tensor, Tensor, Tensor]:
    """Cues (B, T, 7) side by side, which notes there are (B, T), and counts (B, K)."""
    longest = max(len(example.cues) for example in examples)
    cues = np.zeros((len(examples), longest, len(CUES)), np.int64)
    mask = np.zeros((len(examples), longest), bool)
    for row, example in enumerate(examples):
        cues[row, : len(example.cues)], mask[row, : len(example.cues)] = example.cues, True
    counts = np.array([example.counts for example in examples], np.float32)
    return torch.from_numpy(cues), torch.from_numpy(mask), torch.from_numpy(counts)


@dataclass(frozen=True)
class StyleLesson:
    """How to teach: minutes of processor time for all ears, melodies a step, and the pace."""

    minutes: float = 3.0
    batch: int = 64
    learning_rate: float = 4e-3
    average: float = 0.998
    seed: int = 0


def train_ears(
    examples: list[Heard], config: EarConfig, lesson: StyleLesson, report: Callable[[str], None] = lambda _: None
) -> tuple[Ears, float]:
    """Ears taught on the train split, and the temperature that makes their certainty true on the valid split."""
    train = [example for example in examples if example.split == "train"]
    valid = [example for example in examples if example.split == "valid"]
    if not train or not valid:
        raise NoTrainingMusic("No melody with a style fell into the train or the valid split. Add more pieces.")
    ears = Ears(config)
    each = replace(lesson, minutes=lesson.minutes / config.ears)
    for number in range(config.ears):
        ear = _train_ear(train, config, replace(each, seed=lesson.seed + number), report)
        ears.each[number] = ear
        report(f"Ear {number + 1} of {config.ears}: {_score(ear, valid)}")
    ears.eval().requires_grad_(False)
    return ears, _temperature(ears, valid)


def _train_ear(train: list[Heard], config: EarConfig, lesson: StyleLesson, report: Callable[[str], None]) -> Ear:
    torch.manual_seed(lesson.seed)
    random = np.random.default_rng(lesson.seed)
    ear = _new_ear(config, train)
    average = copy.deepcopy(ear).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(ear.parameters(), lr=lesson.learning_rate, weight_decay=0.05)
    weights = _weights(train, config.styles)
    began, step = time.process_time(), 0
    while (done := (time.process_time() - began) / (60 * lesson.minutes)) < 1:
        chosen = [_varied(train[i], random) for i in random.integers(len(train), size=lesson.batch)]
        for group in optimizer.param_groups:
            group["lr"] = lesson.learning_rate * _pace(step, done)
        wanted = torch.tensor([example.style for example in chosen])
        loss = F.cross_entropy(ear(*batch_of(chosen)), wanted, weights, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(ear.parameters(), 1.0)
        optimizer.step()
        step += 1
        _follow(average, ear, min(lesson.average, step / (step + 10)))
        if step % 300 == 0:
            report(f"step {step}, {done:.0%} of the time: loss {loss.item():.3f}")
    return average


def _new_ear(config: EarConfig, train: list[Heard]) -> Ear:
    ear = Ear(config)
    counts = np.array([example.counts for example in train])
    ear.mean.copy_(torch.from_numpy(np.nan_to_num(np.nanmean(counts, 0))))
    ear.spread.copy_(torch.from_numpy(np.nan_to_num(np.nanstd(counts, 0)) + 0.01))
    return ear.train()


def _pace(step: int, done: float) -> float:
    """How much of the learning rate: a short rise, then a cosine."""
    return min(1.0, (step + 1) / 100) * (0.02 + 0.49 * (1 + math.cos(math.pi * done)))


def _score(ear: Ear, valid: list[Heard]) -> str:
    told = logits_of(ear, valid).argmax(1).numpy()
    return f"{np.mean(told == [example.style for example in valid]):.1%} of the held-out right"


def _weights(train: list[Heard], styles: int) -> Tensor:
    """The rarer a style, the more its examples weigh: by the root of how many times rarer."""
    counts = np.bincount([example.style for example in train], minlength=styles)
    return torch.from_numpy(np.sqrt(counts.sum() / (styles * np.maximum(1, counts)))).float()


def _varied(example: Heard, random: np.random.Generator) -> Heard:
    """The example with rhythm and metre told or not, and single cues and counts lost here and there."""
    drawn = random.random()
    varied = example.alone() if random.random() < 0.4 else example
    varied = varied.hiding((*RHYTHM, *METRE) if drawn < 0.1 else METRE if drawn < 0.25 else ())
    cues = np.where(random.random(varied.cues.shape) < 0.04, 0, varied.cues)
    counts = np.where(random.random(varied.counts.shape) < 0.1, np.nan, varied.counts)
    return replace(varied, cues=cues, counts=counts)


@torch.no_grad()
def _follow(average: Ear, ear: Ear, decay: float) -> None:
    for mean, tensor in zip(average.parameters(), ear.parameters(), strict=True):
        mean.lerp_(tensor, 1 - decay)


@torch.inference_mode()
def logits_of(ear: Ear | Ears, examples: Sequence[Heard], hidden: tuple[int, ...] = ()) -> Tensor:
    """The logits (E, S) of melodies, some cues hidden."""
    parts = [examples[i : i + 32] for i in range(0, len(examples), 32)]
    return torch.cat([ear(*batch_of([example.hiding(hidden) for example in part])) for part in parts])


def _temperature(ear: Ears, valid: list[Heard]) -> float:
    """What to divide logits by (Guo et al. 2017, arXiv:1706.04599): the best of a row of numbers."""
    logits, wanted = logits_of(ear, valid), torch.tensor([example.style for example in valid])
    tried = [0.4 + 0.05 * k for k in range(40)]
    return min(tried, key=lambda t: float(F.cross_entropy(logits / t, wanted)))
