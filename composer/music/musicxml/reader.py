"""MusicXML read into a score: parts and measures, what stands in them, and what is played of it.

Pitches are read as they sound. All parts have the same bars: a repeat or jump in one of them is one of the piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from composer.errors import UnreadableMusic
from composer.music.limits import LIMITS
from composer.music.musicxml.document import Element, document
from composer.music.musicxml.part import Part
from composer.music.musicxml.values import text_at
from composer.music.reading import Reading
from composer.music.text import clean
from composer.music.written import Heading, played


def read_musicxml(data: bytes) -> Reading:
    """A MusicXML document, plain or compressed (.mxl); UnreadableMusic with the reason otherwise."""
    root = document(data)
    told: Counter[str] = Counter()
    definitions = {part.get("id", ""): part for part in root.iter("score-part")}
    parts = list(_parts(root))
    if len(parts) > LIMITS["tracks"]:
        raise UnreadableMusic(f"This score has {len(parts)} parts; Motif takes up to {LIMITS['tracks']}. Bring MIDI.")
    readers = [Part(definitions.get(name), told) for name, _ in parts]
    for reader, (_, measures) in zip(readers, parts, strict=True):
        if len(measures) > LIMITS["bars"]:
            raise UnreadableMusic(
                f"This score has {len(measures)} bars; Motif takes up to {LIMITS['bars']}. Bring a part of it."
            )
        reader.read(measures)
        if told["notes"] > LIMITS["notes"]:
            raise UnreadableMusic(f"This score has more than {LIMITS['notes']} notes. Bring a part of it.")
    sounding = [line for reader in readers for line in reader.lines()]
    score, remarks = played(sounding, _heading(root, readers))
    if not score.notes:
        raise UnreadableMusic("There are no notes in this MusicXML, so there is nothing to go on from.")
    return Reading(score, "MusicXML", remarks=(*remarks, *_sentences(told)))


def _parts(root: Element) -> Iterator[tuple[str, list[Element]]]:
    """The parts' names and measures, whichever way round the document has them."""
    if root.tag == "score-partwise":
        for part in root.findall("part"):
            yield part.get("id", ""), part.findall("measure")
        return
    turned: dict[str, list[Element]] = {}
    for number, measure in enumerate(root.findall("measure")):
        for part in measure.findall("part"):
            column = turned.setdefault(part.get("id", ""), [])
            column += [Element("measure") for _ in range(min(number, LIMITS["bars"]) - len(column))]
            column.append(part)
    yield from turned.items()


def _heading(root: Element, parts: list[Part]) -> Heading:
    title = text_at(root, "work/work-title") or text_at(root, "movement-title")
    if not title:
        credits = [credit for credit in root.findall("credit") if text_at(credit, "credit-type") == "title"]
        title = text_at(credits[0], "credit-words") if credits else ""
    composer = next((c.text or "" for c in root.iter("creator") if c.get("type") == "composer"), "")
    if composer == "Motif":  # as Motif writes where it knows of nobody else
        composer = ""
    key, name = next((part.key for part in parts if part.key), (None, ""))
    return Heading(clean(title), clean(composer), key, name)


def _sentences(told: Counter[str]) -> list[str]:
    found = []
    for what, sentence in _SENTENCES.items():
        count = told[what]
        if count:
            found.append(sentence.format(count, "s were" if count > 1 else " was"))
    return found


_SENTENCES = {
    "graces": "{} grace note{} left out.",
    "cues": "{} cue note{} left out: they are not played.",
    "pitches": "{} note{} left out, because no such pitch exists.",
    "microtones": "{} quarter tone{} moved to the nearest half tone.",
    "chords": "{} chord symbol{} not understood and left out.",
    "metres": "{} metre{} left out that Motif cannot hold.",
    "tempos": "{} impossible tempo{} left out.",
    "keys left": "{} key signature{} left out that no key has.",
    "texts": "Texts among the notes were left out.",
}
