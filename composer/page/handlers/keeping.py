"""What the visitor's browser keeps of the desk: the seed as it was edited, and where the controls stood.

Takes keep themselves (`composer/page/takes/store.js`). Nothing of this is kept on the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.errors import ComposerError
from composer.page.handlers.seed import SeedDesk
from composer.page.screen import Screen, Update, Values
from composer.page.seeds.own import Own, all_choices, as_edited
from composer.page.seeds.seeds import FIRST, Seed, seed_of_tune, tunes
from composer.page.settings.controls import Controls
from composer.page.takes.session import plain_seed, seed_from

_LONGEST = 4_000  # notes: a longer seed is not kept, so that takes have room in the browser
# A link that is being opened brings its own.
_UNLESS_LINKED = "(...kept) => window.motif.linked || location.hash.startsWith('#take=') ? kept.map(() => null) : kept"


@dataclass(frozen=True)
class Keeping:
    """The two entries of the browser's storage."""

    seed: gr.BrowserState
    settings: gr.BrowserState

    @classmethod
    def made(cls) -> Keeping:
        """Both, empty. They hold no secret: the key only has to stay the same when the server starts anew."""
        kept = [gr.BrowserState(None, storage_key=f"motif-{name}", secret="motif") for name in ("seed", "settings")]
        return cls(*kept)

    def wire(self, page: gr.Blocks, desk: SeedDesk) -> None:
        """Keep what changes, and put it back when the page is opened again."""
        screen, settings = desk.screen, _settings(desk.screen.controls)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
        screen.seed.change(_to_keep, [screen.seed, screen.own], self.seed, **quiet)
        gr.on([c.change for c in settings], None, settings, self.settings, js="(...values) => [values]", **quiet)  # type: ignore[attr-defined]

        def restore(seed: Any, kept: Any) -> Update:
            return _restored(seed, kept, desk)

        page.load(restore, [self.seed, self.settings], screen.shown, js=_UNLESS_LINKED, **quiet)


def _settings(controls: Controls) -> list[Component]:
    c = controls
    daring = [c.temperature, c.rhythm_temperature, c.top_p]
    return [c.model, c.task, c.bars, *daring, c.scale, c.style, c.tempo, c.instrument, c.takes, c.fresh]


def _to_keep(seed: Seed, own: tuple[Own, ...]) -> dict[str, Any] | None:
    """The visitor's seeds, the newest first, as far as there is room; `now` is the place of the one on the roll.

    An untouched tune of the gallery is kept by its name; nothing is kept for a page as it began.
    """
    own, mine = as_edited(own, seed)
    name = next((tune.name for tune in tunes() if seed_of_tune(tune.name).reading == seed.reading), None)
    if not own and name in (FIRST, None):
        return None
    room, kept = _LONGEST, []
    for each in own:
        room -= len(each.seed.reading.score.notes)
        if room < 0:
            break
        kept.append([each.label, plain_seed(each.seed)])
    now = own.index(mine) if mine else None
    return {"own": kept, "now": now if now is not None and now < len(kept) else None, "tune": name}


def _own_from(plain: Any) -> tuple[tuple[Own, ...], Own | None, str | None]:
    """What `_to_keep` kept: the visitor's seeds, the one on the roll, and the gallery's tune if that is there."""
    if not plain:
        return (), None, None
    if "own" not in plain:  # an older page kept the one seed
        plain = {"own": [[f"Your file · {plain['title']}", plain]], "now": 0, "tune": None}
    own = tuple(Own(str(label)[:120], seed_from(values)) for label, values in plain["own"][:6])
    now = plain["now"]
    return own, own[int(now)] if now is not None else None, plain.get("tune")


def _restored(plain: Any, kept: Any, desk: SeedDesk) -> Update:
    """The seed and the controls as they were; whatever cannot be understood is left as it is."""
    screen = desk.screen
    put: Update = {screen.halt: None}
    try:
        values = _positions(kept, desk)
        own, mine, tune = _own_from(plain)
        asked = {**_as_asked(values, screen), screen.own: own}
        if mine:
            put |= desk.bring(mine.seed, mine.label, asked)
        elif tune:
            put |= {**desk.choose(tune, asked), screen.tune: gr.update(choices=all_choices(own), value=tune)}
        elif values:
            put |= desk.fitted({**asked, screen.seed: seed_of_tune(FIRST)})
    except (
        ComposerError,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        AttributeError,
        IndexError,
    ):  # what an older Motif kept is no fault of the visitor's
        return {screen.halt: None}
    for part in (screen.panel, screen.roll):  # the takes put themselves back
        put.pop(part, None)
    for control, value in values.items():
        fitted = put.get(control)
        put[control] = {**fitted, "value": value} if isinstance(fitted, dict) else gr.update(value=value)
    return put


def _positions(kept: Any, desk: SeedDesk) -> Update:
    """Where the controls stood, as far as they still can."""
    settings = _settings(desk.screen.controls)
    if not isinstance(kept, list) or len(kept) != len(settings):
        return {}
    values = {
        control: value for control, value in zip(settings, kept, strict=True) if type(value) in (str, int, float, bool)
    }
    if not isinstance(values.get(desk.screen.controls.tempo), int | float):  # an older page kept it as a text
        values.pop(desk.screen.controls.tempo, None)
    model, task = desk.screen.controls.model, desk.screen.controls.task
    if values.get(model) not in desk.menu.names:
        values.pop(model, None)
    if values.get(task) not in desk.menu.ability(values.get(model) or desk.menu.default).tasks:
        values.pop(task, None)
    return values


def _as_asked(values: Update, screen: Screen) -> Values:
    """The page's beginning, with what was kept."""
    known = {control: getattr(control, "value", None) for control in screen.controls.all}
    return {**known, **values, screen.halt: None, screen.editor: None, screen.seed: seed_of_tune(FIRST)}
