"""What a network is taught: where examples come from, and how what was learned is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

from composer.networks import EventSizes, WritingNetwork
from composer.train.likelihood import measure
from composer.train.practice import NextToken, Practice
from composer.train.windows import Example, Sampler

Measured = tuple[Example, int]  # a piece, and how many notes share its surprise


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
