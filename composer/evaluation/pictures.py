"""Pictures of takes beside people's music: the distribution of each statistic, a file a task."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from composer.evaluation.mimicry import Mimicry
from composer.evaluation.statistics import STATISTICS

_COLOURS = {"people": "#868e96", "network": "#4263eb", "markov": "#e8590c"}
_BINS = 15


def draw_distributions(found: Mimicry, name: str, folder: Path) -> Path:
    """Draw the histograms of one task's statistics: people's filled, the network's and the baseline's as lines."""
    figure = Figure(figsize=(13, 8), layout="constrained")
    figure.suptitle(f"{name}, {found.task}: {found.takes} takes beside what people wrote")
    for index, (axes, statistic) in enumerate(zip(figure.subplots(3, 4).flat, STATISTICS, strict=True)):
        columns = {who: values[:, index] for who, values in found.counted.items()}
        edges = np.histogram_bin_edges(np.concatenate(list(columns.values())), _BINS)
        for who in ("people", "network", "markov"):
            if who in columns:
                kind = "stepfilled" if who == "people" else "step"
                axes.hist(columns[who], edges, histtype=kind, color=_COLOURS[who], label=who, linewidth=1.8)
        axes.set_title(statistic, fontsize=10)
        axes.set_yticks([])
    figure.axes[0].legend()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{found.task}.png"
    figure.savefig(path, dpi=100)
    return path
