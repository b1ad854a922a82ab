"""Phrases as those networks hear them that turn music into points: two bars of a melody, note by note.

Axis: N notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.events.rows import MAX_BAR_TICKS, Ints, duration_index
from composer.score import Note

PHRASE_BARS = 2  # what one point stands for
PHRASE_PLACES = PHRASE_BARS * MAX_BAR_TICKS


@dataclass(frozen=True)
class PhraseNotes:
    """The notes of a phrase, N of them.

    `places` are where they begin, the bar times `MAX_BAR_TICKS` plus the position in ticks; `pitches` are MIDI numbers,
    `durations` indices into `DURATIONS`, and `when` the onsets as shares of the phrase's time.
    """

    places: Ints
    pitches: Ints
    durations: Ints
    when: npt.NDArray[np.float64]


def phrase_notes(notes: Sequence[Note], start: int, bar_ticks: int) -> PhraseNotes:
    """The phrase that begins at tick `start`, of a melody's notes in bars of `bar_ticks`."""
    within = [note for note in notes if 0 <= note.onset - start < PHRASE_BARS * bar_ticks]
    onsets = np.array([note.onset - start for note in within], np.int64)
    bars, positions = np.divmod(onsets, bar_ticks)
    return PhraseNotes(
        bars * MAX_BAR_TICKS + positions,
        np.array([note.pitch for note in within], np.int64),
        np.array([duration_index(note.duration) for note in within], np.int64),
        onsets / (PHRASE_BARS * bar_ticks),
    )
