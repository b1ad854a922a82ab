"""How a take shall sound: its tempo, and who plays what is new."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from composer.score import Score, Tempo, Voice
from composer.tasks.setting import Number, setting, settings_of
from composer.writing.take import Take

TEMPI = (20, 400)  # quarters a minute
# Under a melody for one of these General MIDI instruments, what plays alto, tenor and bass: its family's lower members.
# Any other, such as a keyboard or a choir, plays them itself.
_LOWER: Mapping[range, tuple[int, int, int]] = {
    range(40, 44): (40, 41, 42),  # strings: violin, viola, cello
    range(56, 64): (60, 57, 58),  # brass: horn, trombone, tuba
    range(64, 80): (68, 71, 70),  # wind: oboe, clarinet, bassoon
}


@dataclass(frozen=True)
class Sounding:
    """`tempo` in quarters a minute and `instrument`, a General MIDI number from 0; None leaves the seed's."""

    tempo: float | None = setting(
        None,
        Number(
            "Tempo",
            "Quarters a minute.",
            unset="as the seed",
            low=TEMPI[0],
            high=TEMPI[1],
            noun="a number of quarters a minute",
        ),
    )
    instrument: int | None = setting(
        None,
        Number(
            "Instrument",
            "Who plays what is new: a General MIDI number.",
            unset="as the seed",
            high=127,
            whole=True,
            noun="a General MIDI number",
        ),
    )

    def __post_init__(self) -> None:
        for name, declared in settings_of(type(self)).items():
            object.__setattr__(self, name, declared.check(getattr(self, name)))

    def of_take(self, take: Take) -> Score:
        """A take's score as it shall sound; voices set under a melody each have an instrument with their range."""
        task = take.recipe.request.what
        if task.one_family:
            score = take.score.with_voices(_orchestrated(take.score.voices))
            return self.of_score(score, range(len(score.voices)))
        if task.ensemble:  # the melody's instrument; a piano stays a piano
            return self.of_score(take.score, {0})
        return self.of_score(take.score, {voice for voice, _ in take.new})

    def of_score(self, score: Score, voices: Collection[int]) -> Score:
        """The score at this tempo, and those voices on this instrument."""
        if self.tempo is not None:
            score = replace(score, tempos=(Tempo.from_bpm(self.tempo, beat=score.tempos[0].beat),))
        if self.instrument is None:
            return score
        return score.with_voices(
            replace(voice, program=self.instrument) if index in voices else voice
            for index, voice in enumerate(score.voices)
        )


def _orchestrated(voices: tuple[Voice, ...]) -> list[Voice]:
    """A melody and what is set under it, each on an instrument that has its range."""
    melody, *below = voices
    programs = next((lower for family, lower in _LOWER.items() if melody.program in family), None)
    if programs is None:
        return list(voices)
    return [melody, *(replace(voice, program=program) for voice, program in zip(below, programs, strict=True))]
