"""Music files: read with a report of what was done, the melody taken out, the key found, written and engraved."""

from composer.music.abc import write_abc
from composer.music.compact import from_plain, pack, to_plain, unpack
from composer.music.engraving import engrave
from composer.music.front import SUFFIXES, read, read_all, tunes_of
from composer.music.key import estimate_key
from composer.music.melody import melody_of, skyline
from composer.music.midi import write_midi
from composer.music.musicxml import write_musicxml
from composer.music.pool import engrave_apart, write_musicxml_apart
from composer.music.reading import LIMITS, Reading
from composer.music.spoken import bars_in_words
from composer.music.text import clean

__all__ = [
    "LIMITS",
    "SUFFIXES",
    "Reading",
    "bars_in_words",
    "clean",
    "engrave",
    "engrave_apart",
    "estimate_key",
    "from_plain",
    "melody_of",
    "pack",
    "read",
    "read_all",
    "skyline",
    "to_plain",
    "tunes_of",
    "unpack",
    "write_abc",
    "write_midi",
    "write_musicxml",
    "write_musicxml_apart",
]
