"""The one writing loop: every network, every task, every face of Motif goes through `write`.

A prompt is read once; each take begins from the state after it, with a random source of its own. The caller iterates:
stopping is closing the iterator, and nothing is shared between two loops but the network's frozen weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from composer.events import Clock, Vocabulary
from composer.networks import State, WritingNetwork
from composer.writing.sampling import Floats, Mask, Sampling, draw, probabilities


class Grammar(Protocol):
    """What may follow, and when it is enough: see `constraints`."""

    @property
    def finished(self) -> bool:
        """Whether nothing is left to write."""
        ...

    def allowed(self, last: int, clock: Clock) -> Mask:
        """The tokens (V,) that may follow `last`."""
        ...

    def read(self, token: int, clock: Clock) -> None:
        """Take note of a token that was written, after the clock has read it."""
        ...


class TimedGrammar(Grammar, Protocol):
    """A grammar that knows where in the score the clock stands, so that others can be built on it."""

    def now(self, clock: Clock) -> int:
        """The tick in the score at which the clock stands."""
        ...


@dataclass(frozen=True)
class Prompt:
    """What is given: tokens, the length of a bar at the beginning, and the bars to write, counted like the clock's."""

    tokens: tuple[int, ...]
    bar_ticks: int
    last_bar: int | None
    write_bar: int = 0

    def clock(self, vocabulary: Vocabulary) -> Clock:
        """A clock at the beginning."""
        return Clock(vocabulary, self.bar_ticks, self.last_bar, self.write_bar)


@dataclass(frozen=True)
class PromptRead:
    """A network that has read a prompt: the logits (V,) of what comes next, and its state."""

    prompt: Prompt
    logits: Floats
    state: State


@torch.inference_mode()
def read_prompt(
    network: WritingNetwork, vocabulary: Vocabulary, prompt: Prompt, state: State | None = None
) -> PromptRead:
    """Let the network read the given tokens, once for all takes; `state` is one to begin from, if any."""
    places = prompt.clock(vocabulary).read_all(prompt.tokens)
    tokens = torch.tensor([prompt.tokens])  # (1, T)
    logits, state = network(tokens, torch.from_numpy(places.astype(np.int64))[None], state)
    return PromptRead(prompt, logits[0, -1].double().numpy(), state)


def write(
    network: WritingNetwork,
    vocabulary: Vocabulary,
    read: PromptRead,
    grammar: Grammar,
    sampling: Sampling,
    random: np.random.Generator,
) -> Iterator[int]:
    """Write tokens after a prompt until the grammar is satisfied."""
    clock = read.prompt.clock(vocabulary)
    clock.read_all(read.prompt.tokens)
    last, logits, state = read.prompt.tokens[-1], read.logits, read.state
    while not grammar.finished:
        last = draw(probabilities(logits, grammar.allowed(last, clock), sampling), random)
        place = clock.read(last)
        grammar.read(last, clock)
        yield last
        if not grammar.finished:
            logits, state = _step(network, last, place, state)


@torch.inference_mode()
def _step(network: WritingNetwork, token: int, place: tuple[int, ...], state: State) -> tuple[Floats, State]:
    """The logits (V,) after one more token."""
    logits, state = network(torch.tensor([[token]]), torch.tensor([[place]]), state)
    return logits[0, 0].double().numpy(), state
