"""MusicXML, what notation programs exchange (version 4.0), read and written."""

from composer.music.musicxml.reader import read_musicxml
from composer.music.musicxml.writer import write_musicxml

__all__ = ["read_musicxml", "write_musicxml"]
