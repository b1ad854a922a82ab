"""The takes of the session: cards, and under the roll what can be done with the take that is shown.

Its value is what Python adds: {"takes": [entry, …], "growing": picture or null, "show": id or null}; all else stands in
the browser. It triggers `redo`, `extend`, `use` and `open`, and asks for files through `ui.take_files`.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.assets import asset
from ui.controls import INSTRUMENTS
from ui.take_files import file, link, notation, sound

_SCRIPTS = [f"takes_{part}.js" for part in ("store", "show", "cards", "mixer", "sheet", "tools", "value")]


class TakesPanel(gr.HTML):
    """The component."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            {},
            html_template=asset("takes_panel.html"),
            css_template=asset("takes_panel.css"),
            js_on_load=asset(*_SCRIPTS),
            apply_default_css=False,
            server_functions=[sound, file, notation, link],
            **{"instruments": [name for name, number in INSTRUMENTS if number >= 0], **settings},
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
