"""What happens when something is pressed. Nothing outlives a press but what the visitor's own session holds."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.errors import ComposerError
from composer.shelf import Shelf
from composer.writing import Request, Take
from ui.controls import Controls, a_number
from ui.networks import Ability, Menu
from ui.roll import Picture, Roll, View, finished, growing, picture, playing
from ui.seeds import BROUGHT, Seed, leading, seed_of_file, seed_of_take, seed_of_tune, tune_choices
from ui.takes import Kept, Wish, arranged, keep, sound_file, takes
from ui.tasks import bars_asked, choosing, middle, region_bars, voices_of
from ui.words import Words, words

Values = Mapping[Component, Any]
Update = dict[Component, Any]

_log = logging.getLogger(__name__)
_APOLOGY = "Something went wrong on our side, and it has been written down. Please try again."
_BLINK = 0.12  # seconds at least between two pictures of a growing take
NO_TAKE = words("", ["Press Compose and your take plays here, ready to download."])


@dataclass
class Halt:
    """How a session ends the take it is writing: one for every press of Compose, and nobody else's."""

    asked: bool = False
    unwanted: bool = False  # what was written shall not be shown
    instead: Update = field(default_factory=dict)  # what shall be shown in its place
    over: bool = False  # nothing is being written any more

    def ask(self) -> None:
        """End after the bar that is being written."""
        self.asked = True

    def give_up(self, instead: Update) -> None:
        """End, and show something else: a picture on its way may still arrive after the press that asks for this."""
        self.asked, self.unwanted, self.instead = True, True, instead


@dataclass(frozen=True)
class Screen:
    """The parts of the page that presses change, and the three that a session remembers."""

    controls: Controls
    tune: gr.Dropdown
    upload: gr.UploadButton
    roll: Roll
    reading: Words
    notice: Words
    take_words: Words
    midi: Component
    wav: Component
    use: gr.Button
    stop: gr.Button
    seed: gr.State  # Seed
    take: gr.State  # Take | None: the one that is shown
    halt: gr.State  # Halt | None

    @property
    def shown(self) -> list[Component]:
        """Everything a press may change."""
        parts = (self.tune, self.roll, self.reading, self.notice, self.take_words, self.midi, self.wav, self.use)
        c = self.controls
        fitted = (c.task, c.bars, c.first, c.last, c.voices, c.freeze, c.track, c.number)
        return [*parts, self.stop, *fitted, self.seed, self.take, self.halt]


