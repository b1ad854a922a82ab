"""The originality receipt: the longest passage of a take that its network can have learned by heart.

It sees the highest notes of each voice, by pitch and time alone. What it cannot see: chords and accompaniments,
likeness of form or mood, passages shorter than six notes, and music that the network did not learn from.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from composer.analysis.fingerprints import FOLDER, Fingerprints, Known, load_fingerprints
from composer.analysis.matching import Allowed, Match, closest, longest_exact, rows_of
from composer.analysis.ngrams import NOTES, Line, stretches
from composer.analysis.yardstick import human_counts, percentile, quantile
from composer.errors import BadRequest

USUAL = 0.95  # the share of people's passages within which a match is nothing to wonder at


@dataclass(frozen=True)
class Memory:
    """What a network learned from: fingerprints, and which of their lines it was shown (None: all)."""

    parts: tuple[tuple[Fingerprints, Allowed | None], ...]

    @property
    def pieces(self) -> int:
        """How many pieces there are to compare with."""
        return sum(
            len(set(known.piece[lines].tolist())) if lines is not None else len(known.pieces)
            for known, lines in self.parts
        )

    def present(self, name: str) -> Memory:
        """Itself; BadRequest where there is nothing to compare `name` with."""
        if not self.parts:
            raise BadRequest(
                f"There are no fingerprints of what {name} learned from. Make them with 'composer fingerprints'."
            )
        return self

    @classmethod
    def everything(cls, checkpoints: Path) -> Memory:
        """All fingerprints beside a folder of checkpoints."""
        return cls(tuple((load_fingerprints(path), None) for path in _files(checkpoints)))

    @classmethod
    def of_network(
        cls, checkpoint: Path, corpus: str, polyphonic: bool, kept_out: Iterable[Sequence[str]] = ()
    ) -> Memory:
        """What one network was shown: its own fingerprints, or those of the sources its card names.

        A network of melodies has not seen the inner voices of a piece; `kept_out` are names and sources of pieces that
        it has not seen at all.
        """
        own = checkpoint.parent / FOLDER / checkpoint.name
        if own.exists():
            return cls(((load_fingerprints(own), None),))
        sources = frozenset(name.strip() for name in corpus.split(",") if name.strip())
        loaded = [load_fingerprints(path) for path in _files(checkpoint.parent)]
        without = frozenset(Known(name, source) for name, source in kept_out)
        shown = [(known, known.of_sources(sources, without)) for known in loaded if polyphonic or known.melodies]
        return cls(tuple((known, lines) for known, lines in shown if lines.any()))


def _files(checkpoints: Path) -> list[Path]:
    return sorted((checkpoints / FOLDER).glob("*.safetensors"))


@dataclass(frozen=True)
class Receipt:
    """What was found: the longest exact match and the closest, and how they compare with people's own.

    `notes` is the length of the longest line looked at. `exact_percentile` and `close_percentile` say which share of
    people's passages of about that length have a shorter match; `usual` is the length of exact match that 95 % of them
    do not exceed. They are None where there is nothing to compare with.
    """

    notes: int
    pieces: int
    exact: Match | None
    close: Match | None
    exact_percentile: float | None
    close_percentile: float | None
    usual: int | None

    @property
    def sentences(self) -> list[str]:
        """The receipt in words."""
        return [*self._found(), *self._compared(), self._sight()]

    def _found(self) -> list[str]:
        if self.exact is None:
            return [f"No {NOTES} notes in a row stand in any of the {self.pieces} pieces learned from."]
        found = [f"Longest passage found note for note: {_told(self.exact)}."]
        if self.close and self.close.notes > self.exact.notes:
            changed = self.close.span - self.close.notes
            if changed:
                found.append(f"Closest with a few changes: {_told(self.close)}, {changed} of them changed or added.")
            else:  # the rows meet, and only the way from the one into the other is another
                found.append(f"Closest with a few changes: {_told(self.close)}, a step or two between them changed.")
        return found

    def _compared(self) -> list[str]:
        if self.exact_percentile is None or self.usual is None:
            return []
        length = self.exact.notes if self.exact else 0
        if length <= self.usual:
            return [
                f"That is within what is usual: of people's own passages as long, {1 - self.exact_percentile:.0%} "
                "share as many notes or more with these pieces."
            ]
        return [
            f"That is more than usual: {USUAL:.0%} of people's own passages as long share no more than "
            f"{self.usual} notes with these pieces."
        ]

    def _sight(self) -> str:
        return (
            f"Compared in any key and at any speed with {self.pieces:,} pieces; chords, form and music from elsewhere "
            "are not looked at."
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "notes": self.notes,
            "pieces": self.pieces,
            "exact": self.exact.to_json() if self.exact else None,
            "close": self.close.to_json() if self.close else None,
            "percentile": {"exact": _rounded(self.exact_percentile), "close": _rounded(self.close_percentile)},
            "usual": self.usual,
            "sentences": self.sentences,
        }


def receipt_of(lines: Collection[Line], memory: Memory) -> Receipt:
    """The receipt of some lines."""
    exact: list[tuple[Match, Fingerprints]] = []
    close: list[tuple[Match, Fingerprints]] = []
    for begin, part in itertools.chain.from_iterable(map(stretches, lines)):
        for known, allowed in memory.parts:
            rows = rows_of(part, known, allowed)
            for found, of_kind in ((exact, longest_exact), (close, closest)):
                if match := of_kind(part, known, rows):
                    found.append((replace(match, start=match.start + begin), known))
    notes = max((len(line) for line in lines), default=0)
    return _receipt(notes, memory, _longest(exact), _longest(close))


def _longest(found: Sequence[tuple[Match, Fingerprints]]) -> tuple[Match, Fingerprints] | None:
    return max(found, key=lambda pair: (2 * pair[0].notes - pair[0].span, pair[0].notes), default=None)


def _receipt(
    notes: int,
    memory: Memory,
    exact: tuple[Match, Fingerprints] | None,
    close: tuple[Match, Fingerprints] | None,
) -> Receipt:
    first = memory.parts[0][0] if memory.parts else None
    (exactly, here), (closely, there) = exact or (None, first), close or (None, first)
    people = human_counts(here, "exact", notes) if here else None
    nearly = human_counts(there, "close", notes) if there else None
    return Receipt(
        notes=notes,
        pieces=memory.pieces,
        exact=exactly,
        close=closely,
        exact_percentile=None if people is None else percentile(people, exactly.notes if exactly else 0),
        close_percentile=None if nearly is None else percentile(nearly, closely.notes if closely else 0),
        usual=None if people is None else quantile(people, USUAL),
    )


def _told(match: Match) -> str:
    bars = f"{match.bars} bar{'' if match.bars == 1 else 's'}"
    return (
        f"{match.span} notes ({bars}) from bar {match.bar + 1}, as in {match.piece.said} "
        f"from its bar {match.piece_bar + 1}"
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
