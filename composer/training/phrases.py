"""Learning to hear phrases as points and to write them from points: the evidence lower bound.

The loss is reconstruction + β · KL to a standard normal, in nats a note. Against posterior collapse β rises from 0, the
first nats of every dimension are free (Kingma et al. 2016), and some of the rows that the decoder stands on are hidden
(word dropout, Bowman et al. 2016), so that it must look at z.

Axes: B phrases, T rows, S cells, D latent dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from composer.data.phrases import PhraseExample, PhraseSource
from composer.events.features import Heard
from composer.events.rows import CHORD_MOVE, DURATION, END, MOVE, decisions_of
from composer.networks.latent import Notes
from composer.networks.notes import RowHead
from composer.networks.prior import RETURNS
from composer.networks.vae import Vae
from composer.training.landscape import fit_gaussians, fit_succession, principal_axes
from composer.training.notes import NoteBatch
from composer.training.objective import Objective
from composer.training.successions import Successions

_HIDDEN = 0.06  # share of the rows that are hidden
_FREE = 0.02  # nats a dimension
_AT_ONCE = 64  # held-out phrases
_FITTED = 16_384  # phrases that tell which points are likely
_FOLLOWED = 1_000  # melodies that tell what follows what
_SHORT = 64  # rows
_RISING = 0.5  # the share of the steps in which β rises from 0
BETA = 0.15


@dataclass(frozen=True)
class PhraseBatch:
    """Phrases side by side: what is heard and asked, the notes that the encoder hears, and when each phrase is.

    `begins` and `lasts` (B, 1) are in quarters.
    """

    asked: NoteBatch
    notes: Notes
    begins: Tensor
    lasts: Tensor

    @classmethod
    def of(cls, phrases: Sequence[PhraseExample], hidden: np.random.Generator | None = None) -> PhraseBatch:
        """With a random source some rows are hidden from the decoder."""
        examples = [phrase.example for phrase in phrases]
        if hidden is not None:
            examples = [replace(e, heard=_partly(e.heard, e.asked, hidden)) for e in examples]
        begins, lasts = (torch.tensor([[getattr(p, name)] for p in phrases]) for name in ("begins", "lasts"))
        return cls(NoteBatch.of(examples), Notes.of([phrase.notes for phrase in phrases]), begins, lasts)

    def to(self, device: str) -> PhraseBatch:
        """The same on a device."""
        return PhraseBatch(self.asked.to(device), self.notes.to(device), self.begins.to(device), self.lasts.to(device))

    def cells(self, count: int) -> Tensor:
        """When each cell (B, S) begins, in quarters."""
        return cell_times(self.begins, self.lasts, count)


def cell_times(begins: Tensor, lasts: Tensor, count: int) -> Tensor:
    """When so many cells (B, S) begin, of phrases that begin and last (B, 1) so many quarters."""
    return begins + lasts * torch.arange(count, device=begins.device) / count


def _partly(heard: Heard, asked: np.ndarray[tuple[int], np.dtype[np.bool_]], random: np.random.Generator) -> Heard:
    hidden = asked & (random.random(len(asked)) < _HIDDEN)
    fields, slots = heard.fields.copy(), heard.slots.copy()
    fields[hidden], slots[hidden] = 0, 0
    return replace(heard, fields=fields, slots=slots)


@dataclass(frozen=True)
class Terms:
    """The terms of the bound for a batch: nats (N, decisions) of the rows asked for, and divergence (B, D) in nats."""

    nats: Tensor
    divergence: Tensor


def terms_of(network: Vae, batch: PhraseBatch) -> Terms:
    """The terms, at a point drawn for each phrase."""
    asked = batch.asked
    # The fused kernel's way back is slow on sequences as short as most phrases.
    kernel = sdpa_kernel(SDPBackend.MATH) if asked.rows.shape[1] < _SHORT else nullcontext()
    with kernel:
        z, divergence = _drawn(network, batch)
        context = network.decode(z, batch.cells(network.config.cells), asked.heard)
    nats = network.head.surprise(context[asked.asked], asked.rows[asked.asked], asked.heard.last[asked.asked])
    return Terms(nats, divergence)


def _drawn(network: Vae, batch: PhraseBatch) -> tuple[Tensor, Tensor]:
    mean, log_variance = network.encode(batch.notes)
    z = mean + torch.randn_like(mean) * (log_variance / 2).exp()
    return z, 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)


class PhraseObjective(Objective):
    """Hear a phrase as a point and write it again; measured is reconstruction + β · KL."""

    unit = "weighed nats a note"

    def __init__(self, source: PhraseSource, valid: PhraseSource, size: int, pool: int = 12, most: int = 768) -> None:
        self.source, self.size, self.drawn = source, size, pool
        held_out = valid.held_out(most)
        self.valid = [PhraseBatch.of(held_out[i : i + _AT_ONCE]) for i in range(0, len(held_out), _AT_ONCE)]

    def pool(self, random: np.random.Generator) -> list[PhraseBatch]:
        """Batches of `size` phrases."""
        return [PhraseBatch.of(phrases, random) for phrases in self.source.pool(self.size, self.drawn, random)]

    def loss(self, network: nn.Module, batch: PhraseBatch, device: str, done: float = 1.0) -> Tensor:
        """The weighed bound, in nats a note."""
        assert isinstance(network, Vae)
        there = batch.to(device)
        terms = terms_of(network, there)
        kept = torch.clamp(terms.divergence.mean(0) - _FREE, min=0).sum() * len(there.begins)
        return (terms.nats.sum() + BETA * min(1.0, done / _RISING) * kept) / max(1, there.asked.notes)

    def measure(self, network: nn.Module, device: str) -> dict[str, float]:
        """The weighed bound of held-out phrases, in nats a note."""
        assert isinstance(network, Vae)
        found = measure_bound(network, self.valid, device)
        return {"phrases": (found.reconstruction + BETA * found.divergence) * found.phrases / max(1, found.notes)}

    @torch.no_grad()
    def complete(self, network: nn.Module) -> None:
        """See `Objective`: which points are likely, and after which, and their map."""
        assert isinstance(network, Vae)
        random = np.random.default_rng(0)
        with torch.random.fork_rng():
            torch.manual_seed(0)
            _survey(network, self.source, random)
            chosen = random.permutation(len(self.source.pieces))[:_FOLLOWED]
            whole = PhraseSource([self.source.pieces[number] for number in chosen])
            fit_succession(network.prior.succession, Successions.of(network, whole, RETURNS))


def _survey(network: Vae, source: PhraseSource, random: np.random.Generator) -> None:
    """Fit the mixture to phrases of the training music, and draw the map."""
    chosen = [source.phrases[i] for i in random.integers(len(source.phrases), size=_FITTED)]
    parts = [Notes.of([source.notes(phrase) for phrase in chosen[i : i + 512]]) for i in range(0, _FITTED, 512)]
    means, log_variances = (torch.cat(c) for c in zip(*map(network.encode, parts), strict=True))
    drawn = means + torch.randn_like(means) * (log_variances / 2).exp()
    found = fit_gaussians(drawn, network.config.components)
    prior, plane, count = network.prior.phrases, network.plane, network.config.landmarks
    prior.means.copy_(found.means), prior.factors.copy_(found.factors), prior.weights.copy_(found.weights)
    for kept, worked_out in zip((plane.middle, plane.axes), principal_axes(means), strict=True):
        kept.copy_(worked_out)
    plane.landmarks.copy_(plane.place(means[:count]))
    plane.styles.copy_(torch.tensor([source.pieces[phrase.piece].style for phrase in chosen[:count]]))


@dataclass(frozen=True)
class Bound:
    """What a phrase costs on average, in nats, and the share of decisions that are likeliest where they are taken."""

    reconstruction: float
    divergence: float
    right: float
    phrases: int
    notes: int

    @property
    def nats(self) -> float:
        """The negative evidence lower bound."""
        return self.reconstruction + self.divergence


@torch.no_grad()
def measure_bound(network: Vae, batches: Sequence[PhraseBatch], device: str = "cpu") -> Bound:
    """The bound over phrases; each decision is taken after those before as they were."""
    nats = divergence = 0.0
    right = decisions = phrases = notes = 0
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for batch in batches:
            there = batch.to(device)
            z, apart = _drawn(network, there)
            asked = there.asked
            context = network.decode(z, there.cells(network.config.cells), asked.heard)[asked.asked]
            rows, last = asked.rows[asked.asked], asked.heard.last[asked.asked]
            nats += float(network.head.surprise(context, rows, last).sum())
            divergence += float(apart.sum())
            hits, taken = likeliest(network.head, context, rows, last)
            right, decisions = right + hits, decisions + taken
            phrases, notes = phrases + len(there.begins), notes + asked.notes
    return Bound(nats / phrases, divergence / phrases, right / decisions, phrases, notes)


def likeliest(head: RowHead, context: Tensor, rows: Tensor, last: Tensor) -> tuple[int, int]:
    """How many decisions of rows (N, 7) are the likeliest in their contexts (N, C), and how many there are."""
    right = taken = 0
    move = rows[:, MOVE]
    kinds = [move < CHORD_MOVE, move == END]
    for kind in kinds:
        if not kind.any():
            continue
        there, asked, pitches = context[kind], rows[kind], last[kind]
        for decision in decisions_of(int(asked[0, MOVE])):
            value = asked[:, decision]
            right += int((head.logits(decision, there).argmax(-1) == value).sum())
            taken += len(value)
            if decision != DURATION:
                there = head.take(decision, value, there, pitches)
    return right, taken
