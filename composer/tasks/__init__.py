"""Tasks: what a network can be asked to do, one file each, and the request that names one and its settings.

A new task is one file and one line in `composer/tasks/registry.py`; the kinds of networks that can do it name it in
`composer/kinds.py`.
"""

from composer.tasks.ensembles import ENSEMBLES, KINDS
from composer.tasks.registry import TASKS, suiting
from composer.tasks.request import MAX_SEED, MAX_STEPS, MAX_TAKES, SETTINGS, Request
from composer.tasks.setting import Setting, settings_of
from composer.tasks.task import MAX_BARS, Given, Task

__all__ = [
    "ENSEMBLES",
    "KINDS",
    "MAX_BARS",
    "MAX_SEED",
    "MAX_STEPS",
    "MAX_TAKES",
    "SETTINGS",
    "TASKS",
    "Given",
    "Request",
    "Setting",
    "Task",
    "settings_of",
    "suiting",
]
