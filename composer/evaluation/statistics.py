"""What can be counted in a few bars of music, so that a classifier may tell by it whose they are.

Each statistic is a number per passage. Definitions follow MusPy (Dong et al. 2020) and mgeval (Yang & Lerch 2020):

    pitch-class entropy   bits of the histogram of pitch classes
    scale consistency     the largest share of notes that lie in one major or minor scale
    groove consistency    one minus the mean Hamming distance of neighbouring bars' onset patterns, a place a 16th
    notes a bar           notes divided by bars
    polyphony             notes that sound together on average, where any does
    mean interval         semitones between neighbouring notes of a voice, up or down
    steps                 share of intervals of one or two semitones
    repeats               share of intervals of none
    range                 semitones from lowest to highest
    mean duration         ticks of 1/24 quarter
    duration entropy      bits of the histogram of durations
    repeated bars         share of bars that spell an earlier one of seed or passage, transposed or not

Where a voice sounds chords, its intervals are those of the highest notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from composer.music import skyline
from composer.score import Key, Note, Score

STATISTICS = (
    "pitch-class entropy",
    "scale consistency",
    "groove consistency",
    "notes a bar",
    "polyphony",
    "mean interval",
    "steps",
    "repeats",
    "range",
    "mean duration",
    "duration entropy",
    "repeated bars",
)
_SCALES = [Key(tonic, mode).pitch_classes for tonic in range(12) for mode in ("major", "minor")]
_SIXTEENTH = 6  # ticks
Floats = npt.NDArray[np.float64]
Lines = tuple[tuple[Note, ...], ...]  # the notes of each voice


@dataclass(frozen=True)
class Passage:
    """`bars` bars of `bar_ticks` from tick `start`: the notes of each voice, and those that stand before."""

    voices: Lines
    before: Lines
    start: int
    bar_ticks: int
    bars: int

    @classmethod
    def cut(cls, score: Score, voices: Iterable[int], first: int, bars: int) -> Passage:
        """Bars `first` (from 0) to `first + bars` (exclusive) of some voices of a score in one metre."""
        start, end = score.bar_start(first), score.bar_start(first + bars)
        lines = [score.voices[voice].notes for voice in voices]
        return cls(
            tuple(tuple(n for n in line if start <= n.onset < end) for line in lines),
            tuple(tuple(n for n in line if n.onset < start) for line in lines),
            start,
            score.metre_at(start).bar_ticks,
            bars,
        )

    @property
    def notes(self) -> list[Note]:
        """All notes in order of onset, then pitch."""
        return sorted(note for line in self.voices for note in line)


def statistics(passage: Passage) -> Floats:
    """The statistics (12,) of a passage; of one without notes nothing but noughts."""
    notes = passage.notes
    if not notes:
        return np.zeros(len(STATISTICS))
    pitches = [note.pitch for note in notes]
    intervals = _intervals(passage.voices)
    durations = [note.duration for note in notes]
    inside = max(sum(pitch % 12 in scale for pitch in pitches) for scale in _SCALES)
    return np.array(
        [
            entropy([pitch % 12 for pitch in pitches]),
            inside / len(pitches),
            _groove(passage),
            len(notes) / passage.bars,
            _polyphony(notes),
            intervals.mean(),
            np.mean((intervals > 0) & (intervals < 3)),
            np.mean(intervals == 0),
            max(pitches) - min(pitches),
            np.mean(durations),
            entropy(durations),
            _repeated(passage),
        ]
    )


def entropy(values: Sequence[int]) -> float:
    """Bits of the histogram of some values."""
    shares = np.array(list(Counter(values).values())) / len(values)
    return float(-(shares * np.log2(shares)).sum())


def _intervals(voices: Lines) -> npt.NDArray[np.int64]:
    """Semitones between neighbours, of all voices; a lone 0 where there are none."""
    tops = [[note.pitch for note in skyline(line)] for line in voices]
    found = [np.abs(np.diff(pitches)) for pitches in tops if len(pitches) > 1]
    return np.concatenate(found) if found else np.zeros(1, np.int64)


def _polyphony(notes: Sequence[Note]) -> float:
    covered, until = 0, 0
    for note in notes:  # in order of onset
        covered += max(0, note.end - max(until, note.onset))
        until = max(until, note.end)
    return sum(note.duration for note in notes) / covered


def _groove(passage: Passage) -> float:
    places = max(1, passage.bar_ticks // _SIXTEENTH)
    struck = np.zeros((passage.bars, places), bool)
    for note in passage.notes:
        bar, tick = divmod(note.onset - passage.start, passage.bar_ticks)
        struck[bar, min(tick // _SIXTEENTH, places - 1)] = True
    return float(1 - np.mean([np.mean(a != b) for a, b in pairwise(struck)])) if passage.bars > 1 else 1.0


def _repeated(passage: Passage) -> float:
    known = set(_spelled(passage.before, passage.start % passage.bar_ticks, passage.bar_ticks).values())
    repeated = 0
    for _, spelled in sorted(_spelled(passage.voices, passage.start, passage.bar_ticks).items()):
        repeated += spelled in known
        known.add(spelled)
    return repeated / passage.bars


def _spelled(voices: Lines, start: int, bar_ticks: int) -> dict[int, tuple[tuple[int, ...], ...]]:
    """Each bar as voices, onsets, durations and pitches from its first note's, so that transpositions are alike."""
    bars: dict[int, list[tuple[Note, int]]] = {}
    for voice, line in enumerate(voices):
        for note in line:
            bars.setdefault((note.onset - start) // bar_ticks, []).append((note, voice))
    return {
        bar: tuple(
            (voice, (note.onset - start) % bar_ticks, note.duration, note.pitch - min(held)[0].pitch)
            for note, voice in sorted(held)
        )
        for bar, held in bars.items()
    }
