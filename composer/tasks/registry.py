"""The tasks there are, by name, in the order in which they are offered."""

from __future__ import annotations

from composer.tasks.accompanying import Accompany
from composer.tasks.continuing import Continue
from composer.tasks.harmonising import Harmonise
from composer.tasks.improvising import Improvise
from composer.tasks.infilling import Infill
from composer.tasks.morphing import Morph
from composer.tasks.restoring import Restore
from composer.tasks.task import Task
from composer.tasks.varying import Vary

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        Continue(),
        Improvise(),
        Harmonise(),
        Accompany(),
        Infill(),
        Vary(),
        Morph(),
        Restore(),
    )
}


def suiting(seed: bool, second: bool = False) -> Task:
    """The task that is meant where none is named: the first that needs just what was brought."""
    return next(task for task in TASKS.values() if (task.needs_seed, task.needs_second) == (seed or second, second))
