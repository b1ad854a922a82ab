"""What the readers say of the seed, and the library's tunes to the visitor's taste, folded under the takes.

The component's value is {"heard": what `Hearing.of` answers} or {"stale": a number} once the seed has changed. It
triggers `look` (tell of the seed) and `bring` (a tune of the library becomes the seed).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from composer import api
from composer.analysis.originality import Receipt
from composer.errors import ComposerError
from composer.music import Reading
from composer.page.assets import asset
from composer.page.handlers.seed import SeedDesk
from composer.page.modules import mounting
from composer.page.readers.hearing import Hearing
from composer.page.screen import Screen, Update, Values
from composer.page.seeds.seeds import Seed
from composer.page.wire import TuneName, checked

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class ReadersPanel(gr.HTML):
    """The component."""

    def __init__(self, questions: Sequence[Callable[..., Any]] = (), **settings: Any) -> None:
        super().__init__(
            {},
            html_template=asset("readers/panel.html"),
            css_template=asset("controls.css", "readers/panel.css", "readers/view.css"),
            js_on_load=mounting("mountReaders", "look", "bring"),
            apply_default_css=False,
            server_functions=list(questions),
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "object", "description": "what the readers say of the seed"}

    def example_payload(self) -> dict[str, Any]:
        """What a client would send."""
        return {"stale": 0}

    def example_value(self) -> dict[str, Any]:
        """What a client would be sent."""
        return {"stale": 0}


@dataclass(frozen=True)
class Readers:
    """The panel's handlers: they change nothing but what they answer with."""

    screen: Screen
    hearing: Hearing
    seeds: SeedDesk
    panel: ReadersPanel

    def wire(self, on: Callable[..., Any]) -> None:
        """Which press does what; `on` lets a press run a handler that knows the whole screen."""
        screen, panel = self.screen, self.panel
        known: set[Any] = {screen.editor, screen.seed}
        panel.look(
            self.look, known, [panel, screen.notice], api_name="press_look", trigger_mode="always_last", **_QUIET
        )
        screen.seed.change(_stale, None, panel, queue=False, **_QUIET)
        on(panel.bring, self.bring)
        on(screen.panel.bring, self.bring)

    def look(self, values: Values) -> Iterator[Update]:
        """Tell the seed's style and originality, and name tunes like it."""
        with self.screen.telling() as told:
            reading = self.seeds.seed_now(values).reading
            yield {self.panel: {"heard": self.hearing.of(reading, self._receipt(reading))}}
        yield told

    def _receipt(self, reading: Reading) -> Receipt | None:
        """What of the seed stands in what networks learned from; None without fingerprints."""
        try:
            return api.originality(reading, shelf=self.hearing.shelf)
        except ComposerError:
            return None

    def bring(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Make a tune of the library the seed."""
        with self.screen.telling() as told:
            tune = self.hearing.tune(checked(TuneName, asked._data).name)
            yield self.seeds.bring(Seed(tune.reading(), tune.title), f"Library · {tune.title}", values)
        yield told


def _stale() -> dict[str, int]:
    """What was told holds no longer: another number every time, so that the browser sees a change."""
    return {"stale": secrets.randbits(32)}
