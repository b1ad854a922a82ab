"""A grammar that leads voices as chorales do: all begin together, none crosses another, no fifths in parallel.

Nor octaves, nor unisons: the rules of every book on harmony since Fux (Gradus ad Parnassum, 1725), as a mask. It is
another grammar, less the pitches that would break them against the voices already known at that tick. Where nothing
else is left, such as under a melody that leaps below a held note, a pitch may break them all the same: a take is never
left without a way on.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from composer.events import Clock, Vocabulary
from composer.events.rows import DURATIONS
from composer.score import Note
from composer.writing.sampling import Mask

if TYPE_CHECKING:  # it needs PyTorch
    from composer.writing.loop import TimedGrammar

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


class LeadingGrammar:
    """`rules`, and the notes of every voice that are known so far, counted from the highest voice."""

    def __init__(self, rules: TimedGrammar, known: Mapping[int, Sequence[Note]], vocabulary: Vocabulary) -> None:
        self.rules, self.vocabulary = rules, vocabulary
        self._known = {voice: list(notes) for voice, notes in known.items()}
        self._pitch = 0  # the last named

    @property
    def finished(self) -> bool:
        """Whether nothing is left to write."""
        return self.rules.finished

    def now(self, clock: Clock) -> int:
        """The tick in the score at which the clock stands."""
        return self.rules.now(clock)

    def read(self, token: int, clock: Clock) -> None:
        """Take note of a token that was written, after the clock has read it."""
        v = self.vocabulary
        self.rules.read(token, clock)
        if v.is_pitch(token):
            self._pitch = token - v.pitch
        elif v.is_duration(token):
            insort(self._known[clock.voice], Note(self.now(clock), self._pitch, DURATIONS[token - v.duration]))

    def allowed(self, last: int, clock: Clock) -> Mask:
        """The tokens (V,) that may follow `last`."""
        mask, v = self._entering(self.rules.allowed(last, clock)), self.vocabulary
        if not mask[v.pitch : v.duration].any():
            return mask
        narrowed = mask.copy()
        narrowed[v.pitch : v.duration] &= ~_faulty(self._known, clock.voice, self.now(clock))
        return narrowed if narrowed.any() else mask

    def _entering(self, mask: Mask) -> Mask:
        """Of the tokens (V,) allowed, those of the first voice that has not sung yet, where there are any."""
        v = self.vocabulary
        for voice in sorted(voice for voice, notes in self._known.items() if not notes):
            entering = np.zeros_like(mask)
            own = slice(v.voice + voice, v.voice + voice + 1) if voice else slice(v.pitch, v.duration)
            entering[own] = mask[own]
            if entering.any():
                return entering
        return mask


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
