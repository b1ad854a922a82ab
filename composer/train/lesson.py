"""What a network is taught: where examples come from, and how what was learned is measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from composer.errors import NoTrainingMusic
from composer.events import Vocabulary, place_sizes
from composer.networks import NETWORKS, EventSizes
from composer.train.corpus import Piece, melody_piece, select
from composer.train.tasks import TaskSampler
from composer.train.windows import Example, Sampler, WindowSampler, to_sequence

Measured = tuple[Example, int]  # a piece, and how many notes share its surprise
_HELD_OUT, _OPENING = 400, 768  # pieces, and tokens of each: enough to decide when to stop


class Lesson(Protocol):
    """What the trainer needs to know of the music."""

    sizes: EventSizes
    unit: str  # of the surprise on held-out pieces, such as "nats a note"

    def sampler(self, window: int) -> Sampler:
        """Where examples of at most `window` + 1 tokens come from."""
        ...

    def held_out(self) -> Iterable[Measured]:
        """The pieces that decide when to stop."""
        ...

    def card(self) -> dict[str, Any]:
        """What a checkpoint's card says of the music: vocabulary, corpus, licence, pieces."""
        ...


@dataclass
class MusicLesson:
    """Pieces as events: whole pieces for a melody network, tasks in several voices as well for a polyphonic one."""

    network: str
    pieces: list[Piece]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    unit: str = "nats a note"

    def __post_init__(self) -> None:
        self.polyphonic = NETWORKS[self.network][0].polyphonic
        if not self.polyphonic:
            self.pieces = [melody_piece(piece) for piece in self.pieces]
        self.sizes = EventSizes(self.vocabulary.size, place_sizes(self.vocabulary))
        self._train, self._valid = (self._sequences(split) for split in ("train", "valid"))

    def _sequences(self, split: str) -> list[Any]:
        chosen = [to_sequence(piece, self.vocabulary) for piece in select(self.pieces, split)]
        if not chosen:
            raise NoTrainingMusic(f"No piece fell into the {split} split; add more pieces to the folder.")
        return chosen

    def sampler(self, window: int) -> Sampler:
        """See `Lesson`."""
        windows = WindowSampler(self._train, self.vocabulary, window)
        if not self.polyphonic:
            return windows
        return TaskSampler(select(self.pieces, "train"), windows, self.vocabulary, window)

    def held_out(self) -> Iterable[Measured]:
        """See `Lesson`."""
        every = -(-len(self._valid) // _HELD_OUT)
        return [sequence.opening(_OPENING, self.vocabulary) for sequence in self._valid[::every]]

    def card(self) -> dict[str, Any]:
        """See `Lesson`."""
        return {
            "vocabulary": self.vocabulary.to_card(),
            "corpus": ", ".join(sorted({piece.source for piece in self.pieces if piece.source})),
            "licence": "; ".join(sorted({piece.licence for piece in self.pieces if piece.licence})),
            "pieces": len(self._train),
        }
