"""Texts out of files: decoded whatever program wrote them, without what no page and no file can show, cut."""

from __future__ import annotations

import codecs
import unicodedata

from composer.music.limits import TEXT

_KANA = range(0x3041, 0x3100)
_HALF_KANA = range(0xFF61, 0xFFA0)


def clean(text: str, longest: int = TEXT) -> str:
    """A title or name: no control characters, no lone surrogates, spaces joined, cut to so many letters.

    Cut before anything else looks at it: composing a long row of accents takes time in its square.
    """
    shown = "".join(" " if c.isspace() else c for c in text[: 2 * longest] if _is_shown(c))
    return unicodedata.normalize("NFC", " ".join(shown.split())[:longest]).strip()


def _is_shown(letter: str) -> bool:
    return letter.isspace() or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in "\ufffe\uffff")


def decoded(data: bytes) -> str:
    r"""Bytes of a text whose encoding nobody tells: UTF-8, Shift-JIS, GB 18030 or Latin-1, as far as can be seen.

    >>> decoded(b"Fl\xfbte"), decoded("メロディ".encode("shift_jis")), decoded("主旋律".encode("gb18030"))
    ('Flûte', 'メロディ', '主旋律')
    """
    data = data[:20_000]
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "replace")
    for charset in ("utf-8", *_asian(data), "cp1252"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _asian(data: bytes) -> tuple[str, ...]:
    """The encodings to try of those that write a letter in two bytes; none where Latin letters are the rule."""
    high = sum(byte >= 0x80 for byte in data)
    letters = sum(chr(byte).isalpha() for byte in data if byte < 0x80)
    if high < 4 or high < letters:
        return ()
    try:
        read = data.decode("cp932")
    except UnicodeDecodeError:
        return ("gb2312", "gb18030")
    if any(ord(letter) in _HALF_KANA for letter in read):
        return ("gb2312", "gb18030", "cp932")
    if any(ord(letter) in _KANA for letter in read):
        return ("cp932",)
    return ("gb2312", "cp932", "gb18030")
