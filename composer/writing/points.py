"""The points of a latent space that phrases stand at.

Axis: D dimensions of the latent space.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from composer.errors import BadRequest
from composer.events.phrase import phrase_notes
from composer.events.rows import MAX_BAR_TICKS
from composer.networks.latent import LatentNetwork, Notes
from composer.score import TICKS_PER_QUARTER, Note
from composer.tasks.points import Point


def point_of(network: LatentNetwork, notes: Sequence[Note], start: int, bar_ticks: int) -> Point:
    """The point (D,) of the phrase of a melody at home that begins at tick `start`, in bars of `bar_ticks`."""
    check_bars(bar_ticks)
    with torch.inference_mode():
        mean, _ = network.autoencoder.encode(Notes.of([phrase_notes(notes, start, bar_ticks)]))
    point: Point = mean[0].numpy()
    return point


def check_bars(bar_ticks: int) -> None:
    """BadRequest where bars are longer than a phrase's may be."""
    if bar_ticks > MAX_BAR_TICKS:
        raise BadRequest(
            f"A bar lasts {bar_ticks / TICKS_PER_QUARTER:g} quarters here; points stand for bars of up to "
            f"{MAX_BAR_TICKS // TICKS_PER_QUARTER}. Re-bar the piece, for instance in 4/4, and try again."
        )
