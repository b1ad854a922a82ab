"""Light and shade: how a score is played, as another score. What is written in files stays as it is.

Three habits of players, each a plain rule, so that the same score is always played the same way: the metre is heard
(downbeats lean, off-beats lift), a phrase of four bars swells towards its middle and a line towards its high notes,
and eighths swing where asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from composer.errors import BadRequest, quoted
from composer.score import TICKS_PER_QUARTER, Note, Score

_DOWNBEAT, _BEAT, _OFF_BEAT = 9, 2, -5  # velocity added
_ARC = 9  # velocity between a phrase's ends and its middle
_HEIGHT = 0.35  # velocity a semitone above the voice's middle
_PHRASE = 4  # bars
_HALF = TICKS_PER_QUARTER // 2
_LONGEST_SWING = 4  # ticks by which the off-beat eighth of a quarter comes late: two to one, as triplets


@dataclass(frozen=True)
class Feel:
    """`shade` from 0 (every note as written) to 1 (plenty), `swing` from 0 (even eighths) to 1 (two to one)."""

    shade: float = 0.0
    swing: float = 0.0

    def __post_init__(self) -> None:
        for name in ("shade", "swing"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
                raise BadRequest(f"The {name} must be a number from 0 to 1, not {quoted(value)}.")


PLAIN = Feel()


def perform(score: Score, feel: Feel) -> Score:
    """The score as it is played with that feel: other velocities, and where it swings other onsets."""
    if feel.shade:
        score = score.with_voices(
            replace(voice, notes=tuple(_shaded(note, score, middle, feel.shade) for note in voice.notes))
            for voice in score.voices
            for middle in [_middle(voice.notes)]
        )
    return _swung(score, feel.swing) if feel.swing else score


def _middle(notes: tuple[Note, ...]) -> float:
    return sum(note.pitch for note in notes) / len(notes) if notes else 0.0


def _shaded(note: Note, score: Score, middle: float, shade: float) -> Note:
    bar = score.bar_at(note.onset)
    start = score.bar_start(bar)
    into = (note.onset - start) / max(1, score.bar_start(bar + 1) - start)  # of the bar, 0 … 1
    arc = _ARC * (math.sin(math.pi * (bar % _PHRASE + into) / _PHRASE) - 0.5)
    lean = _accent(note.onset - start, score.metre_at(note.onset).beat_ticks)
    height = max(-8.0, min(8.0, _HEIGHT * (note.pitch - middle)))
    return replace(note, velocity=max(1, min(127, round(note.velocity + shade * (lean + arc + height)))))


def _accent(position: int, beat: int) -> int:
    """Velocity added at a place, in ticks, of a bar."""
    if position == 0:
        return _DOWNBEAT
    return _BEAT if position % beat == 0 else _OFF_BEAT


def _swung(score: Score, swing: float) -> Score:
    """All voices with the second half of every straight quarter late, so that they stay together."""
    even = _even_quarters(score)

    def moved(tick: int) -> int:
        quarter, into = divmod(tick, TICKS_PER_QUARTER)
        if quarter not in even:
            return tick
        late = swing * _LONGEST_SWING
        stretch = (_HALF + late) / _HALF if into <= _HALF else (_HALF - late) / _HALF
        return round(
            tick
            - into
            + (into * stretch if into <= _HALF else TICKS_PER_QUARTER - (TICKS_PER_QUARTER - into) * stretch)
        )

    def played(note: Note) -> Note:
        onset = moved(note.onset)
        return replace(note, onset=onset, duration=max(1, moved(note.end) - onset))

    return score.with_voices(replace(voice, notes=tuple(map(played, voice.notes))) for voice in score.voices)


def _even_quarters(score: Score) -> set[int]:
    """The quarters that may swing: in a metre of quarters or halves, without triplets in any voice."""
    triplets = {note.onset // TICKS_PER_QUARTER for note in score.notes if note.onset % TICKS_PER_QUARTER in (8, 16)}
    last = score.end // TICKS_PER_QUARTER + 1
    simple = {
        q
        for q in range(last)
        if score.metre_at(q * TICKS_PER_QUARTER).beat_ticks % TICKS_PER_QUARTER == 0
        and score.metre_at(q * TICKS_PER_QUARTER).beat_ticks % 36
    }
    return simple - triplets
