"""Engraved notation: MusicXML drawn as SVG by verovio, and when each of its notes sounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from xml.etree import ElementTree

from composer.errors import UnreadableMusic
from composer.music.musicxml import write_musicxml
from composer.score import TICKS_PER_QUARTER, Score

_SCALE = 40  # per cent of verovio's own size: a staff about 32 pixels tall
_NARROWEST, _WIDEST = 280, 2_400  # pixels


@dataclass(frozen=True)
class Engraving:
    """A picture, and its notes in order: (onset, end) in ticks and the id of the SVG group that shows the note.

    A note that is tied over a bar line is one entry for each head.
    """

    svg: str
    notes: tuple[tuple[int, int, str], ...]


def engrave(score: Score, width: int) -> Engraving:
    """The whole score as one SVG picture `width` pixels wide, as tall as it must be."""
    import verovio

    toolkit = verovio.toolkit(False)
    toolkit.setResourcePath(str(files("verovio") / "data"))  # its own default holds in the thread that imported it only
    toolkit.setOptions(
        {
            "pageWidth": min(_WIDEST, max(_NARROWEST, width)) * 100 // _SCALE,
            "pageHeight": 60_000,
            "adjustPageHeight": True,
            "scale": _SCALE,
            "pageMarginLeft": 20,
            "pageMarginRight": 20,
            "pageMarginTop": 30,
            "pageMarginBottom": 30,
            "header": "none",
            "footer": "none",
            "breaks": "auto",
            "svgViewBox": True,
            "svgRemoveXlink": True,
            "xmlIdSeed": 1,  # the same notes, the same picture
        }
    )
    document = ElementTree.fromstring(write_musicxml(score))
    notes = tuple(_named(document))
    if not toolkit.loadData(ElementTree.tostring(document, "unicode")):
        raise UnreadableMusic("These notes cannot be engraved here. Download the MusicXML for a notation program.")
    return Engraving(str(toolkit.renderToSVG(1)), notes)


def _named(document: ElementTree.Element) -> Iterator[tuple[int, int, str]]:
    """(onset, end, id) of every note of a MusicXML document, in ticks; each gets its id, which verovio keeps.

    Verovio's own map of times rounds the lengths of uncommon tuplets, and drifts.
    """
    for staff, part in enumerate(document.iter("part")):
        start, divisions = 0, 1
        for bar in part.iter("measure"):
            divisions = int(bar.findtext("attributes/divisions", str(divisions)))
            end = start
            for number, (onset, length, element) in enumerate(_timed(bar, start)):
                end = max(end, onset + length)
                if element.tag == "note" and element.find("rest") is None:
                    element.set("id", f"n{staff}-{bar.get('number')}-{number}")
                    begin, over = (round(time * TICKS_PER_QUARTER / divisions) for time in (onset, onset + length))
                    yield begin, over, element.attrib["id"]
            start = end


def _timed(bar: ElementTree.Element, now: int) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """(onset, length, element) of whatever lasts in a bar that begins at `now`, all in MusicXML's divisions."""
    for element in bar:
        length = int(element.findtext("duration", "0"))
        if element.tag == "backup":
            now -= length
        elif element.find("chord") is not None:  # struck together with the note before it, as long
            yield now - length, length, element
        elif length:
            yield now, length, element
            now += length
