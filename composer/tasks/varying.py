"""Vary: the melody comes back changed, on the way from its own points to a stranger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from composer.tasks.anew import Anew
from composer.tasks.points import Point, between, way
from composer.tasks.task import Phrase

if TYPE_CHECKING:
    from composer.tasks.request import Request


class Vary(Anew):
    """Writes the melody anew, as far from itself as one says."""

    name = "vary"
    title = "Vary"
    hint = "The melody comes back changed, as far as you say."
    settings = Anew.settings | {"amount"}

    def point(self, phrase: Phrase) -> Point:
        """A point on the way from the melody's own to a stranger."""
        return between(phrase.own(), self.stranger(phrase), way(phrase.request.amount))

    def stranger(self, phrase: Phrase) -> Point:
        """Another point, from a random source of its own: with only the amount changed, the way leads to the same."""
        return phrase.imagined([], np.random.default_rng([phrase.number, phrase.bar]))

    def unchanged(self, request: Request) -> bool:
        """By nothing, the melody is itself: what its points stand for need not be it."""
        return request.amount == 0
