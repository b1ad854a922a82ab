"""What happens when a take is asked for. Nothing outlives a press but what the visitor's own session holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from composer.shelf import Shelf
from composer.writing import UNDER_MELODY, Request, Take
from ui.controls import a_number
from ui.networks import Ability
from ui.roll import View, finished, growing, picture
from ui.screen import Halt, Screen, Update, Values
from ui.seed_handlers import SeedDesk
from ui.seeds import Seed, leading
from ui.takes import Kept, Wish, keep, takes
from ui.tasks import bars_asked, region_bars
from ui.words import words

_BLINK = 0.12  # seconds at least between two pictures of a growing take


@dataclass(frozen=True)
class Desk:
    """The handlers of takes: they read the shelf and change nothing."""

    screen: Screen
    shelf: Shelf
    seeds: SeedDesk

    def use_take(self, values: Values) -> Iterator[Update]:
        """Make the take the seed, to go on from it, harmonise it or fill in bars of it."""
        with self.screen.telling() as told:
            if take := values[self.screen.take]:
                yield self.seeds.use(take, values)
        yield told

    def compose(self, values: Values) -> Iterator[Update]:
        """Write a take, shown as it grows, and play it."""
        halt = Halt()
        with self.screen.telling() as told:
            seed = self.seeds.seed_now(values)
            wish = self.screen.controls.wish(values, seed.reading)
            view = self._view(seed, wish.request, self.seeds.ability(values))
            yield {**self._begin(seed, wish, view), self.screen.seed: seed, self.screen.halt: halt}
            told |= self.screen.no_take()  # unless it ends well
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

    def _view(self, seed: Seed, request: Request, ability: Ability) -> View:
        """How a take of that request is shown."""
        reading = seed.reading
        if request.task in UNDER_MELODY:
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


def told_of_take(take: Take, seed: Seed, kept: Kept) -> dict[str, Any]:
    """What was written, in words."""
    done, asked = take.bars_written, bars_asked(take.recipe.request, seed.reading.score)
    bars = f"{asked} bar{'' if asked == 1 else 's'}" if done == asked else f"{done} of {asked} bars"
    notes = f"{len(take.new_notes)} new note{'' if len(take.new_notes) == 1 else 's'}"
    sentences = [f"Take number {take.recipe.request.seed}", *take.remarks, *([kept.silence] if kept.silence else [])]
    return words(f"{bars}, {notes} by {take.recipe.checkpoint.upper()}", sentences)
