"""What happens when the seed is chosen, brought, drawn or listened to, and how the controls follow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from composer.errors import BadRequest
from composer.music import bars_in_words
from composer.page.editor.drawing import blank_seed, drawing, drawn, seed_of_humming
from composer.page.editor.editor import sounding
from composer.page.screen import Screen, Update, Values
from composer.page.seeds.own import all_choices, as_edited, is_own, with_own
from composer.page.seeds.seeds import Seed, melody_index, seed_of_take, seed_of_tune
from composer.page.settings.menu import Ability, Menu, leading
from composer.page.settings.tasks import choosing, middle, voices_of
from composer.page.takes.making import sound_file
from composer.page.takes.session import Kept
from composer.page.wire import BarChoice, TuneName, checked
from composer.page.words.words import words
from composer.writing import Take

_EMPTY_BARS = 4


@dataclass(frozen=True)
class SeedDesk:
    """The handlers of the seed: they change nothing but what they answer with."""

    screen: Screen
    menu: Menu

    def seed_now(self, values: Values) -> Seed:
        """The seed as it stands on the roll, the last strokes included."""
        return drawn(values[self.screen.editor], values[self.screen.seed])

    def ability(self, values: Values) -> Ability:
        """What the chosen network can do."""
        return self.menu.ability(values[self.screen.controls.model])

    def edit(self, values: Values) -> Iterator[Update]:
        """Take over what was drawn."""
        screen, controls = self.screen, self.screen.controls
        with screen.telling() as told:
            seed = self.seed_now(values)
            now = {**values, screen.seed: seed}
            bars = seed.reading.score.bars
            fitted = self.fitted(now)
            for number in (controls.first, controls.last):
                fitted[number]["value"] = min(values[number] or 1, max(1, bars))
            if len(voices_of(seed.reading)) != len(voices_of(values[screen.seed].reading)):
                fitted[controls.voices]["value"] = [number for _, number in voices_of(seed.reading)]
            yield {**fitted, screen.seed: seed, **self._told(seed)}
        yield told

    def choose_tune(self, values: Values) -> Iterator[Update]:
        """Put a tune of the gallery on the roll."""
        with self.screen.telling() as told:
            name = values[self.screen.tune]
            if is_own(name):
                yield self._own(values, name)
            elif seed_of_tune(name).reading != self.seed_now(values).reading:  # a menu that is closed chooses again
                yield self.choose(name, values)
        yield told

    def choose(self, name: str, values: Values) -> Update:
        """A tune of the gallery."""
        return self._put(seed_of_tune(name), values)

    def back(self, values: Values, asked: gr.EventData) -> Iterator[Update]:
        """Undo, where the last step put another seed in the place of the visitor's own."""
        with self.screen.telling() as told:
            yield self._own(values, checked(TuneName, asked._data).name)
        yield told

    def _own(self, values: Values, name: str) -> Update:
        """One of the visitor's own seeds, put on the roll."""
        own = next((each for each in values[self.screen.own] if each.name == name), None)
        if own is None:
            raise BadRequest("This tune is no longer here. Choose another.")
        return self.bring(own.seed, own.label, values)

    def start_empty(self, values: Values) -> Iterator[Update]:
        """An empty roll to draw on, in four-four time until something else is chosen."""
        with self.screen.telling() as told:
            yield self.bring(blank_seed("4/4", 100, _EMPTY_BARS), "Your tune", values)
        yield told

    def choose_humming(self, values: Values) -> Iterator[Update]:
        """Put what was hummed on the roll."""
        with self.screen.telling() as told:
            if path := values[self.screen.hum]:
                seed = seed_of_humming(Path(path), values[self.screen.hum_tempo])
                yield self.bring(seed, "Your humming", values)
        yield told

    def use(self, base: Kept, values: Values) -> Update:
        """Make a take the seed, to go on from it, harmonise it or fill in bars of it."""
        seed = seed_of_take(base.take, base.seed, base.id)
        return self.bring(seed, base.called or seed.title, values, base.take)

    def bring(self, seed: Seed, label: str, values: Values, take: Take | None = None) -> Update:
        """A seed that is no tune of the gallery, and its entry among them; what `take` wrote is marked."""
        screen = self.screen
        put = self._put(seed, values, take)
        own = put[screen.own]
        if all(each.seed.mark != seed.mark for each in own):
            own = with_own(own, label, seed)
        name = next(each.name for each in own if each.seed.mark == seed.mark)
        return {**put, screen.own: own, screen.tune: gr.update(choices=all_choices(own), value=name)}

    def follow(self, values: Values) -> Iterator[Update]:
        """Offer what the network can do and what the task needs."""
        with self.screen.telling() as told:
            yield self.fitted(values)
        yield told

    def choose_track(self, values: Values) -> Iterator[Update]:
        """Draw in the track that is the melody."""
        with self.screen.telling() as told:
            reading = values[self.screen.seed].reading
            track = values[self.screen.controls.track] or None
            yield {self.screen.editor: gr.update(voice=melody_index(reading, track))}
        yield told

    def choose_bars(self, values: Values) -> Iterator[Update]:
        """Mark the bars that were typed, and the voices that were ticked."""
        with self.screen.telling() as told:
            choice = self._choosing(values, values[self.screen.controls.task])
            yield {self.screen.editor: gr.update(choosing=choice or False)}
        yield told

    def drag_bars(self, values: Values, chosen: gr.EventData) -> Iterator[Update]:
        """Take over the bars that were dragged across on the roll: they are to be filled in."""
        controls = self.screen.controls
        with self.screen.telling() as told:
            sent = checked(BarChoice, chosen._data)
            bars: Update = {controls.first: sent.first, controls.last: sent.last}
            filling = self.ability(values).asking_for("region")
            task = filling.name if filling else values[controls.task]
            fitted = self.fitted({**values, **bars, controls.task: task})
            for control, value in {**bars, controls.task: task}.items():
                fitted[control]["value"] = value
            yield fitted
        yield told

    def listen(self, values: Values) -> Iterator[Update]:
        """Play the seed."""
        with self.screen.telling() as told:
            reading = self.seed_now(values).reading
            wish = self.screen.controls.wish(values, reading)
            voice = leading(reading, self.ability(values), wish.request.what, wish.request.track)
            score = wish.sounding.of_score(
                reading.score, range(len(reading.score.voices)) if voice is None else [voice]
            )
            yield {self.screen.editor: gr.update(sound=sounding(sound_file(score, "seed")))}
        yield told

    def _told(self, seed: Seed) -> Update:
        return {self.screen.reading: told_of(seed), self.screen.spoken: said_of(seed)}

    def _put(self, seed: Seed, values: Values, take: Take | None = None) -> Update:
        """Another seed; a take that is being written for the last one ends there, and is kept among the others."""
        screen, controls = self.screen, self.screen.controls
        first, last = middle(seed.reading.score)
        fresh = {controls.track: 0, controls.first: first, controls.last: last, controls.freeze: []}
        fresh[controls.voices] = [number for _, number in voices_of(seed.reading)]
        fitted = self.fitted({**values, **fresh, screen.seed: seed})
        for control, value in fresh.items():
            fitted[control]["value"] = value
        own, before = as_edited(values[screen.own] or (), self.seed_now(values))
        drawn_on = {**drawing(seed, take), "before": before.name if before and before.seed.mark != seed.mark else None}
        fitted[screen.editor]["value"] = drawn_on
        fitted[screen.book] = gr.update(choices=[], value=None, visible=False)
        if halt := values[screen.halt]:
            halt.set_aside(screen.no_take())
        menu = {screen.own: own, screen.tune: gr.update(choices=all_choices(own))}
        return {**screen.no_take(), **fitted, **menu, screen.seed: seed, **self._told(seed)}

    def fitted(self, values: Values) -> Update:
        """The controls for the network, the task and the seed."""
        controls, reading = self.screen.controls, values[self.screen.seed].reading
        fitted = controls.fit(self.ability(values), reading, values[controls.task] or "")
        choice = self._choosing(values, fitted[controls.task].get("value", values[controls.task]))
        # False, and not None: Gradio sends no property that is None, and the frame of the last task would stay.
        return {**fitted, self.screen.editor: gr.update(choosing=choice or False)}

    def _choosing(self, values: Values, task: str) -> dict[str, Any] | None:
        controls, score = self.screen.controls, values[self.screen.seed].reading.score
        ticked = values[controls.voices]
        return choosing(self.ability(values).task(task), values[controls.first], values[controls.last], score, ticked)


def told_of(seed: Seed) -> dict[str, Any]:
    """What was read, in words."""
    return words("", [f"{seed.title} ({seed.reading.source}): {seed.reading.summary()}", *seed.reading.remarks])


def said_of(seed: Seed) -> list[str]:
    """The seed, bar by bar in words."""
    return bars_in_words(seed.reading.score, seed.reading.key)
