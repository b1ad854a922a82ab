"""MusicXML files opened: archives, encodings, and the document as elements.

Sizes are checked before anything is unpacked or built; nothing outside the file is ever fetched.
"""

from __future__ import annotations

import codecs
import io
import lzma
import re
import zipfile
import zlib
from xml.etree import ElementTree

from composer.errors import UnreadableMusic
from composer.music.limits import ELEMENTS, UNPACKED_BYTES

Element = ElementTree.Element

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,30})[\"']")
_DECLARATION = re.compile(r"\s{0,99}<\?xml[^>]{0,200}\?>")
_CHINESE = ("gb2312", "gbk", "gb_2312-80")  # people's files go beyond them, into the code that holds them
_OTHERS = {
    "opus": "This is a MusicXML opus, which lists scores and holds no notes. Bring one of its scores.",
    "museScore": "This is MuseScore's own file. In MuseScore choose File, Export, MusicXML, and bring that.",
    "mei": "This is MEI, which Motif does not read. Export it as MusicXML or MIDI.",
}
_OWN_FILES = (
    (".mscx", "MuseScore's own file. In MuseScore choose File, Export, MusicXML, and bring that."),
    ("score.gpif", "Guitar Pro's own file. In Guitar Pro choose File, Export, MusicXML or MIDI, and bring that."),
    ("score.dat", "Finale's own file. In Finale choose File, Export, MusicXML, and bring that."),
)


def document(data: bytes) -> Element:
    """The score-partwise or score-timewise element of a plain or compressed file; UnreadableMusic otherwise."""
    data = _uncompressed(data) if data[:2] == b"PK" else data
    if len(data) > UNPACKED_BYTES:
        raise UnreadableMusic(f"This score is {len(data)} bytes long; Motif takes up to {UNPACKED_BYTES}.")
    text = _decoded(data)
    if "<!ENTITY" in text:
        raise UnreadableMusic(
            "This MusicXML file defines entities of its own, which Motif does not follow. Export it anew."
        )
    if text.count("<") > 2 * ELEMENTS:
        raise UnreadableMusic(f"This score has more than {ELEMENTS} elements. Bring a part of it, or bring MIDI.")
    try:
        root = ElementTree.fromstring(_DECLARATION.sub("", text, count=1))
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise UnreadableMusic(
            f"This MusicXML could not be understood ({str(error)[:120]}). Check it, or bring MIDI."
        ) from error
    name = root.tag.rpartition("}")[2]
    if name not in ("score-partwise", "score-timewise"):
        other = f"This MusicXML could not be understood (it is a document of kind {name[:40]!r}, and no score)."
        raise UnreadableMusic(_OTHERS.get(name, other))
    if root.tag != name:
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
    return root


def _decoded(data: bytes) -> str:
    bom = next((charset for mark, charset in _BOMS.items() if data.startswith(mark)), None)
    said = _DECLARED.match(data.lstrip()[:300])
    declared = said[1].decode("ascii").lower() if said else "utf-8"
    declared = "gb18030" if declared in _CHINESE else declared
    if data[:2] == b"<\0" or data[:2] == b"\0<":
        bom = "utf-16-le" if data[:1] == b"<" else "utf-16-be"
    elif declared.startswith("utf-16"):  # says one thing and is another
        declared = "utf-8"
    for charset in (bom, declared, "utf-8"):
        try:
            if charset:
                return data.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


# What zipfile raises of a damaged archive's directory, and of what is packed in it.
_BAD_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError)
_BAD_ENTRY = (*_BAD_ARCHIVE, zlib.error, lzma.LZMAError, EOFError)


def _uncompressed(data: bytes) -> bytes:
    """The score inside an .mxl archive: the one its container names, else the first that looks like one."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BAD_ARCHIVE as error:
        raise _damaged(error) from error
    with archive:
        return _score_of(archive)


def _damaged(error: Exception) -> UnreadableMusic:
    return UnreadableMusic(f"This compressed score is damaged ({str(error)[:120]}). Export it anew.")


def _score_of(archive: zipfile.ZipFile) -> bytes:
    entries = {
        name: entry
        for entry in archive.infolist()[:1000]
        if not (name := entry.filename.replace("\\", "/")).startswith("__MACOSX/")
        and not name.rpartition("/")[2].startswith(".")
    }
    for ending, what in _OWN_FILES:
        if any(name.lower().endswith(ending) for name in entries):
            raise UnreadableMusic(f"This is {what}")
    container = next((name for name in entries if name.lower() == "meta-inf/container.xml"), None)
    named = [] if container is None else _named(_unpacked(archive, entries[container]))
    scores = [name for name in named if name in entries]
    scores += [
        name
        for name in entries
        if name.lower().endswith((".xml", ".musicxml", ".mxl.xml")) and not name.lower().startswith("meta-inf/")
    ]
    for name in dict.fromkeys(scores):
        inside = _unpacked(archive, entries[name])
        if len(scores) == 1 or re.search(r"<(?:\w{1,20}:)?score-(?:part|time)wise", _decoded(inside)[:20_000]):
            return inside
    raise UnreadableMusic("There is no score in this compressed file. Export it as MusicXML or MIDI.")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > UNPACKED_BYTES:
        raise UnreadableMusic(f"The score inside is over {UNPACKED_BYTES} bytes long. Bring a part of it.")
    if entry.flag_bits & 1:
        raise UnreadableMusic("This compressed score is locked with a password. Save it without one and try again.")
    try:
        with archive.open(entry) as inside:
            return inside.read(UNPACKED_BYTES + 1)
    except _BAD_ENTRY as error:
        raise _damaged(error) from error


def _named(container: bytes) -> list[str]:
    """The files that a container names, MusicXML first."""
    try:
        root = ElementTree.fromstring(container)
    except ElementTree.ParseError:
        return []
    files = [element for element in root.iter() if element.tag.rpartition("}")[2] == "rootfile"][:100]
    files.sort(key=lambda element: "musicxml" not in element.get("media-type", "musicxml"))
    return [element.get("full-path", "").replace("\\", "/").removeprefix("./") for element in files]
