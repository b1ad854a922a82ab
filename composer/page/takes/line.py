"""The melody that a take is heard as, and the traits by which a taste knows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from composer.analysis.taste import Traits, traits_of
from composer.music import Reading, melody_of
from composer.writing import Take


def line_of(take: Take) -> Reading:
    """The melody that a take is heard as: what was written where that is one voice, else the most melodic of all."""
    voices = {voice for voice, _ in take.new}
    score = take.score
    if len(voices) == 1:
        (voice,) = voices
        written = tuple(sorted(note for _, note in take.new))
        score = score.with_voices([replace(score.voices[voice], notes=written)])
    names = tuple(voice.name or f"Track {number}" for number, voice in enumerate(score.voices, 1))
    return Reading(score, "take", score.key, tracks=names)


def traits_told(reading: Reading) -> list[float]:
    """The traits of a melody, as a browser keeps them."""
    melody = melody_of(reading)
    return rounded(traits_of(melody.score, melody.key))


def rounded(traits: Traits) -> list[float]:
    """Traits as plain numbers of three places."""
    told: list[float] = np.round(traits, 3).tolist()
    return told
