"""Writing: a request and a seed become takes, through one loop."""

from composer.writing.binding import new_writer
from composer.writing.ensembles import ENSEMBLES, KINDS, UNDER_MELODY
from composer.writing.request import MAX_BARS, MAX_TAKES, TASKS, THROUGH_POINTS, Recipe, Request, suited_top_p
from composer.writing.take import Take, blank, fingerprint
from composer.writing.writer import Writer

__all__ = [
    "ENSEMBLES",
    "KINDS",
    "MAX_BARS",
    "MAX_TAKES",
    "TASKS",
    "THROUGH_POINTS",
    "UNDER_MELODY",
    "Recipe",
    "Request",
    "Take",
    "Writer",
    "blank",
    "fingerprint",
    "new_writer",
    "suited_top_p",
]
