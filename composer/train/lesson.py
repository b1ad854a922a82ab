"""What a network is taught: where examples come from, and how what was learned is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from composer.data.corpus import Piece, melody_piece, select
from composer.errors import NoTrainingMusic
from composer.events import Vocabulary, place_sizes
from composer.networks import TOKEN_NETWORKS, EventSizes, WritingNetwork
from composer.train.likelihood import measure
from composer.train.practice import NextToken, Practice
from composer.train.tasks import TaskSampler
from composer.train.windows import Example, Sampler, WindowSampler, to_sequence

Measured = tuple[Example, int]  # a piece, and how many notes share its surprise
_HELD_OUT, _OPENING = 400, 768  # pieces, and tokens of each: enough to decide when to stop


class Lesson(Protocol):
    """What the trainer needs to know of the music."""

    sizes: EventSizes
    unit: str  # of the surprise on held-out pieces, such as "nats a note"
    pace: ClassVar[Mapping[str, Any]]  # settings of `TrainConfig` that suit it better than the usual ones
    paces: ClassVar[Mapping[str, float]]  # shares of the learning rate, for parts of the network that learn slower

    @property
    def settings(self) -> Mapping[str, Any]:
        """Sizes of the network that are given already."""
        ...

    def prepare(self, network: WritingNetwork) -> None:
        """Put into a fresh network what is known already, and freeze it."""
        ...

    def practice(self, size: int, window: int) -> Practice:
        """What is done in every step, with `size` examples of at most `window` + 1 tokens."""
        ...

    def measure(self, network: WritingNetwork) -> float:
        """How badly a network does on held-out music, in `unit`; this decides when to stop."""
        ...

    def complete(self, network: WritingNetwork) -> None:
        """Work out what a network keeps beside what it learned, before it is saved."""
        ...

    def card(self) -> dict[str, Any]:
        """What a checkpoint's card says of the music: vocabulary, corpus, licence, pieces."""
        ...


class TokenLesson:
    """A lesson in predicting the next token: a subclass says where examples come from and what is held out."""

    pace: ClassVar[Mapping[str, Any]] = {}
    paces: ClassVar[Mapping[str, float]] = {}
    settings: ClassVar[Mapping[str, Any]] = {}

    def prepare(self, network: WritingNetwork) -> None:
        """See `Lesson`: nothing."""

    def sampler(self, window: int) -> Sampler:
        """Where examples of at most `window` + 1 tokens come from."""
        raise AssertionError(f"{type(self).__name__} has no examples")

    def held_out(self) -> Iterable[Measured]:
        """The pieces that decide when to stop."""
        raise AssertionError(f"{type(self).__name__} holds nothing out")

    def practice(self, size: int, window: int) -> Practice:
        """See `Lesson`."""
        return NextToken(self.sampler(window), size)

    def measure(self, network: WritingNetwork) -> float:
        """See `Lesson`: the surprise, shared among the notes."""
        return measure(network, self.held_out()).per_note

    def complete(self, network: WritingNetwork) -> None:
        """See `Lesson`: nothing."""


@dataclass
class MusicLesson(TokenLesson):
    """Pieces as events: whole pieces for a melody network, tasks in several voices as well for a polyphonic one."""

    network: str
    pieces: list[Piece]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    unit: str = "nats a note"

    def __post_init__(self) -> None:
        self.polyphonic = TOKEN_NETWORKS[self.network][0].polyphonic
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
        """See `TokenLesson`."""
        windows = WindowSampler(self._train, self.vocabulary, window)
        if not self.polyphonic:
            return windows
        return TaskSampler(select(self.pieces, "train"), windows, self.vocabulary, window)

    def held_out(self) -> Iterable[Measured]:
        """See `TokenLesson`."""
        every = -(-len(self._valid) // _HELD_OUT)
        return [sequence.opening(_OPENING, self.vocabulary) for sequence in self._valid[::every]]

    def card(self) -> dict[str, Any]:
        """See `Lesson`."""
        return {
            "vocabulary": self.vocabulary.to_card(),
            "pieces": len(self._train),
            **music_card(self.pieces),
        }


def music_card(pieces: Iterable[Piece]) -> dict[str, str]:
    """Where pieces are from, and their licences."""
    known = list(pieces)
    return {
        "corpus": ", ".join(sorted({piece.source for piece in known if piece.source})),
        "licence": "; ".join(sorted({piece.licence for piece in known if piece.licence})),
    }
