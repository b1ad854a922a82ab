"""The yardstick of originality: how long the matches are between people's own tunes.

Lines that were held out are cut into passages of `SPANS` notes, and each passage is matched with the fingerprints as a
take would be. A table (S, T) counts the passages of each span by the length of their match in notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from composer.analysis.fingerprints import Fingerprints
from composer.analysis.matching import closest, longest_exact, rows_of
from composer.analysis.ngrams import Ints, Line

SPANS = (16, 32, 64, 128, 256)  # notes of a passage
_TABLE = 260  # lengths of matches told apart; longer ones count as the longest
_FEWEST = 20  # passages that make a yardstick


def measured(known: Fingerprints, held_out: Iterable[Line]) -> Fingerprints:
    """The fingerprints with the tables "exact" and "close" of held-out lines."""
    tables = {name: np.zeros((len(SPANS), _TABLE), np.uint32) for name in ("exact", "close")}
    for line in held_out:
        for row, span in enumerate(SPANS):
            for passage in _passages(line, span):
                rows = rows_of(passage, known)
                exact, close = longest_exact(passage, known, rows), closest(passage, known, rows)
                for name, match in (("exact", exact), ("close", close)):
                    tables[name][row, min(match.notes if match else 0, _TABLE - 1)] += 1
    return replace(known, yardsticks=tables)


def _passages(line: Line, span: int, most: int = 2) -> Iterator[Line]:
    """At most so many passages of a line, side by side in its middle."""
    count = min(most, len(line) // span)
    start = (len(line) - count * span) // 2
    for k in range(count):
        part = slice(start + k * span, start + (k + 1) * span)
        yield Line(line.onsets[part], line.pitches[part], line.bars[part], line.voice)


def human_counts(known: Fingerprints, name: str, length: int) -> Ints | None:
    """How many of people's passages of about `length` notes have a match of 0, 1, 2 … notes; None where not measured.

    `name` is "exact" or "close".
    """
    table = known.yardsticks.get(name, np.zeros((len(SPANS), 1), np.uint32)).astype(np.int64)
    filled = [row for row in range(len(SPANS)) if table[row].sum() >= _FEWEST]
    if not filled:
        return None
    counts: Ints = table[min(filled, key=lambda row: abs(np.log(SPANS[row] / max(1, length))))]
    return counts


def percentile(counts: Ints, notes: int) -> float:
    """The share of people's passages whose match is shorter, those as long counting half."""
    at = min(notes, len(counts) - 1)
    return float((counts[:at].sum() + counts[at] / 2) / counts.sum())


def quantile(counts: Ints, share: float) -> int:
    """The length of match that a share of people's passages does not exceed."""
    return int(np.searchsorted(np.cumsum(counts), share * counts.sum()))
