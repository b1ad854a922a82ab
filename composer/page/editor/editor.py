"""The editor: the piano roll of the seed, on which notes are drawn, moved, stretched and taken away.

Its value is that of `composer.page.editor.drawing`. Beside the value it has three properties: `choosing`, as the roll
of takes has it; `sound`, what plays the seed; and `voice`, the index of the voice that is drawn in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from composer.music.spoken import LENGTHS
from composer.page.assets import asset
from composer.page.modules import mounting
from composer.page.roll.roll import Picture


class Editor(gr.HTML):
    """The component. It triggers `edit` after every change, `listen` for sound, `choose` when bars are chosen."""

    def __init__(self, value: Picture | None = None, **settings: Any) -> None:
        super().__init__(
            value,
            html_template=asset("editor/editor.html", "roll/roll.html"),
            css_template=asset("controls.css", "roll/roll.css", "editor/editor.css"),
            js_on_load=mounting("mountEditor", "edit", "listen", "choose", "back"),
            apply_default_css=False,
            # Properties, not parameters of ours: Gradio passes on updates of those only, and gives them back to us.
            **{"choosing": None, "sound": None, "voice": 0, "lengths": list(LENGTHS.items()), **settings},
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "object", "description": "a score in ticks that was drawn: notes, voices, metre, tempo, key"}

    def example_payload(self) -> Picture:
        """What a client would send."""
        return {"of": "", "edition": 0, "notes": []}

    def example_value(self) -> Picture:
        """What a client would be sent."""
        return self.example_payload()


def sounding(wav: Path) -> dict[str, Any]:
    """The property that plays the seed."""
    return {"audio": {"path": str(wav), "meta": {"_type": "gradio.FileData"}}, "play_from": 0, "autoplay": True}
