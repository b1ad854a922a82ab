"""The library: tunes in the public domain that come with Motif."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from composer.analysis.taste import Traits, traits_of
from composer.errors import BadRequest
from composer.music import Reading
from composer.places import library_file
from composer.score import Key, Metre, Note, Score, Voice


@dataclass(frozen=True)
class Tune:
    """One tune: what it is called, the book it stands in, what the book calls its kind, and its notes."""

    name: str
    title: str
    source: str
    style: str | None
    score: Score

    @property
    def label(self) -> str:
        """Title, kind and book in one line."""
        return f"{self.title} ({self.style or 'tune'}, {self.source})"

    def reading(self) -> Reading:
        """The tune as a seed."""
        return Reading(self.score, self.source, self.score.key, tracks=("Melody",), style=self.style)


@dataclass(frozen=True, eq=False)
class Library:
    """Many tunes; a library is itself alone, so that what is worked out of it can be kept."""

    tunes: tuple[Tune, ...]

    @cached_property
    def by_name(self) -> dict[str, Tune]:
        """The tunes by their names."""
        return {tune.name: tune for tune in self.tunes}

    @cached_property
    def traits(self) -> list[Traits]:
        """The traits of the tunes, as `taste` tells melodies apart."""
        return [traits_of(tune.score) for tune in self.tunes]


def load_library(path: Path | None = None) -> Library:
    """All tunes of a file; BadRequest where there is none. `listeners` holds them."""
    path = path or library_file()
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            return Library(tuple(_tune(line) for line in lines))
    except FileNotFoundError as error:
        raise BadRequest(f"There is no library of tunes {path}. Make it with 'composer library'.") from error
    except (lzma.LZMAError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"{path.name} is not a library of tunes, or it is damaged. Make it anew.") from error


def _tune(line: str) -> Tune:
    row = json.loads(line)
    numerator, _, denominator = row["meter"].partition("/")
    notes = tuple(Note(onset, pitch, duration) for pitch, onset, duration in row["notes"])
    key = Key.parse(row["key"]) if row["key"] else None
    metres = (Metre(0, int(numerator), int(denominator)),)
    score = Score((Voice(notes, "Melody"),), metres, key=key, title=row["title"])
    return Tune(row["id"], row["title"], row["source"], row["style"], score)
