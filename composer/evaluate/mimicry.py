"""Takes beside what people wrote in the same places: overlaps of statistics, and a classifier that tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from composer.errors import NoTrainingMusic
from composer.evaluate.classifier import Accuracy, tell_apart
from composer.evaluate.statistics import STATISTICS, Floats, overlap, statistics
from composer.evaluate.trials import Trial
from composer.shelf import Shelved
from composer.writing import new_writer

FEWEST = 20  # trials that say something


@dataclass(frozen=True)
class Likeness:
    """How some passages compare with people's: overlap of each statistic, and how often a classifier is right."""

    overlaps: dict[str, float]
    classifier: Accuracy

    @classmethod
    def of(cls, passages: Floats, human: Floats) -> Likeness:
        """Statistics (N, S) beside people's (M, S)."""
        overlaps = {name: overlap(passages[:, i], human[:, i]) for i, name in enumerate(STATISTICS)}
        return cls(overlaps, tell_apart(passages, human))

    def figures(self) -> dict[str, object]:
        """Plain values for `--json`."""
        told = self.classifier
        return {
            "overlap with human": {name: round(value, 3) for name, value in self.overlaps.items()},
            "told apart": {k: round(getattr(told, k), 3) for k in ("share", "low", "high")},
        }


@dataclass(frozen=True)
class Mimicry:
    """A task: the network's takes, people against people (two halves), and the baseline's takes where it can.

    `counted` are the statistics (N, S) behind it, by whose they are.
    """

    task: str
    takes: int
    network: Likeness
    human: Likeness
    markov: Likeness | None
    counted: dict[str, Floats]

    def figures(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "takes": self.takes,
            "network": self.network.figures(),
            "human": self.human.figures(),
            "markov": self.markov.figures() if self.markov else None,
        }


def mimicry(task: str, shelved: Shelved, trials: Sequence[Trial], baseline: Shelved | None = None) -> Mimicry:
    """Let a network (and the baseline) do the trials of a task, and compare; NoTrainingMusic where they are too few."""
    if len(trials) < FEWEST:
        raise NoTrainingMusic(f"Only {len(trials)} held-out pieces can be used to {task}; comparing takes {FEWEST}.")
    human = np.array([statistics(trial.human) for trial in trials])
    counted = {"network": _written(shelved, trials), "human": human}
    if baseline and task in baseline.network.tasks:
        counted["markov"] = _written(baseline, trials)
    return Mimicry(
        task=task,
        takes=len(trials),
        network=Likeness.of(counted["network"], human),
        human=Likeness.of(human[::2], human[1::2]),
        markov=Likeness.of(counted["markov"], human) if "markov" in counted else None,
        counted=counted,
    )


def _written(shelved: Shelved, trials: Sequence[Trial]) -> Floats:
    """The statistics (N, S) of a take of each trial."""
    takes = (new_writer(trial.seed, trial.request, shelved).finish() for trial in trials)
    return np.array([statistics(trial.passage(take)) for trial, take in zip(trials, takes, strict=True)])
