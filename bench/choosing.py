"""Whether choosing among candidates makes takes more like people's: four takes of each seed, one kept by a judge.

    python -m bench.choosing --data melodies.jsonl.xz [--model transformer] [--takes 60]

The judge has eight measures of its own, none of which the classifier counts in the same way. It keeps the candidate
whose measures lie nearest to people's (of other held-out melodies), or it learned on one half of the seeds to tell
candidates from people's and keeps the best of the other half. Printed is how often a classifier tells what was kept
from people's.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from itertools import groupby

import numpy as np
import torch
from tqdm import tqdm

from composer.data.corpus import load_corpora, select
from composer.data.repeats import collapse_repeats
from composer.evaluation.classifier import fitted, tell_apart
from composer.evaluation.statistics import Floats, Passage, entropy, statistics
from composer.evaluation.trials import trials
from composer.score import Score
from composer.shelf import Shelf
from composer.writing import Request, new_writer

CANDIDATES = 4
_LEAP, _STRONG = 7, 48  # semitones, ticks


def judged(passage: Passage, before: Score) -> Floats:
    """The judge's measures (8,) of a passage after what stands before it.

    Bits of a bar's pitches, the longest run of one pitch, turns of direction, leaps, thirds and fourths, onsets a beat,
    notes on strong beats, and how far the middle pitch lies from that before.
    """
    pitches = np.array([note.pitch for note in passage.notes])
    if len(pitches) < 3:
        return np.zeros(8)
    steps = np.diff(pitches)
    bars: dict[int, list[int]] = {}
    places: dict[int, set[int]] = {}
    for note in passage.notes:
        bar, place = divmod(note.onset - passage.start, passage.bar_ticks)
        bars.setdefault(bar, []).append(note.pitch)
        places.setdefault(bar, set()).add(place)
    return np.array(
        [
            np.mean([entropy(held) for held in bars.values()]),
            max(len(list(same)) for _, same in groupby(pitches.tolist())),
            np.mean(np.sign(steps[1:]) * np.sign(steps[:-1]) < 0),
            np.mean(np.abs(steps) > _LEAP),
            np.mean((np.abs(steps) > 2) & (np.abs(steps) < 6)),
            np.log(0.01 + np.mean([len(held) for held in places.values()]) * 24 / passage.bar_ticks),
            np.mean([(note.onset - passage.start) % _STRONG == 0 for note in passage.notes]),
            abs(pitches.mean() - np.mean([note.pitch for note in before.notes])),
        ]
    )


def nearest(candidates: Floats, people: Floats) -> list[int]:
    """Of candidates (N, K, 8) the one of each N that lies nearest to people's (M, 8), by Mahalanobis's distance."""
    mean, spread = people.mean(0), people.std(0) + 1e-6
    inverse = np.linalg.inv(np.cov(((people - mean) / spread).T) + 0.1 * np.eye(people.shape[1]))
    away = (candidates - mean) / spread
    distance: Floats = np.einsum("nki,ij,nkj->nk", away, inverse, away)
    return [int(index) for index in distance.argmin(1)]


def likest(candidates: Floats, people: Floats) -> list[int]:
    """Of candidates (N, K, 8) the one that a regression takes for people's, learned on the other half of the seeds."""
    mean, spread = people.mean(0), people.std(0) + 1e-6
    count, each, size = candidates.shape
    chosen = np.zeros(count, np.int64)
    for half in (0, 1):
        learned = candidates[np.arange(count) % 2 != half].reshape(-1, size)
        asked = candidates[np.arange(count) % 2 == half]
        x = (np.concatenate([learned, people, asked.reshape(-1, size)]) - mean) / spread
        seen = np.arange(len(learned) + len(people))
        labels = np.zeros(len(x))
        labels[len(learned) : len(seen)] = 1
        logits = fitted(np.hstack([x, x**2]), labels, seen)[len(seen) :].reshape(-1, each)
        chosen[half::2] = logits.argmax(1)
    return chosen.tolist()


def main() -> None:
    """Write the candidates, choose, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--model", default="transformer")
    parser.add_argument("--takes", type=int, default=60)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    pieces = [replace(p, score=collapse_repeats(p.score)) for p in select(load_corpora([asked.data]), "test")]
    found = trials("continue", pieces, Request(), 5 * asked.takes)
    step = len(found) // asked.takes
    if step < 2:
        parser.error(f"There are only {len(found)} held-out melodies to go on from: ask for fewer takes.")
    chosen, others = found[::step][: asked.takes], found[1::step]
    shelved = Shelf().take(asked.model)
    passages: list[list[Passage]] = []
    for trial in tqdm(chosen, unit="seed"):
        writer = new_writer(trial.seed, trial.request, shelved)
        passages.append([trial.passage(writer.finish(number)) for number in range(CANDIDATES)])
    people = np.array([judged(trial.human, trial.seed.score) for trial in others])
    candidates = np.array(
        [[judged(p, trial.seed.score) for p in each] for trial, each in zip(chosen, passages, strict=True)]
    )
    human = np.array([statistics(trial.human) for trial in (*chosen, *others)])
    ways = {f"candidate {n + 1}": [n] * len(chosen) for n in range(CANDIDATES)}
    ways |= {"nearest to people's": nearest(candidates, people), "likest people's": likest(candidates, people)}
    for name, picks in ways.items():
        kept = np.array([statistics(each[pick]) for each, pick in zip(passages, picks, strict=True)])
        print(f"{name}: told from people's {tell_apart(kept, human)}")
    print(f"people: {tell_apart(human[: len(chosen)], human[len(chosen) :])}")


if __name__ == "__main__":
    main()
