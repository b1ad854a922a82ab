"""What of a take its network may have learned by heart, marked on the roll; the readers tell it in words."""

from __future__ import annotations

from typing import Any

from composer.analysis.ngrams import Line
from composer.analysis.originality import Receipt, receipt_of
from composer.errors import ComposerError
from composer.score import Note
from composer.shelf import Shelf
from composer.writing import Take


def receipt_for(take: Take, shelf: Shelf) -> Receipt | None:
    """The receipt of what was written; None where nothing is known of what its network learned from."""
    try:
        memory = shelf.take(take.recipe.checkpoint).memory
    except ComposerError:  # a take that came back may be by a network that is not here
        return None
    if not memory.parts or not take.new:
        return None
    voices = sorted({voice for voice, _ in take.new})
    return receipt_of([Line.of(_written(take, voice), take.score, voice) for voice in voices], memory)


def marked(picture: dict[str, Any], take: Take, receipt: Receipt | None) -> dict[str, Any]:
    """A take's picture with the notes of the longest passage that was learned from marked `copied`."""
    match = receipt.exact if receipt else None
    if match is None:
        return picture
    inside = [note for note in _written(take, match.voice) if match.first <= note.onset <= match.last]
    highest: dict[int, int] = {}
    for note in inside:
        highest[note.onset] = max(note.pitch, highest.get(note.onset, 0))
    copied = {(match.voice, onset, pitch) for onset, pitch in highest.items()}
    notes = [
        {**note, "copied": True} if (note["voice"], note["onset"], note["pitch"]) in copied and note["new"] else note
        for note in picture["notes"]
    ]
    return {**picture, "notes": notes, "source": match.piece.said}


def _written(take: Take, voice: int) -> list[Note]:
    return [note for index, note in take.new if index == voice]
