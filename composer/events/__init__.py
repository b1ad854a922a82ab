"""Events: scores as tokens, and where each token stands."""

from composer.events.encode import HEADER_TOKENS, Header, NoteReader, decode, encode, encode_bars
from composer.events.places import PLACE_FIELDS, Clock, place_sizes
from composer.events.vocabulary import Vocabulary

__all__ = [
    "HEADER_TOKENS",
    "PLACE_FIELDS",
    "Clock",
    "Header",
    "NoteReader",
    "Vocabulary",
    "decode",
    "encode",
    "encode_bars",
    "place_sizes",
]
