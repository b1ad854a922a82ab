"""The mixer: how loud, where, and on which instrument each voice sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from composer.errors import BadRequest, NoSound, quoted
from composer.score import Score, Tempo
from composer.sound.feel import PLAIN, Feel, perform

LONGEST = 1_200  # seconds that are made to sound at once: a file's 900 and what is written after it
_TEMPI = (20, 400)  # quarters a minute


@dataclass(frozen=True)
class Fader:
    """One voice's strip: `volume` 0 to 1, `pan` −1 (left) to 1 (right), `program` a General MIDI number or None."""

    volume: float = 1.0
    pan: float = 0.0
    mute: bool = False
    solo: bool = False
    program: int | None = None

    def __post_init__(self) -> None:
        _check("volume", self.volume, 0, 1)
        _check("pan", self.pan, -1, 1)
        if self.program is not None and self.program not in range(128):
            raise BadRequest(f"The instrument must be a General MIDI number from 0 to 127, not {quoted(self.program)}.")

    @property
    def neutral(self) -> bool:
        """Whether the voice sounds as if there were no mixer."""
        return (self.volume, self.pan, self.mute, self.solo) == (1, 0, False, False)


@dataclass(frozen=True)
class Mix:
    """A mixer's position. Voices beyond its faders sound as they are; `tempo` is in quarters a minute."""

    faders: tuple[Fader, ...] = ()
    tempo: float | None = None
    feel: Feel = field(default=PLAIN)

    def __post_init__(self) -> None:
        if self.tempo is not None:
            _check("tempo", self.tempo, *_TEMPI)

    def arranged(self, score: Score) -> Score:
        """The score on the mixer's instruments and at its tempo, else exact: what files hold.

        BadRequest where it would last too long at that tempo.
        """
        if self.tempo is not None:
            score = at_tempo(score, self.tempo)
        return score.with_voices(
            voice if fader.program is None or voice.is_drum else replace(voice, program=fader.program)
            for voice, fader in zip(score.voices, self.strips(score), strict=True)
        )

    def played(self, score: Score) -> Score:
        """The score as it is played, with its feel: what is heard."""
        return perform(self.arranged(score), self.feel)

    def strips(self, score: Score) -> Sequence[Fader]:
        """A fader for every voice."""
        return [*self.faders, *(Fader() for _ in score.voices)][: len(score.voices)]

    def audible(self, score: Score) -> list[bool]:
        """Which voices are heard: those in solo if any is, and none that is muted."""
        strips = self.strips(score)
        alone = any(fader.solo for fader in strips)
        return [not fader.mute and (fader.solo or not alone) for fader in strips]


def at_tempo(score: Score, bpm: float) -> Score:
    """The score at one tempo, in quarters a minute; BadRequest where it would last too long."""
    score = replace(score, tempos=(Tempo.from_bpm(bpm, beat=score.tempos[0].beat),))
    if score.seconds_at(score.end) > LONGEST:
        raise BadRequest(
            f"At {bpm:g} quarters a minute this lasts {_minutes(score)} minutes; Motif plays up to {LONGEST // 60}. "
            "Choose a faster tempo."
        )
    return score


def check_length(score: Score) -> None:
    """NoSound where a score lasts too long to sound at once."""
    if score.seconds_at(score.end) > LONGEST:
        raise NoSound(
            f"This lasts {_minutes(score)} minutes, and sound is made of up to {LONGEST // 60}. Its notes are kept; "
            "choose a faster tempo or go on from a part of it."
        )


def _minutes(score: Score) -> int:
    return round(score.seconds_at(score.end) / 60)


def _check(name: str, value: object, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise BadRequest(f"The {name} must be a number from {low} to {high}, not {quoted(value)}.")
