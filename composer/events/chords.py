"""Chord symbols: as values, as numbers for the networks, and found under music that has none written.

A chord symbol holds from its onset until the next one. Root and bass are pitch classes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from composer.score import TICKS_PER_QUARTER, ChordSymbol, Score

# The qualities that networks know, with the steps (semitones over the root) that sound in them.
QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "m7b5": (0, 3, 6, 10),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
}
_NAMES = tuple(QUALITIES)
CHORDS = 1 + 12 * len(_NAMES)  # numbers of chords; 0 is none ("N.C.")

_FOUND = ("", "m", "7", "m7", "dim", "maj7", "m7b5", "dim7")  # what is looked for in music without symbols
_TEMPLATES = np.zeros((len(_FOUND), 12, 12))
for _kind, _quality in enumerate(_FOUND):
    for _root in range(12):
        _TEMPLATES[_kind, _root, [(_root + _step) % 12 for _step in QUALITIES[_quality]]] = 1
# A seventh chord explains one tone more and so must explain it well; a triad is the simpler word.
_PRICE = np.array([0.0, 0.0, 0.12, 0.16, 0.06, 0.2, 0.2, 0.2])


def chord_number(chord: ChordSymbol) -> int:
    """The number, from 1, of a chord; 0 for none. The bass is not kept."""
    if chord.root is None:
        return 0
    return 1 + 12 * _NAMES.index(chord.quality) + chord.root


def chord_of(number: int, onset: int) -> ChordSymbol:
    """The chord symbol of a number, at a tick."""
    if not number:
        return ChordSymbol(onset)
    quality, root = divmod(number - 1, 12)
    return ChordSymbol(onset, root, _NAMES[quality])


def moved_chord(number: int, semitones: int) -> int:
    """A chord's number so many semitones higher."""
    if not number:
        return 0
    quality, root = divmod(number - 1, 12)
    return 1 + 12 * quality + (root + semitones) % 12


def infer_chords(score: Score) -> tuple[ChordSymbol, ...]:
    """The chords that music in several voices sounds, one where it changes, looked for beat by beat.

    A beat's chord is the template that holds most of the time sounded there less half of what it does not hold, the
    lowest note speaking for its root. A beat with fewer than three pitch classes keeps the chord before.
    """
    notes = sorted(note for voice in score.voices if not voice.is_drum for note in voice.notes)
    sounding = np.array([(note.onset, note.end, note.pitch) for note in notes], np.int64).reshape(-1, 3)
    longest = int((sounding[:, 1] - sounding[:, 0]).max(initial=0))
    found: list[ChordSymbol] = []
    for start, end in _beats(score):
        near = slice(*np.searchsorted(sounding[:, 0], (start - longest, end)))
        shares, bass = _sounded(sounding[near], start, end)
        if not shares.any() or (found and np.count_nonzero(shares > 0.02) < 3):
            continue
        fit = _TEMPLATES @ shares - 0.5 * (1 - _TEMPLATES) @ shares - _PRICE[:, None]  # (kinds, roots)
        fit[:, bass] += 0.25
        kind, root = np.unravel_index(int(fit.argmax()), fit.shape)
        chord = ChordSymbol(start, int(root), _FOUND[int(kind)])
        if not found or (found[-1].root, found[-1].quality) != (chord.root, chord.quality):
            found.append(chord)
    return tuple(found)


def _beats(score: Score) -> Iterator[tuple[int, int]]:
    tick, end = 0, score.end
    while tick < end:
        beat = max(TICKS_PER_QUARTER, score.metre_at(tick).beat_ticks)
        yield tick, tick + beat
        tick += beat


def _sounded(notes: npt.NDArray[np.int64], start: int, end: int) -> tuple[npt.NDArray[np.float64], int]:
    """The shares (12,) of the time between two ticks in which pitch classes sound, and the lowest note's class."""
    time = np.minimum(notes[:, 1], end) - np.maximum(notes[:, 0], start)
    here = time > 0
    shares = np.bincount(notes[here, 2] % 12, time[here], 12).astype(float)
    return shares / max(1.0, shares.sum()), int(notes[here, 2].min(initial=127)) % 12
