"""Points of a latent space: the way between two, and a point in few bytes.

Axes: D dimensions of the latent space, S cells. All functions are pure.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from composer.events.phrase import PhraseNotes

Point = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
# How far along the way to a stranger so much of a melody has changed: a point stands for its phrase with all points
# around it, and until a third of the way next to nothing changes. Counted on held-out phrases by `bench/ways.py`,
# amounts in tenths.
_WAY = (0.0, 0.44, 0.48, 0.51, 0.55, 0.59, 0.62, 0.66, 0.73, 0.86, 1.0)
# Likewise from one melody to another, whose cells go over one after the other.
_WALK = (0.0, 0.29, 0.40, 0.49, 0.55, 0.60, 0.66, 0.72, 0.78, 0.85, 1.0)
_BLEND = 0.25  # of the way from one melody to another, in which a cell goes over from the one to the other
_STEP = 1 / 32  # of what a byte counts; a byte reaches from −4 to 4


def between(a: Point, b: Point, share: float) -> Point:
    """The point at `share` (0 … 1) of the way from a to b (D,): along the great circle, lengths changing evenly.

    In many dimensions nearly all points lie at about the same distance from the middle; a straight line would cut
    through where there are none (White 2016, arXiv:1609.04468).
    """
    lengths = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    cosine = float(a @ b) / max(1e-9, lengths[0] * lengths[1])
    angle = float(np.arccos(np.clip(cosine, -1, 1)))
    if angle < 1e-3:
        return ((1 - share) * a + share * b).astype(np.float32)
    turned = (np.sin((1 - share) * angle) * a / lengths[0] + np.sin(share * angle) * b / lengths[1]) / np.sin(angle)
    return (turned * ((1 - share) * lengths[0] + share * lengths[1])).astype(np.float32)


def way(amount: float) -> float:
    """How far to go towards a stranger (0 … 1) so that about the share `amount` of the notes changes; 1 goes to it."""
    return float(np.interp(amount, np.linspace(0, 1, len(_WAY)), _WAY))


def order_of(cells: int, *phrases: PhraseNotes) -> Floats:
    """In which order, from 0 to 1, the cells (S,) of phrases go over from one to another: spread over the time.

    A cell in which no note begins changes nothing, and takes no place in the order.
    """
    struck = {int(when * cells) for phrase in phrases for when in phrase.when}
    order = np.full(cells, 0.5)
    for rank, cell in enumerate(sorted(struck, key=_spread)):
        order[cell] = (rank + 0.5) / len(struck)
    return order


def _spread(number: int) -> str:
    """Sorts numbers so that neighbours are far apart (van der Corput 1935): by their binary digits, the last first."""
    return f"{number:016b}"[::-1]


def on_the_way(a: Point, b: Point, share: float, order: Floats) -> Point:
    """The point at `share` (0 … 1) of the way from a to b (D,), whose cells go over one after the other.

    Were all to go together, nearly all notes would change at once, half way.
    """
    done = np.clip((share * (1 + _BLEND) - order) / _BLEND, 0, 1)
    here, there = (point.reshape(len(order), -1) for point in (a, b))
    cells = [between(x, y, float(s)) for x, y, s in zip(here, there, done, strict=True)]
    return np.concatenate(cells).astype(np.float32)


def walked(done: float) -> float:
    """How far to go from one melody to another (0 … 1) so that about the share `done` of the change is done."""
    return float(np.interp(done, np.linspace(0, 1, len(_WALK)), _WALK))


def pack(point: Point) -> bytes:
    """A point (D,) in D bytes."""
    return np.clip(np.round(point / _STEP), -128, 127).astype(np.int8).tobytes()


def unpack(packed: bytes) -> Point:
    """The point (D,) that `pack` kept, to the nearest 1/32."""
    return (np.frombuffer(packed, np.int8) * _STEP).astype(np.float32)
