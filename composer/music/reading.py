"""What was read from a file, and what was done to it, in a musician's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from composer.music.limits import LIMITS as LIMITS
from composer.score import Key, Score, Tempo

# What a beat of so many ticks is called, where it is not a quarter.
_BEATS = {
    96: "whole notes",
    72: "dotted halves",
    48: "halves",
    36: "dotted quarters",
    24: "quarters",
    18: "dotted eighths",
    12: "eighths",
    6: "sixteenths",
}


@dataclass(frozen=True)
class Reading:
    """A score with its history.

    `source` is what kind of file it came from; `key` is the key signature where the notes bear it out, else the
    estimate; `remarks` are sentences about what was chosen, quantised, repaired or dropped; `recipe` is how Motif
    wrote the file, where it did; `style` is named by the file, where it is.
    """

    score: Score
    source: str
    key: Key | None = None
    remarks: tuple[str, ...] = ()
    recipe: Mapping[str, Any] | None = None
    tracks: tuple[str, ...] = ()
    style: str | None = None

    def remarking(self, *remarks: str) -> Reading:
        """The same with further remarks."""
        return replace(self, remarks=(*self.remarks, *remarks))

    @property
    def seconds(self) -> float:
        """How long the music lasts."""
        return self.score.seconds_at(self.score.end)

    def summary(self) -> str:
        """One line: bars, notes, metre, tempo, key, length."""
        score = self.score
        notes = sum(len(voice.notes) for voice in score.voices)
        metres = ", ".join(dict.fromkeys(str(metre) for metre in score.metres))
        return (
            f"{_count(score.bars, 'bar')}, {_count(notes, 'note')}, {metres}, "
            f"{tempo_in_words(score.tempos[0])}, {score.key_name or self.key or 'no clear key'}, {self.seconds:.1f} s"
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for `--json` and the API."""
        score = self.score
        return {
            "source": self.source,
            "title": score.title,
            "composer": score.composer,
            "bars": score.bars,
            "notes": sum(len(voice.notes) for voice in score.voices),
            "metres": [{"bar": score.bar_at(m.tick) + 1, "metre": str(m)} for m in score.metres],
            "tempo": round(score.tempos[0].bpm, 2),
            "tempo_in_words": tempo_in_words(score.tempos[0]),
            "style": self.style,
            "key": str(self.key) if self.key else None,
            "key_name": score.key_name,
            "key_changes": [{"bar": score.bar_at(c.tick) + 1, "key": str(c.key)} for c in score.key_changes],
            "chords": len(score.chords),
            "seconds": round(self.seconds, 2),
            "tracks": list(self.tracks),
            "remarks": list(self.remarks),
            "recipe": dict(self.recipe) if self.recipe else None,
        }


def tempo_in_words(tempo: Tempo) -> str:
    """A tempo by the beat that its file counts: "112 dotted quarters a minute"."""
    if tempo.beat not in _BEATS:
        return f"{tempo.bpm:.0f} quarters a minute"
    return f"{tempo.beats_a_minute:.0f} {_BEATS[tempo.beat]} a minute"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
