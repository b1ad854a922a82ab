"""One press that writes takes: what the browser is told from the press to the last take, whatever happens between.

A press goes through the states of `takes/composing.js`: it is refused before anything on the page has changed, or it
begins, grows and comes to rest. Rest is told last of all and always, also after an error; what was written until then
is kept.
"""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from composer.analysis.originality import Receipt
from composer.page.handlers.told import told_in, told_of_take
from composer.page.roll.roll import begins_at, finished, growing, opening
from composer.page.screen import Halt, Screen, Update
from composer.page.takes.making import Wish, growing_takes, opening_of, the_sound, writer_of
from composer.page.takes.receipts import receipt_for
from composer.page.takes.session import Frame, audio_file, entry, with_parents_notes
from composer.page.words.words import words
from composer.shelf import Shelf
from composer.writing import Take, Writer

_BLINK = 0.12  # seconds at least between two pictures of a growing take
_DRAFT = 1.5  # seconds at least between two drafts, from which a browser keeps what a lost server had written
_KEPT_ASIDE = "The take that was being written is kept among the takes, as far as it was."


class Asked(NamedTuple):
    """What a press asks for: where its takes stand, the wish, and what changes on the page when it begins."""

    frame: Frame
    wish: Wish
    first: Update


@dataclass
class _Press:
    """What a press has come to; it lives as long as the press does."""

    asked: Asked
    writer: Writer
    halt: Halt = field(default_factory=Halt)
    done: list[dict[str, Any]] = field(default_factory=list)
    written: dict[int, Take] = field(default_factory=dict)  # by slot, as far as they are
    began: float = field(default_factory=time.monotonic)
    drafted: float = field(default_factory=time.monotonic)  # when the browser was last told a draft
    opening: dict[str, Any] | None = None  # the first seconds of the first take, which are heard before the whole


