"""What was read from a file, and what was done to it, in a musician's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from composer.score import Key, Score

LIMITS = {
    "bytes": 1_000_000,
    "notes": 20_000,
    "bars": 1_000,
    "seconds": 900,
    "tracks": 128,
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
            f"{score.tempos[0].bpm:.0f} quarters a minute, {self.key or 'no clear key'}, {self.seconds:.1f} s"
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for `--json` and the API."""
        score = self.score
        return {
            "source": self.source,
            "title": score.title,
            "bars": score.bars,
            "notes": sum(len(voice.notes) for voice in score.voices),
            "metres": [{"bar": score.bar_at(m.tick) + 1, "metre": str(m)} for m in score.metres],
            "tempo": round(score.tempos[0].bpm, 2),
            "style": self.style,
            "key": str(self.key) if self.key else None,
            "seconds": round(self.seconds, 2),
            "tracks": list(self.tracks),
            "remarks": list(self.remarks),
            "recipe": dict(self.recipe) if self.recipe else None,
        }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
