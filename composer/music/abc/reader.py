"""ABC read into a score: a tune's lines, its fields, and the signs of its music, one after the other.

The grammar is that of ABC 2.1, with what people write beside it: lines broken by "!", decorations between plus signs,
tempos and repeats of older days.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from composer.errors import UnreadableMusic
from composer.music.abc import fields
from composer.music.abc.book import abc_field, abc_text, abc_tunes, chosen, words
from composer.music.abc.parts import follow_parts
from composer.music.abc.signs import graces, is_old_chord, long, signs, struck
from composer.music.abc.voice import AbcVoice, Struck
from composer.music.chordnames import chord_named
from composer.music.limits import CHANGES, LIMITS
from composer.music.reading import Reading
from composer.music.text import clean
from composer.music.written import Heading, Line, played

_FIELD = re.compile(r"([A-Za-z+]):(?![|:])")
_VOICE_NAME = re.compile(r"\b(name|nm)[ \t]*=[ \t]*(?:\"([^\"]*)\"|(\S+))")
_JUMPS = {
    **dict.fromkeys(("D.C.", "D.C.alfine", "D.C. al fine", "dacapo", "D.C.alcoda", "D.C. al coda"), "capo"),
    **dict.fromkeys(("D.S.", "D.S.alfine", "D.S. al fine", "dalsegno", "D.S.alcoda", "D.S. al coda"), "segno"),
}


def read_abc(data: bytes, which: int | str | None = None) -> Reading:
    """The first tune of an ABC text, or the one of a number or title; UnreadableMusic with the reason otherwise."""
    tunes = abc_tunes(abc_text(data))
    if not tunes:
        raise UnreadableMusic("There is no tune in this ABC text: a tune begins with a line 'X:1' and names its key.")
    tune = tunes[0] if which is None else chosen(tunes, which)
    if tune is None:
        raise UnreadableMusic(f"There is no tune {str(which)[:60]!r} among the {len(tunes)} tunes of this file.")
    reading = _Tune(tune).reading()
    if len(tunes) > 1 and which is None:
        reading = reading.remarking(f"The first of the {len(tunes)} tunes in this file was read.")
    return reading


class _Tune:
    def __init__(self, text: str) -> None:
        self.text = text
        self.title = self.composer = ""
        self.style = abc_field(text, "R")
        self.key = fields.KeySign({}, None)
        self.metre: tuple[int, int] | None = None
        self.unit: Fraction | None = None
        self.tempo = ""
        self.moved = self.program = 0
        self.is_drum = False
        self.propagate = "octave"
        self.has_plus_marks = False  # else plus signs enclose chords, as before ABC 1.6
        self.voices: dict[str, AbcVoice] = {}
        self.declared: dict[str, str] = {}
        self.voice: AbcVoice | None = None
        self.in_body = False
        self.parts = ""
        self.sections: list[tuple[str, int]] = []  # a part's letter, the bar it begins with
        self.left_out: Counter[str] = Counter()
        self.notes = self.changes = 0

    def reading(self) -> Reading:
        before = ""
        for line in _lines(self.text):
            if not line.strip():
                if self.in_body and self.notes:
                    break
                continue
            self._line(line, before)
            before = line
        lines = [self._written(voice) for voice in self.voices.values()]
        if not self.notes:
            raise UnreadableMusic("There are no notes in this ABC, so there is nothing to go on from.")
        self.left_out["parts"] += not follow_parts(lines, self.parts, self.sections)
        heading = Heading(clean(words(self.title)), clean(words(self.composer)), self.key.key, self.key.name)
        score, remarks = played(lines, heading)
        return Reading(score, "ABC", remarks=(*remarks, *self._remarks()), style=self.style)

    # Lines and fields -----------------------------------------------------------------------------------------------

    def _line(self, line: str, before: str) -> None:
        if line.startswith("%%"):
            self._directive(line[2:])
            return
        line = _without_remark(line)
        found = _FIELD.match(line)
        if found and found[1] == "+":
            if before[:2] == "T:":
                self.title = f"{self.title} {line[2:].strip()}"
        elif found:
            self._field(found[1], line[2:].strip())
        elif self.in_body:
            self._music(line)

    def _field(self, letter: str, said: str) -> None:
        if letter == "I":
            self._directive(said)
        elif letter == "T" and not self.title:
            self.title = said
        elif letter == "C" and not self.in_body and not self.composer:
            self.composer = said
        elif letter in "KLMQVP":
            self.changes += self.in_body
            if self.changes > 20 * CHANGES:
                raise UnreadableMusic("This ABC changes key, metre or voice more often than music does. Check it.")
            getattr(self, f"_field_{letter.lower()}")(said)
        elif letter in "wWs" and self.in_body:
            self.left_out["words"] += letter != "s"
        elif letter == "m":
            self.left_out["macros"] += 1

    def _field_k(self, said: str) -> None:
        sign, extra = fields.key_sign(said), fields.settings(said)
        if self.in_body and self.voice is not None:
            if sign is not None:
                self.voice.set_key(sign)
                self.key = self.key if self.notes else sign
            if extra["moved"]:
                self.voice.moved = extra["moved"]
            return
        if sign is not None:
            self.key = sign
            for voice in self.voices.values():
                voice.key = sign
        self.moved = extra["moved"] or self.moved
        self.in_body = True

    def _field_l(self, said: str) -> None:
        unit = fields.length(said)
        if unit is None:
            self.left_out["lengths"] += 1
        elif self.voice is not None:
            self.voice.unit = unit
        else:
            self.unit = unit

    def _field_m(self, said: str) -> None:
        metre = fields.metre(said)
        if metre is None:
            self.left_out["metres"] += said.strip().lower() != "none"
        elif self.voice is not None:
            self.voice.set_metre(metre)
        else:
            self.metre = metre

    def _field_q(self, said: str) -> None:
        if self.voice is None:
            self.tempo = said
            return
        tempo = fields.tempo(said, self.voice.unit)
        if tempo:
            self.voice.set_tempo(*tempo)
        else:
            self.left_out["tempos"] += 1

    def _field_p(self, said: str) -> None:
        if not self.in_body:
            self.parts = said
        elif re.fullmatch(r"[A-Za-z]\.?", said):
            voice = self._current()
            voice.bar_line("|", "")
            if voice is next(iter(self.voices.values())):
                self.sections.append((said[0], len(voice.bars)))

    def _field_v(self, said: str) -> None:
        name, _, rest = said.partition(" ")
        if not name:
            return
        self.declared[name] = f"{self.declared.get(name, '')} {rest}"
        if len(self.declared) > LIMITS["tracks"]:
            raise UnreadableMusic(f"This ABC has more than {LIMITS['tracks']} voices. Bring a part of it.")
        if self.in_body:
            self.voice = self.voices.get(name) or self._new_voice(name)
            self._declare(self.voice, rest)

    def _directive(self, said: str) -> None:
        told = said.split()
        if len(told) < 2:
            return
        match told[0].lower(), told[1].lower():
            case "midi", "program" if told[-1].isdecimal() and int(told[-1]) < 128:
                self._set("program", int(told[-1]))
            case "midi", "channel":
                self._set("is_drum", told[-1] == "10")
            case "midi", "transpose" if re.fullmatch(r"-?\d{1,2}", told[-1]):
                self._set("moved", int(told[-1]))
            case "decoration", "+":
                self.has_plus_marks = True
            case "propagate-accidentals", ("not" | "octave" | "pitch") as reach:
                self._set("propagate", reach)

    def _set(self, what: str, value: object) -> None:
        """In the voice being written, or for all that begin later."""
        setattr(self if self.voice is None else self.voice, what, value)

    # Voices ---------------------------------------------------------------------------------------------------------

    def _current(self) -> AbcVoice:
        if self.voice is None:
            self.voice = next(iter(self.voices.values()), None) or self._new_voice("1")
        return self.voice

    def _new_voice(self, name: str) -> AbcVoice:
        """Voices begin with what the header says, in the order in which they are named."""
        metre = self.metre or (4, 4)
        unit = self.unit or Fraction(1, 4 if self.metre and Fraction(*metre) < Fraction(3, 4) else 2)
        for known in [*self.declared, name]:
            if known not in self.voices:
                voice = AbcVoice(
                    self.key, metre, unit, self.moved, "", self.program, self.is_drum, propagate=self.propagate
                )
                self._declare(voice, self.declared.get(known, ""))
                self.voices[known] = voice
        if self.tempo:
            tempo = fields.tempo(self.tempo, unit)
            if tempo:
                next(iter(self.voices.values())).set_tempo(*tempo)
            else:
                self.left_out["tempos"] += 1
            self.tempo = ""
        return self.voices[name]

    def _declare(self, voice: AbcVoice, said: str) -> None:
        for _, quoted, plain in _VOICE_NAME.findall(said[:500]):
            voice.name = clean(words(quoted or plain))
        extra = fields.settings(said[:500])
        if extra["moved"]:
            voice.moved = self.moved + extra["moved"]
        if 0 <= extra.get("program", -1) < 128:
            voice.program = extra["program"]
        if re.search(r"\bperc\b|clef=perc", said[:500]):
            voice.is_drum = True

    def _written(self, voice: AbcVoice) -> Line:
        return Line(voice.name, voice.program, voice.is_drum, voice.finish())

    # Music ----------------------------------------------------------------------------------------------------------

    def _music(self, line: str) -> None:
        for found in signs(line):
            self._sign(found)

    def _sign(self, found: re.Match[str]) -> None:
        group, voice = found.group, self._current()
        if group("note") is not None:
            self._strike(struck(group("note"))[:1], Fraction(1))
        elif group("bar") is not None:
            voice.bar_line(group("bar"), group("ending") or "")
        elif group("rest") is not None:
            self._count(1)
            voice.rest(long(group("rest_long")))
        elif group("chord") is not None:
            self._strike(struck(group("chord")), long(group("times")))
            if group("chord_tie"):
                voice.tie()
        elif group("broken") is not None:
            signs = group("broken")
            voice.break_rhythm(len(signs) if signs[0] == ">" else -len(signs))
        elif group("tie") is not None:
            voice.tie()
        elif group("p") is not None:
            if int(group("p")) > 1:
                voice.tuplet(int(group("p")), int(group("q") or 0) or None, int(group("r") or 0) or None)
        elif group("text") is not None:
            self._text(group("text"))
        elif group("grace") is not None:
            self.left_out["graces"] += graces(group("grace"))
        elif group("inline") is not None:
            self._field(group("inline"), group("said").strip())
        elif group("alone") is not None:
            voice.bar_line("", group("alone"))
        elif group("bars") is not None:
            count = int((group("count") or "1")[:5]) or 1
            if count > LIMITS["bars"]:
                raise UnreadableMusic(f"This tune rests for {count} bars; Motif takes up to {LIMITS['bars']} in all.")
            self._count(count)
            voice.rest_bars(count)
        elif group("overlay") is not None:
            voice.overlay()
        elif group("mark") is not None:
            self._mark(group("mark"))
        elif group("plus") is not None and not self.has_plus_marks and is_old_chord(group("plus")):
            self._strike(struck(group("plus")), Fraction(1))

    def _strike(self, notes: list[Struck], factor: Fraction) -> None:
        if notes:
            self._count(len(notes))
            self.notes += len(notes)
            self._current().strike(notes, factor)

    def _count(self, much: int) -> None:
        self.left_out["signs"] += much
        if self.left_out["signs"] > 2 * LIMITS["notes"] or self.notes > LIMITS["notes"]:
            raise UnreadableMusic(f"This tune has more than {LIMITS['notes']} notes. Bring a part of it.")

    def _text(self, text: str) -> None:
        text = text.strip()
        if text[:1] in "^_<>@" or not text:
            self.left_out["texts"] += bool(text)
            return
        chord = chord_named(words(text))
        if chord is None:
            self.left_out["texts"] += 1
        elif len(self._current().bar.chords) < CHANGES:
            self._current().name_chord(chord)

    def _mark(self, name: str) -> None:
        signs = self._current().bar.signs
        if name in _JUMPS:
            signs.jump = _JUMPS[name]
        elif name == "segno":
            signs.segno = True
        elif name == "fine":
            signs.fine = True
        elif name == "dacoda":
            signs.to_coda = True
        elif name == "coda":
            signs.coda = True

    def _remarks(self) -> list[str]:
        count = self.left_out
        found = []
        if count["graces"]:
            found.append(f"{count['graces']} grace note{'s were' if count['graces'] > 1 else ' was'} left out.")
        for what, sentence in _LEFT_OUT.items():
            if count[what]:
                found.append(sentence)
        return found


_LEFT_OUT = {
    "parts": "The order of parts (P:) was not followed.",
    "metres": "A metre (M:) that Motif cannot hold was left out.",
    "tempos": "A tempo (Q:) without a number was left out.",
    "lengths": "A unit of length (L:) that makes no sense was left out.",
    "macros": "Macros (m:) were not followed.",
    "words": "The words under the notes were left out.",
    "texts": "Texts among the notes that name no chord were left out.",
}


def _lines(text: str) -> list[str]:
    """The lines of a tune without the blocks of text in it."""
    kept, closing = [], ""
    for line in text.split("\n"):
        if closing:
            closing = "" if line.startswith(closing) else closing
        elif line.startswith("%%begin"):
            closing = "%%end" + line[7:].split()[0] if line[7:].strip() else ""
        else:
            kept.append(line)
    return kept


def _without_remark(line: str) -> str:
    at = line.find("%")
    while at > 0 and line[at - 1] == "\\":
        at = line.find("%", at + 1)
    return line if at < 0 else line[:at]
