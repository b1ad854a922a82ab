"""Tune books: the tunes of an ABC text, and what their fields say."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata

from composer.music.text import clean

_TUNE = re.compile(r"^X:", re.MULTILINE)
_HEADER = re.compile(r"(?:[A-WYZa-z]:|%%|I:)")
_CHARSET = re.compile(rb"abc-charset[ \t]+([\w-]{3,20})")
_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    '"': "\u0308",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "c": "\u0327",
    "r": "\u030a",
    "H": "\u030b",
    ";": "\u0328",
}
_LETTERS = {"AA": "Å", "aa": "å", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "ss": "ß", "/O": "Ø", "/o": "ø"}
_ESCAPE = re.compile(
    r"(&#?\w{1,10};)|\\(?:u([0-9a-fA-F]{4})|(AA|aa|AE|ae|OE|oe|ss|/O|/o)|([`'^~\"=.uvcrH;])([A-Za-z])|([&%\\]))"
)


def abc_text(data: bytes) -> str:
    """The text of an ABC file: by its byte-order mark, as UTF-8, as the file says, or as Latin-1."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "replace")
    said = _CHARSET.search(data[:4096])
    for charset in ("utf-8-sig", said[1].decode() if said else "", "cp1252"):
        try:
            return data.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def abc_tunes(text: str) -> list[str]:
    """The tunes of a tune book, each from its X: line on, with the fields of the file's own header after it.

    A text with a key but no X: is one tune.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _TUNE.finditer(text)]
    if not starts:
        return [f"X:1\n{text.lstrip()}"] if re.search(r"^K:", text, re.MULTILINE) else []
    common = "".join(f"{line}\n" for line in text[: starts[0]].splitlines() if _HEADER.match(line))
    tunes = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [_with_header(tune, common) for tune in tunes] if common else tunes


def _with_header(tune: str, common: str) -> str:
    first, _, rest = tune.partition("\n")
    return f"{first}\n{common}{rest}"


def abc_field(tune: str, letter: str) -> str | None:
    """What a field such as R: says first, in small letters."""
    for line in tune.splitlines():
        if line.startswith(f"{letter}:"):
            said = line[2:].strip()
            if said:
                return said.lower()
    return None


def book_of(text: str) -> list[tuple[str, str]]:
    """(number, title) of each tune of a text, in its order; a tune without a title is called by its number."""
    found = []
    for tune in abc_tunes(text):
        number = abc_field(tune, "X") or ""
        title = next((line[2:] for line in tune.splitlines() if line.startswith("T:") and line[2:].strip()), "")
        found.append((clean(number), clean(words(title)) or f"X:{clean(number)}"))
    return found


def chosen(tunes: list[str], which: int | str) -> str | None:
    """The tune of a number (X:) or of a title, whole or in part; None where there is none."""
    wanted = str(which).strip().lower()
    for tune in tunes:
        if abc_field(tune, "X") == wanted:
            return tune
    titles = [(line[2:].strip().lower(), tune) for tune in tunes for line in tune.splitlines() if line.startswith("T:")]
    whole = [tune for title, tune in titles if title == wanted]
    return next(iter(whole or [tune for title, tune in titles if wanted and wanted in title]), None)


def words(text: str) -> str:
    r"""A text with ABC's ways to write letters resolved.

    >>> words(r"Caf\'e &amp; \aa")
    'Café & å'
    """

    def letter(match: re.Match[str]) -> str:
        entity, code, ligature, accent, base, plain = match.groups()
        if entity:
            return html.unescape(entity)
        if code:
            return chr(int(code, 16))
        if ligature:
            return _LETTERS[ligature]
        return plain or unicodedata.normalize("NFC", base + _ACCENTS[accent])

    return _ESCAPE.sub(letter, text[:1000])
