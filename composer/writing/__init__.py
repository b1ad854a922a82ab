"""Writing: a request and a seed become takes, through one loop."""

from composer.writing.binding import commission
from composer.writing.ensembles import ENSEMBLES, KINDS, UNDER_MELODY
from composer.writing.request import MAX_BARS, MAX_TAKES, TASKS, THROUGH_POINTS, Recipe, Request, suited_top_p
from composer.writing.take import Commission, Take, blank, fingerprint

__all__ = [
    "ENSEMBLES",
    "KINDS",
    "MAX_BARS",
    "MAX_TAKES",
    "TASKS",
    "THROUGH_POINTS",
    "UNDER_MELODY",
    "Commission",
    "Recipe",
    "Request",
    "Take",
    "blank",
    "commission",
    "fingerprint",
    "suited_top_p",
]
