"""What the GAN's critic says of a take, whoever wrote it."""

from __future__ import annotations

from composer import verbs
from composer.errors import ComposerError
from composer.shelf import Shelf
from composer.writing import UNDER_MELODY, Take
from ui.seeds.seeds import Seed

_CRITIC = "gan"  # the kind of network that has one


def follows_told(take: Take, seed: Seed, shelf: Shelf) -> list[str]:
    """How well a take follows from its seed, in a sentence; none where there is no seed, critic or new phrase."""
    request = take.recipe.request
    if request.task == "improvise" or request.task in UNDER_MELODY or not seed.reading.score.notes:
        return []
    try:
        critics = [found.name for found in shelf.menu() if found.card.network == _CRITIC]
        if not critics:
            return []
        return [verbs.critic(seed.reading, take, critics[0], request.track, shelf).sentence]
    except ComposerError:  # it hears phrases of two bars, and here is none that is new
        return []
