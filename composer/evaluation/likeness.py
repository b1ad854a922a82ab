"""How well likeness finds what belongs together, beside rows of intervals.

    variants    a held-out tune is asked about; wanted are the others of its near-duplicate family
    fragments   four bars of a held-out tune, transposed and ornamented, are asked about; wanted is the tune

among all melodies. Told are the mean reciprocal rank of the first that is wanted, and the share found in the first ten.
The families were found by rows of intervals, which favours the baseline with variants: fragments count for more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from composer.analysis.likeness import Index, Likeness, points_of
from composer.analysis.windows import BARS, curves_of
from composer.data.corpus import Piece
from composer.score import Note, Score, Voice
from composer.train.likeness import passage
from composer.train.ornaments import ornamented

_GRAM = 4  # intervals of the baseline's rows
_WINDOWS = 8  # of a tune that is asked about

Scores = npt.NDArray[np.float64]
Judge = Callable[[Score], Scores]  # a melody → how alike each of all melodies (M,) is


@dataclass(frozen=True)
class Found:
    """How well a judge found what was wanted."""

    queries: int
    mrr: float
    recall_at_10: float

    @classmethod
    def of(cls, ranks: Sequence[int]) -> Found:
        """From the ranks, from 1, of the first wanted melody."""
        return cls(len(ranks), float(np.mean([1 / rank for rank in ranks])), float(np.mean(np.array(ranks) <= 10)))


def rank_of(scores: Scores, wanted: Sequence[int], left_out: int | None = None) -> int:
    """The rank, from 1, of the best of the wanted; equals share the middle. The tune asked about may be left out."""
    scores = scores.astype(float).copy()
    if left_out is not None:
        scores[left_out] = -np.inf
    best = max(scores[i] for i in wanted)
    return 1 + int((scores > best).sum()) + int((scores == best).sum() - 1) // 2


def network_judge(network: Likeness, pieces: Sequence[Piece]) -> Judge:
    """Judges by the points of a network."""
    index = Index.of([_points(network, piece.score) for piece in pieces])

    def judge(score: Score) -> Scores:
        points = _points(network, score)
        chosen = np.unique(np.linspace(0, len(points) - 1, _WINDOWS).astype(int))
        return index.likeness(points[chosen]).astype(np.float64)

    return judge


def _points(network: Likeness, score: Score) -> npt.NDArray[np.float32]:
    found = points_of(network, curves_of(score)[0])
    return found if len(found) else np.zeros((1, network.config.points), np.float32)


def ngram_judge(pieces: Sequence[Piece]) -> Judge:
    """The baseline: the share of a melody's rows of intervals, the rare ones weighing more, that a tune has too."""
    rows: dict[tuple[int, ...], set[int]] = {}
    for number, piece in enumerate(pieces):
        for gram in _grams(piece.score):
            rows.setdefault(gram, set()).add(number)

    def judge(score: Score) -> Scores:
        found = np.zeros(len(pieces))
        total = 0.0
        for gram in set(_grams(score)):
            weight = np.log(len(pieces) / (1 + len(rows.get(gram, ()))))
            total += weight
            found[list(rows.get(gram, ()))] += weight
        return found / max(1e-9, total)

    return judge


def _grams(score: Score) -> list[tuple[int, ...]]:
    intervals = np.diff([note.pitch for note in score.voices[0].notes]).tolist()
    return [tuple(intervals[i : i + _GRAM]) for i in range(len(intervals) - _GRAM + 1)]


def with_notes(score: Score, notes: tuple[Note, ...]) -> Score:
    """The score with one voice of some notes."""
    return score.with_voices([Voice(notes)])


def fragments(pieces: Sequence[Piece], number: int, seed: int = 0) -> list[tuple[int, Score]]:
    """Four bars of held-out tunes, ornamented and transposed, each with the number of its piece."""
    random = np.random.default_rng(seed)
    held_out = [i for i, piece in enumerate(pieces) if piece.split == "test" and piece.score.bars >= BARS]
    found: list[tuple[int, Score]] = []
    while held_out and len(found) < number:
        chosen = int(random.choice(held_out))
        score = pieces[chosen].score
        notes = passage(score, int(random.integers(score.bars - BARS + 1)))
        if len(notes) >= 8:
            found.append((chosen, with_notes(score, ornamented(notes, random))))
    return found


def measure_fragments(judge: Judge, asked: Sequence[tuple[int, Score]], families: Sequence[str]) -> Found:
    """Find the tune of each fragment, or a variant of it."""
    members = _members(families)
    ranks = [rank_of(judge(score), members[families[number]]) for number, score in tqdm(asked, disable=True)]
    return Found.of(ranks)


def measure_variants(judge: Judge, pieces: Sequence[Piece], families: Sequence[str], most: int = 150) -> Found:
    """Find another of the family of each held-out tune that has one."""
    members = _members(families)
    asked = [i for i, piece in enumerate(pieces) if piece.split == "test" and len(members[families[i]]) > 1][:most]
    ranks = [rank_of(judge(pieces[i].score), [other for other in members[families[i]] if other != i], i) for i in asked]
    return Found.of(ranks)


def _members(families: Sequence[str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for number, family in enumerate(families):
        members.setdefault(family, []).append(number)
    return members
