"""Music files: read with a report of what was done, the melody taken out, the key found, and written."""

from composer.music.key import estimate_key
from composer.music.melody import melody_of, skyline
from composer.music.midi import write_midi
from composer.music.read import SUFFIXES, read, read_all
from composer.music.reading import LIMITS, Reading

__all__ = ["LIMITS", "SUFFIXES", "Reading", "estimate_key", "melody_of", "read", "read_all", "skyline", "write_midi"]
