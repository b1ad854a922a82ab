"""The takes of the session: cards, and under the roll what can be done with the take that is shown.

Its value is what Python adds: {"takes": [entry, …], "growing": [picture, …], "show": id or null, "phase": "writing"
or "rest", "progress": {"bars", "of", "take", "takes", "seconds"}, "draft": entry}; all else stands in the browser. It
triggers `redo`, `extend`, `use`, `into` (the seed morphs into the take), `open` and `bring` (a tune of the library
becomes the seed), and asks for files through `composer.page.takes.files`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from composer.page.assets import asset
from composer.page.modules import mounting
from composer.page.takes.files import file, link, notation, pages, sound, spoken
from composer.page.takes.instruments import GENERAL_MIDI
from composer.tasks import TASKS

_EVENTS = ("redo", "extend", "use", "into", "open", "bring", "change_take")


def _tasks() -> dict[str, dict[str, Any]]:
    """What cards and the map need of each task: its title, the settings that are its own, and whether it goes on."""
    return {
        task.name: {"title": task.title, "settings": sorted(task.settings), "goesOn": task.goes_on}
        for task in TASKS.values()
    }


class TakesPanel(gr.HTML):
    """The component; `questions` are what is asked of takes beside their files.

    The setting `charted` names the networks whose takes have a map.
    """

    def __init__(self, questions: Sequence[Callable[..., Any]] = (), **settings: Any) -> None:
        super().__init__(
            {},
            html_template=asset("takes/panel.html"),
            css_template=asset("controls.css", "takes/panel.css", "takes/plane.css", "readers/view.css"),
            js_on_load=mounting("mountTakes", *_EVENTS),
            apply_default_css=False,
            server_functions=[sound, file, notation, pages, spoken, link, *questions],
            **{"instruments": list(GENERAL_MIDI), "charted": [], "tasks": _tasks(), **settings},
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "object", "description": "takes that were written"}

    def example_payload(self) -> dict[str, Any]:
        """What a client would send."""
        return {"takes": []}

    def example_value(self) -> dict[str, Any]:
        """What a client would be sent."""
        return {"takes": []}
