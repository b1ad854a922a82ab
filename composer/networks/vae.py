"""The variational autoencoder (Kingma & Welling 2014) over phrases: notes → a point z → notes.

A phrase's time is cut into cells. The encoder is a Transformer over what begins in each cell, all heard at once; each
cell gives some of z's dimensions. The decoder is the causal Transformer of `transformer`, which sees z as tokens, one a
cell, before its first. What phrases are likely (see `prior`) is fitted to the points of the training music and kept
with the weights.

Axes: B batch, N notes, S cells, T tokens, C channels, D latent dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from composer.kinds import KINDS
from composer.networks.contract import EventEmbedding, EventSizes, State
from composer.networks.latent import LatentNetwork, Notes
from composer.networks.prior import Prior
from composer.networks.transformer import Block, TransformerConfig


@dataclass(frozen=True)
class VaeConfig:
    """Sizes of the autoencoder; `cells` is S, and `latent` D, a multiple of it."""

    channels: int = 128
    heads: int = 4
    layers: int = 3
    encoder_layers: int = 2
    cells: int = 16
    latent: int = 128
    components: int = 32
    landmarks: int = 600
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if (
            min(self.encoder_layers, self.cells, self.latent, self.components, self.landmarks) < 1
            or self.latent % self.cells
        ):
            raise ValueError(f"sizes must be at least 1, and latent a multiple of cells: {self}")
        self.decoder()

    def decoder(self) -> TransformerConfig:
        """Sizes of the decoder."""
        return TransformerConfig(self.channels, self.heads, self.layers, self.dropout)

    @classmethod
    def tiny(cls) -> VaeConfig:
        """Sizes for tests."""
        return cls(channels=16, heads=2, layers=2, encoder_layers=1, cells=4, latent=8, components=2, landmarks=3)


class Encoder(nn.Module):
    """What begins in each cell (B, S, C), all heard at once, to the mean and log-variance (B, D) of z."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        c, each = config.channels, config.latent // config.cells
        self.cell_embedding = nn.Parameter(torch.randn(config.cells, c) * c**-0.5)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                c, config.heads, 4 * c, config.dropout, "gelu", batch_first=True, norm_first=True
            )
            for _ in range(config.encoder_layers)
        )
        self.norm = nn.LayerNorm(c)
        self.out = nn.Linear(c, 2 * each)
        with torch.no_grad():  # begin sure of oneself: a z that is all noise teaches the decoder to ignore it
            self.out.bias[each:] = -3.0

    def forward(self, cells: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        x = cells + self.cell_embedding
        for layer in self.layers:
            x = layer(x)
        mean, log_variance = self.out(self.norm(x)).float().chunk(2, -1)  # (B, S, D/S) each
        return mean.flatten(1), log_variance.flatten(1).clamp(-10, 4)


class Plane(nn.Module):
    """A map of the latent space: two directions from a middle, and where on it phrases of the training music lie.

    `styles` are the landmarks' style tokens, counted from the one that means "unknown".
    """

    def __init__(self, latent: int, landmarks: int) -> None:
        super().__init__()
        self.middle = nn.Buffer(torch.zeros(latent))
        self.axes = nn.Buffer(torch.zeros(2, latent))
        self.landmarks = nn.Buffer(torch.zeros(landmarks, 2))
        self.styles = nn.Buffer(torch.zeros(landmarks))

    def place(self, points: Tensor) -> Tensor:
        """Where points (B, D) lie on the map: (B, 2)."""
        return (points - self.middle) @ self.axes.T


class Vae(LatentNetwork):
    """Hears a phrase of two bars as a point, and writes a phrase from any point: near ones sound alike."""

    name, summary, tasks, polyphonic = KINDS["vae"]

    def __init__(self, config: VaeConfig, sizes: EventSizes) -> None:
        super().__init__()
        self.config, self.latent, self.noise = config, config.latent, 2 + config.latent
        self.embedding = EventEmbedding(sizes, config.channels)
        self.encoder = Encoder(config)
        self.memory = nn.Linear(config.latent // config.cells, config.channels)
        self.memory_embedding = nn.Parameter(torch.randn(config.cells, config.channels) * config.channels**-0.5)
        self.blocks = nn.ModuleList(Block(config.decoder()) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.channels)
        self.bias = nn.Parameter(torch.zeros(sizes.vocabulary))
        self.prior = Prior(config.components, config.latent)
        self.plane = Plane(config.latent, config.landmarks)

    def encode(self, notes: Notes) -> tuple[Tensor, Tensor]:
        """See `LatentNetwork.encode`."""
        embedded = self.embedding(notes.events[..., 0], notes.places)  # (B, N, C)
        for event in (1, 2):
            embedded = embedded + self.embedding.token(notes.events[..., event])
        cells = (notes.when * self.config.cells).floor()
        begun = cells[..., None] == torch.arange(self.config.cells)  # (B, N, S)
        mean, log_variance = self.encoder(begun.to(embedded.dtype).transpose(1, 2) @ embedded)
        return mean, log_variance

    def begin(self, z: Tensor) -> State:
        """See `LatentNetwork.begin`; the state is a pair of keys and values a layer, those of z's cells the first."""
        return self._think(self._spread(z), None)[1]

    def imagine(self, past: Tensor, noise: Tensor) -> Tensor:
        """See `LatentNetwork.imagine`: a likely point after those before."""
        return self.prior.imagine(past, noise)

    def forward(self, tokens: Tensor, places: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `WritingNetwork.forward`; without a state z is 0, the middle of the map."""
        if state is None:
            state = self.begin(torch.zeros(len(tokens), self.latent))
        x, state = self._think(self.embedding(tokens, places), state)
        return self._answer(x), state

    def decode(self, z: Tensor, tokens: Tensor, places: Tensor) -> Tensor:
        """The logits (B, T, V) that `forward` gives from `begin(z)`, all at once, to learn from."""
        x, _ = self._think(torch.cat([self._spread(z), self.embedding(tokens, places)], 1), None)
        return self._answer(x[:, self.config.cells :])

    def _spread(self, z: Tensor) -> Tensor:
        """Z (B, D) as what stands before the first token, (B, S, C)."""
        spread: Tensor = self.memory(z.unflatten(-1, (self.config.cells, -1))) + self.memory_embedding
        return spread

    def _think(self, x: Tensor, state: State | None) -> tuple[Tensor, State]:
        states = []
        for index, block in enumerate(self.blocks):
            x, seen = block(x, None if state is None else state[index])
            states.append(seen)
        return x, tuple(states)

    def _answer(self, x: Tensor) -> Tensor:
        return F.linear(self.norm(x), self.embedding.token.weight, self.bias)
