"""Learning to hear phrases as points and to write them from points: the evidence lower bound.

The loss is reconstruction + β · KL to a standard normal, in nats a phrase. Against posterior collapse, β rises from 0,
and the first nats of every dimension are free (Kingma et al. 2016); some of the tokens that the decoder stands on are
hidden (word dropout, Bowman et al. 2016), so that it must look at z.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from composer.data.corpus import Piece, melody_piece, select
from composer.errors import NoTrainingMusic
from composer.events import Vocabulary, place_sizes
from composer.networks import EventSizes, WritingNetwork
from composer.networks.latent import Notes
from composer.networks.prior import RETURNS
from composer.networks.vae import Vae
from composer.train.landscape import fit_gaussians, fit_succession, principal_axes
from composer.train.lesson import music_card
from composer.train.phrases import PhraseBatch, PhraseSource, at_home
from composer.train.practice import Practice
from composer.train.successions import Successions

_HELD_OUT = 768  # phrases that decide when to stop
_FITTED = 16_384  # phrases that tell which points are likely
_FOLLOWED = 1_000  # melodies that tell what follows what


@dataclass(frozen=True)
class Bound:
    """What a phrase costs on average, in nats, and the share of tokens that are likeliest where they stand."""

    reconstruction: float
    divergence: float
    right: float

    @property
    def nats(self) -> float:
        """The negative evidence lower bound."""
        return self.reconstruction + self.divergence


@dataclass(frozen=True)
class Pressure:
    """How the two terms are weighed."""

    beta: float = 0.15
    rising: float = 0.5  # the share of the time in which β rises from 0
    free: float = 0.02  # nats a dimension
    hidden: float = 0.05  # share of tokens hidden from the decoder

    def at(self, done: float) -> float:
        """β when a share `done` of the time has gone by."""
        return self.beta * min(1.0, done / self.rising)


@dataclass
class Autoencoding:
    """Phrases through a point and back."""

    source: PhraseSource
    size: int
    pressure: Pressure = field(default_factory=Pressure)
    told: dict[str, float] = field(default_factory=dict)

    def turns(self, network: WritingNetwork, random: np.random.Generator, done: float) -> Iterator[Tensor]:
        """See `Practice`."""
        assert isinstance(network, Vae)
        batch = self.source.draw(self.size, random)
        hidden = torch.from_numpy(random.random(batch.asked.tokens.shape) < self.pressure.hidden)
        with torch.autocast("cpu", torch.bfloat16):
            terms = _terms(network, batch, hidden)
        kept = torch.clamp(terms.divergence.mean(0) - self.pressure.free, min=0).sum()
        tokens = terms.asked / self.size
        terms_told = (terms.reconstruction.detach(), terms.divergence.detach().sum(1).mean())
        self.told = dict(zip(("reconstruction", "divergence"), map(float, terms_told), strict=True))
        yield (terms.reconstruction + self.pressure.at(done) * kept) / tokens


@dataclass(frozen=True)
class _Terms:
    reconstruction: Tensor  # () nats a phrase
    divergence: Tensor  # (B, D) nats
    asked: int  # tokens
    right: int


def _terms(network: Vae, batch: PhraseBatch, hidden: Tensor | None = None) -> _Terms:
    """The terms of the bound for a batch, at a point drawn for each phrase."""
    tokens, targets = batch.asked.tokens, batch.asked.targets
    asked = targets >= 0
    if hidden is not None:
        tokens = torch.where(hidden & asked, 0, tokens)
    # The fused kernel's way back is slow on sequences as short as these.
    with sdpa_kernel(SDPBackend.MATH):
        mean, log_variance = network.encode(batch.notes)
        z = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        logits = network.decode(z, tokens, batch.asked.places).float()
    surprise = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100, reduction="sum")
    divergence = 0.5 * (mean**2 + log_variance.exp() - log_variance - 1)
    right = int(((logits.argmax(-1) == targets) & asked).sum())
    return _Terms(surprise / len(targets), divergence, int(asked.sum()), right)


@torch.no_grad()
def measure_bound(network: Vae, batches: list[PhraseBatch]) -> Bound:
    """The bound over phrases, the tokens before each being told as they were."""
    torch.manual_seed(0)
    found = [_terms(network, batch) for batch in batches]
    weights = np.array([len(batch.asked.tokens) for batch in batches], float)
    return Bound(
        float(np.average([t.reconstruction for t in found], weights=weights)),
        float(np.average([float(t.divergence.sum(1).mean()) for t in found], weights=weights)),
        sum(t.right for t in found) / sum(t.asked for t in found),
    )


class PhraseLesson:
    """Two-bar phrases of melodies, in C major or A minor; `unit` is that of the weighed bound."""

    unit: str = "weighed nats a phrase"
    pace: ClassVar[Mapping[str, Any]] = {"batch": 64, "learning_rate": 3e-3, "muon": True}
    paces: ClassVar[Mapping[str, float]] = {}
    settings: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, pieces: list[Piece], vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self.pieces = [melody_piece(piece) for piece in pieces]
        self.sizes = EventSizes(self.vocabulary.size, place_sizes(self.vocabulary))
        self.train, self.valid = (self._source(split) for split in ("train", "valid"))

    def _source(self, split: str) -> PhraseSource:
        melodies = [at_home(piece, self.vocabulary) for piece in select(self.pieces, split)]
        source = PhraseSource(melodies, self.vocabulary)
        if not source.phrases:
            raise NoTrainingMusic(f"No phrase of two bars fell into the {split} split; add more pieces to the folder.")
        return source

    def prepare(self, network: WritingNetwork) -> None:
        """See `Lesson`: nothing."""

    def practice(self, size: int, window: int) -> Practice:
        """See `Lesson`."""
        return Autoencoding(self.train, size)

    def measure(self, network: WritingNetwork) -> float:
        """See `Lesson`: reconstruction + β · KL."""
        assert isinstance(network, Vae)
        bound = measure_bound(network, self.valid.held_out(_HELD_OUT))
        return bound.reconstruction + Pressure().beta * bound.divergence

    @torch.no_grad()
    def complete(self, network: WritingNetwork) -> None:
        """See `Lesson`: which points are likely, and after which, and their map."""
        assert isinstance(network, Vae)
        random = np.random.default_rng(0)
        torch.manual_seed(0)
        self._survey(network, random)
        melodies = random.permutation(len(self.train.melodies))[:_FOLLOWED]
        whole = PhraseSource([self.train.melodies[number] for number in melodies], self.vocabulary)
        fit_succession(network.prior.succession, Successions.of(network, whole, RETURNS))

    def _survey(self, network: Vae, random: np.random.Generator) -> None:
        """Fit the mixture to phrases of the training music, and draw the map."""
        source = self.train
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
        styles = [self.vocabulary.style_token(source.melodies[p.melody].style) for p in chosen[:count]]
        plane.styles.copy_(torch.tensor(styles) - self.vocabulary.style)

    def card(self) -> dict[str, Any]:
        """See `Lesson`."""
        pieces = len(self.train.melodies)
        return {"vocabulary": self.vocabulary.to_card(), "pieces": pieces, **music_card(self.pieces)}
