"""Looking inside: a take written once more by its own loop, with every decision told as it is taken.

The same request, weights and random seed give the same take, note for note; so nothing has to be kept of it. A turn
takes another value at one decision of one row, while the random source goes on as it did: what stands before the row
is what it was, and what follows is a branch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from composer.classroom.chances import entropy, softmax, surprise
from composer.errors import BadRequest
from composer.events.features import Heard, joined
from composer.events.rows import DECISIONS, Row
from composer.music import Reading
from composer.shelf import Shelved
from composer.writing import Request, Take, new_writer
from composer.writing.drafters.notes import NoteDrafter
from composer.writing.row_loop import Decided, RowsHeard


@dataclass(frozen=True)
class Turn:
    """At row `row` (from 0) of a take, the decision takes this value and not the one drawn."""

    row: int
    decision: int
    value: int


@dataclass(frozen=True)
class Step:
    """One row of a take: its decisions in order, and how many rows of its part were heard before it.

    `part` is the number of the segment (a phrase, in networks of points) that the network was shown a window for.
    """

    row: Row
    decided: tuple[Decided, ...]
    part: int
    heard: int

    @property
    def surprise(self) -> float:
        """Bits of the whole row: minus the binary logarithm of its chance as the network says it."""
        return sum(surprise(softmax(each.logits), each.value) for each in self.decided)

    @property
    def entropy(self) -> float:
        """Bits: the entropies of its decisions, each given those that were taken before it, added up."""
        return sum(entropy(softmax(each.logits)) for each in self.decided)


@dataclass(frozen=True)
class Look:
    """A take, its rows, and all that was heard of each part (T rows), prompt and written rows together.

    `starts` are the ticks from which the parts' windows count, and `home` the semitones by which the seed was moved
    before it was heard: pitches of rows are those of the home key.
    """

    take: Take
    steps: tuple[Step, ...]
    parts: tuple[Heard, ...]
    starts: tuple[int, ...]
    home: int


def look(seed: Reading, request: Request, shelved: Shelved, turns: Sequence[Turn] = ()) -> Look:
    """Write a take and tell of every decision; BadRequest where a turn is not possible."""
    writer = new_writer(seed, request, shelved)
    assert isinstance(writer.drafter, NoteDrafter), "every network spells notes"
    watching = _Watching({(turn.row, turn.decision): turn.value for turn in turns})
    writer.drafter.watch = watching
    take = writer.finish()
    if watching.turns:
        raise BadRequest("The take has no such note any more, so that it cannot branch there. Choose another note.")
    parts = tuple(joined(part) for part in watching.parts)
    return Look(take, tuple(watching.steps), parts, tuple(watching.starts), writer.home.semitones)


def branched(turns: Sequence[Turn], turn: Turn) -> tuple[Turn, ...]:
    """The turns of a branch: those that stood before it, and it."""
    before = [each for each in turns if (each.row, each.decision) < (turn.row, turn.decision)]
    return (*before, turn)


@dataclass
class _Watching:
    """What is told of one take while it is written."""

    turns: dict[tuple[int, int], int]
    steps: list[Step] = field(default_factory=list)
    parts: list[list[Heard]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    _decided: list[Decided] = field(default_factory=list)

    def begin(self, heard: RowsHeard) -> None:
        """See `Watch.begin`."""
        self.parts.append([heard.heard[0]])
        self.starts.append(heard.listeners[0].bars.starts[0])

    def decide(self, decided: Decided) -> int:
        """See `Watch.decide`."""
        value = self.turns.pop((len(self.steps), decided.decision), decided.value)
        if value not in decided.left:
            raise BadRequest(
                f"The {DECISIONS[decided.decision]} that was chosen is closed here: a mask leaves it no chance. "
                "Choose one that can be drawn."
            )
        self._decided.append(Decided(decided.decision, decided.logits, decided.left, value))
        return value

    def end(self, row: Row, heard: Heard | None) -> None:
        """See `Watch.end`."""
        rows = sum(len(each) for each in self.parts[-1])
        self.steps.append(Step(row, tuple(self._decided), len(self.parts) - 1, rows))
        self._decided = []
        if heard is not None:
            self.parts[-1].append(heard)
