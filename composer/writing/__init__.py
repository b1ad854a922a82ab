"""Writing: a request and a seed become takes, through one loop."""

from composer.writing.plan import CHOIR
from composer.writing.request import MAX_BARS, MAX_TAKES, TASKS, Recipe, Request
from composer.writing.take import Commission, Take, blank, fingerprint

__all__ = ["CHOIR", "MAX_BARS", "MAX_TAKES", "TASKS", "Commission", "Recipe", "Request", "Take", "blank", "fingerprint"]
