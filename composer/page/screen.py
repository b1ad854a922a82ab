"""What presses find and change on the page, and how they tell what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.page.editor.editor import Editor
from composer.page.roll.roll import Roll
from composer.page.serving.told import told_of_error
from composer.page.settings.controls import Controls
from composer.page.takes.panel import TakesPanel
from composer.page.words.spoken import Spoken
from composer.page.words.words import Words, words

Values = Mapping[Component, Any]
Update = dict[Component, Any]


@dataclass
class Halt:
    """How a session ends the take it is writing: one for every press of Compose, and nobody else's."""

    asked: bool = False
    aside: bool = False  # another seed came: what was written is kept, but it is not shown and does not play
    instead: Update = field(default_factory=dict)  # what shall be shown in its place
    over: bool = False  # nothing is being written any more

    def ask(self) -> None:
        """End after the bar that is being written."""
        self.asked = True

    def set_aside(self, instead: Update) -> None:
        """End, and show something else: a picture on its way may still arrive after the press that asks for this."""
        self.asked, self.aside, self.instead = True, True, instead


@dataclass(frozen=True)
class Screen:
    """The parts of the page that presses change, and the two that a session remembers."""

    controls: Controls
    tune: gr.Dropdown
    upload: gr.UploadButton
    empty: gr.Button
    book: gr.Dropdown  # the tunes of a file that holds several
    hum: gr.Audio
    hum_tempo: gr.Number
    editor: Editor  # the seed
    roll: Roll  # the take
    reading: Words
    spoken: Spoken
    notice: Words
    panel: TakesPanel  # what can be done with takes, and all of the session's
    hint: Words  # beside Compose: what the next press does, where something else changed that
    seed: gr.State  # Seed
    own: gr.State  # tuple[Own, ...]: the visitor's seeds, which the menu of tunes offers
    halt: gr.State  # Halt | None

    @property
    def sources(self) -> list[Component]:
        """What a seed can be made of."""
        return [self.tune, self.upload, self.book, self.hum, self.hum_tempo]

    @property
    def shown(self) -> list[Component]:
        """Everything a press may change."""
        texts = (self.reading, self.spoken, self.notice)
        parts = (self.tune, self.book, self.editor, self.roll, *texts, self.panel)
        c = self.controls
        settings = (
            c.model,
            c.temperature,
            c.rhythm_temperature,
            c.top_p,
            c.scale,
            c.style,
            c.fresh,
            c.tempo,
            c.instrument,
            c.takes,
            c.amount,
            c.second,
            c.open_second,
            c.brought,
            c.steps,
            c.max_match,
            c.returns,
            c.busy,
            c.ending,
            c.form,
            *c.more.values(),
        )
        fitted = (c.task, c.bars, c.first, c.last, c.voices, c.freeze, c.kind, c.track, c.number)
        return [*parts, self.hint, *fitted, *settings, self.seed, self.own, self.halt]

    @property
    def composed(self) -> list[Component]:
        """What a press that writes takes changes: the fewer it names, the sooner the browser has asked for it."""
        return [self.roll, self.notice, self.panel, self.hint, self.controls.number, self.seed, self.halt]

    def no_take(self) -> Update:
        """No take is shown; those of the session stay."""
        return {self.roll: None, self.panel: {"show": None}}

    @contextmanager
    def telling(self) -> Iterator[Update]:
        """Run a press; what goes wrong is told in the notice, a bug with an apology and a traceback in the log."""
        told: Update = {self.notice: words()}
        try:
            yield told
        except Exception as error:
            told[self.notice] = words(told_of_error(error))
