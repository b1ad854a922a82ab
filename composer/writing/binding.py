"""A request, a seed and a network brought together."""

from __future__ import annotations

from composer.music import Reading
from composer.networks import LatentNetwork
from composer.shelf import Shelved
from composer.writing.note_writer import NoteWriter
from composer.writing.phrase_writer import PhraseWriter
from composer.writing.request import Request
from composer.writing.writer import Writer


def new_writer(seed: Reading | None, request: Request, shelved: Shelved, second: Reading | None = None) -> Writer:
    """What writes the takes of a request; `second` is the melody to morph into, where that is the task."""
    if isinstance(shelved.network, LatentNetwork):
        return PhraseWriter(seed, request, shelved, second)
    return NoteWriter(seed, request, shelved)
