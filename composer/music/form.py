"""In which order the bars of a piece are played: repeats, endings, D.C., D.S., coda and fine.

Bars are numbered from 0. A repeat without a beginning goes back to the end of the repeat before it. After a jump
(D.C., D.S.) repeats are not taken again and the last endings are played, as musicians do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from composer.errors import UnreadableMusic
from composer.music.limits import LIMITS


@dataclass(slots=True)
class Signs:
    """What stands at one bar. `begins` at its left, `ends` at its right: how often in all what it ends is played."""

    begins: int = 0  # a repeat begins; the number says how often it is played, where its end says less
    ends: int = 0
    endings: frozenset[int] = frozenset()  # the passes in which the bar is played; all, where there are none
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    fine: bool = False
    jump: str = ""  # "capo" or "segno", at the bar's end

    def join(self, other: Signs) -> None:
        """Take over what another part has at the same bar."""
        self.begins = max(self.begins, other.begins)
        self.ends = max(self.ends, other.ends)
        self.endings = self.endings or other.endings
        self.segno |= other.segno
        self.coda |= other.coda
        self.to_coda |= other.to_coda
        self.fine |= other.fine
        self.jump = self.jump or other.jump


def order_of(signs: Sequence[Signs]) -> list[int]:
    """The numbers of the bars as they are played; UnreadableMusic where they are too many."""
    return _Player(_settled(signs)).play()


def _settled(signs: Sequence[Signs]) -> Sequence[Signs]:
    """Where two codas stand and nothing says "to coda", the first is where one leaves."""
    marked = [sign for sign in signs if sign.coda]
    if len(marked) > 1 and not any(sign.to_coda for sign in signs):
        marked[0].coda, marked[0].to_coda = False, True
    return signs


class _Player:
    def __init__(self, signs: Sequence[Signs]) -> None:
        self.signs = signs
        self.last = _last_endings(signs)
        self.first = 0  # of the section being repeated
        self.turn = 1
        self.jumped = False

    def play(self) -> list[int]:
        played: list[int] = []
        at, before = 0, 0
        while at < len(self.signs):
            signs = self.signs[at]
            if at == before + 1 and self.signs[before].endings and not signs.endings and not self.jumped:
                self._section(at)  # the endings are over, and with them their section
            if signs.begins and at != self.first and not self.jumped:
                self._section(at)
            before = at
            if signs.endings and not self._is_played(at):
                at += 1
                continue
            played.append(at)
            if len(played) > LIMITS["bars"]:
                raise UnreadableMusic(
                    f"With its repeats this piece has more than {LIMITS['bars']} bars. Write fewer of them out."
                )
            if self.jumped and signs.fine:
                break
            at = self._after(at)
        return played

    def _after(self, at: int) -> int:
        """The bar that follows, in play."""
        signs = self.signs[at]
        if self.jumped:
            coda = self._target("coda", at)
            return coda if signs.to_coda and coda is not None else at + 1
        if signs.ends and self.turn < max(signs.ends, self.signs[self.first].begins, self.last[at]):
            self.turn += 1
            return self.first
        if signs.ends:
            self._section(at + 1)
        if signs.jump:
            self.jumped = True
            return (self._target("segno", at, back=True) or 0) if signs.jump == "segno" else 0
        return at + 1

    def _section(self, at: int) -> None:
        self.first, self.turn = at, 1

    def _is_played(self, at: int) -> bool:
        turn = self.last[at] if self.jumped else self.turn
        return turn in self.signs[at].endings

    def _target(self, what: str, at: int, back: bool = False) -> int | None:
        """The nearest bar with a segno before, or with a coda after, a bar."""
        where = range(at, -1, -1) if back else range(at + 1, len(self.signs))
        return next((bar for bar in where if getattr(self.signs[bar], what)), None)


def _last_endings(signs: Sequence[Signs]) -> list[int]:
    """For each bar the last pass of the endings that stand next to one another there; 0 outside."""
    last = [0] * len(signs)
    at = 0
    while at < len(signs):
        end = at
        while end < len(signs) and signs[end].endings and not (end > at and signs[end].begins):
            end += 1
        if end > at:
            last[at:end] = [max(max(signs[bar].endings) for bar in range(at, end))] * (end - at)
        at = max(end, at + 1)
    return last
