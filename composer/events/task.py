"""Spelling a task: what is given, then WRITE, the voices to fill, and the bars to be written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from composer.events.encode import Header, encode_bars
from composer.events.vocabulary import Vocabulary
from composer.score import Score, Voice


@dataclass(frozen=True)
class Task:
    """A region to fill, and the window of bars that is shown. Bars count from 0; `until` bars are exclusive."""

    first: int
    until: int
    region_first: int
    region_until: int
    voices: frozenset[int]

    def __post_init__(self) -> None:
        if not (self.first <= self.region_first < self.region_until <= self.until and self.voices):
            raise ValueError(f"the region must lie in the window and have voices: {self}")


def spell_task(score: Score, task: Task, header: Header, vocabulary: Vocabulary) -> tuple[list[int], list[int]]:
    """The tokens given, up to the VOICEs after WRITE, and the tokens of the region as the score has it."""
    inside, outside = _split(score, task)
    given = [
        *header.tokens(vocabulary),
        *(token for bar in encode_bars(outside, vocabulary, task.first, task.until) for token in bar),
        vocabulary.WRITE,
        *(vocabulary.voice + voice for voice in sorted(task.voices)),
    ]
    bars = encode_bars(inside, vocabulary, task.region_first, task.region_until, after=task.first)
    return given, [token for bar in bars for token in bar]


def _split(score: Score, task: Task) -> tuple[Score, Score]:
    """The score with only the region's notes, and with only the others."""
    start, end = score.bar_start(task.region_first), score.bar_start(task.region_until)
    inside: list[Voice] = []
    outside: list[Voice] = []
    for index, voice in enumerate(score.voices):
        mine = tuple(n for n in voice.notes if index in task.voices and start <= n.onset < end)
        inside.append(replace(voice, notes=mine))
        outside.append(replace(voice, notes=tuple(sorted(set(voice.notes) - set(mine)))))
    return score.with_voices(inside), score.with_voices(outside)
