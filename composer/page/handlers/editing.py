"""A take edited where it stands: it opens on a roll of its own, and what was changed becomes a take beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from composer.errors import BadRequest
from composer.page.editor.drawing import drawing, drawn
from composer.page.editor.editor import Editor, sounding
from composer.page.handlers.takes import Desk
from composer.page.handlers.told import told_in
from composer.page.roll.roll import finished
from composer.page.screen import Values
from composer.page.seeds.seeds import Seed, seed_of_take
from composer.page.takes.making import sound_file, the_sound
from composer.page.takes.receipts import receipt_for
from composer.page.takes.session import Frame, Kept, audio_file, entry, kept, mix_from
from composer.page.wire import Hearing, checked
from composer.page.words.words import words
from composer.score import Note
from composer.sound import Mix
from composer.writing import Take

Changes = dict[Any, Any]  # by part of the page

_CHANGED = "Changed by hand."


@dataclass(frozen=True)
class Open:
    """The take that is open: as it was, as a seed of the editor, and how it is mixed."""

    base: Kept
    seed: Seed
    mix: Mix

    def __hash__(self) -> int:
        """By its notes, as a seed's: a recipe has no hash."""
        return hash(self.seed)


@dataclass(frozen=True)
class TakeEditor:
    """The roll that a take is edited on, what stands around it, and the take that is open."""

    desk: Desk
    editor: Editor
    keep: gr.Button
    leave: gr.Button
    open: gr.State  # Open | None

    @property
    def shown(self) -> list[Any]:
        """What these presses change beside the screen."""
        return [self.editor, self.open]

    def begin(self, values: Values, asked: gr.EventData) -> Iterator[Changes]:
        """Open the take that is shown."""
        with self.desk.screen.telling() as told:
            sent = checked(Hearing, asked._data)
            base = kept(sent.take)
            opened = Open(base, seed_of_take(base.take, base.seed, base.id), mix_from(sent.mix))
            yield {self.open: opened, self.editor: {**drawing(opened.seed, base.take), "open": True}}
        yield told

    def listen(self, values: Values) -> Iterator[Changes]:
        """Play it as it stands, with the take's mixer."""
        with self.desk.screen.telling() as told:
            opened = self._opened(values)
            score = opened.mix.arranged(drawn(values[self.editor], opened.seed).reading.score)
            yield {self.editor: gr.update(sound=sounding(sound_file(score, "take", opened.mix)))}
        yield told

    def done(self, values: Values) -> Iterator[Changes]:
        """What was changed becomes a take under the one it was; nothing where nothing was changed."""
        screen = self.desk.screen
        with screen.telling() as told:
            opened = self._opened(values)
            seed = drawn(values[self.editor], opened.seed)
            if seed is not opened.seed:
                yield self._changed(opened, seed)
            yield self._closed()
        yield told

    def cancel(self) -> Changes:
        """The take stays as it was."""
        return self._closed()

    def _closed(self) -> Changes:
        return {self.open: None, self.editor: {"open": False}}

    def _opened(self, values: Values) -> Open:
        opened: Open | None = values[self.open]
        if opened is None:
            raise BadRequest("No take is open. Press Edit under one of them.")
        return opened

    def _changed(self, opened: Open, seed: Seed) -> Changes:
        base, screen = opened.base, self.desk.screen
        take = replace(base.take, score=seed.reading.score, new=_still_new(base.take, seed))
        frame = Frame(base.seed, self.desk.view_of(base), base.id, second=base.second)
        sound = the_sound(take, base.seed.title, opened.mix)
        made = entry(take, frame, f"{len(seed.reading.score.notes)} notes", [_CHANGED])
        receipt = receipt_for(take, self.desk.shelf)
        made |= {"audio": audio_file(sound.file), "silence": sound.silence, "edited": True}
        made["picture"] = told_in(made["picture"], take, base.seed, receipt)
        shown = told_in(finished(take, sound.file, frame.view), take, base.seed, receipt)
        panel = {"phase": "rest", "takes": [made], "show": made["id"]}
        return {screen.roll: shown, screen.panel: panel, screen.notice: words()}


def _still_new(take: Take, seed: Seed) -> tuple[tuple[int, Note], ...]:
    """The notes that the network wrote and nobody has changed."""
    there = {
        (i, n.onset, n.pitch, n.duration) for i, voice in enumerate(seed.reading.score.voices) for n in voice.notes
    }
    return tuple((i, n) for i, n in take.new if (i, n.onset, n.pitch, n.duration) in there)
