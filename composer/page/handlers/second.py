"""What happens when a second melody is brought, to morph the seed into it: a file, or a take of the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import gradio as gr

from composer.errors import BadRequest
from composer.page.handlers.seed import SeedDesk
from composer.page.screen import Update, Values
from composer.page.seeds.seeds import Seed, seed_of_file, seed_of_take
from composer.page.settings.controls import Controls
from composer.page.settings.latent import second_choices
from composer.page.takes.session import kept, score_from
from composer.page.wire import Base, checked
from composer.page.words.words import words
from composer.tasks.morphing import Morph
from composer.writing import Take


@dataclass(frozen=True)
class SecondDesk:
    """The handlers of the second melody."""

    seeds: SeedDesk

    def open_second(self, values: Values) -> Iterator[Update]:
        """A visitor's file becomes what to morph into."""
        screen = self.seeds.screen
        with screen.telling() as told:
            second = seed_of_file(Path(values[screen.controls.open_second]))
            if not second.reading.score.notes:
                raise BadRequest("There are no notes in this file to morph into.")
            yield morphed_into(screen.controls, second)
        yield told

    def into(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """A take becomes what to morph into; a network that can morph is chosen where the one chosen cannot."""
        screen, controls = self.seeds.screen, self.seeds.screen.controls
        with screen.telling() as told:
            base = kept(checked(Base, asked._data).take)
            model = self._able(values[controls.model] or "")
            fitted = self.seeds.fitted({**values, controls.model: model, controls.task: Morph.name})
            fitted[controls.task]["value"] = Morph.name
            new = new_part(base.take)
            label = f"{base.called} · its new part" if new is not base.take else base.called
            second = morphed_into(controls, seed_of_take(new, base.seed, base.id), label)
            said = f"Set to Morph, by {model.upper()}, into {base.called}. Press Compose."
            yield {**fitted, **second, controls.model: model, screen.hint: words("", [said])}
        yield told

    def _able(self, chosen: str) -> str:
        """The network chosen, or else the first that can morph."""
        menu = self.seeds.menu
        model = next((name for name in (chosen, *menu.names) if menu.ability(name).can(Morph)), None)
        if model is None:
            raise BadRequest("No network here can morph. Train one with 'composer train vae' and start anew.")
        return model


def morphed_into(controls: Controls, second: Seed | None, label: str = "") -> Update:
    """A second melody that was brought, and its entry among the tunes; nothing where there is none."""
    if second is None:
        return {}
    return {controls.brought: second, controls.second: second_choices(label or f"Your file · {second.title}")}


def new_part(take: Take) -> Take:
    """What a take that goes on from its seed has added to it; any other take as it is.

    Such a take begins as its seed does, so that a way between the two would go nowhere.
    """
    first = take.score.bar_at(take.new_from)
    if not take.recipe.request.what.goes_on or not first or first >= take.score.bars:
        return take
    return replace(take, score=score_from(take.score, first))
