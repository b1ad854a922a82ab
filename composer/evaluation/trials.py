"""Trials: a task on a held-out piece, and what people wrote in the same place.

continue    eight bars of a melody are given, the next eight are compared
infill      of twelve bars of a melody the seventh to tenth are written anew
improvise   eight bars from nothing, in the metre, key and style of a melody, beside its first eight
harmonise   the soprano of a chorale or a hymn is given; alto, tenor and bass are compared
accompany   the voice of eight bars of a song is given; the piano's two hands are compared

and `improvise chorale`, `song`, `piano` and `quartet`: eight bars from nothing for an ensemble, beside people's
for the same. Everything else is asked for as the page begins with. Where there are not enough pieces, their later bars
serve too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from composer.data.corpus import Piece, is_line, melody_piece
from composer.evaluation.measures import Sample
from composer.evaluation.statistics import Passage
from composer.music import Reading
from composer.music.key import key_of
from composer.networks import Network
from composer.score import Key, Score
from composer.tasks import ENSEMBLES, Request, Task
from composer.tasks.accompanying import Accompany
from composer.tasks.continuing import Continue
from composer.tasks.ensembles import kind_of
from composer.tasks.harmonising import Harmonise
from composer.tasks.improvising import Improvise
from composer.tasks.infilling import Infill
from composer.writing import Take

BARS = 8
_GAP = (6, 4)  # first bar and bars of what is filled in
_SONGS = ("lied", "song")
_CHOIR = ("chorale", "hymn")  # in four voices that move together, which is what harmonising is
_LATEST = 64  # the last bar from which a piece serves again


@dataclass(frozen=True)
class Trial:
    """What is asked for, and people's score in the same place, up to where the take ends too.

    Bars `first` (from 0) to `first + bars` of some voices are compared; `ends` tells that they are the last, `key` is
    that of the whole piece.
    """

    seed: Reading
    request: Request
    original: Score
    voices: tuple[int, ...]
    first: int
    bars: int
    ends: bool = True
    key: Key | None = None

    @property
    def human(self) -> Passage:
        """What people wrote."""
        return self.sample(self.original).passage

    def passage(self, take: Take) -> Passage:
        """What the network wrote in the place of what people wrote."""
        return self.sample(take.score).passage

    def sample(self, score: Score) -> Sample:
        """The same place in a take's score, or in people's."""
        return Sample(score, self.voices, self.first, self.bars, self.key, self.ends)


def trials(task: str, pieces: Iterable[Piece], request: Request, most: int = 200) -> list[Trial]:
    """At most so many trials of a kind of `TRIED`; the number of the trial is its random seed.

    First come the beginnings of all pieces that serve, then, where they are too few, what begins eight bars later …
    """
    found: list[Trial] = []
    kind = TRIED[task]
    for piece, key in _beginnings(list(pieces), 0 if kind.whole else _LATEST):
        if len(found) == most:
            break
        if trial := kind.make(piece, replace(request, seed=len(found))):
            found.append(replace(trial, key=key))
    return found


def serves(task: str, network: Network) -> bool:
    """Whether a network can do trials of a kind."""
    kind = TRIED[task]
    return kind.task.name in network.tasks and (network.polyphonic or not kind.polyphonic)


def _beginnings(pieces: list[Piece], latest: int) -> Iterator[tuple[Piece, Key | None]]:
    """The pieces from their first bar, then from their ninth …, each with the key of the whole."""
    for bar in range(0, latest + 1, BARS):
        for piece in pieces:
            if len(piece.score.metres) == 1 and piece.score.bars > bar:
                part = piece.score.from_tick(piece.score.bar_start(bar)) if bar else piece.score
                yield replace(piece, score=part), key_of(piece.score)


def _continue(piece: Piece, request: Request) -> Trial | None:
    melody = _melody(piece, 2 * BARS, {BARS})
    if melody is None:
        return None
    seed = _reading(_until(melody, BARS), piece)
    return Trial(seed, replace(request, task=Continue.name, bars=BARS), _until(melody, 2 * BARS), (0,), BARS, BARS)


def _infill(piece: Piece, request: Request) -> Trial | None:
    melody = _melody(piece, 12, {_GAP[0], sum(_GAP)})
    if melody is None:
        return None
    first, bars = _GAP
    whole = _until(melody, 12)
    asked = replace(request, task=Infill.name, region=f"{first + 1}-{first + bars}")
    return Trial(_reading(whole, piece), asked, whole, (0,), first, bars, ends=False)


def _improvise(piece: Piece, request: Request) -> Trial | None:
    melody = _melody(piece, BARS, {BARS})
    if melody is None:
        return None
    asked = replace(request, task=Improvise.name, bars=BARS, kind="melody")
    return Trial(_reading(melody, piece), asked, _until(melody, BARS), (0,), 0, BARS)


def _improvise_ensemble(kind: str, piece: Piece, request: Request) -> Trial | None:
    """From where the first voice begins, so that people's too has every voice that is to be heard."""
    score, voices = piece.score, tuple(range(len(ENSEMBLES[kind].parts)))
    if piece.style is None or kind_of(piece.style) != kind or len(score.voices) != len(voices):
        return None
    if not score.voices[0].notes:
        return None
    begun = score.from_tick(score.bar_start(score.bar_at(score.voices[0].notes[0].onset)))
    if begun.bars < BARS:
        return None
    asked = replace(request, task=Improvise.name, bars=BARS, kind=kind)
    return Trial(_reading(begun, piece), asked, _until(begun, BARS), voices, 0, BARS)


