"""Played music brought to the beat: onsets and ends drawn to the nearest sixteenth or triplet.

Files from a DAW hold what was played, a few ticks early or late. Networks learned written music, so they hear such a
line as it would be written; the line itself stays as it was played.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from composer.score import TICKS_PER_QUARTER, Note

_PLACES = np.unique([*range(0, TICKS_PER_QUARTER + 1, 6), *range(0, TICKS_PER_QUARTER + 1, 8)])  # ticks in a quarter
_LOOSE = 0.01  # of the onsets: where more lie beside the beat's parts a line was played, not written
_PARTS = (3, 4)  # ticks: a thirty-second, and a triplet's half
_SHORTEST = 6  # ticks


def is_loose(notes: Sequence[Note]) -> bool:
    """Whether a line was played rather than written."""
    beside = sum(all(note.onset % part for part in _PARTS) for note in notes)
    return beside > _LOOSE * len(notes)


def on_the_beat(notes: Sequence[Note]) -> tuple[Note, ...]:
    """A line that was played as it would be written."""
    drawn: dict[tuple[int, int], Note] = {}
    for note in sorted(notes):
        onset = _nearest(note.onset)
        end = max(onset + _SHORTEST, _nearest(note.end))
        drawn.setdefault((onset, note.pitch), replace(note, onset=onset, duration=end - onset))
    ends: dict[int, int] = {}  # the onset of the next note of each pitch
    written = []
    for note in sorted(drawn.values(), reverse=True):
        until = min(note.end, ends.get(note.pitch, note.end))
        written.append(replace(note, duration=until - note.onset))
        ends[note.pitch] = note.onset
    return tuple(sorted(written))


def _nearest(tick: int) -> int:
    quarter, place = divmod(tick, TICKS_PER_QUARTER)
    return quarter * TICKS_PER_QUARTER + int(_PLACES[np.abs(_PLACES - place).argmin()])
