"""Engraved notation: MusicXML drawn as SVG by verovio."""

from __future__ import annotations

from composer.music.musicxml import write_musicxml
from composer.score import Score

_SCALE = 40  # per cent of verovio's own size: a staff about 32 pixels tall
_NARROWEST, _WIDEST = 280, 2_400  # pixels


def engrave(score: Score, width: int) -> str:
    """The whole score as one SVG picture `width` pixels wide, as tall as it must be."""
    import verovio

    toolkit = verovio.toolkit()
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
        }
    )
    toolkit.loadData(write_musicxml(score).decode())
    return str(toolkit.renderToSVG(1))
