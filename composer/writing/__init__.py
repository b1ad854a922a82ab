"""Writing: a request and a seed become takes, through one loop."""

from composer.tasks import ENSEMBLES, KINDS, MAX_BARS, MAX_TAKES, TASKS, Request
from composer.writing.binding import new_writer
from composer.writing.take import Recipe, Take, blank, fingerprint
from composer.writing.writer import Writer

__all__ = [
    "ENSEMBLES",
    "KINDS",
    "MAX_BARS",
    "MAX_TAKES",
    "TASKS",
    "Recipe",
    "Request",
    "Take",
    "Writer",
    "blank",
    "fingerprint",
    "new_writer",
]
