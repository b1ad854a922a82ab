"""The beat of music that was played freely, found from when its notes begin.

Onsets are seconds, rising. The method is dynamic programming over a row of accents (Ellis 2007): the tempo is the
period at which accents are likest to themselves, and beats are put where accents are, about a period apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FRAMES = 80  # a second
_FASTEST, _USUAL, _SLOWEST = 0.28, 0.55, 1.4  # seconds of a beat: 214, 109 and 43 a minute
_WIDTH = 0.9  # octaves of tempo within which people feel a beat
_TIGHT = 80.0  # how dearly a beat that comes early or late is paid
_REACH = 0.09  # of a beat: how far a beat is moved to the notes beside it


def beats_of(onsets: Floats, accents: Floats) -> Floats:
    """The times of the beats, (B,) in seconds, from about the first onset on; `accents` are its weights, (N,)."""
    row = _row(onsets - onsets[0], accents)
    period = _period(row)
    beats = _tracked(row, period) / _FRAMES + onsets[0]
    return _around(_on_notes(beats, onsets, accents), onsets, period / _FRAMES)


def _row(onsets: Floats, accents: Floats) -> Floats:
    """Accents frame by frame, each spread over some 25 ms."""
    row = np.zeros(int(onsets[-1] * _FRAMES) + 2 * _FRAMES)
    np.add.at(row, np.round(onsets * _FRAMES).astype(int), accents)
    bell = np.exp(-0.5 * (np.arange(-6, 7) / (0.025 * _FRAMES)) ** 2)
    row = np.convolve(row, bell, "same")
    return np.asarray(row / (row.std() or 1.0))


def _period(row: Floats) -> float:
    """The likeliest length of a beat, in frames."""
    size = 1 << (2 * len(row) - 1).bit_length()
    spectrum = np.fft.rfft(row - row.mean(), size)
    likeness = np.fft.irfft(np.abs(spectrum) ** 2, size)[: len(row)]
    lags = np.arange(round(_FASTEST * _FRAMES), min(len(row) - 1, round(_SLOWEST * _FRAMES)) + 1)
    if not lags.size:
        return _USUAL * _FRAMES
    # What is a beat comes again after two and after four, too.
    score = sum(
        weight * np.interp(lags * many, np.arange(len(likeness)), likeness)
        for many, weight in ((1, 1.0), (2, 0.5), (4, 0.25))
    )
    wish = np.exp(-0.5 * (np.log2(lags / (_USUAL * _FRAMES)) / _WIDTH) ** 2)
    best = int((np.maximum(score, 0) * wish).argmax())
    return float(lags[best])


def _tracked(row: Floats, period: float) -> Floats:
    """The frames of the beats that together have the most accents at the evenest steps."""
    steps = np.arange(-round(2 * period), -round(period / 2) + 1)
    price = -_TIGHT * np.log(-steps / period) ** 2
    score, before = row.copy(), np.full(len(row), -1)
    together = -int(steps[-1])  # frames none of which can come before another's beat
    for begin in range(together, len(row), together):
        frames = np.arange(begin, min(begin + together, len(row)))
        earlier = frames[:, None] + steps
        paths = np.where(earlier >= 0, score[np.maximum(earlier, 0)], -np.inf) + price
        best = paths.argmax(axis=1)
        gain = paths[np.arange(len(frames)), best]
        goes_on = gain > 0
        score[frames] += np.where(goes_on, gain, 0.0)
        before[frames] = np.where(goes_on, earlier[np.arange(len(frames)), best], -1)
    at = len(row) - 1 - int(score[::-1][: 2 * round(period)].argmax())
    beats = []
    while at >= 0:
        beats.append(at)
        at = int(before[at])
    return np.array(beats[::-1], float)


def _on_notes(beats: Floats, onsets: Floats, accents: Floats) -> Floats:
    """The beats moved to the notes that are struck on them, which frames tell roughly."""
    length = np.diff(beats).mean() if len(beats) > 1 else _USUAL
    moved = beats.copy()
    for at, beat in enumerate(beats):
        low, high = np.searchsorted(onsets, (beat - _REACH * length, beat + _REACH * length))
        if high > low:
            moved[at] = np.average(onsets[low:high], weights=accents[low:high])
    return np.maximum.accumulate(moved + np.arange(len(moved)) * 1e-6)


def _around(beats: Floats, onsets: Floats, period: float) -> Floats:
    """The beats, and further ones at either end until no onset lies outside them."""
    steps = np.diff(beats)
    early, late = (np.median(part) if part.size else period for part in (steps[:4], steps[-4:]))
    count = max(0, int(np.ceil((beats[0] - onsets[0]) / early - 0.15)))
    more = max(1, int(np.ceil((onsets[-1] - beats[-1]) / late)) + 1)
    return np.concatenate(
        (beats[0] - early * np.arange(count, 0, -1), beats, beats[-1] + late * np.arange(1, more + 1))
    )