@dataclass(frozen=True)
class Composing:
    """Writes what a press asks for."""

    screen: Screen
    shelf: Shelf

    def press(self, prepare: Callable[[], Asked]) -> Iterator[Update]:
        """All takes of a press, side by side; the first is heard as soon as it is there."""
        press: _Press | None = None
        with self.screen.telling() as told:
            asked = prepare()
            asked = asked._replace(frame=replace(asked.frame, second=asked.wish.second))
            press = _Press(asked, writer_of(self.shelf, asked.frame.seed.reading, asked.wish))
            yield from self._written(press)
        yield {**self._at_rest(press), **told}

    def _written(self, press: _Press) -> Iterator[Update]:
        yield self._begin(press)
        try:
            yield from self._takes(press)
        finally:
            press.halt.over = True

    def _begin(self, press: _Press) -> Update:
        screen, (_, wish, first) = self.screen, press.asked
        return {
            screen.notice: words(),
            screen.hint: words(),
            screen.controls.number: wish.request.seed,
            screen.panel: {"phase": "writing", "show": None, "progress": self._progress(press)},
            **first,
            screen.halt: press.halt,
        }

    def _takes(self, press: _Press) -> Iterator[Update]:
        """All takes as they grow, then each as it ends. Where writing fails, the end is what was written until then."""
        failure = None
        try:
            yield from self._growing(press)
        except Exception as error:  # told by the press, once what there is has been kept
            failure = error
        for slot, take in sorted(press.written.items()):
            if take.bars_written or (slot == 0 and not press.halt.aside):
                yield self._end(press, take, replace(press.asked.frame, slot=slot))
        if failure is not None:
            raise failure

    def _growing(self, press: _Press) -> Iterator[Update]:
        """At the first bar of the first take, then at most every `_BLINK` seconds; less often where much is drawn."""
        pause = _BLINK + len(press.asked.frame.seed.reading.score.notes) / 5_000
        shown = -math.inf
        with closing(growing_takes(press.writer, press.asked.wish)) as written:
            for slot, take in written:
                press.written[slot] = take
                if press.halt.asked:
                    return
                if 0 in press.written and time.monotonic() - shown > pause:
                    yield self._shown(press)
                    shown = time.monotonic()

    def _shown(self, press: _Press) -> Update:
        """The first on the roll, the others among the cards."""
        frame, takes = press.asked.frame, [press.written[slot] for slot in sorted(press.written)]
        first, pictures = takes[0], [growing(with_parents_notes(take, frame), frame.view) for take in takes]
        told: dict[str, Any] = {"phase": "writing", "progress": self._progress(press), "growing": pictures[1:]}
        if time.monotonic() - press.drafted > _DRAFT:
            told["draft"], press.drafted = self._entry(press, first, frame), time.monotonic()
        return {self.screen.roll: {**pictures[0], "opening": self._opening(press, first)}, self.screen.panel: told}

    def _opening(self, press: _Press, take: Take) -> dict[str, Any] | None:
        """The take's first seconds, made as soon as they are written."""
        start = begins_at(take)
        if press.opening is None and not press.halt.asked and (made := opening_of(take, start)):
            press.opening = opening(*made, start)
        return press.opening

    def _progress(self, press: _Press) -> dict[str, Any]:
        """Bars written, of each take in the middle, of bars asked for, of how many takes, and the seconds gone by."""
        takes = press.asked.wish.request.takes
        bars = sum(take.bars_written for take in press.written.values()) // takes
        return {
            "bars": bars,
            "of": press.writer.bars,
            "takes": takes,
            "seconds": round(time.monotonic() - press.began, 2),
        }

    def _entry(self, press: _Press, take: Take, frame: Frame, receipt: Receipt | None = None) -> dict[str, Any]:
        """A take for the browser, without sound; a draft has no receipt, which takes long."""
        headline, sentences = told_of_take(take, frame.seed, press.writer.bars)
        made = {**entry(take, frame, headline, [*frame.remarks, *sentences]), "audio": None, "silence": None}
        made["picture"] = told_in(made["picture"], take, frame.seed, receipt)
        return made

    def _end(self, press: _Press, take: Take, frame: Frame) -> Update:
        """A take that is finished goes to the others; the first of a press is shown and plays."""
        screen, receipt = self.screen, receipt_for(take, self.shelf)
        made = self._entry(press, take, frame, receipt)
        if press.halt.aside:
            press.done.append(made)
            return {screen.panel: {"phase": "writing", "takes": list(press.done)}}
        sound = the_sound(take, frame.seed.title)
        press.done.append({**made, "audio": audio_file(sound.file), "silence": sound.silence})
        told = {"phase": "writing", "takes": list(press.done)}
        if frame.slot:
            return {screen.panel: told}
        whole = finished(with_parents_notes(take, frame), sound.file, frame.view)
        shown = told_in(whole, take, frame.seed, receipt)
        return {screen.roll: shown, screen.panel: {**told, "show": made["id"]}}

    def _at_rest(self, press: _Press | None) -> Update:
        """Nothing is being written any more. A press that was refused leaves the page as it was."""
        screen = self.screen
        told = {"phase": "rest", "press": secrets.token_hex(4)}  # another value each time, or the browser sees none
        if press is None:
            return {screen.panel: told}
        if press.halt.aside:
            kept = words("", [_KEPT_ASIDE]) if press.done else words()
            instead = press.halt.instead
            panel = {**instead.get(screen.panel, {}), **told, "takes": list(press.done)}
            return {**instead, screen.panel: panel, screen.hint: kept}
        if not press.done:  # stopped before the first bar
            return {**screen.no_take(), screen.panel: {**told, "show": None}}
        # The browser may skip the value before this one; with several takes, somebody may have gone on to another.
        alone = {"show": press.done[0]["id"]} if press.asked.wish.request.takes == 1 else {}
        return {screen.panel: {**told, **alone, "takes": list(press.done)}}
