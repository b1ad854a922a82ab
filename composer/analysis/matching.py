"""What a line shares with the fingerprints: exact rows, and rows with a few changes.

    exact   notes that stand in a piece one after the other, transposed or played slower or not
    close   such rows joined where a few notes are changed, added or left out: notes matched less what is passed over

Winnowing leaves out up to two n-grams between two that are kept, so that an exact row may in truth be up to two notes
longer at either end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from composer.analysis.fingerprints import Fingerprints, Known
from composer.analysis.ngrams import NOTES, Ints, Line, hashes

_REACH = 8  # notes that a close match may pass over at once
_SHIFT = 3  # notes that may have been added or left out there
_PASSED = 0.5  # what a note passed over costs, of what a matched note earns
_CANDIDATES, _ROWS = 40, 400  # lines looked at closely, and rows of one

Allowed = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Match:
    """A passage of a line that stands in a piece: `notes` matched of `span`, from note `start` of the line.

    `bar` and `until` are the first and last bar of the passage in the take, `piece_bar` its first in the piece, all
    from 0; `first` and `last` the onsets of its first and last note in the take, in ticks.
    """

    notes: int
    span: int
    start: int
    voice: int
    piece: Known
    piece_bar: int
    bar: int
    until: int
    first: int
    last: int

    @property
    def bars(self) -> int:
        """How many bars of the take it reaches into."""
        return self.until - self.bar + 1

    def to_json(self) -> dict[str, Any]:
        """Plain values; notes, bars and voices from 1, as people count."""
        values = asdict(self)
        values |= {"piece": self.piece.name, "source": self.piece.source, "bars": self.bars}
        return values | {name: values[name] + 1 for name in ("voice", "bar", "until", "piece_bar", "start")}


@dataclass(frozen=True)
class Row:
    """An exact row: notes `start` to `end` (exclusive) of the query, at note `place` and bar `bar` of line `line`."""

    line: int
    start: int
    end: int
    place: int
    bar: int


@dataclass(frozen=True)
class Rows:
    """Every exact row of a query: a `Row` in columns (R,)."""

    line: Ints
    start: Ints
    end: Ints
    place: Ints
    bar: Ints

    def __len__(self) -> int:
        return len(self.line)

    def row(self, number: int) -> Row:
        """One of them."""
        columns = (self.line, self.start, self.end, self.place, self.bar)
        return Row(*(int(column[number]) for column in columns))

    def some(self, numbers: Ints) -> Rows:
        """Those of these numbers, in their order."""
        return Rows(*(column[numbers] for column in (self.line, self.start, self.end, self.place, self.bar)))


def rows_of(line: Line, known: Fingerprints, lines: Allowed | None = None) -> Rows:
    """Every exact row that a line shares with the fingerprints, of the allowed lines (L,) only."""
    places, found = known.find(hashes(line))
    if lines is not None:
        keep = lines[known.line[found]]
        places, found = places[keep], found[keep]
    shift = known.step[found] - places
    order = np.lexsort((found, shift, known.line[found]))
    places, found, shift = places[order], found[order], shift[order]
    goes_on = (np.diff(found) == 1) & (np.diff(shift) == 0) & (np.diff(known.line[found]) == 0)
    first = np.flatnonzero(np.r_[np.ones(min(1, len(found)), bool), ~goes_on])
    last = np.r_[first[1:], len(found)][: len(first)] - 1
    begun = found[first]
    return Rows(known.line[begun], places[first], places[last] + NOTES, known.step[begun], known.bar[begun])


def longest_exact(line: Line, known: Fingerprints, rows: Rows) -> Match | None:
    """The longest row; None where not even `NOTES` notes are shared."""
    if not len(rows):
        return None
    return _match(line, known, [rows.row(int(np.argmax(rows.end - rows.start)))])


def closest(line: Line, known: Fingerprints, rows: Rows) -> Match | None:
    """The row with a few changes that matches most, by dynamic programming over the exact rows of one line at a time.

    Looked at are the lines that share most.
    """
    if not len(rows):
        return None
    shared = np.bincount(rows.line, weights=rows.end - rows.start - NOTES + 1)
    likely = np.argsort(-shared, kind="stable")[:_CANDIDATES]
    chains = []
    for number in likely[shared[likely] > 0]:
        mine = np.flatnonzero(rows.line == number)
        longest = mine[np.argsort(rows.start[mine] - rows.end[mine], kind="stable")[:_ROWS]]
        chains.append(_best_chain(rows.some(longest[np.lexsort((rows.start[longest], rows.end[longest]))])))
    return _match(line, known, max(chains, key=lambda scored: scored[0])[1])


def _best_chain(group: Rows) -> tuple[float, list[Row]]:
    """The rows, each after the one before, that together earn most, and what they earn."""
    earned = group.end - group.start
    scores, before = [float(notes) for notes in earned], [-1] * len(group)
    for two, one, gained in _links(group):  # each row's score is known before it is asked for
        if scores[one] + gained > scores[two]:
            scores[two], before[two] = scores[one] + gained, one
    at = scores.index(max(scores))
    best, chain = scores[at], []
    while at >= 0:
        chain.append(group.row(at))
        at = before[at]
    return best, chain[::-1]


def _links(group: Rows) -> Iterator[tuple[int, int, float]]:
    """A row, one that it may follow, and what it adds then; the rows of a group are sorted by their ends."""
    start, end, place = group.start, group.end, group.place
    here = start[:, None] - end  # (R, R): notes passed over in the take, less than 0 where they overlap
    there = place[:, None] - (place + end - start)  # and in the piece
    follows = (np.maximum(here, there) <= _REACH) & (np.abs(there - here) <= _SHIFT)
    follows &= (start[:, None] > start) & (place[:, None] > place)
    overlap, passed = np.maximum(0, -np.minimum(here, there)), np.maximum(0, np.maximum(here, there))
    gained = (end - start)[:, None] - overlap - _PASSED * passed
    two, one = np.nonzero(np.tril(follows & (gained > 0), -1))
    return zip(two.tolist(), one.tolist(), gained[two, one].tolist(), strict=True)


def _match(line: Line, known: Fingerprints, chain: Sequence[Row]) -> Match:
    first, last = chain[0], chain[-1]
    return Match(
        notes=len({note for row in chain for note in range(row.start, row.end)}),
        span=last.end - first.start,
        start=first.start,
        voice=line.voice,
        piece=known.pieces[int(known.piece[first.line])],
        piece_bar=first.bar,
        bar=int(line.bars[first.start]),
        until=int(line.bars[last.end - 1]),
        first=int(line.onsets[first.start]),
        last=int(line.onsets[last.end - 1]),
    )
