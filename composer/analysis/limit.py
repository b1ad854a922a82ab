"""Matches forbidden while they arise: which next notes would make a row that an onset learned from has too.

A row that is being copied is known by its fingerprints alone. It may be longer than they show, up to the next
fingerprint on either side that does not agree; a note is forbidden where the row could become too long that way, so
that the limit holds for the true row as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from composer.analysis.fingerprints import WINDOW, Fingerprints
from composer.analysis.matching import Allowed
from composer.analysis.ngrams import NOTES, Hashes, Ints, extended, interval_code, pace_code
from composer.analysis.originality import Memory

SHORTEST = NOTES + 2 * (WINDOW - 1)  # the least limit: one n-gram alone is never forbidden


@dataclass(frozen=True)
class _Copy:
    """A row that is being copied: its last fingerprint, that one's place in the line, and where the row may begin."""

    fingerprint: int
    at: int
    start: int


class MatchLimit:
    """One line that is being written, and what it may not go on with. `most` is the longest row allowed, in notes."""

    def __init__(self, memory: Memory, most: int) -> None:
        self.memory, self.most = memory, most
        self.onsets: list[int] = []
        self.pitches: list[int] = []
        nothing: list[list[_Copy]] = [[] for _ in memory.parts]
        self._copies = [nothing]  # after each note, for each part of the memory

    def forbidden(self, onset: int, pitches: Ints) -> Allowed:
        """Which of some pitches (K,) may not come next, at `onset`. Below a note that begins there anything may."""
        count = self._before(onset)
        too_long = np.zeros(len(pitches), bool)
        ngrams = self._ngrams(count, onset, pitches)
        if ngrams is None:
            return too_long
        for (known, lines), copies in zip(self.memory.parts, self._copies[count], strict=True):
            choices, found = _found(known, lines, ngrams)
            for copy in copies:
                following = (found == copy.fingerprint + 1) & (known.line[found] == known.line[copy.fingerprint])
                wait = count + 1 - NOTES - copy.at
                following &= known.step[found] - known.step[copy.fingerprint] == wait
                for choice, fingerprint in zip(choices[following], found[following], strict=True):
                    too_long[choice] |= self._end(known, int(fingerprint), count) - copy.start > self.most
        if count < len(self.onsets):
            too_long &= pitches > self.pitches[-1]
        return too_long

    def add(self, onset: int, pitch: int) -> None:
        """Take note of what was written. Of notes that begin together the highest counts."""
        count = self._before(onset)
        if count < len(self.onsets):
            if pitch <= self.pitches[-1]:
                return
            del self.onsets[-1], self.pitches[-1], self._copies[-1]
        ngrams = self._ngrams(count, onset, np.array([pitch]))
        self.onsets.append(onset)
        self.pitches.append(pitch)
        before = self._copies[-1]
        parts = zip(self.memory.parts, before, strict=True)
        self._copies.append([self._read(known, lines, copies, ngrams) for (known, lines), copies in parts])

    def _before(self, onset: int) -> int:
        """How many notes come before `onset`."""
        return len(self.onsets) - (bool(self.onsets) and self.onsets[-1] == onset)

    def _ngrams(self, count: int, onset: int, pitches: Ints) -> Hashes | None:
        """The n-grams (K,) that end with each pitch after the first `count` notes; None before there is one."""
        if count + 1 < NOTES:
            return None
        first = count + 1 - NOTES
        onsets = np.array([*self.onsets[first:count], onset])
        waits = np.maximum(1, np.diff(onsets))
        intervals = interval_code(np.diff(np.array(self.pitches[first:count])))
        paces = pace_code(waits[:-1], waits[1:])
        prefix = [(int(intervals[0]), 0), *zip(intervals[1:].tolist(), paces[:-1].tolist(), strict=True)]
        return extended(prefix, interval_code(pitches - self.pitches[count - 1]), int(paces[-1]))

    def _read(
        self, known: Fingerprints, lines: Allowed | None, copies: list[_Copy], ngrams: Hashes | None
    ) -> list[_Copy]:
        """The rows that are being copied after one more note."""
        at = len(self.onsets) - NOTES
        if ngrams is None:
            return []
        _, found = _found(known, lines, ngrams)
        begun = {(copy.fingerprint + 1, at - copy.at): copy.start for copy in copies}
        fresh = []
        for fingerprint in found.tolist():
            wait, gap = 0, at
            if fingerprint and known.line[fingerprint - 1] == known.line[fingerprint]:
                wait = int(known.step[fingerprint] - known.step[fingerprint - 1])
                gap = wait - 1  # the fingerprint before does not agree, so that the row begins after its first note
            start = begun.get((fingerprint, wait), max(0, at - min(gap, int(known.step[fingerprint]))))
            fresh.append(_Copy(fingerprint, at, start))
        return [*fresh, *(copy for copy in copies if at - copy.at < known.window)]

    def _end(self, known: Fingerprints, fingerprint: int, count: int) -> int:
        """The note before which a row must end that agrees with a fingerprint whose last note is number `count`."""
        following = fingerprint + 1
        if following < len(known.line) and known.line[following] == known.line[fingerprint]:
            return count + int(known.step[following] - known.step[fingerprint])
        return count + known.window


def _found(known: Fingerprints, lines: Allowed | None, ngrams: Hashes) -> tuple[Ints, Ints]:
    choices, found = known.find(ngrams)
    if lines is None:
        return choices, found
    keep = lines[known.line[found]]
    return choices[keep], found[keep]
