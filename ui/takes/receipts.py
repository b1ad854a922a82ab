"""What of a take its network may have learned by heart, in words."""

from __future__ import annotations

from composer.listening.ngrams import Line
from composer.listening.originality import receipt_of
from composer.shelf import Shelf
from composer.writing import Take


def receipt_told(take: Take, shelf: Shelf) -> list[str]:
    """The receipt's first sentences; none where there are no fingerprints of what the network learned from."""
    memory = shelf.take(take.recipe.checkpoint).memory
    if not memory.parts or not take.new:
        return []
    voices = sorted({voice for voice, _ in take.new})
    lines = [Line.of([note for v, note in take.new if v == voice], take.score, voice) for voice in voices]
    return receipt_of(lines, memory).sentences[:-1]
