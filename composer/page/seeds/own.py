"""A visitor's own seeds: what was drawn, hummed, brought or taken stays in the menu of tunes, whatever comes after."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from composer.page.seeds.seeds import Seed, seed_of_tune, tune_choices, tunes

_MOST = 6  # the newest
_MARK = "own:"


@dataclass(frozen=True)
class Own:
    """A seed and what the menu calls it."""

    label: str
    seed: Seed

    @property
    def name(self) -> str:
        """What stands for it in the menu of tunes."""
        return _MARK + self.seed.mark


def is_own(name: str | None) -> bool:
    """Whether a name in the menu of tunes stands for a seed of the visitor's."""
    return bool(name) and str(name).startswith(_MARK)


def with_own(own: Sequence[Own], label: str, seed: Seed) -> tuple[Own, ...]:
    """The visitor's seeds with one more, under a label that no other has; the newest first."""
    others = [each for each in own if each.seed.mark != seed.mark]
    taken = {each.label for each in others}
    names = [label, *(f"{label} · {number}" for number in range(2, _MOST + 2))]
    return (Own(next(name for name in names if name not in taken), seed), *others)[:_MOST]


def as_edited(own: Sequence[Own], seed: Seed) -> tuple[tuple[Own, ...], Own | None]:
    """The visitor's seeds as they are when another takes the place of `seed`, and the one that it is among them.

    None where it is no work of theirs: a tune of the gallery as it was, or an empty roll.
    """
    mine = next((each for each in own if each.seed.mark == seed.mark), None)
    without = tuple(each for each in own if each is not mine)
    if not seed.reading.score.notes:
        return without, None
    if mine:
        now = replace(mine, seed=seed)
        return tuple(now if each is mine else each for each in own), now
    if seed.reading == _untouched(seed):
        return without, None
    kept = with_own(without, f"Your tune · {seed.title}", replace(seed, mark=secrets.token_hex(8)))
    return kept, kept[0]


def _untouched(seed: Seed) -> object:
    """The reading of the gallery's tune that a seed came from; None where it came from none."""
    known = (seed_of_tune(tune.name) for tune in tunes())
    return next((tune.reading for tune in known if tune.mark == seed.mark), None)


def all_choices(own: Sequence[Own]) -> list[tuple[str, str]]:
    """(what the menu shows, name): the visitor's seeds, then the gallery."""
    return [*((each.label, each.name) for each in own), *tune_choices()]
