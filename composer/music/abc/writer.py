"""Scores written as ABC 2.1, to be read back note for note.

Lengths are in eighths (12 ticks); what is no simple fraction of them, such as a lone note of 8 ticks, is written as one
("2/3"), which readers multiply out. Notes that overlap within a voice stand in overlays ("&"), bar by bar.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from composer.music.abc.fields import SHARPS, key_sign
from composer.music.key import key_of
from composer.music.lines import lines_of
from composer.music.spelling import spelled
from composer.score import TICKS_PER_QUARTER, Key, Note, Score, Tempo, Voice

_EIGHTH = TICKS_PER_QUARTER // 2
_SIGNS = {2: "^^", 1: "^", 0: "=", -1: "_", -2: "__"}
_BARS_A_LINE = 4
_MODES = ("mixolydian", "dorian", "phrygian", "locrian", "lydian")


def write_abc(score: Score, new: Collection[tuple[int, Note]] = ()) -> str:
    """The ABC of a score: one tune, a voice for each of its voices. Velocities have no place in ABC.

    Where notes begin that are `new` (each with its voice's index), "Motif" stands above, and "seed" where they end.
    """
    key = score.key or key_of(score)
    several = len(score.voices) > 1
    head = [f"X:1\nT:{_said(score.title)}"]
    if score.composer:
        head.append(f"C:{_said(score.composer)}")
    head.append(f"M:{score.metres[0]}\nL:1/8\nQ:{_tempo(score, 0)}")
    for number, voice in enumerate(score.voices, 1):
        if several or voice.name:
            name = _said(voice.name).replace('"', "'")
            head.append(f'V:{number} name="{name}"{_clef(voice)}')
    head.append(f"K:{_key(score, key)}")
    body = []
    for number, voice in enumerate(score.voices, 1):
        if several or voice.name:
            body.append(f"V:{number}")
        body.append(f"%%MIDI program {voice.program}" if not voice.is_drum else "%%MIDI channel 10")
        marks = _runs(voice, {note for at, note in new if at == number - 1})
        body += _rows(list(_bars(score, voice, key, marks, leads=number == 1)))
    return "\n".join([*head, *body, ""])


def _said(text: str) -> str:
    """A text as a field may hold it: on one line, without what begins a remark or an escape."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("%", "\\%").replace("&", "\\&")


def _clef(voice: Voice) -> str:
    pitches = [note.pitch for note in voice.notes]
    if voice.is_drum:
        return " clef=perc"
    return " clef=bass" if pitches and sum(pitches) / len(pitches) < 57 else ""


def _key(score: Score, key: Key | None) -> str:
    """The key as its file named it, where it has a mode of its own, else as Motif knows it."""
    tonic, _, mode = score.key_name.partition(" ")
    if mode in _MODES and (sign := key_sign(f"{tonic}{mode[:3]}")) and key == score.key == sign.key:
        return f"{tonic}{mode[:3]}"
    if key is None:
        return "C"
    return _name_of(key)


def _name_of(key: Key) -> str:
    letter, _ = spelled(60 + key.tonic, key)
    return letter.replace("-", "b") + ("m" if key.mode == "minor" else "")


def _tempo(score: Score, at: int) -> str:
    tempo = score.tempos[at]
    beat = Fraction(tempo.beat, 4 * TICKS_PER_QUARTER)
    shortest = (round(tempo.beats_a_minute, digits) for digits in range(10))
    number = next((n for n in shortest if n and _microseconds(n, tempo.beat) == tempo.microseconds), None)
    return f"{beat.numerator}/{beat.denominator}={number or tempo.beats_a_minute:.12g}"


def _microseconds(beats_a_minute: float, beat: int) -> int:
    return Tempo.from_bpm(beats_a_minute * beat / TICKS_PER_QUARTER).microseconds


def _rows(bars: list[str]) -> list[str]:
    rows = [" | ".join(bars[at : at + _BARS_A_LINE]) for at in range(0, len(bars), _BARS_A_LINE)]
    return [f"{row} |{']' if number == len(rows) else ''}" for number, row in enumerate(rows, 1)]


def _runs(voice: Voice, new: set[Note]) -> dict[int, str]:
    """The ticks at which a voice's new notes begin and those that were given go on, and what to write there."""
    found: dict[int, str] = {}
    was_new = False
    for note in voice.notes if new else ():
        if (note in new) != was_new and note.onset not in found:
            was_new = note in new
            found[note.onset] = '"^Motif"' if was_new else '"^seed"'
    return found


def _bars(score: Score, voice: Voice, key: Key | None, more: dict[int, str], leads: bool) -> Iterator[str]:
    """A voice's bars. The first voice has what belongs to all: tempos and chord symbols."""
    signature = _signature(_key(score, key))
    lines = lines_of(voice.notes)
    signed = score.key
    metre = score.metres[0]
    for number in range(max(1, score.bars)):
        start, end = score.bar_start(number), score.bar_start(number + 1)
        marks = dict(_marks(score, start, end)) if leads else {}
        for tick, text in more.items():
            if start <= tick < end:
                marks[tick] = marks.get(tick, "") + text
        here = score.metre_at(start)
        change = "" if str(here) == str(metre) else f"[M:{here}]"
        metre = here
        if (now := score.key_at(start)) != signed and now is not None:
            key, signed = now, now
            signature = _signature(_name_of(now))
            change += f"[K:{_name_of(now)}]"
        sounding = [line for line in lines if any(c[0].onset < end and c[0].end > start for c in line)]
        bar = _Bar(signature, key, start, end, marks, len(sounding) > 1)
        layers = [bar.layer(line) for line in sounding or lines[:1]]
        yield change + " & ".join(layers)


def _signature(key: str) -> dict[str, int]:
    sign = key_sign(key)
    assert sign is not None
    return {letter: sign.altered.get(letter, 0) for letter in SHARPS}


def _marks(score: Score, start: int, end: int) -> Iterator[tuple[int, str]]:
    """What stands above the notes of a bar, by tick: tempos after the first, chord symbols."""
    found: dict[int, str] = {}
    for at, tempo in enumerate(score.tempos):
        if start <= tempo.tick < end and tempo.tick:
            found[tempo.tick] = f"[Q:{_tempo(score, at)}]"
    for chord in score.chords:
        if start <= chord.onset < end:
            found[chord.onset] = found.get(chord.onset, "") + f'"{chord}"'
    yield from sorted(found.items())


@dataclass
class _Bar:
    """One bar of a voice, from tick `start` to `end`. Its marks stand in the first layer.

    Programs differ in whether an accidental of one layer holds in the next: where there are `several`, what could be
    misunderstood has its accidental written.
    """

    signature: dict[str, int]
    key: Key | None
    start: int
    end: int
    marks: dict[int, str]
    several: bool
    signs: dict[tuple[str, int], int] = field(default_factory=dict)
    before: frozenset[tuple[str, int]] = frozenset()  # what earlier layers have altered

    def layer(self, line: list[list[Note]]) -> str:
        """A line's notes here, tied to the bars beside, with rests between."""
        text = self._layer(line)
        self.marks, self.before = {}, frozenset(self.signs)
        return text

    def _layer(self, line: list[list[Note]]) -> str:
        items: list[tuple[int, int, str]] = []  # begin, end, text without length
        now = self.start
        for chord in line:
            begin, end = max(chord[0].onset, self.start), min(chord[0].end, self.end)
            if begin >= end:
                continue
            items += [(a, b, "z") for a, b in self._pieces(now, begin)]
            pieces = list(self._pieces(begin, end))
            for at, (a, b) in enumerate(pieces):
                goes_on = at + 1 < len(pieces) or chord[0].end > self.end
                is_first = self.several and not any(text != "z" for _, _, text in items)
                items.append((a, b, self._struck(chord, is_first) + ("~tie" if goes_on else "")))
            now = end
        items += [(a, b, "z") for a, b in self._pieces(now, self.end)]
        return " ".join(self._written(items))

    def _pieces(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """A span cut where marks stand within it."""
        edges = [tick for tick in sorted(self.marks) if begin < tick < end]
        yield from ((a, b) for a, b in zip([begin, *edges], [*edges, end], strict=True) if a < b)

    def _struck(self, chord: list[Note], is_first: bool) -> str:
        notes = [self._note(note.pitch, is_first) for note in chord]
        return notes[0] if len(notes) == 1 else f"[{''.join(notes)}]"

    def _note(self, pitch: int, is_first: bool) -> str:
        name, octave = spelled(pitch, self.key)
        letter = name[0]
        alteration = name.count("#") - name.count("-")
        sign = ""
        differs = self.signs.get((letter, octave), self.signature[letter]) != alteration
        if differs or is_first or (letter, octave) in self.before:
            sign = _SIGNS[alteration]
            self.signs[letter, octave] = alteration
        if octave >= 5:
            return sign + letter.lower() + "'" * (octave - 5)
        return sign + letter + "," * (4 - octave)

    def _written(self, items: list[tuple[int, int, str]]) -> Iterator[str]:
        at = 0
        while at < len(items):
            three = items[at : at + 3]
            length = three[0][1] - three[0][0]
            if len(three) == 3 and length in (4, 8, 16) and all(b - a == length for a, b, _ in three):
                yield "(3" + " ".join(self._item(a, b, text, Fraction(3, 2)) for a, b, text in three)
                at += 3
            else:
                yield self._item(*items[at], Fraction(1))
                at += 1

    def _item(self, begin: int, end: int, text: str, longer: Fraction) -> str:
        length = Fraction(end - begin, _EIGHTH) * longer
        number = "" if length.numerator == 1 else str(length.numerator)
        under = "" if length.denominator == 1 else f"/{length.denominator}"
        tie = "-" if text.endswith("~tie") else ""
        return f"{self.marks.get(begin, '')}{text.removesuffix('~tie')}{number}{under}{tie}"
