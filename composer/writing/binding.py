"""A request, a seed and a network brought together."""

from __future__ import annotations

from composer.kinds import OF_POINTS
from composer.music import Reading
from composer.shelf import Shelved
from composer.tasks import Request, Task
from composer.writing.drafters.notes import NoteDrafter
from composer.writing.writer import Drafter, Job, Writer


def new_writer(
    seed: Reading | None, request: Request, shelved: Shelved, second: Reading | None = None, task: Task | None = None
) -> Writer:
    """What writes the takes of a request; `second` is the melody to end with, where the task needs one.

    A `task` that is given stands in for the one that the request names.
    """
    return Writer(seed, request, shelved, _drafter, second, task)


def _drafter(job: Job) -> Drafter:
    """What writes a job: the network decides whether it goes note by note or through points."""
    if job.shelved.card.network not in OF_POINTS:
        return NoteDrafter(job)
    from composer.writing.drafters.phrases import PhraseDrafter  # it needs PyTorch, which takes a second to import

    return PhraseDrafter(job)
