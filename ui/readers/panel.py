"""What the readers say of the seed: its style, tunes like it, what of it was learned by heart, and what else to try.

A visitor's likes and dislikes stay in their browser: they come with a press, and only the order of tunes goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from composer import verbs
from composer.errors import ComposerError
from composer.listening.taste import SIZE, Traits, by_taste, traits_of
from composer.listening.tunes import Library, Tune
from composer.music import Reading
from composer.shelf import Shelf
from ui.handlers.seed import SeedDesk
from ui.screen import Screen, Update, Values
from ui.seeds.seeds import Seed
from ui.takes.making import sound_file
from ui.words.words import Words, words

_TUNES = 8
_REMEMBERED = 40  # likes, and dislikes, that a browser keeps
_NOTHING: dict[str, list[list[float]]] = {"likes": [], "dislikes": []}
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True)
class Panel:
    """The panel's parts."""

    look: gr.Button
    suggest: gr.Button
    told: Words
    tunes: gr.Radio
    play: gr.Button
    use: gr.Button
    like: gr.Button
    dislike: gr.Button
    sound: gr.Audio
    taste: gr.BrowserState

    @classmethod
    def made(cls) -> Panel:
        """The panel where it stands, folded."""
        with gr.Accordion("Style, tunes like this, originality", open=False, elem_id="readers"):
            with gr.Row():
                look = gr.Button("What is the seed like?", elem_id="look")
                suggest = gr.Button("Tunes to my taste", elem_id="suggest")
            told = Words(words(), elem_id="told")
            tunes = gr.Radio([], label="Tunes", elem_id="tunes", visible=False)
            with gr.Row(visible=True):
                play = gr.Button("Play the tune", elem_id="play-tune")
                use = gr.Button("Use the tune as the seed", elem_id="use-tune")
                like = gr.Button("I like it", elem_id="like")
                dislike = gr.Button("Not for me", elem_id="dislike")
            sound = gr.Audio(label="Tune", visible=False, autoplay=True, interactive=False, elem_id="tune-sound")
            # The key only hides it from a glance; it must not change from start to start.
            taste = gr.BrowserState(_NOTHING, storage_key="motif-taste", secret="motif")
        return cls(look, suggest, told, tunes, play, use, like, dislike, sound, taste)


