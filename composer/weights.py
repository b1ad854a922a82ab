"""The numbers in a checkpoint's file: matrices of networks of notes in eight bits, a scale a row, all else in halves.

Nothing here needs PyTorch: who only plays reads weights as arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

SCALE = " scale"  # follows the name of a matrix in eight bits: the scale (R, 1) of its rows


def load_weights(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    """The tensors of a file under their own names."""
    return dict(load_file(path))


def single_precision(weights: Mapping[str, npt.NDArray[np.generic]], name: str) -> npt.NDArray[np.float32]:
    """One tensor as networks take it."""
    values = weights[name].astype(np.float32)
    scale = weights.get(name + SCALE)
    if scale is None:
        return values
    return values * scale.astype(np.float32).reshape(-1, *([1] * (values.ndim - 1)))
