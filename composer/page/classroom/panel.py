"""The classroom: a comparison of networks with its blind vote, and a look inside of any of its takes.

The component's value is what `Comparing.press` tells, and empty before that. It triggers `compare` (a `Comparison`).
The property `networks` names what can be compared.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from composer.page.assets import asset
from composer.page.classroom.comparing import Comparing
from composer.page.classroom.lessons import Lessons, room_questions
from composer.page.classroom.rooms import Rooms
from composer.page.handlers.seed import SeedDesk
from composer.page.screen import Screen, Update, Values
from composer.page.wire import Comparison, checked
from composer.shelf import Shelf

_PARTS = ("drawing", "chances", "compare", "votes", "decisions", "layers", "look", "classroom")
_SCRIPTS = ("takes/make.js", "takes/ask.js", *(f"classroom/{part}.js" for part in _PARTS))
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class ClassroomPanel(gr.HTML):
    """The component."""

    def __init__(
        self,
        questions: Sequence[Callable[..., Any]] = (),
        networks: Sequence[dict[str, Any]] = (),
        **settings: Any,
    ) -> None:
        super().__init__(
            {},
            html_template=asset("classroom/panel.html"),
            css_template=asset("controls.css", "classroom/panel.css"),
            js_on_load=asset(*_SCRIPTS),
            apply_default_css=False,
            server_functions=list(questions),
            **{"networks": list(networks), **settings},
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "object", "description": "what networks wrote beside each other"}

    def example_payload(self) -> dict[str, Any]:
        """What a client would send."""
        return {}

    def example_value(self) -> dict[str, Any]:
        """What a client would be sent."""
        return {}


@dataclass(frozen=True)
class Classroom:
    """The panel's handler: it changes nothing but what it answers with."""

    screen: Screen
    seeds: SeedDesk
    comparing: Comparing
    panel: ClassroomPanel

    @classmethod
    def panel_of(cls, shelf: Shelf) -> tuple[Comparing, ClassroomPanel]:
        """The panel with a store of rooms of its own, and what writes its comparisons."""
        comparing = Comparing(shelf)
        questions = [*Lessons(shelf).questions(), *room_questions(Rooms())]
        return comparing, ClassroomPanel(questions, comparing.networks(), elem_id="classroom")

    def wire(self, **limits: Any) -> None:
        """Let a press compare; `limits` are those of what writes."""
        known: set[Any] = {self.screen.editor, self.screen.seed}
        told = [self.panel, self.screen.notice]
        self.panel.compare(self.compare, known, told, api_name="press_compare", trigger_mode="once", **_QUIET, **limits)

    def compare(self, values: Values, pressed: gr.EventData) -> Iterator[Update]:
        """Write with several networks at once."""
        with self.screen.telling() as told:
            asked = checked(Comparison, pressed._data)
            with closing(self.comparing.press(self.seeds.seed_now(values), asked)) as growing:
                for value in growing:
                    yield {self.panel: value}
        trouble = told[self.screen.notice]["headline"]
        if trouble:  # said where it was pressed: the page's own notice is far away
            yield {self.panel: {"phase": "refused", "trouble": trouble, "press": secrets.token_hex(4)}}