def _harmonise(piece: Piece, request: Request) -> Trial | None:
    score = piece.score
    if piece.style not in _CHOIR or len(score.voices) != 4 or score.bars < 2 or not score.voices[0].notes:
        return None
    soprano = score.with_voices(score.voices[:1])
    if soprano.bars != score.bars or not is_line(score.voices[0].notes):
        return None
    return Trial(_reading(soprano, piece), replace(request, task=Harmonise.name), score, (1, 2, 3), 0, score.bars)


def _accompany(piece: Piece, request: Request) -> Trial | None:
    score = piece.score
    if piece.style not in _SONGS or len(score.voices) != 3 or piece.metre is None:
        return None
    if not score.voices[0].notes or not is_line(score.voices[0].notes):
        return None
    sung = _until(score.from_tick(score.bar_start(score.bar_at(score.voices[0].notes[0].onset))), BARS)
    voice, human = sung.with_voices(sung.voices[:1]), Passage.cut(sung, [1, 2], 0, BARS)
    played = {sung.bar_at(note.onset) for note in human.notes}
    if voice.bars != BARS or played < set(range(BARS)) or not all(human.voices):
        return None
    return Trial(_reading(voice, piece), replace(request, task=Accompany.name), sung, (1, 2), 0, BARS)


@dataclass(frozen=True)
class Kind:
    """A kind of trial: the task that it is of, and what makes one of a piece.

    `polyphonic` tells that it needs a network of several voices, `whole` that only whole pieces serve.
    """

    name: str
    task: Task
    make: Callable[[Piece, Request], Trial | None]
    polyphonic: bool = False
    whole: bool = False
    choral: bool = False  # of four voices, in which the faults of harmony can be counted


_SOLO = next(iter(ENSEMBLES))
_KINDS = (
    Kind(Continue.name, Continue(), _continue),
    Kind(Infill.name, Infill(), _infill),
    Kind(Improvise.name, Improvise(), _improvise),
    *(
        Kind(f"{Improvise.name} {ensemble}", Improvise(), partial(_improvise_ensemble, ensemble), polyphonic=True)
        for ensemble in ENSEMBLES
        if ensemble != _SOLO
    ),
    Kind(Harmonise.name, Harmonise(), _harmonise, whole=True, choral=True),
    Kind(Accompany.name, Accompany(), _accompany),
)
TRIED = {kind.name: kind for kind in _KINDS}


def _melody(piece: Piece, bars: int, lines: set[int]) -> Score | None:
    """The melody of a piece of so many bars in one metre, none empty past the upbeat, no note held over the lines."""
    if not piece.score.notes or piece.metre is None or (piece.style in _SONGS and len(piece.score.voices) > 1):
        return None
    score = melody_piece(piece).score
    if score.bars < bars:
        return None
    struck = {score.bar_at(note.onset) for note in score.voices[0].notes}
    ticks = {score.bar_start(bar) for bar in lines}
    held = any(note.onset < tick < note.end for tick in ticks for note in score.voices[0].notes)
    return score if not held and struck >= set(range(1, bars)) else None


def _until(score: Score, bar: int) -> Score:
    """The notes that begin before a bar."""
    end = score.bar_start(bar)
    return score.with_voices(replace(v, notes=tuple(n for n in v.notes if n.onset < end)) for v in score.voices)


def _reading(score: Score, piece: Piece) -> Reading:
    return Reading(score, "corpus", key_of(score), style=piece.style)
