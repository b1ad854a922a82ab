"""The library's tunes, read from three collections in the public domain that music21's wheel carries as ABC.

    O'Neill, Music of Ireland (Chicago 1903)
    Ryan's Mammoth Collection (Boston 1883)
    Aird, A Selection of Scotch, English, Irish and Foreign Airs (Glasgow 1782-1801)

A tune is one JSON object a line: `id`, `title`, `source`, `licence`, `style` (or null), `meter`, `key`, and `notes`
[[pitch, onset, duration], …] in ticks of 1/24 quarter. `composer train --data` reads the same form.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from composer.errors import UnreadableMusic
from composer.music import melody_of, read
from composer.music.abc import abc_field, abc_tunes

_LICENCE = "public domain"
_STYLES = ("reel", "jig", "hornpipe", "slip jig", "polka", "waltz", "march", "strathspey", "minuet", "clog")
# The parts of O'Neill's book, by the number of their last tune.
_ONEILL = {625: "air", 700: "carolan", 1115: "jig", 1175: "slip jig", 1555: "reel", 1780: "hornpipe", 1850: None}


@dataclass(frozen=True)
class Collection:
    """A folder of music21's corpus."""

    folder: str
    source: str


COLLECTIONS = (
    Collection("oneills1850", "O'Neill 1903"),
    Collection("ryansMammoth", "Ryan 1883"),
    Collection("airdsAirs", "Aird 1782-1801"),
)


def build_library(out: Path) -> tuple[int, int]:
    """Write all tunes that can be read, each once; how many were written, and how many could not be read."""
    seen: set[str] = set()
    refused = 0
    out.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(out, "wt", encoding="utf-8", preset=9) as lines:
        for collection, tune in tqdm(list(_tunes()), unit="tune", disable=not sys.stderr.isatty()):
            try:
                row = _row(collection, tune)
            except UnreadableMusic:
                refused += 1
                continue
            spelled = json.dumps([row["source"], row["notes"]])
            if spelled not in seen:
                seen.add(spelled)
                lines.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    return len(seen), refused


def _tunes() -> Iterator[tuple[Collection, str]]:
    """Every ABC tune of the collections, without what their transcribers wrote about it."""
    import music21

    corpus = Path(music21.__file__).parent / "corpus"
    for collection in COLLECTIONS:
        for file in sorted((corpus / collection.folder).glob("*.abc")):
            for tune in abc_tunes(file.read_text("utf-8", "replace")):
                yield collection, re.sub(r"^[ABDFGHNOSZ]:.*\n", "", tune, flags=re.MULTILINE)


def _row(collection: Collection, tune: str) -> dict[str, Any]:
    number = abc_field(tune, "X") or ""
    title = _title(tune)
    reading = melody_of(read(tune.encode()))
    line, metre = reading.score.voices[0], reading.score.metres[0]
    return {
        "id": f"{collection.folder}-{number}-{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}",
        "title": title,
        "source": collection.source,
        "licence": _LICENCE,
        "style": _style(collection, number, title, abc_field(tune, "R")),
        "meter": str(metre),
        "key": str(reading.key) if reading.key else None,
        "notes": [[note.pitch, note.onset, note.duration] for note in line.notes],
    }


def _title(tune: str) -> str:
    """The first title as people write it: without ABC's accents, not in capitals, the article in front."""
    found = re.search(r"^T:[ \t]*(.+?)[ \t]*$", tune, re.MULTILINE)
    title = re.sub(r"\s*--\s*", ", ", found[1] if found else "Untitled").replace(":", "").rstrip(". ")
    if title.isupper() or sum(c.isupper() for c in title) > sum(c.islower() for c in title):
        title = re.sub(r"\b(\w)([\w']*)", lambda m: m[1].upper() + m[2].lower(), title)
    moved = re.fullmatch(r"(.*), (The|A|An)", title)
    return f"{moved[2]} {moved[1]}" if moved else title


def _style(collection: Collection, number: str, title: str, rhythm: str | None) -> str | None:
    """What the book calls the tune: by its part, its rhythm field, or a word of its title."""
    if collection.folder == "oneills1850" and number.isdecimal():
        return next((style for last, style in _ONEILL.items() if int(number) <= last), None)
    for text in (rhythm or "", title.lower()):
        for style in sorted(_STYLES, key=len, reverse=True):
            if re.search(rf"\b{style}\b", text):
                return style
    return None
