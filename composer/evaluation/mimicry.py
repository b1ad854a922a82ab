"""Takes beside what people wrote in the same places: measures, and a classifier that tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from composer.errors import NoTrainingMusic
from composer.evaluation.classifier import tell_apart
from composer.evaluation.measures import measured
from composer.evaluation.ranges import Range, bootstrap
from composer.evaluation.statistics import Floats, statistics
from composer.evaluation.trials import Trial
from composer.score import Score
from composer.shelf import Shelved
from composer.writing import new_writer

FEWEST = 20  # trials that say something
PRESSES = 30  # of one seed
_A_SEED = 40  # for every so many trials the presses of one seed
_SEEDS = (2, 5)  # at least and at most


@dataclass(frozen=True)
class Mimicry:
    """A task: measures of takes of the `network`, of `people`'s music and, where it can, of the `markov` chain's takes.

    `measures` are ranges by measure, then by whose; besides those of `composer.evaluation.measures`

        told_apart         share told right by a classifier between takes and people's music; 0.5 is chance
        told_apart_people  the same between people's music and people's music
        distinct_of_30     different takes of thirty consecutive random seeds, the mean of a few seeds

    `counted` are the classifier's statistics (N, S), `written` the network's scores and `originals` people's.
    """

    task: str
    takes: int
    measures: dict[str, dict[str, Range]]
    counted: dict[str, Floats]
    written: tuple[Score, ...]
    originals: tuple[Score, ...]

    @property
    def told_apart(self) -> Range:
        """How well the network's takes are told from people's music."""
        return self.measures["told_apart"]["network"]

    def figures(self) -> dict[str, object]:
        """Plain values for `--json`."""
        ranges = {name: {who: each.to_json() for who, each in found.items()} for name, found in self.measures.items()}
        return {"takes": self.takes, **ranges}


def mimicry(
    task: str,
    shelved: Shelved,
    trials: Sequence[Trial],
    baseline: Shelved | None = None,
    others: Sequence[Trial] = (),
) -> Mimicry:
    """Let a network (and the baseline) do the trials of a task, and compare; NoTrainingMusic where they are too few.

    `others` are further trials, of which only people's music is looked at: it is told from that of the trials. Where
    they are too few for that, one half of the trials' is told from the other.
    """
    if len(trials) < FEWEST:
        raise NoTrainingMusic(f"Only {len(trials)} held-out pieces can be used to {task}; comparing takes {FEWEST}.")
    originals = tuple(trial.original for trial in trials)
    scores = {"network": _written(task, shelved, trials), "people": originals}
    presses = {"network": distinct(task, shelved, trials)}
    if baseline and task in baseline.network.tasks:
        scores["markov"] = _written(task, baseline, trials)
        presses["markov"] = distinct(task, baseline, trials)
    samples = {
        who: [trial.sample(score) for trial, score in zip(trials, found, strict=True)] for who, found in scores.items()
    }
    counted = {who: np.array([statistics(sample.passage) for sample in found]) for who, found in samples.items()}
    human = counted["people"]
    further = np.array([statistics(trial.human) for trial in others])
    halves = (human, further) if len(others) >= max(FEWEST, len(trials) // 2) else (human[::2], human[1::2])
    by_whom = {who: measured(found) for who, found in samples.items()}
    names = dict.fromkeys(name for found in by_whom.values() for name in found)
    measures = {name: {who: found[name] for who, found in by_whom.items() if name in found} for name in names}
    measures["distinct_of_30"] = presses
    measures["told_apart"] = {who: tell_apart(counted[who], human) for who in counted if who != "people"}
    measures["told_apart_people"] = {"people": tell_apart(*halves)}
    return Mimicry(task, len(trials), measures, counted, scores["network"], originals)


def distinct(task: str, shelved: Shelved, trials: Sequence[Trial]) -> Range:
    """How many different takes thirty consecutive random seeds give, the mean of a few of the trials."""
    chosen = trials[: int(np.clip(len(trials) // _A_SEED, *_SEEDS))]
    found = []
    for trial in tqdm(chosen, desc=f"{shelved.name}, {task}, pressed {PRESSES} times", unit="seed", disable=None):
        writer = new_writer(trial.seed, trial.request, shelved)
        found.append(len({writer.finish(n).new for n in range(PRESSES)}))
    return bootstrap(found)


def _written(task: str, shelved: Shelved, trials: Sequence[Trial]) -> tuple[Score, ...]:
    """The score of a take of each trial."""
    asked = tqdm(trials, desc=f"{shelved.name}, {task}", unit="take", disable=None)
    return tuple(new_writer(trial.seed, trial.request, shelved).finish().score for trial in asked)
