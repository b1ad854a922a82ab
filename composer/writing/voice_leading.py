"""Voices led as in chorales: all begin together, none crosses another, no fifths in parallel, nor octaves or unisons.

The rules of every book on harmony since Fux (Gradus ad Parnassum, 1725), as masks of the pitches that would break them
against the voices already known at that tick. Where nothing else is left, such as under a melody that leaps below a
held note, a pitch may break them all the same: a take is never left without a way on.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from composer.score import Note
from composer.tasks.pitches import Mask

if TYPE_CHECKING:  # it needs PyTorch
    pass

_PERFECT = (0, 7)  # semitones, modulo the octave: unisons and octaves, fifths


class VoiceLeading:
    """The notes of every voice that are known so far, counted from the highest voice, and what they forbid."""

    def __init__(self, known: Mapping[int, Sequence[Note]]) -> None:
        self._known = {voice: list(notes) for voice, notes in known.items()}

    def add(self, voice: int, onset: int, pitch: int, end: int) -> None:
        """A note was written, or one that stays was passed."""
        note = Note(onset, pitch, end - onset)
        if note not in self._known[voice]:
            insort(self._known[voice], note)

    def silent(self) -> list[int]:
        """The voices that have not sung yet."""
        return sorted(voice for voice, notes in self._known.items() if not notes)

    def faulty(self, voice: int, now: int) -> Mask:
        """The pitches (128,) that a voice may not take at a tick."""
        return _faulty(self._known, voice, now)


def _faulty(known: Mapping[int, Sequence[Note]], voice: int, now: int) -> Mask:
    """The pitches (128,) that a voice may not take at a tick."""
    pitches = np.arange(128)
    faulty = np.zeros(128, bool)
    before = _sounding(known[voice], now - 1)
    for other, notes in known.items():
        held = None if other == voice else _sounding(notes, now)
        if held is None:
            continue
        faulty |= pitches > held.pitch if other < voice else pitches < held.pitch
        left = _sounding(notes, now - 1)
        if before and left and held.onset == now and held.pitch != left.pitch:
            faulty |= _parallel(before.pitch, pitches, left.pitch, held.pitch)
    return faulty


def _parallel(before: int, pitches: np.ndarray[tuple[int], np.dtype[np.int64]], left: int, held: int) -> Mask:
    """Which pitches after `before` would keep a perfect interval to a voice that moves from `left` to `held`."""
    interval = abs(before - left) % 12
    if interval not in _PERFECT:
        return np.zeros(len(pitches), bool)
    together: Mask = np.sign(pitches - before) == np.sign(held - left)
    return together & (np.abs(pitches - held) % 12 == interval)


def _sounding(notes: Sequence[Note], tick: int) -> Note | None:
    """The note of a line, its notes in order, that sounds at a tick."""
    at = bisect_right(notes, tick, key=lambda note: note.onset) - 1
    return notes[at] if at >= 0 and tick < notes[at].end else None