@dataclass(frozen=True)
class Readers:
    """The panel's handlers: they change nothing but what they answer with."""

    screen: Screen
    shelf: Shelf
    seeds: SeedDesk
    panel: Panel

    def wire(self, on: Callable[..., Any]) -> None:
        """Which press does what; `on` lets a press run a handler that knows the whole screen."""
        panel, parts = self.panel, [self.panel.told, self.panel.tunes, self.panel.sound, self.panel.taste]
        known: set[Any] = {self.screen.editor, self.screen.seed, panel.tunes, panel.taste}
        for button, run in (
            (panel.look, self.look),
            (panel.suggest, self.suggest),
            (panel.play, self.play),
            (panel.like, self.like),
            (panel.dislike, self.dislike),
        ):
            button.click(run, known, [*parts, self.screen.notice], api_name=f"press_{run.__name__}", **_QUIET)
        on(panel.use.click, self.use, panel.tunes)

    def look(self, values: Values) -> Iterator[Update]:
        """Tell the seed's style and originality, and name tunes like it."""
        with self.screen.telling() as told:
            reading = self.seeds.seed_now(values).reading
            likest = verbs.similar(reading, _TUNES, shelf=self.shelf)
            sentences = [*self._style(reading), *verbs.originality(reading, shelf=self.shelf).sentences]
            choices = [(f"{like.tune.label} · {like.likeness:.0%}", like.tune.name) for like in likest]
            yield {self.panel.told: words("", sentences), self.panel.tunes: _offer(choices, "Tunes like this")}
        yield told

    def _style(self, reading: Reading) -> list[str]:
        """The guess in words, or why there is none."""
        try:
            return verbs.style(reading, shelf=self.shelf).sentences
        except ComposerError as error:
            return [str(error)]

    def suggest(self, values: Values) -> Iterator[Update]:
        """Name tunes of the library to the visitor's taste."""
        with self.screen.telling() as told:
            likes, dislikes = _taste(values[self.panel.taste])
            if not likes and not dislikes:
                yield {self.panel.told: words("", ["Tell of a tune or two that you like it or not, then ask again."])}
            else:
                yield {
                    self.panel.tunes: _offer(
                        _suggested(self.shelf.listeners.tunes(), likes, dislikes), "Tunes to your taste"
                    )
                }
        yield told

    def play(self, values: Values) -> Iterator[Update]:
        """Play the tune that is chosen."""
        with self.screen.telling() as told:
            if tune := self._chosen(values):
                yield {self.panel.sound: gr.update(value=str(sound_file(tune.score)), visible=True)}
        yield told

    def use(self, values: Values) -> Iterator[Update]:
        """Make the tune the seed."""
        with self.screen.telling() as told:
            if tune := self._chosen(values):
                yield self.seeds.bring(Seed(tune.reading(), tune.title), f"Library · {tune.title}", values)
        yield told

    def like(self, values: Values) -> Iterator[Update]:
        """Remember in the browser that the tune was liked."""
        yield from self._remember(values, "likes")

    def dislike(self, values: Values) -> Iterator[Update]:
        """Remember in the browser that the tune was not liked."""
        yield from self._remember(values, "dislikes")

    def _remember(self, values: Values, side: str) -> Iterator[Update]:
        with self.screen.telling() as told:
            if tune := self._chosen(values):
                likes, dislikes = _taste(values[self.panel.taste])
                taste = {"likes": [t.tolist() for t in likes], "dislikes": [t.tolist() for t in dislikes]}
                traits = np.round(traits_of(tune.score), 3).tolist()
                kept = [other for other in taste[side] if other != traits]
                taste[side] = [*kept, traits][-_REMEMBERED:]
                count = len(taste["likes"]) + len(taste["dislikes"])
                yield {
                    self.panel.taste: taste,
                    self.panel.told: words("", [f"Remembered in this browser: {count} likes and dislikes."]),
                }
        yield told

    def _chosen(self, values: Values) -> Tune | None:
        return self.shelf.listeners.tunes().by_name.get(values[self.panel.tunes] or "")


def _offer(choices: list[tuple[str, str]], label: str) -> Any:
    return gr.update(choices=choices, value=choices[0][1] if choices else None, label=label, visible=bool(choices))


def _suggested(library: Library, likes: Sequence[Traits], dislikes: Sequence[Traits]) -> list[tuple[str, str]]:
    """The library's tunes that are most to a taste, each with a word of why."""
    tunes, traits = library.tunes, library.traits
    known = {tuple(told.tolist()) for told in (*likes, *dislikes)}
    ordered = by_taste(likes, dislikes, traits)
    fresh = (choice for choice in ordered if tuple(np.round(traits[choice.number], 3).tolist()) not in known)
    found = [next(fresh) for _ in range(min(_TUNES, len(tunes) - len(known)))]
    return [
        (f"{tunes[choice.number].label}{f' · {choice.why}' if choice.why else ''}", tunes[choice.number].name)
        for choice in found
    ]


def _taste(kept: Any) -> tuple[list[Traits], list[Traits]]:
    """What a browser sends as its taste, as far as it makes sense."""
    sides = []
    for side in ("likes", "dislikes"):
        rows = kept.get(side) if isinstance(kept, dict) else None
        sides.append([np.array(row, float) for row in rows or [] if _is_traits(row)][:_REMEMBERED])
    return sides[0], sides[1]


def _is_traits(row: Any) -> bool:
    numbers = isinstance(row, list) and len(row) == SIZE and all(isinstance(v, int | float) for v in row)
    return numbers and all(abs(v) < 1e3 for v in row)
