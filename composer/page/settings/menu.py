"""The networks to choose from, as the page shows them: what stands in each checkpoint's header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from composer.card import Card, Checkpoint
from composer.kinds import DEFAULT
from composer.music import Reading
from composer.networks import NETWORKS
from composer.page.seeds.seeds import melody_index
from composer.page.settings.terms import STYLES
from composer.shelf import Shelf
from composer.tasks import TASKS, Task
from composer.tasks.continuing import Continue
from composer.tasks.improvising import Improvise
from composer.writing.plane import has_map

_FIRST_CHOICE = (DEFAULT, "lstm", "rnn")  # from the one that predicts unseen tunes best
_GOOD_FOR = {
    "transformer": "For most things: goes on, sets voices or a piano under a tune, fills in bars.",
    "lstm": "For a fresh, smooth melody.",
    "rnn": "The plainest, to hear what the others add.",
    "gan": "For another answer to your phrase at every press.",
    "vae": "To change a tune a little or much, or to turn it into another.",
}
_FIGURES = (
    ("Weights", "The numbers that a network has learned by listening. More of them can hold more."),
    ("Nats a note", "How surprised it is by each note of music it never heard. Less is better; 0 would foresee all."),
)


@dataclass(frozen=True)
class Ability:
    """What a network can do, and whether it hears every voice or a melody only."""

    tasks: tuple[str, ...] = (Continue.name, Improvise.name)
    polyphonic: bool = False

    def task(self, wanted: str | None) -> Task:
        """The task of that name where it can do it, else the first that it can."""
        return TASKS[wanted if wanted in self.tasks else self.tasks[0]]

    def can(self, task: type[Task]) -> bool:
        """Whether it can do a task."""
        return task.name in self.tasks

    def asking_for(self, setting: str) -> Task | None:
        """The first task that it can do and that reads a setting not every task does."""
        return next((TASKS[name] for name in self.tasks if TASKS[name].asks_for(setting)), None)


@dataclass(frozen=True)
class Menu:
    """The checkpoints of a folder, and in `troubles` what is wrong with it, if anything."""

    checkpoints: Sequence[Checkpoint] = ()
    troubles: Sequence[str] = ()

    @classmethod
    def of(cls, shelf: Shelf) -> Menu:
        """What the shelf holds; a damaged file takes nothing away but itself."""
        found, troubles = shelf.menu(), shelf.troubles()
        if not found:
            troubles.append("There is no network yet. Train one with 'composer train lstm' and start Motif anew.")
        return cls(found, troubles)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(what is shown, name) of each, those that one would begin with first."""
        first = {name: place for place, name in enumerate(_FIRST_CHOICE)}
        listed = sorted(self.checkpoints, key=lambda checkpoint: first.get(checkpoint.name, len(first)))
        return [(f"{c.name.upper()}\n{_GOOD_FOR[c.card.network]}", c.name) for c in listed]

    @property
    def terms(self) -> list[tuple[str, str]]:
        """(name, what kind of network it is and what was measured of it) of each, and what the figures mean."""
        networks = [(c.name.upper(), f"{_summary(c.card)}\n{_figures(c.card)}") for c in self.checkpoints]
        return [*networks, *_FIGURES]

    @property
    def style_terms(self) -> list[tuple[str, str]]:
        """(style, what it is) of each that has something to be said of it."""
        return [
            (style.capitalize(), f"{STYLES[style][0].upper()}{STYLES[style][1:]}.")
            for style in self.styles
            if style in STYLES
        ]

    @property
    def names(self) -> list[str]:
        """The names alone."""
        return [checkpoint.name for checkpoint in self.checkpoints]

    @property
    def charted(self) -> list[str]:
        """The names of those that have a map of phrases."""
        return [checkpoint.name for checkpoint in self.checkpoints if has_map(NETWORKS[checkpoint.card.network][0])]

    @property
    def untold(self) -> list[str]:
        """The names of those that cannot be told how the music to come shall be."""
        return self.charted

    @property
    def default(self) -> str | None:
        """The one to begin with."""
        return next((name for name in (*_FIRST_CHOICE, *self.names) if name in self.names), None)

    def ability(self, name: str | None) -> Ability:
        """What the network of that name can do."""
        found = [NETWORKS[c.card.network][0] for c in self.checkpoints if c.name == name]
        return Ability(found[0].tasks, found[0].polyphonic) if found else Ability()

    @property
    def styles(self) -> list[str]:
        """Every style that some network knows."""
        return list(dict.fromkeys(style for c in self.checkpoints for style in c.card.vocabulary.get("styles", ())))


def leading(reading: Reading, ability: Ability, task: Task, track: int | None) -> int | None:
    """The index of the voice that the network hears; None where it hears all as equals."""
    if task.asks_for("region") or (ability.polyphonic and not task.ensemble and not track):
        return None
    return melody_index(reading, track)


def _summary(card: Card) -> str:
    return NETWORKS[card.network][0].summary


def _figures(card: Card) -> str:
    """One line of what was measured: size, music learned from, likelihood."""
    millions = card.parameters >= 100_000
    parts = [f"{card.parameters / 1e6:.1f} million weights" if millions else f"{card.parameters:,} weights"]
    if card.pieces:
        parts.append(f"learned from {card.pieces:,} pieces")
    for split in ("test", "valid"):
        if (name := f"{split} nats a note") in card.figures:
            parts.append(f"{card.figures[name]:.2f} nats a note on music it never saw")
            break
    return " · ".join(parts)
