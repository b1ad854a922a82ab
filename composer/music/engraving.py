"""Engraved notation: MusicXML drawn as SVG by verovio, and when each of its notes sounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

from composer.errors import UnreadableMusic
from composer.music.musicxml import write_musicxml
from composer.score import TICKS_PER_QUARTER, Score

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # semitones over C
_SCALE = 40  # per cent of verovio's own size: a staff about 32 pixels tall
_NARROWEST, _WIDEST = 280, 2_400  # pixels


# What verovio is told for a picture of one page as tall as it must be, and for pages to print.
_OPTIONS = {
    "scale": _SCALE,
    "pageMarginLeft": 20,
    "pageMarginRight": 20,
    "pageMarginTop": 30,
    "pageMarginBottom": 30,
    "footer": "none",
    "breaks": "auto",
    "svgViewBox": True,
    "svgRemoveXlink": True,
    "xmlIdSeed": 1,  # the same notes, the same picture
}
_SCREEN = {**_OPTIONS, "header": "none", "pageHeight": 60_000, "adjustPageHeight": True}
_A4 = {**_OPTIONS, "header": "auto", "pageWidth": 2_100, "pageHeight": 2_970}  # tenths of a millimetre
_MARGIN = 130  # tenths of a millimetre


@dataclass(frozen=True)
class Engraving:
    """A picture, and its notes in order: (onset, end) in ticks and the id of the SVG group that shows the note.

    A note that is tied over a bar line is one entry for each head. `heads` tells of the same entries the index of the
    voice and the MIDI pitch.
    """

    svg: str
    notes: tuple[tuple[int, int, str], ...]
    heads: tuple[tuple[int, int], ...] = ()


def engrave(score: Score, width: int) -> Engraving:
    """The whole score as one SVG picture `width` pixels wide, as tall as it must be."""
    wide = min(_WIDEST, max(_NARROWEST, width)) * 100 // _SCALE
    toolkit, entries = _loaded(score, {**_SCREEN, "pageWidth": wide})
    return Engraving(
        str(toolkit.renderToSVG(1)),
        tuple((onset, end, name) for onset, end, name, _, _ in entries),
        tuple((voice, pitch) for *_, voice, pitch in entries),
    )


def engrave_pages(score: Score) -> list[str]:
    """The score as SVG pictures of A4 pages, with its title and composer over the first."""
    margins = {f"pageMargin{side}": _MARGIN for side in ("Left", "Right", "Top", "Bottom")}
    toolkit, _ = _loaded(score, {**_A4, **margins})
    return [str(toolkit.renderToSVG(page)) for page in range(1, toolkit.getPageCount() + 1)]


_Entry = tuple[int, int, str, int, int]  # onset and end in ticks, id, the index of the voice, MIDI pitch


def _loaded(score: Score, options: dict[str, Any]) -> tuple[Any, list[_Entry]]:
    """Verovio with the score in it, and the score's notes."""
    import verovio

    toolkit = verovio.toolkit(False)
    toolkit.setResourcePath(str(files("verovio") / "data"))  # its own default holds in the thread that imported it only
    toolkit.setOptions(options)
    document = ElementTree.fromstring(write_musicxml(score))
    entries = list(_named(document))
    if not toolkit.loadData(ElementTree.tostring(document, "unicode")):
        raise UnreadableMusic("These notes cannot be engraved here. Download the MusicXML for a notation program.")
    return toolkit, entries


def _named(document: ElementTree.Element) -> Iterator[_Entry]:
    """Every note of a MusicXML document; each gets its id, which verovio keeps.

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
                    yield begin, over, element.attrib["id"], staff, _pitch(element)
            start = end


def _pitch(note: ElementTree.Element) -> int:
    """The MIDI pitch of a note; 0 where it has none, as a drum's."""
    step = note.findtext("pitch/step")
    if step is None:
        return 0
    octave, alter = int(note.findtext("pitch/octave", "4")), float(note.findtext("pitch/alter", "0"))
    return 12 * (octave + 1) + _STEPS[step] + round(alter)


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
