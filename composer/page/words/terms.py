"""Words that not everybody knows, explained behind a "?" beside where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from composer.page.assets import asset
from composer.page.modules import mounting


class Terms(gr.HTML):
    """A folded list of terms and what they mean; its value are pairs of both, and `about` says what they are of."""

    def __init__(self, value: Sequence[tuple[str, str]], about: str, **settings: Any) -> None:
        super().__init__(
            [list(pair) for pair in value],
            html_template=asset("words/terms.html"),
            css_template=asset("words/terms.css"),
            js_on_load=mounting("mountTerms"),
            apply_default_css=False,
            about=about,
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}

    def example_payload(self) -> list[list[str]]:
        """What a client would send."""
        return [["Temperature", "How daring it is"]]

    def example_value(self) -> list[list[str]]:
        """What a client would be sent."""
        return self.example_payload()
