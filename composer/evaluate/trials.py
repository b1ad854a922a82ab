"""Trials: a task on a held-out piece, and what people wrote in the same place.

continue    eight bars of a melody are given, the next eight are compared
infill      of twelve bars of a melody the seventh to tenth are written anew
improvise   eight bars from nothing, in the metre and style of a melody, beside its first eight
harmonise   the soprano of a chorale is given; alto, tenor and bass are compared
accompany   the voice of eight bars of a song is given; the piano's two hands are compared
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from composer.data.corpus import Piece, is_line, melody_piece
from composer.evaluate.chorale import is_chorale
from composer.evaluate.statistics import Passage
from composer.music import Reading, estimate_key
from composer.score import Score
from composer.writing import Request, Take

BARS = 8
_GAP = (6, 4)  # first bar and bars of what is filled in
_SONGS = ("lied", "song")


@dataclass(frozen=True)
class Trial:
    """What is asked for, and what people wrote: bars `first` and on of some voices of the take."""

    seed: Reading
    request: Request
    voices: tuple[int, ...]
    first: int
    human: Passage

    def passage(self, take: Take) -> Passage:
        """What the network wrote in the place of what people wrote."""
        return Passage.cut(take.score, self.voices, self.first, self.human.bars)


def trials(task: str, pieces: Iterable[Piece], request: Request, most: int = 200) -> list[Trial]:
    """At most so many trials of a task, one a piece that serves; the number of the trial is its random seed."""
    make = _MAKERS[task]
    found: list[Trial] = []
    for piece in pieces:
        if len(found) == most:
            break
        if trial := make(piece, replace(request, seed=len(found))):
            found.append(trial)
    return found


def _continue(piece: Piece, request: Request) -> Trial | None:
    melody = _melody(piece, 2 * BARS, {BARS})
    if melody is None:
        return None
    human = Passage.cut(melody, [0], BARS, BARS)
    seed = _reading(_kept(melody, lambda onset: onset < human.start), piece)
    return Trial(seed, replace(request, task="continue", bars=BARS), (0,), BARS, human)


def _infill(piece: Piece, request: Request) -> Trial | None:
    melody = _melody(piece, 12, {_GAP[0], sum(_GAP)})
    if melody is None:
        return None
    first, bars = _GAP
    human = Passage.cut(melody, [0], first, bars)
    whole = _kept(melody, lambda onset: onset < melody.bar_start(12))
    asked = replace(request, task="infill", region=f"{first + 1}-{first + bars}")
    return Trial(_reading(whole, piece), asked, (0,), first, human)


def _improvise(piece: Piece, request: Request) -> Trial | None:
    melody = _melody(piece, BARS, {BARS})
    if melody is None:
        return None
    empty = _reading(melody, piece)
    asked = replace(request, task="improvise", bars=BARS, kind="melody")
    return Trial(empty, asked, (0,), 0, Passage.cut(melody, [0], 0, BARS))


def _harmonise(piece: Piece, request: Request) -> Trial | None:
    if not is_chorale(piece) or piece.score.bars < 2:
        return None
    soprano = piece.score.with_voices(piece.score.voices[:1])
    human = Passage.cut(piece.score, [1, 2, 3], 0, piece.score.bars)
    return Trial(_reading(soprano, piece), replace(request, task="harmonise", scale="none"), (1, 2, 3), 0, human)


def _accompany(piece: Piece, request: Request) -> Trial | None:
    score = piece.score
    if piece.style not in _SONGS or len(score.voices) != 3 or len(score.metres) > 1 or piece.metre is None:
        return None
    if not score.voices[0].notes or not is_line(score.voices[0].notes):
        return None
    sung = score.from_tick(score.bar_start(score.bar_at(score.voices[0].notes[0].onset)))
    human = Passage.cut(sung, [1, 2], 0, BARS)
    voice = _kept(sung.with_voices(sung.voices[:1]), lambda onset: onset < sung.bar_start(BARS))
    played = {sung.bar_at(note.onset) for note in human.notes}
    if voice.bars != BARS or played < set(range(BARS)) or not all(human.voices):
        return None
    return Trial(_reading(voice, piece), replace(request, task="accompany", scale="none"), (1, 2), 0, human)


_MAKERS: dict[str, Callable[[Piece, Request], Trial | None]] = {
    "continue": _continue,
    "infill": _infill,
    "improvise": _improvise,
    "harmonise": _harmonise,
    "accompany": _accompany,
}
TRIED = tuple(_MAKERS)


def _melody(piece: Piece, bars: int, lines: set[int]) -> Score | None:
    """The melody of a piece of so many bars in one metre, none empty past the upbeat, no note held over the lines."""
    if piece.metre is None or len(piece.score.metres) > 1 or (piece.style in _SONGS and len(piece.score.voices) > 1):
        return None
    score = melody_piece(piece).score
    if score.bars < bars:
        return None
    struck = {score.bar_at(note.onset) for note in score.voices[0].notes}
    ticks = {score.bar_start(bar) for bar in lines}
    held = any(note.onset < tick < note.end for tick in ticks for note in score.voices[0].notes)
    return score if not held and struck >= set(range(1, bars)) else None


def _kept(score: Score, stays: Callable[[int], bool]) -> Score:
    """The notes whose onset stays."""
    return score.with_voices(replace(v, notes=tuple(n for n in v.notes if stays(n.onset))) for v in score.voices)


def _reading(score: Score, piece: Piece) -> Reading:
    return Reading(score, "corpus", estimate_key(score.notes), style=piece.style)
