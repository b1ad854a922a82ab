"""What is said of a take when it is finished, and what is marked on its roll."""

from __future__ import annotations

from typing import Any

from composer.analysis.originality import Receipt
from composer.page.seeds.seeds import Seed
from composer.page.takes.lost import with_lost
from composer.page.takes.receipts import marked
from composer.writing import Take


def told_of_take(take: Take, seed: Seed, whole: int | None = None) -> tuple[str, list[str]]:
    """What was written from a seed: a headline and sentences.

    `whole` is how many bars a finished take has; None where its writer is not there to tell.
    """
    done = take.bars_written
    asked = whole or take.recipe.request.what.length(take.recipe.request, seed.reading.score) or done
    bars = f"{asked} bar{'' if asked == 1 else 's'}" if done == asked else f"{done} of {asked} bars"
    notes = f"{len(take.new_notes)} new note{'' if len(take.new_notes) == 1 else 's'}"
    return f"{bars}, {notes} by {take.recipe.checkpoint.upper()}", list(take.remarks)


def told_in(shown: dict[str, Any], take: Take, seed: Seed, receipt: Receipt | None) -> dict[str, Any]:
    """A take's picture with what was learned by heart, and what its seed has and it has not."""
    shown = marked(shown, take, receipt)
    return with_lost(shown, take, seed) if take.recipe.request.what.anew else shown
