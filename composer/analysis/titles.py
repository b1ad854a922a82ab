"""Names of pieces and collections as people say them.

Fingerprints keep what the collections' files are called: articles at the end, a rhythm grown together with the title,
capitals throughout, an opus before its song.
"""

from __future__ import annotations

import re

_BOOKS = {
    "airds_airs_1782": "Aird 1782–1801",
    "chopin_first_editions": "Chopin, first editions",
    "cre_breathnach": "Ceol Rince na hÉireann",
    "jsb_chorales": "Bach chorales",
    "misc_folk_19c": "tune books of the 19th century",
    "mutopia": "Mutopia",
    "nottingham": "Nottingham Music Database",
    "oneills_1903": "O’Neill 1903",
    "open_hymnal": "Open Hymnal",
    "openscore_lieder": "OpenScore Lieder",
    "openscore_quartets": "OpenScore String Quartets",
    "polish_scores": "Polish Music Heritage",
    "ryans_mammoth_1883": "Ryan 1883",
}
_GROWN = re.compile(r"(?<=[a-z])(reel|h(?:orn)?pipe|polka|march|jig|slide|waltz|fling)(i*)$")  # onto the last word
_NUMBERED = re.compile(r"(?:jsb_)?(train|valid|test)_0*(\d+)")


def book_said(source: str) -> str:
    """A collection's name; a visitor's own stays as it is."""
    return _BOOKS.get(source, source)


def title_said(name: str) -> str:
    """A piece's name: the article in front, not in capitals, the rhythm apart."""
    if numbered := _NUMBERED.fullmatch(name):
        return f"Chorale {numbered[2]} ({numbered[1]} split)"
    title = re.sub(r"\s*--\s*", ", ", name).strip(" ./,")
    title = re.sub(r"(?<=[\w).])/(?=\w)", ": ", title)  # an opus and its song
    if title.isupper():
        title = re.sub(r"\b(\w)([\w'’]*)", lambda m: m[1].upper() + m[2].lower(), title)
    if moved := re.fullmatch(r"(.*?),? (The|A|An)", title):
        title = f"{moved[2]} {moved[1].strip(' .')}"
    return _GROWN.sub(r" (\1)", title).replace("(hpipe)", "(hornpipe)")
