"""The key of a score, by music21's Krumhansl–Schmuckler analysis (Krumhansl 1990)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from composer.score import Key, Note, Score


def estimate_key(notes: Iterable[Note]) -> Key | None:
    """The likeliest major or minor key, each pitch class weighed by how long it sounds; None without notes."""
    sounding: Counter[int] = Counter()
    for note in notes:
        sounding[note.pitch % 12] += note.duration
    if not sounding:
        return None
    from music21 import note as m21note
    from music21 import stream
    from music21.analysis.discrete import KrumhanslSchmuckler

    # The analysis looks at nothing but the time each pitch class sounds, so twelve notes stand for the whole piece.
    piece: Any = stream.Stream()
    for pitch_class, ticks in sorted(sounding.items()):
        piece.append(m21note.Note(60 + pitch_class, quarterLength=max(1, round(100 * ticks / sounding.total()))))
    solution = KrumhanslSchmuckler().getSolution(piece)
    return Key(solution.tonic.pitchClass, str(solution.mode))


def key_of(score: Score) -> Key | None:
    """The key signature where nine tenths of the music lie in it, else the estimate."""
    notes = [note for voice in score.voices if not voice.is_drum for note in voice.notes]
    total = sum(note.duration for note in notes)
    if score.key and total:
        inside = sum(note.duration for note in notes if note.pitch % 12 in score.key.pitch_classes)
        # Many programs write C major where they mean nothing by it.
        if inside >= 0.9 * total and score.key != Key(0):
            return score.key
    return estimate_key(notes)
