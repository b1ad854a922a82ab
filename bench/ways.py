"""How far along the way to another point how much of a melody has changed, and whether varying and morphing go evenly.

Run from the repository's root: `python -m bench.ways --data melodies.jsonl.xz`. It prints the tables that
`composer/tasks/points.py` keeps, and then, with the tables as they are: the mean share of notes that are changed at
every tenth of "how far to vary", and, of pairs of melodies of eight bars, the share of morphs of which every step is
nearer to the second melody (notes to be put in, taken out or changed), with the distances of the first few.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from tqdm import tqdm

from composer.data.corpus import Piece, load_corpora, melody_piece, select
from composer.evaluation.points import phrases_of
from composer.music import Reading, estimate_key
from composer.score import Note
from composer.shelf import Shelf, Shelved
from composer.tasks import Request, Task
from composer.tasks.morphing import Morph
from composer.tasks.points import Floats, Point, between
from composer.tasks.restoring import restored
from composer.tasks.task import Phrase
from composer.tasks.varying import Vary
from composer.writing import new_writer

_SHARES = np.linspace(0, 1, 21)
_TENTHS = np.linspace(0, 1, 11)
_STRAIGHT = 9  # melodies on a way in even steps


class _Walk(Vary):
    """Varies a phrase as far along the way as it is told."""

    def __init__(self, share: float) -> None:
        self.share = share

    def point(self, phrase: Phrase) -> Point:
        return between(phrase.own(), self.stranger(phrase), self.share)


def _walked(shelved: Shelved, request: Request, phrase: Reading) -> list[list[Note]]:
    """The new notes of a phrase at every share of the way."""
    found = []
    for share in _SHARES:
        walker = new_writer(phrase, request, shelved, task=_Walk(float(share)))
        start = walker.plan.region.start
        found.append([Note(n.onset - start, n.pitch, n.duration) for n in walker.finish().new_notes])
    return found


def table(shares: Floats, changes: Sequence[float] | Floats) -> list[float]:
    """At which shares of the way each tenth of the change is done, given the change at every share measured."""
    rising = np.maximum.accumulate(changes)
    rising = (rising - rising[0]) / max(1e-9, rising[-1] - rising[0])
    rising += np.arange(len(rising)) * 1e-9
    return [round(float(share), 2) for share in np.interp(_TENTHS, rising, shares)]


def changed(walks: Sequence[list[list[Note]]]) -> list[float]:
    """The mean share of notes that differ from the first, at every step of the walks."""
    return [float(np.mean([1 - restored(walk[0], walk[step]) for walk in walks])) for step in range(len(walks[0]))]


def distance(a: Sequence[Note], b: Sequence[Note]) -> int:
    """How many notes must be put in, taken out or changed to make one row of notes the other (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            same = (x.onset, x.pitch, x.duration) == (y.onset, y.pitch, y.duration)
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (not same))
    return row[-1]


class _Straight(Morph):
    """Morphs in even steps of the way, and not of the change."""

    def share(self, done: float) -> float:
        return done


def distances(shelved: Shelved, a: Reading, b: Reading, steps: int, task: Task | None = None) -> list[int]:
    """How far the first melody of a morph, each on the way, and the last one are from the last."""
    request = Request("morph", steps=steps, temperature=0, rhythm_temperature=0)
    writer = new_writer(a, request, shelved, b, task)
    score, ticks = writer.finish().score, writer.plan.region.start
    melodies = [
        [Note(n.onset - i * ticks, n.pitch, n.duration) for n in score.notes if i * ticks <= n.onset < (i + 1) * ticks]
        for i in range(steps + 2)
    ]
    return [distance(melody, melodies[-1]) for melody in melodies]


def openings(pieces: Sequence[Piece], bars: int) -> Iterator[Reading]:
    """The first bars of melodies of one metre throughout."""
    for piece in pieces:
        score = piece.score
        if score.bars >= bars and len(score.metres) == 1:
            notes = tuple(n for n in score.voices[0].notes if n.end <= score.bar_start(bars))
            cut = score.with_voices([replace(score.voices[0], notes=notes)])
            yield Reading(cut, "corpus", estimate_key(notes), style=piece.style)


def main() -> None:
    """Print everything as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--model", default="vae")
    parser.add_argument("--phrases", type=int, default=100)
    parser.add_argument("--steps", type=int, nargs="+", default=[4, 8])
    asked = parser.parse_args()
    shelved = Shelf().open(asked.model)
    pieces = [melody_piece(piece) for piece in select(load_corpora([asked.data]), "test")]
    phrases = [p for p in phrases_of(pieces, 2 * asked.phrases) if len(p.score.notes) > 3][: asked.phrases]
    alike: dict[str, list[Reading]] = {}
    for melody in openings(pieces, 8):
        alike.setdefault(str(melody.score.metres[0]), []).append(melody)
    pairs = [pair for group in alike.values() for pair in zip(group[::2], group[1::2], strict=False)]
    pairs = pairs[:: max(1, len(pairs) // asked.phrases)][: asked.phrases]
    cold = {"temperature": 0.0, "rhythm_temperature": 0.0}
    varied = [
        _walked(shelved, Request("vary", seed=seed, scale="none", **cold), phrase)
        for seed, phrase in enumerate(tqdm(phrases, desc="Varying"))
    ]
    tenths = {
        str(amount / 10): float(
            np.mean(
                [
                    1 - restored(walked[0], _varied(shelved, phrase, seed, amount / 10))
                    for seed, (phrase, walked) in enumerate(zip(phrases, varied, strict=False))
                ]
            )
        )
        for amount in range(11)
    }
    even = [distances(shelved, a, b, _STRAIGHT, _Straight()) for a, b in tqdm(pairs[:30], desc="The way")]
    straight = np.mean(even, 0)
    morphs = {
        steps: [distances(shelved, a, b, steps) for a, b in tqdm(pairs, desc="Morphing")] for steps in asked.steps
    }
    found = {
        "way": table(_SHARES, changed(varied)),
        "walk": table(np.linspace(0, 1, _STRAIGHT + 2), 1 - straight / straight[0]),
        "changed_at_tenths": tenths,
        "morphs_nearer_at_every_step": {
            str(steps): float(np.mean([all(y < x for x, y in pairwise(row)) for row in rows]))
            for steps, rows in morphs.items()
        },
        "distances": {str(steps): rows[:5] for steps, rows in morphs.items()},
        "pairs": len(pairs),
    }
    print(json.dumps(found, indent=1))


def _varied(shelved: Shelved, phrase: Reading, seed: int, amount: float) -> list[Note]:
    """The new notes of a phrase that is varied so far, at the page's temperatures."""
    take = new_writer(phrase, Request("vary", seed=seed, amount=amount, scale="none"), shelved).finish()
    return [Note(n.onset, n.pitch, n.duration) for n in take.new_notes]


if __name__ == "__main__":
    main()
