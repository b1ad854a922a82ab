"""The tasks as a visitor chooses them, and the controls that belong to some of them only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.music import Reading
from composer.score import Score
from composer.writing import ENSEMBLES, MAX_BARS, UNDER_MELODY, Request
from composer.writing.region import parse_region

NAMES = {
    "continue": "Continue",
    "improvise": "Improvise",
    "harmonise": "Harmonise",
    "accompany": "Accompany",
    "infill": "Fill in",
    "vary": "Vary",
    "morph": "Morph",
    "restore": "Restore",
}
HINTS = {
    "continue": "The network goes on where the seed ends.",
    "improvise": "The network begins anew, in the seed's metre, key and tempo.",
    "harmonise": "The melody stays; alto, tenor and bass are set under it.",
    "accompany": "The melody stays; a piano joins it, right hand and left.",
    "infill": "Some bars are written anew: name them, or drag across them on the roll.",
    "vary": "The melody comes back changed, as far as you say.",
    "morph": "The first two bars of the seed turn step by step into those of another tune.",
    "restore": "The melody through a few numbers and back: what comes back, and what is lost.",
}
OF_ANY_LENGTH = ("continue", "improvise")  # the others are as long as the seed
AGAIN = ("vary", "restore")  # the melody is written anew from its beginning
FOLLOWING_A_MELODY = ("continue", "harmonise", "accompany", "vary", "morph", "restore")
KINDS = {
    "melody": "a melody",
    "chorale": "a chorale in four voices",
    "song": "a song with piano",
    "piano": "piano",
    "quartet": "a string quartet",
}
AS_THE_STYLE = "as the style has it"


def task_choices(tasks: Sequence[str]) -> list[tuple[str, str]]:
    """(what the button says, task) of each."""
    return [(NAMES[task], task) for task in tasks]


def task_controls(tasks: Sequence[str], reading: Reading) -> dict[str, Component]:
    """What to do, how long or where, and in which voices; by the names of `Controls`."""
    task = tasks[0]
    choice = gr.Radio(task_choices(tasks), value=task, label="Task", info=HINTS[task], elem_id="task")
    bars = gr.Slider(1, MAX_BARS, 8, step=1, label="Bars to write", elem_id="bars")
    first, last = middle(reading.score)
    with gr.Row(elem_id="region"):
        begin = gr.Number(first, label="From bar", precision=0, min_width=90, visible=False, elem_id="first")
        end = gr.Number(last, label="to bar", precision=0, min_width=90, visible=False, elem_id="last")
    voices = gr.CheckboxGroup(label="Voices to write anew", visible=False, elem_id="voices")
    freeze = gr.CheckboxGroup(label="Voices that stay beside the melody", visible=False, elem_id="freeze")
    kind = gr.Dropdown(
        [(AS_THE_STYLE, ""), *((KINDS[kind], kind) for kind in ENSEMBLES)],
        value="",
        label="What to improvise",
        info="As the style is usually written, or of your choice.",
        visible=False,
        elem_id="kind",
    )
    return {"task": choice, "bars": bars, "first": begin, "last": end, "voices": voices, "freeze": freeze, "kind": kind}


def middle(score: Score) -> tuple[int, int]:
    """The two bars in the middle of a piece, counted from 1."""
    first = max(1, score.bars // 2)
    return first, max(first, min(score.bars, first + 1))


def voices_of(reading: Reading) -> list[tuple[str, str]]:
    """(name, number from 1) of every track that has pitches: numbers tell tracks of one name apart."""
    voices = zip(reading.tracks, reading.score.voices, strict=True)
    return [(name, str(n)) for n, (name, voice) in enumerate(voices, 1) if voice.notes and not voice.is_drum]


def voices_below(task: str, reading: Reading) -> list[tuple[str, str]]:
    """Those that setting voices under a melody would replace: an alto, say, or a left hand that is there already."""
    if task not in UNDER_MELODY:
        return []
    below = {part.name.lower() for part in ENSEMBLES[UNDER_MELODY[task]].parts[1:]}
    return [(name, number) for name, number in voices_of(reading) if name.lower() in below]


def region_text(first: int, last: int, ticked: Sequence[str], reading: Reading) -> str:
    """The region as requests spell it: "5-6", or "5-6:2,3" where some voices are left alone."""
    bars = f"{min(first, last)}-{max(first, last)}"
    known = [number for _, number in voices_of(reading)]
    return bars if len(known) < 2 or set(ticked) == set(known) else f"{bars}:{','.join(ticked)}"


def choosing(
    task: str, first: float | None, last: float | None, score: Score, ticked: Sequence[str] | None
) -> dict[str, Any] | None:
    """What the roll shows as chosen: bars `first` to `last` of `bars`, in the voices ticked (all of one voice's).

    None where the task asks for no bars.
    """
    if task != "infill" or not first or not last:
        return None
    begin, end = sorted((int(first), int(last)))
    if not 1 <= begin <= end <= score.bars:
        return None
    voices = [int(number) - 1 for number in ticked or ()] or list(range(len(score.voices)))
    return {"first": begin, "last": end, "bars": score.bars, "voices": voices}


def bars_asked(request: Request, seed: Score) -> int | None:
    """How many whole bars a finished take has written; None where the request and the seed alone do not tell."""
    if request.task in (*UNDER_MELODY, *AGAIN):
        return seed.bars
    if request.task == "morph":
        return None
    if request.task == "infill":
        first, last = region_bars(request, seed)
        return last - first + 1
    return request.bars


def region_bars(request: Request, seed: Score) -> tuple[int, int]:
    """The first and the last bar to fill in, from 0."""
    first, last, _ = parse_region(request.region or "", seed)
    return first, last
