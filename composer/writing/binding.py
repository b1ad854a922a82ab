"""A request, a seed and a network brought together."""

from __future__ import annotations

from composer.kinds import OF_NOTES
from composer.music import Reading
from composer.shelf import Shelved
from composer.writing.note_writer import NoteWriter
from composer.writing.request import Request
from composer.writing.writer import Writer


def new_writer(seed: Reading | None, request: Request, shelved: Shelved, second: Reading | None = None) -> Writer:
    """What writes the takes of a request; `second` is the melody to morph into, where that is the task."""
    if shelved.card.network in OF_NOTES:
        return NoteWriter(seed, request, shelved)
    # These need PyTorch, which takes a second to import.
    from composer.networks.latent import LatentNetwork
    from composer.writing.phrases import PhraseWriter
    from composer.writing.token_writer import TokenWriter

    if isinstance(shelved.network, LatentNetwork):
        return PhraseWriter(seed, request, shelved, second)
    return TokenWriter(seed, request, shelved)
