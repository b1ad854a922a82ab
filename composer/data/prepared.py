"""Prepared music: repeats collapsed, chords found, moved home, as rows that training draws from.

Axes: N notes, B bars.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from composer.data.piece import Piece
from composer.data.repeats import collapse_repeats
from composer.events.chords import infer_chords
from composer.events.conditions import metre_class, style_class
from composer.events.rows import CHORD_MOVE, MAX_VOICES, Bars, Ints, family_of, rows_in_bars
from composer.music import estimate_key
from composer.music.home_key import home_shift
from composer.score import Score, Voice

MIN_BARS = 4


@dataclass(frozen=True)
class Prepared:
    """A piece as rows in its home key.

    `rows` (N, 7) and `bars` (N,) are its notes and chord symbols, each row's move that within its bar (a note or a
    chord); `lines` are its bar lines; `metres` (B,) the classes of its bars' metres, 0 where bars mean nothing.
    `families` are its voices' instruments and `tonic` a pitch class plus 1, 0 where unknown.
    """

    name: str
    source: str
    licence: str
    split: str
    style: int
    metres: Ints
    tonic: int
    families: tuple[int, ...]
    lines: Bars
    rows: Ints
    bars: Ints
    home: int
    emphasis: float = 1.0

    @cached_property
    def is_note(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which rows (N,) are notes."""
        return self.rows[:, 0] < CHORD_MOVE

    @cached_property
    def notes(self) -> int:
        """How many notes there are."""
        return int(self.is_note.sum())

    @cached_property
    def edges(self) -> Ints:
        """Where each bar begins among the rows (B + 1,)."""
        return np.searchsorted(self.bars, np.arange(len(self.lines) + 1))


def prepare(piece: Piece) -> Prepared | None:
    """A piece as training reads it; None where there is next to nothing in it."""
    score = collapse_repeats(piece.score)
    if score.bars < MIN_BARS or len(score.voices) > MAX_VOICES:
        return None
    if len(score.voices) > 1 and not score.chords:
        score = replace(score, chords=infer_chords(score))
    home = home_shift(note for voice in score.voices if not voice.is_drum for note in voice.notes)
    tonic = _tonic(score)
    score = _moved(score, home)
    lines = Bars.of(score, score.bars)
    notes = [(index, note) for index, voice in enumerate(score.voices) for note in voice.notes]
    rows, bars = rows_in_bars(notes, lines, score.chords)
    known = piece.metre is not None
    metres = [metre_class(score.metre_at(start)) if known else 0 for start in lines.starts[:-1]]
    return Prepared(
        name=piece.name,
        source=piece.source,
        licence=piece.licence,
        split=piece.split,
        style=style_class(piece.style),
        metres=np.array(metres, np.int64),
        tonic=0 if tonic is None else (tonic + home) % 12 + 1,
        families=_families(score, piece.style),
        lines=lines,
        rows=rows,
        bars=bars,
        home=home,
        emphasis=piece.emphasis,
    )


_INSTRUMENTS = {  # General MIDI programs of ensembles whose files do not say what plays
    "chorale": (52,),
    "hymn": (52,),
    "choir": (52,),
    "lied": (53, 0, 0),
    "song": (53, 0, 0),
    "quartet": (40, 40, 41, 42),
}


def _families(score: Score, style: str | None) -> tuple[int, ...]:
    programs = _INSTRUMENTS.get(style or "", ())
    told = any(voice.program for voice in score.voices)
    if told or not programs or (len(programs) > 1 and len(programs) != len(score.voices)):
        return tuple(family_of(voice) for voice in score.voices)
    return tuple(
        family_of(replace(voice, program=programs[index % len(programs)])) for index, voice in enumerate(score.voices)
    )


def _tonic(score: Score) -> int | None:
    """The tonic: the key's where it is told with its mode, else the estimate's."""
    notes = [note for voice in score.voices if not voice.is_drum for note in voice.notes]
    key = score.key or estimate_key(notes)
    return key.tonic if key else None


def _moved(score: Score, semitones: int) -> Score:
    def up(voice: Voice) -> Voice:
        if voice.is_drum:
            return voice
        return replace(voice, notes=tuple(replace(n, pitch=_within(n.pitch + semitones)) for n in voice.notes))

    chords = tuple(c if c.root is None else replace(c, root=(c.root + semitones) % 12) for c in score.chords)
    return replace(score.with_voices(map(up, score.voices)), chords=chords)


def _within(pitch: int) -> int:
    return pitch if 0 <= pitch < 128 else pitch % 12 + 60
