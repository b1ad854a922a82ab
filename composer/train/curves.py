"""The pictures of a training run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

Trace = Sequence[tuple[int, float]]  # steps and values
_POINTS = 120  # of a trace in a card
_COLOURS = ("#4263eb", "#e8590c", "#2b8a3e")


def draw_curves(losses: list[tuple[int, float]], valids: list[tuple[int, float]], unit: str, path: Path) -> None:
    """Draw the training loss (nats a token) and the surprise on held-out pieces (in `unit`) over the steps."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    left = figure.add_subplot()
    left.set_xlabel("step")
    left.set_ylabel("training loss, nats a token")
    if losses:
        left.plot(*zip(*losses, strict=True), color="#4263eb", label="training")
    right = left.twinx()
    right.set_ylabel(f"held-out pieces, {unit}")
    if valids:
        right.plot(*zip(*valids, strict=True), color="#e8590c", marker="o", label="held out")
    figure.legend(loc="upper right", bbox_to_anchor=(0.9, 0.95))
    figure.savefig(path, dpi=120)


def draw_traces(traces: Mapping[str, Trace], path: Path) -> None:
    """Draw what else a training told (two losses, how often the critic is right), one below the other."""
    figure = Figure(figsize=(8, 1 + 2 * len(traces)), layout="constrained")
    rows = figure.subplots(len(traces), 1, sharex=True, squeeze=False)[:, 0]
    for index, (axes, (name, points)) in enumerate(zip(rows, traces.items(), strict=True)):
        axes.plot(*zip(*thinned(points), strict=True), color=_COLOURS[index % len(_COLOURS)])
        axes.set_ylabel(name)
        axes.grid(alpha=0.3)
    rows[-1].set_xlabel("step")
    figure.savefig(path, dpi=120)


def thinned(points: Trace, most: int = _POINTS) -> list[tuple[int, float]]:
    """A trace of at most so many points, each the mean of neighbours."""
    parts = np.array_split(np.array(points, float), min(most, len(points)))
    return [(round(float(part[:, 0].mean())), round(float(part[:, 1].mean()), 4)) for part in parts]
