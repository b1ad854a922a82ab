"""The picture of a training run."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure


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
