"""Tunes like this: the library's tunes by their likeness to a melody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from composer.analysis.likeness import Index, Likeness, points_of
from composer.analysis.tunes import Library, Tune
from composer.analysis.windows import curves_of
from composer.score import Note, Score

_MOST_WINDOWS = 24  # of the melody that is asked about


@dataclass(frozen=True)
class Like:
    """A tune of the library, how like it is (1 the same, about 0 nothing in common), and its bar that is likest."""

    tune: Tune
    likeness: float

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "name": self.tune.name,
            "title": self.tune.title,
            "source": self.tune.source,
            "style": self.tune.style,
            "likeness": round(self.likeness, 4),
        }


def index_of(library: Library, network: Likeness) -> Index:
    """The library's points; takes about a second, so `listeners` holds them."""
    curves = [curves_of(tune.score)[0] for tune in library.tunes]
    empty = [len(found) == 0 for found in curves]
    points = points_of(network, np.concatenate(curves))
    nowhere = np.zeros((1, points.shape[1]), np.float32)  # a tune too short for a window is like nothing
    parts = np.split(points, np.cumsum([len(found) for found in curves])[:-1])
    return Index.of([nowhere if none else part for none, part in zip(empty, parts, strict=True)])


def likest(
    score: Score,
    library: Library,
    index: Index,
    network: Likeness,
    most: int = 10,
    notes: tuple[Note, ...] | None = None,
) -> list[Like]:
    """The likest tunes of a library and its index: to the score's first voice, or to some `notes` in its bars."""
    curves, _ = curves_of(score, notes)
    if not len(curves):
        return []
    chosen = np.unique(np.linspace(0, len(curves) - 1, _MOST_WINDOWS).astype(int))
    scores = index.likeness(points_of(network, curves[chosen]))
    return [Like(library.tunes[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:most]]
