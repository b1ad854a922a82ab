"""What differs between takes, in figures, beside the range of people's: tunes of the library, their second eight bars.

density   notes a bar
range     semitones from the lowest note to the highest
returns   share of the new bars that stand in the seed or came before among the new ones, note for note
copied    the longest passage as learned, in bars
surprise  nats a note in the ears of the network named
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from composer.analysis.tunes import Library
from composer.classroom.likelihood import nats_a_note
from composer.music import Reading
from composer.networks import NoteNetwork
from composer.score import Note, Score

BARS = 8  # of people's tunes that are given, and that are looked at after them
_TUNES = 160  # that are counted
_SURPRISED = 16  # whose likelihood is measured: that takes longer
_MIDDLE = (0.1, 0.9)  # eight of ten people's tunes lie between

Bar = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Melody:
    """A melody (the score's one voice) that was given up to bar `first` and is new for `bars` bars from there."""

    score: Score
    first: int
    bars: int

    @property
    def start(self) -> int:
        """The tick at which it is new."""
        return self.score.bar_start(self.first)

    @property
    def new(self) -> list[Note]:
        """The notes that begin in its new bars."""
        end = self.score.bar_start(self.first + self.bars)
        return [note for note in self.score.voices[0].notes if self.start <= note.onset < end]

    def reading(self) -> Reading:
        """As music to be read, to the end of what is new."""
        end = self.score.bar_start(self.first + self.bars)
        voice = self.score.voices[0]
        kept = tuple(note for note in voice.notes if note.onset < end)
        return Reading(self.score.with_voices([replace(voice, notes=kept)]), "take", self.score.key)


def counted(melody: Melody) -> dict[str, float]:
    """Density, range and returns; none where nothing is new."""
    new = melody.new
    if not new:
        return {}
    pitches = [note.pitch for note in new]
    return {
        "density": len(new) / melody.bars,
        "range": float(max(pitches) - min(pitches)),
        "returns": _returns(melody),
    }


def _returns(melody: Melody) -> float:
    score = melody.score
    bars: dict[int, list[tuple[int, int, int]]] = {}
    for note in score.voices[0].notes:
        bar = score.bar_at(note.onset)
        bars.setdefault(bar, []).append((note.onset - score.bar_start(bar), note.pitch, note.duration))
    spelled: Mapping[int, Bar] = {bar: tuple(sorted(notes)) for bar, notes in bars.items()}
    known = {spelled[bar] for bar in spelled if bar < melody.first}
    again, new = 0, [bar for bar in sorted(spelled) if melody.first <= bar < melody.first + melody.bars]
    for bar in new:
        again += spelled[bar] in known
        known.add(spelled[bar])
    return again / max(1, len(new))


def of_people(library: Library, network: NoteNetwork | None) -> dict[str, tuple[float, float]]:
    """Between which figures eight of ten of the library's tunes lie; `surprise` where a network is named."""
    tunes = [tune.score for tune in library.tunes if len(tune.score.voices) == 1 and tune.score.bars >= 2 * BARS]
    melodies = [Melody(score, BARS, BARS) for score in tunes[:: max(1, len(tunes) // _TUNES)][:_TUNES]]
    found: dict[str, list[float]] = {}
    for melody in melodies:
        for name, value in counted(melody).items():
            found.setdefault(name, []).append(value)
    if network is not None:
        heard = melodies[:: max(1, len(melodies) // _SURPRISED)][:_SURPRISED]
        nats = [nats_a_note(melody.reading(), network, BARS) for melody in heard]
        found["surprise"] = [value for value in nats if value is not None]
    return {name: _between(values) for name, values in found.items() if values}


def _between(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(values, _MIDDLE)
    return float(low), float(high)


def after_people(seed: Reading, bars: int, library: Library) -> tuple[str, Score] | None:
    """A tune of the library that begins as the seed does, note for note in any key, and goes on: its title and score.

    The score is the tune in the seed's key up to so many bars after the seed; None where there is none.
    """
    notes = seed.score.voices[0].notes
    mine = [(note.onset, note.pitch - notes[0].pitch, note.duration) for note in notes]
    for tune in library.tunes:
        theirs = tune.score.voices[0].notes
        whole = seed.score.bars + bars
        if len(theirs) <= len(mine) or tune.score.bars < whole or tune.score.metres[0] != seed.score.metres[0]:
            continue
        begins = ((n.onset, n.pitch - theirs[0].pitch, n.duration) for n in theirs)
        if all(note == other for note, other in zip(mine, begins, strict=False)):
            return tune.title, in_key_of(tune.score, notes[0].pitch - theirs[0].pitch, seed.score, whole)
    return None


def in_key_of(score: Score, semitones: int, seed: Score, bars: int) -> Score:
    """The first bars of a melody so many semitones higher, as the seed's voice would play them."""
    end = seed.bar_start(bars)
    voice = seed.voices[0]
    kept = (note for note in score.voices[0].notes if note.onset < end and 0 <= note.pitch + semitones <= 127)
    return seed.with_voices([replace(voice, notes=tuple(replace(n, pitch=n.pitch + semitones) for n in kept))])
