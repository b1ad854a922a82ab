"""The map of phrases for the browser: people's phrases by style, those of the seed and of the take, and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from composer.page.takes.answers import Answer, Asked, Question, answering
from composer.page.takes.session import kept
from composer.page.wire import Base, checked
from composer.shelf import Shelf
from composer.sound import Wanted
from composer.writing.plane import PhraseMap, Spot, phrase_map

_NAMED = 6  # styles that have a colour: more are not told apart
_ELSE = "other styles"
_MIDDLE = 0.5  # deviations from the middle of people's phrases within which a phrase lies in it
_WHERE = (("upper left", "at the top", "upper right"), ("on the left", "in the middle", "on the right"))
_PLACES = (*_WHERE, ("lower left", "at the bottom", "lower right"))


def asks_for_map(shelf: Shelf) -> Question:
    """What a browser may ask of a take by a network of the shelf, by the function's name."""

    @answering("listening")
    def plane(asked: Asked, wanted: Wanted) -> Answer:
        base = kept(checked(Base, asked).take)
        second = base.second.reading if base.second else None
        return told(phrase_map(base.seed.reading, base.take, shelf.take(base.take.recipe.checkpoint), second))

    return plane


def told(found: PhraseMap) -> Answer:
    """A map as plain values, with sentences on its axes and on where the phrases lie."""
    spots = {"seed": found.seed, "take": found.take, "second": found.second}
    lying = [_lying(name, where, found) for name, where in spots.items() if where]
    return {
        "styles": _by_style(found),
        **{n: [asdict(s) for s in w] for n, w in spots.items()},
        "said": [_axes(found), *lying],
    }


def _by_style(found: PhraseMap) -> list[dict[str, Any]]:
    """The landmarks of the commonest styles, each under its name, and those of all others, last."""
    common = [style for style, _ in Counter(style for style in found.styles if style).most_common(_NAMED)]
    groups: dict[str, list[list[float]]] = {style: [] for style in [*common, _ELSE]}
    for place, style in zip(found.landmarks.round(3).tolist(), found.styles, strict=True):
        groups[style if style in common else _ELSE].append(place)
    return [{"style": style, "points": points, "named": style != _ELSE} for style, points in groups.items() if points]


def _axes(found: PhraseMap) -> str:
    across, up = (f"{100 * share:.1f} %" for share in found.shares)
    return (
        f"Across and up run the two of {found.dimensions} directions in which people's phrases differ most; they hold "
        f"{across} and {up} of the variance. What lies far apart here does differ; what lies close together may still "
        "differ in all the others."
    )


def _lying(name: str, spots: Sequence[Spot], found: PhraseMap) -> str:
    begins, ends = (_place(spot, found) for spot in (spots[0], spots[-1]))
    whose = {"seed": "seed", "take": "take", "second": "tune morphed into"}[name]
    if len(spots) == 1:
        return f"The {whose} has one phrase here, {begins}."
    return f"The {whose} has {len(spots)} phrases here: the first {begins}, the last {ends}."


def _place(spot: Spot, found: PhraseMap) -> str:
    """Where a phrase lies among people's, in words."""
    x, y = (np.array([spot.x, spot.y]) - found.landmarks.mean(0)) / (found.landmarks.std(0) + 1e-6)
    column, row = (int(v > _MIDDLE) - int(v < -_MIDDLE) for v in (x, -y))
    return _PLACES[1 + row][1 + column]
