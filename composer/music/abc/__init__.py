"""ABC, the notation of tune sites (abcnotation.com, version 2.1), read and written."""

from composer.music.abc.book import abc_field, abc_tunes
from composer.music.abc.reader import read_abc
from composer.music.abc.writer import write_abc

__all__ = ["abc_field", "abc_tunes", "read_abc", "write_abc"]
