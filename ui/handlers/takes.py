"""What happens when takes are asked for. Nothing outlives a press but what the visitor's own browser keeps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from composer.errors import BadRequest
from composer.listening.originality import Receipt
from composer.music import to_plain, unpack
from composer.shelf import Shelf
from composer.writing import UNDER_MELODY, Request, Take
from ui.handlers.second import morphed_into
from ui.handlers.seed import SeedDesk
from ui.roll.roll import View, finished, growing, picture
from ui.screen import Halt, Screen, Update, Values
from ui.seeds.seeds import Seed, book_choices, seed_of_file, seed_of_take
from ui.settings.controls import AS_THE_SEED, a_number
from ui.settings.menu import Ability, leading
from ui.settings.tasks import AGAIN, bars_asked, region_bars
from ui.takes.lost import with_lost
from ui.takes.making import Wish, takes, the_sound
from ui.takes.receipts import marked, receipt_for
from ui.takes.session import Frame, Kept, audio_file, entry, kept, until
from ui.wire import Base, Extension, Link, Redoing, checked
from ui.words.words import words

_KEPT = ("bars", "temperature", "rhythm_temperature", "top_p", "scale", "amount", "steps")  # of a request, by control
_BLINK = 0.12  # seconds at least between two pictures of a growing take


@dataclass(frozen=True)
class Desk:
    """The handlers of takes: they read the shelf and change nothing."""

    screen: Screen
    shelf: Shelf
    seeds: SeedDesk

    def compose(self, values: Values) -> Iterator[Update]:
        """Write takes, shown as they grow, and play the first."""
        with self.screen.telling() as told:
            seed = self.seeds.seed_now(values)
            wish = self.screen.controls.wish(values, seed.reading)
            frame = Frame(seed, self._view(seed, wish.request, self.seeds.ability(values)))
            yield from self._write(frame, wish, {self.screen.seed: seed})
        yield told

    def redo(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Write bars and voices of a take anew; everything else stays as it is."""
        with self.screen.telling() as told:
            sent = checked(Redoing, asked._data)
            base = kept(sent.take)
            seed = seed_of_take(base.take, base.seed)
            region = f"{sent.first}-{sent.last}:{','.join(map(str, sent.voices))}"
            wish = self._wish("infill", values, seed, region=region)
            frame = Frame(seed, self._view(seed, wish.request, self.seeds.menu.ability(wish.model)), base.id)
            yield from self._write(frame, wish)
        yield told

    def extend(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Go on from a bar of a take; what stood after it is left behind."""
        with self.screen.telling() as told:
            sent = checked(Extension, asked._data)
            base = kept(sent.take)
            cut = replace(base.take, score=until(base.take.score, sent.bar))
            seed = seed_of_take(cut, base.seed)
            wish = self._wish("continue", values, seed)
            frame = Frame(seed, self._view(seed, wish.request, self.seeds.menu.ability(wish.model)), base.id)
            yield from self._write(frame, wish)
        yield told

    def use(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Make a take the seed, to edit it, go on from it, harmonise it or fill in bars of it."""
        with self.screen.telling() as told:
            base = kept(checked(Base, asked._data).take)
            yield self.seeds.use(base.take, {**values, self.screen.seed: base.seed, self.screen.editor: None})
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
            yield self._reopen({**_whole(checked(Link, asked._data).packed), "id": ""}, values)
        yield told

    def stop(self, values: Values) -> None:
        """End the take after the bar that is being written: what is there is kept and plays."""
        if halt := values[self.screen.halt]:
            halt.ask()

    def throw(self) -> tuple[int, bool]:
        """The dice: a new number, which stays."""
        return a_number(), False

    def _wish(self, task: str, values: Values, seed: Seed, region: str | None = None) -> Wish:
        """The settings as they stand, for a task on a take, by a network that can do it."""
        controls = self.screen.controls
        asked = controls.wish({**values, controls.task: "improvise", controls.kind: None}, seed.reading)
        names = [asked.model, self.seeds.menu.default or "", *self.seeds.menu.names]
        model = next((name for name in names if task in self.seeds.menu.ability(name).tasks), None)
        if model is None:
            raise BadRequest("No network here can redo bars. Train a Transformer, or use the take as the seed.")
        request = replace(asked.request, task=task, region=region)
        return Wish(request, model)

    def _view(self, seed: Seed, request: Request, ability: Ability) -> View:
        """How a take of that request is shown."""
        reading = seed.reading
        if request.task in UNDER_MELODY:
            return View(None, reading.score.bars)
        voice = leading(reading, ability, request.task, request.track)
        if request.task in AGAIN:
            return View(voice, reading.score.bars)
        if request.task != "infill":
            return View(voice)
        return View(voice, reading.score.bars, region_bars(request, reading.score)[1] + 1)

    def _write(self, frame: Frame, wish: Wish, first: Update | None = None) -> Iterator[Update]:
        """All takes of a press, one after the other; the first is heard while the others are written."""
        screen, halt, frame = self.screen, Halt(), replace(frame, second=wish.second)
        yield {**self._begin(frame, wish), **(first or {}), screen.halt: halt}
        done: list[dict[str, Any]] = []
        try:
            for slot in range(wish.request.takes):
                for take, whole in self._growing(frame, wish, halt, slot):
                    shown = {**growing(take, frame.view), "audio": None}
                    if whole:
                        yield self._end(take, replace(frame, slot=slot), done)
                    elif slot == 0:
                        yield {screen.roll: shown}
                    else:
                        yield {screen.panel: {"takes": done, "growing": shown}}
        finally:
            halt.over = True
        over: Update = {screen.stop: gr.update(interactive=False)}
        yield {**over, **(halt.instead if halt.unwanted else {screen.panel: {"takes": done}})}

    def _begin(self, frame: Frame, wish: Wish) -> Update:
        screen = self.screen
        return {
            screen.notice: words(),
            screen.roll: {**picture(frame.seed.reading.score, frame.view), "writing": True},
            screen.controls.number: wish.request.seed,
            screen.panel: {"show": None, "writing": True},
            screen.stop: gr.update(interactive=True),
        }

    def _growing(self, frame: Frame, wish: Wish, halt: Halt, slot: int) -> Iterator[tuple[Take, bool]]:
        """A take at most every `_BLINK` seconds, longer where there is much to draw; then its end, with True."""
        pause = _BLINK + len(frame.seed.reading.score.notes) / 5_000
        shown, take = time.monotonic(), None
        with closing(takes(self.shelf, frame.seed.reading, wish, slot)) as written:
            for take in written:
                if halt.asked:
                    break
                if time.monotonic() - shown > pause:
                    yield take, False
                    shown = time.monotonic()
        if take is not None and not halt.unwanted and (slot == 0 or take.bars_written):
            yield take, True

    def _end(self, take: Take, frame: Frame, done: list[dict[str, Any]]) -> Update:
        """A take that is finished goes to the others; the first of a press is shown and plays."""
        screen, sound = self.screen, the_sound(take, frame.seed.title)
        receipt = receipt_for(take, self.shelf)
        headline, sentences = told_of_take(take, frame.seed)
        made = {**entry(take, frame, headline, sentences), "audio": audio_file(sound.file), "silence": sound.silence}
        made["picture"] = _told_in(made["picture"], take, frame.seed, receipt)
        done.append(made)
        if frame.slot:
            return {screen.panel: {"takes": list(done)}}
        return {
            screen.roll: _told_in(finished(take, sound.file, frame.view), take, frame.seed, receipt),
            screen.panel: {"takes": list(done), "show": made["id"]},
        }

    def _reopen(self, values: dict[str, Any], before: Values) -> Update:
        """A take as it was, its seed on the roll above it, and the settings that made it."""
        base, screen = kept(values), self.screen
        recipe = base.take.recipe
        view = self._view(base.seed, recipe.request, self.seeds.menu.ability(recipe.checkpoint))
        receipt = receipt_for(base.take, self.shelf)
        headline, sentences = told_of_take(base.take, base.seed)
        frame = Frame(base.seed, view, second=base.second)
        made = {**entry(base.take, frame, headline, sentences), "audio": None, "silence": None}
        made["picture"] = _told_in(made["picture"], base.take, base.seed, receipt)
        return {
            **self._as_made(base, before),
            screen.roll: _told_in(finished(base.take, None, view), base.take, base.seed, receipt),
            screen.panel: {"takes": [made], "show": made["id"]},
        }

    def _as_made(self, base: Kept, before: Values) -> Update:
        """A take's seed on the roll, and the controls as they stood when it was made."""
        request, c = base.take.recipe.request, self.screen.controls
        model = base.take.recipe.checkpoint
        stood: Update = {c.model: model} if model in self.seeds.menu.names else {}
        if request.task in self.seeds.ability({**before, **stood}).tasks:
            stood[c.task] = request.task
        for name in _KEPT:
            stood[getattr(c, name)] = getattr(request, name)
        stood |= {c.style: request.style or AS_THE_SEED, c.number: request.seed, c.fresh: False}
        put = self.seeds.bring(base.seed, f"Your file · {base.seed.title}", {**before, **stood})
        for control, value in stood.items():
            put[control] = {**put.get(control, gr.update()), "value": value}
        return {**put, **morphed_into(c, base.second)}


def _whole(packed: str) -> dict[str, Any]:
    """What a text packs, which is a take's fields."""
    values = unpack(packed)
    if not isinstance(values, dict):
        raise BadRequest("This is not a take as Motif keeps it. Open its MIDI file instead.")
    return values


def told_of_take(take: Take, seed: Seed) -> tuple[str, list[str]]:
    """What was written: a headline and sentences."""
    done, asked = take.bars_written, bars_asked(take.recipe.request, seed.reading.score)
    bars = f"{asked} bar{'' if asked == 1 else 's'}" if done == asked else f"{done} of {asked} bars"
    notes = f"{len(take.new_notes)} new note{'' if len(take.new_notes) == 1 else 's'}"
    return f"{bars}, {notes} by {take.recipe.checkpoint.upper()}", [
        f"Take number {take.recipe.request.seed}",
        *take.remarks,
    ]


def _told_in(shown: dict[str, Any], take: Take, seed: Seed, receipt: Receipt | None) -> dict[str, Any]:
    """A take's picture with what was learned by heart, and what its seed has and it has not."""
    shown = marked(shown, take, receipt)
    return with_lost(shown, take, seed) if take.recipe.request.task in AGAIN else shown
