"""Into the home key and back: networks know music there, and takes come back to the seed's key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from composer.music import Reading
from composer.music.home_key import home_shift
from composer.score import Key, Note, Score, Voice
from composer.tasks import Request
from composer.writing.take import Take


@dataclass(frozen=True)
class Transposition:
    """What goes in is moved so many semitones up, and what comes out as many down."""

    semitones: int

    @classmethod
    def home(cls, seed: Reading | None, request: Request | None = None) -> Transposition:
        """The one that brings a seed into the home key; without notes, the key that is asked for."""
        key = request.key(seed.key if seed else None) if request else None
        return cls(way_home(seed, key))

    def reading(self, seed: Reading | None) -> Reading | None:
        """The piece so many semitones higher, its key with it; drums stay."""
        return moved(seed, self.semitones)

    def request(self, asked: Request) -> Request:
        """The request with its scale and range so many semitones higher."""
        low, high = (None if p is None else min(127, max(0, p + self.semitones)) for p in (asked.low, asked.high))
        scale = asked.scale
        if scale not in ("auto", "none"):
            scale = str(_moved_key(Key.parse(scale), self.semitones))
        return replace(asked, scale=scale, low=low, high=high)

    def back(self, take: Take) -> Take:
        """The take where the seed is."""
        new = tuple((voice, move_note(note, -self.semitones)) for voice, note in take.new)
        return replace(take, score=move_score(take.score, -self.semitones), new=new)


def way_home(reading: Reading | None, key: Key | None = None) -> int:
    """The semitones that bring a piece home, none of its notes leaving 0–127; without notes those of a key, or none."""
    notes = _tuned(reading) if reading else []
    if not notes:
        return key.home if key else 0
    shift = home_shift(notes, reading.key if reading else None)
    pitches = [note.pitch for note in notes]
    fitting = [way for way in (shift, shift - 12, shift + 12) if all(0 <= p + way <= 127 for p in pitches)]
    return fitting[0] if fitting else 0


def moved(reading: Reading | None, semitones: int) -> Reading | None:
    """The piece so many semitones higher, its key with it; drums stay."""
    if reading is None or not semitones:
        return reading
    key = _moved_key(reading.key, semitones)
    return replace(reading, score=move_score(reading.score, semitones), key=key)


def move_score(score: Score, semitones: int) -> Score:
    """The score so many semitones higher; drums stay."""
    voices = (voice if voice.is_drum else _move_voice(voice, semitones) for voice in score.voices)
    return replace(score.with_voices(voices), key=_moved_key(score.key, semitones))


def move_note(note: Note, semitones: int) -> Note:
    """The note so many semitones higher."""
    return replace(note, pitch=note.pitch + semitones)


def _move_voice(voice: Voice, semitones: int) -> Voice:
    return replace(voice, notes=tuple(move_note(note, semitones) for note in voice.notes))


def _moved_key(key: Key | None, semitones: int) -> Key | None:
    return None if key is None else Key((key.tonic + semitones) % 12, key.mode)


def _tuned(reading: Reading) -> list[Note]:
    return [note for voice in reading.score.voices if not voice.is_drum for note in voice.notes]
