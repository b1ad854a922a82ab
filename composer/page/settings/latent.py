"""The controls of the tasks that go through points: how far to vary, what to morph into, and in how many steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.errors import BadRequest
from composer.page.seeds.seeds import BROUGHT, Seed, seed_of_tune, tune_choices
from composer.page.settings.fields import field_of
from composer.tasks import SETTINGS, Task

SECOND = "kesh_jig"  # what to morph into until someone chooses


def latent_controls() -> dict[str, Component]:
    """Amount, second tune and steps, by the names of `Controls`; each shows for its own task only.

    `brought` is a second tune that is none of the gallery's: a file, or a take of the session.
    """
    amount, steps = (field_of(SETTINGS[name], visible=False) for name in ("amount", "steps"))
    second = gr.Dropdown(
        tune_choices(), value=SECOND, label="Morph into", info="Where the way ends.", visible=False, elem_id="second"
    )
    open_second = gr.UploadButton("Open a tune to morph into", visible=False, elem_id="open-second")
    brought = gr.State(None)
    return {"amount": amount, "second": second, "open_second": open_second, "brought": brought, "steps": steps}


def fit_latent(controls: Mapping[str, Component], task: Task) -> dict[Component, Any]:
    """The controls as a task needs them."""
    second = dict.fromkeys(("second", "open_second"), task.needs_second)
    shown = {**second, "amount": task.asks_for("amount"), "steps": task.asks_for("steps")}
    return {controls[name]: gr.update(visible=visible) for name, visible in shown.items()}


def second_of(task: Task, tune: str | None, brought: Seed | None = None) -> Seed | None:
    """The tune to morph into; None for every other task."""
    if not task.needs_second:
        return None
    if tune == BROUGHT and brought is not None:
        return brought
    if not tune:
        raise BadRequest("Choose a tune to morph into.")
    return seed_of_tune(tune)


def second_choices(label: str) -> dict[str, Any]:
    """The menu of second tunes with one that was brought, which is chosen."""
    return gr.update(choices=[(label, BROUGHT), *tune_choices()], value=BROUGHT, visible=True)
