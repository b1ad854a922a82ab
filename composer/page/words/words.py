"""Words on the page: a headline and sentences, shown as text whatever is in them.

Titles and names come from visitors' files, and a template of Gradio's would run what looks like code in them; so the
browser sets them as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from composer.page.assets import asset
from composer.page.modules import mounting


class Words(gr.HTML):
    """A headline and a list of sentences; `role` says how urgently a screen reader tells of changes."""

    def __init__(self, value: dict[str, Any] | None = None, *, role: str = "status", **settings: Any) -> None:
        super().__init__(
            value or words(),
            html_template=asset("words/words.html"),
            css_template=asset("words/words.css"),
            js_on_load=mounting("mountWords"),
            apply_default_css=False,
            role=role,
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "object", "description": "a headline and sentences"}

    def example_payload(self) -> dict[str, Any]:
        """What a client would send."""
        return words("Ode to Joy", ["8 bars"])

    def example_value(self) -> dict[str, Any]:
        """What a client would be sent."""
        return words("Ode to Joy", ["8 bars"])


def words(headline: str = "", sentences: Sequence[str] = ()) -> dict[str, Any]:
    """A value of `Words`."""
    return {"headline": headline, "sentences": list(sentences)}
