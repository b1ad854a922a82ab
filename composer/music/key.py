"""The key of a score, by the analysis of Krumhansl & Schmuckler (Krumhansl 1990)."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from statistics import median

import numpy as np

from composer.score import Key, Note, Score

# How well each step above the tonic fits a key, as listeners rated it (Krumhansl & Kessler 1982).
_RATINGS = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_KEYS = [Key(tonic, mode) for mode in _RATINGS for tonic in range(12)]
_PROFILES = np.array([np.roll(_RATINGS[key.mode], key.tonic) for key in _KEYS])  # (24, 12)


_CLOSES = 0.12  # how much a last note speaks for its key: found on hymns' sopranos and tunes whose keys are told
_LONG = 1.5  # times as long as most notes, which is how one knows that a last note closes


def estimate_key(notes: Iterable[Note], last: int | None = None) -> Key | None:
    """The likeliest major or minor key, each pitch class weighed by how long it sounds; None without notes.

    `last` is the pitch on which the music closes, if it does.
    """
    sounding = np.zeros(12)
    for note in notes:
        sounding[note.pitch % 12] += note.duration
    if not sounding.any():
        return None
    away = sounding - sounding.mean()
    if not away.any():  # all twelve alike
        return _KEYS[0]
    profiles = _PROFILES - _PROFILES.mean(1, keepdims=True)
    likeness = profiles @ away / (np.linalg.norm(profiles, axis=1) * np.linalg.norm(away))  # correlations
    if last is not None:
        likeness += _CLOSES * np.array([key.tonic == last % 12 for key in _KEYS])
    return _KEYS[int(likeness.argmax())]


def key_of(score: Score, named: bool = False) -> Key | None:
    """The key signature where nine tenths of the music lie in it and those after it, else the estimate.

    `named`: the file names its key with its mode, as ABC and MusicXML do; then that is it, however chromatic the music.
    """
    if named and score.key and score.key != Key(0):
        return score.key
    notes = [note for voice in score.voices if not voice.is_drum for note in voice.notes]
    total = sum(note.duration for note in notes)
    if score.key and total:
        scales = [score.key.pitch_classes, *(change.key.pitch_classes for change in score.key_changes)]
        edges = [change.tick for change in score.key_changes]
        inside = sum(n.duration for n in notes if n.pitch % 12 in scales[bisect.bisect_right(edges, n.onset)])
        # Many programs write C major where they mean nothing by it.
        if inside >= 0.9 * total and (score.key != Key(0) or score.key_changes):
            return score.key
    return estimate_key(notes, _last(notes))


def _last(notes: list[Note]) -> int | None:
    """The pitch on which music closes: the lowest that sounds at its end, where it is long."""
    end = max((note.end for note in notes), default=0)
    ends = min((note for note in notes if note.end == end), key=lambda note: note.pitch, default=None)
    return ends.pitch if ends and ends.duration >= _LONG * median(note.duration for note in notes) else None