@dataclass(frozen=True)
class Desk:
    """The handlers of one page: they read the shelf and change nothing."""

    screen: Screen
    shelf: Shelf
    menu: Menu

    def choose_tune(self, values: Values) -> Iterator[Update]:
        """Put a tune of the gallery on the roll."""
        with self._told() as told:
            if values[self.screen.tune] != BROUGHT:
                gallery = gr.update(choices=tune_choices())
                yield {**self._put(seed_of_tune(values[self.screen.tune]), values), self.screen.tune: gallery}
        yield told

    def choose_file(self, values: Values) -> Iterator[Update]:
        """Put a visitor's file on the roll."""
        with self._told() as told:
            seed = seed_of_file(Path(values[self.screen.upload]))
            yield self._bring(seed, f"Your file · {seed.title}", values)
        yield told

    def use_take(self, values: Values) -> Iterator[Update]:
        """Make the take the seed, to go on from it, harmonise it or fill in bars of it."""
        with self._told() as told:
            if take := values[self.screen.take]:
                seed = seed_of_take(take, values[self.screen.seed])
                yield self._bring(seed, f"Take {take.recipe.request.seed} · {seed.title}", values)
        yield told

    def follow(self, values: Values) -> Iterator[Update]:
        """Offer what the network can do and what the task needs; the seed as the network hears it."""
        with self._told() as told:
            fitted, halt = self._fit(values), values[self.screen.halt]
            free = values[self.screen.take] is None and (halt is None or halt.over)
            if free and len(voices_of(values[self.screen.seed].reading)) > 1:
                task = fitted[self.screen.controls.task]["value"]
                fitted[self.screen.roll]["value"] = self._seed_picture({**values, self.screen.controls.task: task})
            yield fitted
        yield told

    def choose_track(self, values: Values) -> Iterator[Update]:
        """Show another track as the melody."""
        with self._told() as told:
            shown: Update = {self.screen.roll: self._seed_picture(values)}
            _end_writing(values[self.screen.halt], shown)
            yield shown
        yield told

    def choose_bars(self, values: Values) -> Iterator[Update]:
        """Mark the bars that were typed."""
        yield {self.screen.roll: gr.update(choosing=self._choosing(values, values[self.screen.controls.task]))}

    def drag_bars(self, values: Values, chosen: gr.EventData) -> Iterator[Update]:
        """Take over the bars that were dragged across on the roll."""
        controls = self.screen.controls
        bars: Update = {controls.first: int(chosen.first), controls.last: int(chosen.last)}
        mark = self._choosing({**values, **bars}, values[controls.task])
        yield {**bars, self.screen.roll: gr.update(choosing=mark)}

    def listen(self, values: Values) -> Iterator[Update]:
        """Play the seed."""
        with self._told() as told:
            reading = values[self.screen.seed].reading
            wish = self.screen.controls.wish(values, reading)
            voice = leading(reading, self._ability(values), wish.request.task, wish.request.track)
            score = arranged(reading.score, wish, range(len(reading.score.voices)) if voice is None else [voice])
            yield {self.screen.roll: playing(picture(score, View(voice)), sound_file(score))}
        yield told

    def compose(self, values: Values) -> Iterator[Update]:
        """Write a take, shown as it grows, and play it."""
        seed, halt = values[self.screen.seed], Halt()
        with self._told() as told:
            wish = self.screen.controls.wish(values, seed.reading)
            view = self._view(seed, wish.request, self._ability(values))
            yield {**self._begin(seed, wish, view), self.screen.halt: halt}
            told |= {self.screen.roll: picture(seed.reading.score, view), **self._no_take()}  # unless it ends well
            for take, whole in self._growing(seed, wish, halt):
                yield self._end(take, seed, view) if whole else {self.screen.roll: growing(take, view)}
            told = {}
        halt.over = True
        yield {self.screen.stop: gr.update(interactive=False), **(halt.instead if halt.unwanted else told)}

    def stop(self, values: Values) -> None:
        """End the take after the bar that is being written: `compose` keeps and plays it."""
        if halt := values[self.screen.halt]:
            halt.ask()

    def throw(self) -> tuple[int, bool]:
        """The dice: a new number, which stays."""
        return a_number(), False

    @contextmanager
    def _told(self) -> Iterator[Update]:
        """Run a press; what goes wrong is told in the notice, a bug with an apology and a traceback in the log."""
        told: Update = {self.screen.notice: words()}
        try:
            yield told
        except ComposerError as error:
            told[self.screen.notice] = words(str(error))
        except Exception:
            _log.exception("a press failed")
            told[self.screen.notice] = words(_APOLOGY)

    def _ability(self, values: Values) -> Ability:
        return self.menu.ability(values[self.screen.controls.model])

    def _bring(self, seed: Seed, label: str, values: Values) -> Update:
        """A seed that is no tune of the gallery, and its entry among them."""
        brought = [(label, BROUGHT), *tune_choices()]
        return {**self._put(seed, values), self.screen.tune: gr.update(choices=brought, value=BROUGHT)}

    def _put(self, seed: Seed, values: Values) -> Update:
        """Another seed; a take that is being written for the last one is not wanted any more."""
        screen, controls = self.screen, self.screen.controls
        first, last = middle(seed.reading.score)
        fresh = {controls.track: 0, controls.first: first, controls.last: last, controls.freeze: []}
        fresh[controls.voices] = [number for _, number in voices_of(seed.reading)]
        now = {**values, **fresh, screen.seed: seed}
        fitted = self._fit(now)
        for control, value in fresh.items():
            fitted[control]["value"] = value
        fitted[screen.roll]["value"] = self._seed_picture(now)
        _end_writing(values[screen.halt], {**self._no_take(), screen.roll: fitted[screen.roll]})
        return {**self._no_take(), **fitted, screen.seed: seed, screen.reading: told_of(seed)}

    def _fit(self, values: Values) -> Update:
        """The controls for the network, the task and the seed."""
        controls, reading = self.screen.controls, values[self.screen.seed].reading
        fitted = controls.fit(self._ability(values), reading, values[controls.task] or "")
        choice = self._choosing(values, fitted[controls.task]["value"])
        return {**fitted, self.screen.roll: gr.update(choosing=choice)}

    def _choosing(self, values: Values, task: str) -> dict[str, Any] | None:
        controls, score = self.screen.controls, values[self.screen.seed].reading.score
        return choosing(task, values[controls.first], values[controls.last], score)

    def _seed_picture(self, values: Values) -> Picture:
        controls, reading = self.screen.controls, values[self.screen.seed].reading
        track = values[controls.track] or None
        return picture(reading.score, View(leading(reading, self._ability(values), values[controls.task], track)))

    def _no_take(self) -> Update:
        """No take to hear, to keep or to go on from."""
        off = {part: gr.update(value=None, interactive=False) for part in (self.screen.midi, self.screen.wav)}
        use = gr.update(interactive=False)
        return {**off, self.screen.use: use, self.screen.take: None, self.screen.take_words: NO_TAKE}

    def _view(self, seed: Seed, request: Request, ability: Ability) -> View:
        """How a take of that request is shown."""
        reading = seed.reading
        if request.task == "harmonise":
            return View(None, reading.score.bars)
        voice = leading(reading, ability, request.task, request.track)
        if request.task != "infill":
            return View(voice)
        return View(voice, reading.score.bars, region_bars(request, reading.score)[1] + 1)

    def _begin(self, seed: Seed, wish: Wish, view: View) -> Update:
        screen = self.screen
        return {
            screen.notice: words(),
            screen.roll: {**picture(seed.reading.score, view), "writing": True},
            screen.controls.number: wish.request.seed,
            screen.take_words: words("Writing …"),
            screen.stop: gr.update(interactive=True),
            screen.use: gr.update(interactive=False),
        }

    def _growing(self, seed: Seed, wish: Wish, halt: Halt) -> Iterator[tuple[Take, bool]]:
        """The take at most every `_BLINK` seconds, longer where there is much to draw; then its end, with True."""
        pause = _BLINK + len(seed.reading.score.notes) / 5_000
        shown, take = time.monotonic(), None
        with closing(takes(self.shelf, seed.reading, wish)) as written:
            for take in written:
                if halt.asked:
                    break
                if time.monotonic() - shown > pause:
                    yield take, False
                    shown = time.monotonic()
        if take is not None and not halt.unwanted:
            yield take, True

    def _end(self, take: Take, seed: Seed, view: View) -> Update:
        screen, kept = self.screen, keep(take, seed.title)
        return {
            screen.roll: finished(take, kept.wav, view),
            screen.midi: gr.update(value=str(kept.midi), interactive=True),
            screen.wav: gr.update(value=str(kept.wav) if kept.wav else None, interactive=kept.wav is not None),
            screen.use: gr.update(interactive=True),
            screen.take: take,
            screen.take_words: told_of_take(take, seed, kept),
        }


def _end_writing(halt: Halt | None, instead: Update) -> None:
    if halt:
        halt.give_up(instead)


def told_of(seed: Seed) -> dict[str, Any]:
    """What was read, in words."""
    return words("", [f"{seed.title} ({seed.reading.source}): {seed.reading.summary()}", *seed.reading.remarks])


def told_of_take(take: Take, seed: Seed, kept: Kept) -> dict[str, Any]:
    """What was written, in words."""
    done, asked = take.bars_written, bars_asked(take.recipe.request, seed.reading.score)
    bars = f"{asked} bar{'' if asked == 1 else 's'}" if done == asked else f"{done} of {asked} bars"
    notes = f"{len(take.new_notes)} new note{'' if len(take.new_notes) == 1 else 's'}"
    sentences = [f"Take number {take.recipe.request.seed}", *take.remarks, *([kept.silence] if kept.silence else [])]
    return words(f"{bars}, {notes} by {take.recipe.checkpoint.upper()}", sentences)
