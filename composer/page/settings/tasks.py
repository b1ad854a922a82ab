"""The tasks as a visitor chooses them, and the controls that belong to some of them only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.music import Reading
from composer.page.settings.fields import field_of
from composer.score import Score
from composer.tasks import SETTINGS, TASKS, Task


def task_choices(tasks: Sequence[str]) -> list[tuple[str, str]]:
    """(what the button says, task) of each."""
    return [(TASKS[task].title, task) for task in tasks]


def task_controls(tasks: Sequence[str], reading: Reading) -> dict[str, Component]:
    """What to do, how long or where, and in which voices; by the names of `Controls`."""
    task = tasks[0]
    choice = gr.Radio(task_choices(tasks), value=task, label="Task", info=TASKS[task].hint, elem_id="task")
    bars = field_of(SETTINGS["bars"])
    first, last = middle(reading.score)
    with gr.Row(elem_id="region"):
        begin = gr.Number(first, label="From bar", precision=0, min_width=90, visible=False, elem_id="first")
        end = gr.Number(last, label="to bar", precision=0, min_width=90, visible=False, elem_id="last")
    voices = gr.CheckboxGroup(label="Voices to write anew", visible=False, elem_id="voices")
    freeze = gr.CheckboxGroup(label="Voices that stay beside the melody", visible=False, elem_id="freeze")
    kind = field_of(SETTINGS["kind"], visible=False)
    return {"task": choice, "bars": bars, "first": begin, "last": end, "voices": voices, "freeze": freeze, "kind": kind}


def middle(score: Score) -> tuple[int, int]:
    """The two bars in the middle of a piece, counted from 1."""
    first = max(1, score.bars // 2)
    return first, max(first, min(score.bars, first + 1))


def voices_of(reading: Reading) -> list[tuple[str, str]]:
    """(name, number from 1) of every track that has pitches: numbers tell tracks of one name apart."""
    voices = zip(reading.tracks, reading.score.voices, strict=True)
    return [(name, str(n)) for n, (name, voice) in enumerate(voices, 1) if voice.notes and not voice.is_drum]


def voices_below(task: Task, reading: Reading) -> list[tuple[str, str]]:
    """Those that setting voices under a melody would replace: an alto, say, or a left hand that is there already."""
    if not task.ensemble:
        return []
    below = {part.name.lower() for part in task.ensemble.parts[1:]}
    return [(name, number) for name, number in voices_of(reading) if name.lower() in below]


def region_text(first: int, last: int, ticked: Sequence[str], reading: Reading) -> str:
    """The region as requests spell it: "5-6", or "5-6:2,3" where some voices are left alone."""
    bars = f"{min(first, last)}-{max(first, last)}"
    known = [number for _, number in voices_of(reading)]
    return bars if len(known) < 2 or set(ticked) == set(known) else f"{bars}:{','.join(ticked)}"


def choosing(
    task: Task, first: float | None, last: float | None, score: Score, ticked: Sequence[str] | None
) -> dict[str, Any] | None:
    """What the roll shows as chosen: bars `first` to `last` of `bars`, in the voices ticked (all of one voice's).

    None where the task asks for no bars.
    """
    if not task.asks_for("region") or not first or not last:
        return None
    begin, end = sorted((int(first), int(last)))
    if not 1 <= begin <= end <= score.bars:
        return None
    voices = [int(number) - 1 for number in ticked or ()] or list(range(len(score.voices)))
    return {"first": begin, "last": end, "bars": score.bars, "voices": voices}
