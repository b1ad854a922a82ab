"""What happens when takes are asked for. Nothing outlives a press but what the visitor's own browser keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from composer.errors import BadRequest, quoted
from composer.music import to_plain, unpack
from composer.page.handlers.composing import Asked, Composing
from composer.page.handlers.second import morphed_into
from composer.page.handlers.seed import SeedDesk
from composer.page.handlers.told import told_in, told_of_take
from composer.page.roll.roll import View, finished
from composer.page.screen import Screen, Update, Values
from composer.page.seeds.seeds import Seed, book_choices, seed_of_file, seed_of_take
from composer.page.settings.controls import AS_THE_SEED, a_number
from composer.page.settings.menu import Ability, leading
from composer.page.takes.making import Wish
from composer.page.takes.receipts import receipt_for
from composer.page.takes.session import Frame, Kept, entry, kept, until
from composer.page.wire import Base, Extension, Link, Redoing, checked
from composer.shelf import Shelf
from composer.tasks import Request
from composer.tasks.continuing import Continue
from composer.tasks.improvising import Improvise
from composer.tasks.infilling import Infill
from composer.tasks.region import parse_region
from composer.writing import Recipe


@dataclass(frozen=True)
class Desk:
    """The handlers of takes: they read the shelf and change nothing."""

    screen: Screen
    shelf: Shelf
    seeds: SeedDesk

    @property
    def _composing(self) -> Composing:
        return Composing(self.screen, self.shelf)

    def compose(self, values: Values) -> Iterator[Update]:
        """Write takes, shown as they grow, and play the first."""

        def prepare() -> Asked:
            seed = self.seeds.seed_now(values)
            wish = self.screen.controls.wish(values, seed.reading)
            view = self._view(seed, wish.request, self.seeds.ability(values))
            return Asked(Frame(seed, view, seed.take), wish, {self.screen.seed: seed})

        yield from self._composing.press(prepare)

    def redo(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Write bars and voices of a take anew; everything else stays as it is."""

        def prepare() -> Asked:
            sent = checked(Redoing, asked._data)
            base = kept(sent.take)
            region = f"{sent.first}-{sent.last}:{','.join(map(str, sent.voices))}"
            return self._on_take(Infill.name, values, base, seed_of_take(base.take, base.seed, base.id), region)

        yield from self._composing.press(prepare)

    def extend(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Go on from a bar of a take; what stood after it is left behind."""

        def prepare() -> Asked:
            sent = checked(Extension, asked._data)
            base = kept(sent.take)
            cut = replace(base.take, score=until(base.take.score, sent.bar))
            return self._on_take(Continue.name, values, base, seed_of_take(cut, base.seed, base.id))

        yield from self._composing.press(prepare)

    def use(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Make a take the seed, to edit it, go on from it, harmonise it or fill in bars of it."""
        with self.screen.telling() as told:
            yield self.seeds.use(kept(checked(Base, asked._data).take), values)
        yield told

    def choose_file(self, values: Values) -> Iterator[Update]:
        """Put a visitor's file on the roll; a take of ours comes back with its seed and its settings."""
        with self.screen.telling() as told:
            seed = seed_of_file(Path(values[self.screen.upload]))
            recipe = dict(seed.reading.recipe or {})
            page = recipe.pop("page", None)
            if isinstance(page, str):
                score = to_plain(seed.reading.score)
                yield self._reopen({**_whole(page), "id": "", "recipe": recipe, "score": score}, values)
            else:
                yield self.seeds.bring(seed, f"Your file · {seed.title}", values) | self._book(values)
        yield told

    def choose_from_book(self, values: Values) -> Iterator[Update]:
        """Put another tune of the visitor's file on the roll."""
        with self.screen.telling() as told:
            which = values[self.screen.book]
            seed = seed_of_file(Path(values[self.screen.upload]), which)
            yield self.seeds.bring(seed, f"Your file · {seed.title}", values) | self._book(values, which)
        yield told

    def _book(self, values: Values, which: str | None = None) -> Update:
        """The tunes of the visitor's file, where there are several, and which of them was chosen."""
        choices = book_choices(Path(values[self.screen.upload]))
        chosen = which or next((value for _, value in choices), None)
        return {self.screen.book: gr.update(choices=choices, value=chosen, visible=bool(choices))}

    def open(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """A link: its take, with the seed and the settings it was made from."""
        with self.screen.telling() as told:
            opened = self._reopen({**_whole(checked(Link, asked._data).packed), "id": ""}, values, "Sent to you")
            yield {**opened, self.screen.panel: {**opened[self.screen.panel], "sent": True}}
        yield told

    def stop(self, values: Values) -> None:
        """End the take after the bar that is being written: what is there is kept and plays."""
        if halt := values[self.screen.halt]:
            halt.ask()

    def throw(self) -> int:
        """The dice: a new number."""
        return a_number()

    def _on_take(self, task: str, values: Values, base: Kept, seed: Seed, region: str | None = None) -> Asked:
        """A task on a take, with the settings as they stand, by a network that can do it."""
        controls, menu = self.screen.controls, self.seeds.menu
        asked = controls.wish({**values, controls.task: Improvise.name, controls.kind: None}, seed.reading)
        names = [asked.model, menu.default or "", *menu.names]
        model = next((name for name in names if task in menu.ability(name).tasks), None)
        if model is None:
            raise BadRequest("No network here can redo bars. Train a Transformer, or use the take as the seed.")
        # What is redone is one passage, to be redone again: several takes of it would stand in each other's way.
        takes = 1 if region else asked.request.takes
        wish = Wish(replace(asked.request, task=task, region=region, takes=takes), model)
        view = self._view(seed, wish.request, menu.ability(model))
        remarks = () if model == asked.model else (_by_another(asked.model, model),)
        return Asked(Frame(seed, view, base.id, inherited=base.take.new, remarks=remarks), wish, {})

    def view_of(self, base: Kept) -> View:
        """How a take that came back is shown."""
        recipe = base.take.recipe
        return self._view(base.seed, recipe.request, self.seeds.menu.ability(recipe.checkpoint))

    def _view(self, seed: Seed, request: Request, ability: Ability) -> View:
        """How a take of that request is shown."""
        reading, task = seed.reading, request.what
        if task.ensemble:
            return View(None, reading.score.bars)
        voice = leading(reading, ability, task, request.track)
        if task.asks_for("region") and request.region:
            return View(voice, reading.score.bars, parse_region(request.region, reading.score)[1] + 1)
        return View(voice, reading.score.bars) if task.anew else View(voice)

    def _reopen(self, values: dict[str, Any], before: Values, whence: str = "Your file") -> Update:
        """A take as it was, its seed on the roll above it, and the settings that made it."""
        base, screen = kept(values), self.screen
        view = self.view_of(base)
        receipt = receipt_for(base.take, self.shelf)
        headline, sentences = told_of_take(base.take, base.seed)
        frame = Frame(base.seed, view, second=base.second)
        sentences = [*self._since(base.take.recipe), *sentences]
        made = {**entry(base.take, frame, headline, sentences), "audio": None, "silence": None}
        made["picture"] = told_in(made["picture"], base.take, base.seed, receipt)
        return {
            **self._as_made(base, before, whence),
            screen.roll: told_in(finished(base.take, None, view), base.take, base.seed, receipt),
            screen.panel: {"takes": [made], "show": made["id"]},
        }

    def _since(self, recipe: Recipe) -> list[str]:
        """What is said where the weights that wrote a take are not here: its notes stand, but cannot be made again."""
        name = recipe.checkpoint
        if name not in self.seeds.menu.names:
            return [f"The network that wrote this take, {quoted(name)}, is not here. Its notes are as they were sent."]
        if self.shelf.take(name).digest == recipe.weights:
            return []
        learned_on = f"{name.upper()} has learned on since it wrote this take. Its notes are as they were sent; "
        return [f"{learned_on}the same settings would make others today."]

    def _as_made(self, base: Kept, before: Values, whence: str) -> Update:
        """A take's seed on the roll, and the controls as they stood when it was made."""
        request, c = base.take.recipe.request, self.screen.controls
        model = base.take.recipe.checkpoint
        stood: Update = {c.model: model} if model in self.seeds.menu.names else {}
        if request.task in self.seeds.ability({**before, **stood}).tasks:
            stood[c.task] = request.task
        stood |= c.positions(request)
        stood |= {c.style: request.style or AS_THE_SEED, c.number: request.seed, c.fresh: False}
        put = self.seeds.bring(base.seed, f"{whence} · {base.seed.title}", {**before, **stood})
        for control, value in stood.items():
            put[control] = {**put.get(control, gr.update()), "value": value}
        return {**put, **morphed_into(c, base.second)}


def _whole(packed: str) -> dict[str, Any]:
    """What a text packs, which is a take's fields."""
    values = unpack(packed)
    if not isinstance(values, dict):
        raise BadRequest("This is not a take as Motif keeps it. Open its MIDI file instead.")
    return values


def _by_another(asked: str, model: str) -> str:
    """What is said where the network that was chosen cannot do it."""
    return f"Written by {model.upper()}, as {asked.upper()} cannot do this."
