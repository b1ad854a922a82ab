"""Takes: what a network wrote for a request, whole or as far as it is, and the recipe that makes it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from composer.errors import BadRequest
from composer.music import Reading
from composer.score import Metre, Note, Score, Tempo
from composer.tasks import Request


@dataclass(frozen=True)
class Recipe:
    """How a take was made: which weights, which request (of one take), and what it was made from.

    `checkpoint` names the network, `weights` are the first 16 digits of its file's SHA-256, `parent` those of the
    seed's notes.
    """

    checkpoint: str
    weights: str
    request: Request
    parent: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, as written into the MIDI file."""
        return {**asdict(self), "motif": 1}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Recipe:
        """Read `to_json`'s values; BadRequest where they are not a recipe."""
        try:
            request = Request.from_json(values["request"])
            return cls(str(values["checkpoint"]), str(values["weights"]), request, str(values["parent"]))
        except (KeyError, TypeError) as error:
            raise BadRequest("This is not a recipe of Motif, or it was cut off. Open the take's MIDI file.") from error


@dataclass(frozen=True)
class Take:
    """A finished or growing take: the score, what of it is new, and the recipe that made it.

    `new` are the notes written, each with the index of its voice; `new_from` is the tick at which the region begins,
    and `bars_written` counts its whole bars that are done.
    """

    score: Score
    new: tuple[tuple[int, Note], ...]
    new_from: int
    recipe: Recipe
    bars_written: int
    remarks: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)  # what was counted, where the task counts something

    @property
    def new_notes(self) -> list[Note]:
        """The notes that were written, in order."""
        return sorted(note for _, note in self.new)


def fingerprint(score: Score) -> str:
    """The first 16 hexadecimal digits of a hash of the notes: which seed exactly a take was made from."""
    spelled = [(v.is_drum, [(n.onset, n.pitch, n.duration) for n in v.notes]) for v in score.voices]
    return hashlib.sha256(repr((spelled, [str(m) for m in score.metres], str(score.key))).encode()).hexdigest()[:16]


def blank(metre: Metre, bpm: float) -> Reading:
    """A seed without notes, to improvise in a metre and tempo."""
    return Reading(Score((), (metre,), (Tempo.from_bpm(bpm),)), "nothing")
