"""Restore: the melody through a few numbers and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from composer.score import Note
from composer.tasks.anew import Anew
from composer.tasks.points import Point, pack, unpack
from composer.tasks.task import Phrase

_NOTE_BYTES = 3  # onset, pitch and duration


class Restore(Anew):
    """Writes the melody from its own points, each kept in as many bytes as it has dimensions."""

    name = "restore"
    title = "Restore"
    hint = "The melody through a few numbers and back: what comes back, and what is lost."
    ignored = frozenset({"scale"})

    def point(self, phrase: Phrase) -> Point:
        """The melody's own."""
        return unpack(pack(phrase.own()))

    def account(
        self, before: Sequence[Note], after: Sequence[Note], points: int, dimensions: int
    ) -> tuple[Mapping[str, float], tuple[str, ...]]:
        """How much came back, and in how little room."""
        share = restored(before, after)
        sizes = {"bytes of points": points * dimensions, "bytes of notes": _NOTE_BYTES * len(before)}
        remark = (
            f"{share:.0%} of {len(before)} notes came back through {points} points of the map of phrases. What comes "
            "back the network can hold: Vary and Morph begin from that."
        )
        return {"notes restored": share, **sizes}, (remark,)


def restored(before: Sequence[Note], after: Sequence[Note]) -> float:
    """The share of notes that are in both, onset, pitch and duration alike; of whichever has more notes."""
    a, b = (Counter((n.onset, n.pitch, n.duration) for n in notes) for notes in (before, after))
    return (a & b).total() / max(1, a.total(), b.total())
