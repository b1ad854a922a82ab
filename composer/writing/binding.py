"""A request, a seed and a network brought together."""

from __future__ import annotations

from composer.kinds import OF_POINTS
from composer.music import Reading
from composer.shelf import Shelved
from composer.writing.note_writer import NoteWriter
from composer.writing.request import Request
from composer.writing.writer import Writer


def new_writer(seed: Reading | None, request: Request, shelved: Shelved, second: Reading | None = None) -> Writer:
    """What writes the takes of a request; `second` is the melody to morph into, where that is the task."""
    if shelved.card.network not in OF_POINTS:
        return NoteWriter(seed, request, shelved)
    from composer.writing.phrase_writer import PhraseWriter  # it needs PyTorch, which takes a second to import

    return PhraseWriter(seed, request, shelved, second)
