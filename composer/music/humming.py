"""Humming, whistling or a lone instrument, heard as notes: the pitch is followed by SwiftF0 and drawn to a grid.

Convention: audio is a file that `composer.music.recording` opens, in a process that can be ended; samples are floats
from -1 to 1, 16,000 a second.
SwiftF0 (https://swift-f0.github.io) is the optional part `humming`; without it everything here says how to get it.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from composer.errors import UnreadableMusic
from composer.music import pool
from composer.music.key import estimate_key
from composer.music.limits import RECORDING
from composer.music.overlaps import without_overlaps
from composer.music.reading import Reading
from composer.music.recording import RATE
from composer.score import TICKS_PER_QUARTER, Metre, Note, Score, Tempo, Voice

if TYPE_CHECKING:
    from swift_f0 import SwiftF0

_LOWEST, _HIGHEST = 65.0, 1_400.0  # hertz: C2 to about F6, from a low hum to a high whistle
_LEAST_VOICED = 0.1  # of the recording's frames; below it, what was heard is noise
_USUAL, _TEMPI = 100.0, (50, 181)  # quarters a minute
_SHORTEST = 0.07  # seconds of a note
_PITCHES = (36, 96)
MISSING = (
    "Humming needs one more package, which is not installed here. Type 'pip install \"motif-composer[humming]\"' where "
    "Motif runs, and start it anew."
)

Samples = NDArray[np.float32]  # (T,)


def can_hear() -> bool:
    """Whether the optional part is installed."""
    return importlib.util.find_spec("swift_f0") is not None


def hear(path: Path, bpm: float | None = None, grid: int = 12, metre: Metre | None = None) -> Reading:
    """A recording of one voice as notes at `bpm` quarters a minute (None: found), on a grid of so many ticks.

    The first note is the beginning. UnreadableMusic where the recording is too long, silent or no tune.
    """
    if not can_hear():
        raise UnreadableMusic(MISSING)
    samples = np.frombuffer(pool.samples(_bytes_of(path)), np.int16).astype(np.float32) / np.float32(32_768)
    heard = _notes(samples)
    if not heard:
        raise UnreadableMusic("No tune was heard in this recording. Hum one note after the other, close to the mouth.")
    remarks = [f"{len(heard)} notes were heard in {len(samples) / RATE:.1f} seconds."]
    if bpm is None:
        bpm = _tempo([begin for begin, _, _ in heard], grid)
        remarks.append(f"The tempo was taken to be {bpm:.0f} quarters a minute; give another if it is not.")
    line, moved = _on_grid(heard, bpm, grid)
    score = Score((Voice(line, "Melody"),), (metre or Metre(),), (Tempo.from_bpm(bpm),))
    if moved > 0.3:
        remarks.append("The rhythm lies between the lines of the grid: try another tempo.")
    return Reading(score, "hummed", estimate_key(line), tuple(remarks), tracks=("Melody",))


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > RECORDING["bytes"]:
            raise UnreadableMusic(
                f"This recording is {size} bytes long; Motif takes up to {RECORDING['bytes']}. Hum a part of it."
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableMusic(f"{path} could not be opened ({error.strerror}). Check the name.") from error


def _notes(samples: Samples) -> list[tuple[float, float, float]]:
    """(begin, end) in seconds and pitch in semitones (69 = A4, with fractions) of every note."""
    from swift_f0 import segment_notes

    result = _detector().detect(samples, RATE, _LOWEST, _HIGHEST)
    if np.mean(result.confidence >= 0.5) < _LEAST_VOICED:
        return []
    notes = [n for n in segment_notes(result) if n.end - n.start >= _SHORTEST]
    return [(n.start, n.end, 69 + 12 * float(np.log2(n.pitch_hz / 440))) for n in notes]


def _detector() -> SwiftF0:
    """One a call: building it takes 20 ms, and requests share nothing."""
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1, spin=False)


def _tempo(onsets: list[float], grid: int) -> float:
    """The tempo at which the onsets (seconds) lie nearest to the grid, in quarters a minute.

    Any tempo fits if it is fast enough, so what lies far from `_USUAL` has to fit better.
    """
    gaps = np.diff(onsets)
    if not gaps.size:
        return _USUAL

    def cost(bpm: float) -> float:
        cells = gaps * bpm / 60 * TICKS_PER_QUARTER / grid
        return float(np.abs(cells - np.round(cells)).mean() + 0.1 * abs(np.log2(bpm / _USUAL)))

    return float(min(range(*_TEMPI), key=cost))


def _on_grid(heard: list[tuple[float, float, float]], bpm: float, grid: int) -> tuple[tuple[Note, ...], float]:
    """The notes in ticks, and how far the onsets were moved on average, as a part of the grid (at most a half)."""
    ticks_a_second = bpm / 60 * TICKS_PER_QUARTER
    origin = heard[0][0]
    tuning = _tuning([pitch for _, _, pitch in heard])
    notes, moved = [], 0.0
    for begin, end, pitch in heard:
        at = (begin - origin) * ticks_a_second / grid
        onset = round(at) * grid
        until = max(onset + grid, round((end - origin) * ticks_a_second / grid) * grid)
        moved += abs(at - round(at))
        near = min(max(round(pitch - tuning), _PITCHES[0]), _PITCHES[1])
        notes.append(Note(onset, near, until - onset))
    return _one_at_a_time(without_overlaps(notes)), moved / len(heard)


def _tuning(pitches: list[float]) -> float:
    """How far a singer stands from A = 440 Hz, in semitones from -0.5 to 0.5: the circular mean of what is over."""
    angles = np.exp(2j * np.pi * np.asarray(pitches))
    return float(np.angle(angles.mean()) / (2 * np.pi))


def _one_at_a_time(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """A voice has one pitch at a time: of two notes on one line of the grid the longer stays; others are cut."""
    line: dict[int, Note] = {}
    for note in notes:
        if note.onset not in line or note.duration > line[note.onset].duration:
            line[note.onset] = note
    ordered = [line[onset] for onset in sorted(line)]
    nexts: list[Any] = [*(note.onset for note in ordered[1:]), ordered[-1].end]
    return tuple(Note(n.onset, n.pitch, min(n.duration, end - n.onset)) for n, end in zip(ordered, nexts, strict=True))
