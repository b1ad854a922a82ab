"""What is measured of networks of points: what comes back, what points cost, how smooth the ways between them are.

Axes: M phrases, D latent dimensions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch

from composer.data.corpus import Piece
from composer.data.phrases import PhraseSource
from composer.data.prepared import Prepared
from composer.errors import NoTrainingMusic
from composer.events.phrase import PHRASE_BARS
from composer.events.rows import MOVE, POSITION, VOICE, Bars, decisions_of, spell
from composer.music import Reading, estimate_key
from composer.networks import LatentNetwork
from composer.networks.vae import Vae
from composer.score import Note, Score
from composer.shelf import Shelved
from composer.tasks.restoring import restored
from composer.training.phrases import Bound, PhraseBatch, measure_bound
from composer.writing import Request, new_writer

_ACTIVE = 0.01  # the variance of a dimension's means that makes it count (Burda et al. 2016)
_STEPS = 5  # phrases between two in a morph


@dataclass(frozen=True)
class Restored:
    """Shares of notes and of decisions that came back from points."""

    notes: float
    decisions: float


def autoencoder_of(shelved: Shelved) -> Vae:
    """The autoencoder that hears and writes for a network of points."""
    assert isinstance(shelved.network, LatentNetwork)
    return shelved.network.autoencoder


def phrases_of(pieces: list[Piece], most: int) -> list[Reading]:
    """At most so many phrases of two bars with a note in each bar, evenly from all pieces, in their piece's key."""
    found = [(piece, bar) for piece in pieces for bar in _whole_phrases(piece.score)]
    if not found:
        raise NoTrainingMusic("No held-out melody has two bars with notes. Add more pieces.")
    return [_cut(piece, bar) for piece, bar in found[:: max(1, len(found) // most)][:most]]


def _whole_phrases(score: Score) -> Iterator[int]:
    """The bars at which phrases begin in which no note is held over an end."""
    notes = score.voices[0].notes
    struck = {score.bar_at(note.onset) for note in notes}
    lines = {score.bar_start(bar) for bar in range(score.bars + 1)}
    held = {line for note in notes for line in lines if note.onset < line < note.end}
    for bar in range(score.bars - 1):
        ends = score.bar_start(bar), score.bar_start(bar + PHRASE_BARS)
        if {bar, bar + 1} <= struck and not held & set(ends) and score.metre_at(ends[0]) == score.metre_at(ends[1] - 1):
            yield bar


def _cut(piece: Piece, bar: int) -> Reading:
    """A phrase of a piece as a piece of its own."""
    score = piece.score
    end = score.bar_start(bar + PHRASE_BARS)
    line = score.voices[0]
    kept = score.with_voices([replace(line, notes=tuple(note for note in line.notes if note.onset < end))])
    key = estimate_key(line.notes)
    return Reading(kept.from_tick(score.bar_start(bar)), "corpus", key, style=piece.style)


def restoration(shelved: Shelved, phrases: list[Reading], temperature: float) -> Restored:
    """What comes back of phrases through points of a byte a dimension; temperature 0 takes the likeliest notes."""
    found = []
    for number, phrase in enumerate(phrases):
        wish = Request("restore", temperature=temperature, rhythm_temperature=temperature, top_p=1.0, seed=number)
        take = new_writer(phrase, wish, shelved).finish()
        before, after = phrase.score, take.score
        notes = restored(before.voices[0].notes, after.voices[0].notes)
        found.append((notes, _same_decisions(before, after)))
    notes, decisions = np.mean(found, 0)
    return Restored(float(notes), float(decisions))


def _same_decisions(before: Score, after: Score) -> float:
    """The share of decisions that both have at the same place, of whichever has more."""
    a, b = _placed(before), _placed(after)
    return (a & b).total() / max(a.total(), b.total())


def _placed(score: Score) -> Counter[tuple[int, int, int, int]]:
    """Each decision on the notes of two bars, with where its note begins: bar, position, decision and value."""
    lines = Bars.of(score, PHRASE_BARS)
    notes = [(0, note) for note in score.voices[0].notes if note.onset < lines.starts[-1]]
    placed: Counter[tuple[int, int, int, int]] = Counter()
    for _, bar, row in spell(notes, lines):
        for decision in decisions_of(row[MOVE]):
            if decision != VOICE:  # there is one, and nothing to decide
                placed[bar, row[POSITION], decision, row[decision]] += 1
    return placed


def bound(vae: Vae, pieces: Sequence[Prepared], most: int = 2048) -> tuple[Bound, int]:
    """The evidence lower bound of held-out phrases, and how many latent dimensions are in use."""
    examples = PhraseSource(pieces).held_out(most)
    batches = [PhraseBatch.of(examples[i : i + 64]) for i in range(0, len(examples), 64)]
    with torch.no_grad():
        means = torch.cat([vae.encode(batch.notes)[0] for batch in batches])
    return measure_bound(vae, batches), int((means.var(0) > _ACTIVE).sum())


def smoothness(shelved: Shelved, phrases: list[Reading]) -> float:
    """The share of steps of morphs that lead away from the first phrase or nowhere, and nearer to the last or nowhere.

    Distance is what is not restored: one minus the share of notes in common.
    """
    forward = []
    for a, b in _pairs(phrases):
        wish = Request("morph", temperature=0, rhythm_temperature=0, steps=_STEPS)
        score = new_writer(a, wish, shelved, b).finish().score
        ticks = PHRASE_BARS * score.metres[0].bar_ticks
        parts = [_part(score, i * ticks, (i + 1) * ticks) for i in range(_STEPS + 2)]
        away = [restored(parts[0], part) for part in parts]
        near = [restored(parts[-1], part) for part in parts]
        forward += [x >= y for x, y in pairwise(away)] + [x <= y for x, y in pairwise(near)]
    return float(np.mean(forward))


def _part(score: Score, start: int, end: int) -> list[Note]:
    return [replace(n, onset=n.onset - start) for n in score.voices[0].notes if start <= n.onset < end]


def _pairs(phrases: list[Reading]) -> Iterator[tuple[Reading, Reading]]:
    """Neighbours of one metre."""
    by_metre: dict[str, list[Reading]] = {}
    for phrase in phrases:
        by_metre.setdefault(str(phrase.score.metres[0]), []).append(phrase)
    for group in by_metre.values():
        yield from zip(group[::2], group[1::2], strict=False)
