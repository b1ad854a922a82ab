"""The control of a setting, as its declaration has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.tasks.setting import Choice, Number, Setting, Text, YesNo


def field_of(setting: Setting, choices: Sequence[Any] = (), **changes: Any) -> Component:
    """The control: a slider where a number has a reach, a menu where there is a choice (or `choices` are given).

    `changes` are what Gradio's component takes, in the place of what the declaration says.
    """
    shown: dict[str, Any] = {"label": setting.label, "info": setting.help, "elem_id": setting.name.replace("_", "-")}
    shown = {**shown, "value": setting.blank, **changes}
    if choices:
        return gr.Dropdown(list(choices), **shown)
    match setting:
        case Number(reach=(low, high)):
            return gr.Slider(low, high, step=setting.step, **shown)
        case Number():
            if setting.default is None:  # Gradio shows an empty number as 0, so 0 it is
                shown = {**shown, "value": 0, "info": f"{setting.help} 0: {setting.unset}.", **changes}
            return gr.Number(precision=0 if setting.whole else None, **shown)
        case Choice():
            nothing = [(setting.unset, "")] if setting.default is None else []
            return gr.Dropdown([*nothing, *((called, name) for name, called in setting.names.items())], **shown)
        case YesNo():
            return gr.Checkbox(**shown)
        case _:
            longest = setting.longest if isinstance(setting, Text) else None
            return gr.Textbox(max_length=longest, max_lines=1, **shown)


def at_rest(setting: Setting, control: Component, value: Any) -> Any:
    """Where a control stands for a request's value."""
    if value == setting.default:
        return 0 if isinstance(control, gr.Number) and setting.default is None else setting.blank
    return ",".join(value) if isinstance(value, tuple) else value


def is_offered(control: Component, value: Any) -> bool:
    """Whether a control can stand for a value: a menu only for what it offers."""
    return not isinstance(control, gr.Dropdown) or value in [offered for _, offered in control.choices or ()]
