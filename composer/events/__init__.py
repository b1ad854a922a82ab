"""Events: scores as tokens, and where each token stands."""

from composer.events.encode import HEADER_TOKENS, Header, NoteReader, decode, encode, encode_bars
from composer.events.phrase import PHRASE_BARS, PhraseNotes, hear, spell_notes
from composer.events.places import PLACE_FIELDS, Clock, place_sizes
from composer.events.vocabulary import Vocabulary

__all__ = [
    "HEADER_TOKENS",
    "PHRASE_BARS",
    "PLACE_FIELDS",
    "Clock",
    "Header",
    "NoteReader",
    "PhraseNotes",
    "Vocabulary",
    "decode",
    "encode",
    "encode_bars",
    "hear",
    "place_sizes",
    "spell_notes",
]
