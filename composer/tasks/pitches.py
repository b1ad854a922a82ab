"""The pitches that new notes may have: those of a key, within a range."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from composer.errors import BadRequest
from composer.events.rows import PITCHES
from composer.score import Key

Mask = npt.NDArray[np.bool_]


def pitch_mask(key: Key | None, low: int, high: int) -> Mask:
    """The pitches (128,) within a key (None: any) and from `low` to `high`; BadRequest when none is left."""
    mask = np.zeros(PITCHES, bool)
    if low > high:
        raise BadRequest("The pitches chosen leave one of the voices nothing to sing. Widen the range.")
    for pitch in range(max(0, low), min(127, high) + 1):
        mask[pitch] = key is None or pitch % 12 in key.pitch_classes
    if not mask.any():
        scale = f" of {key}" if key else ""
        raise BadRequest(
            f"Between pitch {low} and {high} there is no note{scale}. Widen the range or unlock the scale."
        )
    return mask
