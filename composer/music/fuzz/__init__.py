"""Damaged and hostile files by the thousand, to have them read or refused."""

from composer.music.fuzz.run import Outcome, files, fuzz

__all__ = ["Outcome", "files", "fuzz"]
