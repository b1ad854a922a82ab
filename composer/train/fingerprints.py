"""Fingerprints of a corpus: of what is trained on, measured by what is held out."""

from __future__ import annotations

from collections.abc import Iterable

from composer.analysis.fingerprints import Fingerprints, Known
from composer.analysis.ngrams import lines_of
from composer.analysis.yardstick import measured
from composer.data.corpus import Piece, melody_piece, select


def take_fingerprints(pieces: Iterable[Piece], melodies: bool) -> Fingerprints:
    """The fingerprints of the train split with the yardstick of the others; of the melodies alone, or of all voices."""
    pieces = [melody_piece(piece) for piece in pieces] if melodies else list(pieces)
    learned = ((Known(piece.name, piece.source), lines_of(piece.score)) for piece in select(pieces, "train"))
    held_out = [*select(pieces, "test"), *select(pieces, "valid")]
    return measured(Fingerprints.of(learned, melodies), (line for piece in held_out for line in lines_of(piece.score)))
