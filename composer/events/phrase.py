"""Phrases as those networks hear them that turn music into points: two bars, note by note.

Axes: N notes, F fields of a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from composer.events.places import PLACE_FIELDS
from composer.events.rows import DURATIONS, MAX_BAR_TICKS
from composer.events.vocabulary import Vocabulary
from composer.score import Note

PHRASE_BARS = 2  # what one point stands for
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PhraseNotes:
    """The notes of a phrase.

    `events` (N, 3) are the POSITION, PITCH and DURATION of each, `places` (N, F) where it stands, `when` (N,) its onset
    as a share of the phrase's time.
    """

    events: Ints
    places: Ints
    when: npt.NDArray[np.float64]


def spell_notes(onsets: Ints, pitches: Ints, durations: Ints, bar_ticks: int, vocabulary: Vocabulary) -> PhraseNotes:
    """Notes of a phrase (N,): onsets in ticks from its beginning, MIDI pitches, DURATION tokens."""
    bars, positions = np.divmod(onsets, bar_ticks)
    until = np.minimum(np.array(DURATIONS)[durations - vocabulary.duration], MAX_BAR_TICKS)
    fields = {"bar": bars, "position": positions, "until": until, "left": PHRASE_BARS - bars}
    places = np.stack([fields.get(field, np.zeros_like(onsets)) for field in PLACE_FIELDS], -1)
    events = np.stack([vocabulary.position + positions, vocabulary.pitch + pitches, durations], -1)
    return PhraseNotes(events, places, onsets / (PHRASE_BARS * bar_ticks))


def hear(notes: Sequence[Note], start: int, bar_ticks: int, vocabulary: Vocabulary) -> PhraseNotes:
    """The phrase that begins at tick `start`, of a melody's notes."""
    within = [note for note in notes if 0 <= note.onset - start < PHRASE_BARS * bar_ticks]
    told = [(n.onset - start, n.pitch, vocabulary.duration_token(n.duration)) for n in within]
    spelled = np.array(told, np.int64).reshape(-1, 3)
    return spell_notes(spelled[:, 0], spelled[:, 1], spelled[:, 2], bar_ticks, vocabulary)
