"""A score read out bar by bar, folded away until somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from composer.page.assets import asset
from composer.page.modules import mounting


class Spoken(gr.HTML):
    """A list of sentences behind "Bar by bar, in words"; its value is the list."""

    def __init__(self, value: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(
            list(value),
            html_template=asset("words/spoken.html"),
            css_template=asset("words/spoken.css"),
            js_on_load=mounting("mountSpoken"),
            apply_default_css=False,
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "array", "items": {"type": "string"}}

    def example_payload(self) -> list[str]:
        """What a client would send."""
        return ["Bar 1: C4 quarter, rest."]

    def example_value(self) -> list[str]:
        """What a client would be sent."""
        return self.example_payload()
