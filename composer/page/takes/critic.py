"""What the GAN's critic says of a take, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable

from composer import api
from composer.errors import ComposerError
from composer.page.seeds.seeds import Seed
from composer.score import Note, Score
from composer.shelf import Shelf
from composer.writing import Take

Bar = tuple[tuple[int, int, int], ...]

_MOSTLY = 0.5  # of the new bars
_CRITIC = "gan"  # the kind of network that has one


def follows_told(take: Take, seed: Seed, shelf: Shelf) -> list[str]:
    """How well a take follows from its seed, in a sentence; none where there is no seed, critic or new phrase."""
    request = take.recipe.request
    if not request.what.needs_seed or request.what.ensemble or not seed.reading.score.notes:
        return []
    try:
        critics = [found.name for found in shelf.menu() if found.card.network == _CRITIC]
        if not critics:
            return []
        verdict = api.critic(seed.reading, take, critics[0], request.track, shelf).sentence
        return [verdict, *_repeating(take, seed)]
    except ComposerError:  # it hears phrases of two bars, and here is none that is new
        return []


def _repeating(take: Take, seed: Seed) -> list[str]:
    """What is said where most of the new bars stand in the seed: the critic thinks highly of them, and needs no ear."""
    if not take.recipe.request.what.goes_on:
        return []
    given = {bar for voice in seed.reading.score.voices for bar in _bars(seed.reading.score, voice.notes).values()}
    new = list(_bars(take.score, take.new_notes).values())
    again = sum(bar in given for bar in new)
    if again < _MOSTLY * len(new):
        return []
    return [f"But {again} of its {len(new)} new bars repeat bars of the seed, and what repeats follows well."]


def _bars(score: Score, notes: Iterable[Note]) -> dict[int, Bar]:
    """What begins in each bar that is not empty: (ticks after the bar line, pitch, duration)."""
    bars: dict[int, list[tuple[int, int, int]]] = {}
    for note in notes:
        bar = score.bar_at(note.onset)
        bars.setdefault(bar, []).append((note.onset - score.bar_start(bar), note.pitch, note.duration))
    return {bar: tuple(sorted(inside)) for bar, inside in bars.items()}
