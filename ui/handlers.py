"""What happens when something is pressed. Nothing outlives a press but what the visitor's own session holds."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.errors import ComposerError
from composer.shelf import Shelf
from composer.writing import Take
from ui.controls import Controls, a_number
from ui.roll import Roll, finished, growing, picture, playing
from ui.seeds import BROUGHT, Seed, melody_index, seed_of_file, seed_of_tune, tracks_of, tune_choices
from ui.takes import Kept, Wish, arranged, keep, sound_file, takes
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

    def ask(self, unwanted: bool = False) -> None:
        """End after the bar that is being written."""
        self.asked, self.unwanted = True, unwanted


@dataclass(frozen=True)
class Screen:
    """The parts of the page that presses change, and the two that a session remembers."""

    controls: Controls
    tune: gr.Dropdown
    upload: gr.UploadButton
    roll: Roll
    reading: Words
    notice: Words
    take_words: Words
    midi: Component
    wav: Component
    stop: gr.Button
    seed: gr.State  # Seed
    halt: gr.State  # Halt | None

    @property
    def shown(self) -> list[Component]:
        """Everything a press may change."""
        parts = (self.tune, self.roll, self.reading, self.notice, self.take_words, self.midi, self.wav, self.stop)
        return [*parts, self.controls.number, self.controls.track, self.seed, self.halt]


@dataclass(frozen=True)
class Desk:
    """The handlers of one page: they read the shelf and change nothing."""

    screen: Screen
    shelf: Shelf

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
            brought = [(f"Your file · {seed.title}", BROUGHT), *tune_choices()]
            yield {**self._put(seed, values), self.screen.tune: gr.update(choices=brought, value=BROUGHT)}
        yield told

    def choose_track(self, values: Values) -> Iterator[Update]:
        """Show another track as the melody."""
        with self._told() as told:
            _end_writing(values[self.screen.halt])
            seed, track = values[self.screen.seed], values[self.screen.controls.track] or None
            yield {self.screen.roll: picture(seed.reading.score, melody_index(seed.reading, track))}
        yield told

    def listen(self, values: Values) -> Iterator[Update]:
        """Play the seed."""
        with self._told() as told:
            seed, wish = values[self.screen.seed], self.screen.controls.wish(values)
            voice = melody_index(seed.reading, wish.request.track)
            score = arranged(seed.reading.score, wish, [voice])
            yield {self.screen.roll: playing(picture(score, voice), sound_file(score))}
        yield told

    def compose(self, values: Values) -> Iterator[Update]:
        """Write a take, shown as it grows, and play it."""
        seed, halt = values[self.screen.seed], Halt()
        with self._told() as told:
            wish = self.screen.controls.wish(values)
            yield {**self._begin(seed, wish), self.screen.halt: halt}
            told |= self._nothing(seed)  # unless it ends well
            for take, whole in self._growing(seed, wish, halt):
                yield self._end(take, seed) if whole else {self.screen.roll: growing(take)}
            told = {}
        yield {self.screen.stop: gr.update(interactive=False), **({} if halt.unwanted else told)}

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

    def _put(self, seed: Seed, values: Values) -> Update:
        """Another seed; a take that is being written for the last one is not wanted any more."""
        screen, tracks = self.screen, [("chosen for you", 0), *tracks_of(seed.reading)]
        _end_writing(values[screen.halt])
        return {
            **self._nothing(seed),
            screen.seed: seed,
            screen.reading: told_of(seed),
            screen.controls.track: gr.update(choices=tracks, value=0, visible=len(tracks) > 2),
            screen.midi: gr.update(value=None, interactive=False),
            screen.wav: gr.update(value=None, interactive=False),
        }

    def _nothing(self, seed: Seed) -> Update:
        """The seed alone."""
        roll = picture(seed.reading.score, melody_index(seed.reading, None))
        return {self.screen.roll: roll, self.screen.take_words: NO_TAKE}

    def _begin(self, seed: Seed, wish: Wish) -> Update:
        screen, shown = self.screen, picture(seed.reading.score, melody_index(seed.reading, wish.request.track))
        return {
            screen.notice: words(),
            screen.roll: {**shown, "writing": True},
            screen.controls.number: wish.request.seed,
            screen.take_words: words("Writing …"),
            screen.stop: gr.update(interactive=True),
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

    def _end(self, take: Take, seed: Seed) -> Update:
        screen, kept = self.screen, keep(take, seed.title)
        return {
            screen.roll: finished(take, kept.wav),
            screen.midi: gr.update(value=str(kept.midi), interactive=True),
            screen.wav: gr.update(value=str(kept.wav) if kept.wav else None, interactive=kept.wav is not None),
            screen.take_words: told_of_take(take, kept),
        }


def _end_writing(halt: Halt | None) -> None:
    if halt:
        halt.ask(unwanted=True)


def told_of(seed: Seed) -> dict[str, Any]:
    """What was read, in words."""
    return words("", [f"{seed.title} ({seed.reading.source}): {seed.reading.summary()}", *seed.reading.remarks])


def told_of_take(take: Take, kept: Kept) -> dict[str, Any]:
    """What was written, in words."""
    done, asked = take.bars_written, take.recipe.request.bars
    bars = f"{asked} bar{'' if asked == 1 else 's'}" if done == asked else f"{done} of {asked} bars"
    notes = f"{len(take.new_notes)} new note{'' if len(take.new_notes) == 1 else 's'}"
    sentences = [f"Take number {take.recipe.request.seed}", *take.remarks, *([kept.silence] if kept.silence else [])]
    return words(f"{bars}, {notes} by {take.recipe.checkpoint.upper()}", sentences)
