"""The variational autoencoder (Kingma & Welling 2014) over phrases: notes → a point z → notes.

A phrase's time is cut into cells. The encoder is a Transformer over what begins in each cell, all heard at once; each
cell gives some of z's dimensions. The decoder is the trunk of the Transformer and the head that all networks of notes
share; z stands before the first row, a row a cell, at the time that the cell stands for. What phrases are likely (see
`prior`) is fitted to the points of the training music and kept with the weights.

Axes: B batch, N notes, S cells, T rows, C channels, D latent dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from composer.events.phrase import PHRASE_PLACES
from composer.events.rows import DURATIONS, PITCHES
from composer.kinds import KINDS
from composer.networks.attention import AttentionTrunk, TransformerConfig
from composer.networks.latent import LatentNetwork, Notes
from composer.networks.notes import HeardBatch, NoteNetwork, State
from composer.networks.prior import Prior


@dataclass(frozen=True)
class VaeConfig(TransformerConfig):
    """Sizes of the autoencoder; `cells` is S, and `latent` D, a multiple of it."""

    channels: int = 192
    slot_width: int = 16
    head: int = 256
    heads: int = 6
    layers: int = 3
    dropout: float = 0.0
    encoder_layers: int = 2
    cells: int = 16
    latent: int = 128
    components: int = 32
    landmarks: int = 600

    def __post_init__(self) -> None:
        super().__post_init__()
        if (
            min(self.encoder_layers, self.cells, self.latent, self.components, self.landmarks) < 1
            or self.latent % self.cells
        ):
            raise ValueError(f"sizes must be at least 1, and latent a multiple of cells: {self}")

    @classmethod
    def tiny(cls) -> VaeConfig:
        """Sizes for tests."""
        return cls(
            channels=16,
            slot_width=4,
            head=16,
            heads=2,
            layers=2,
            encoder_layers=1,
            cells=4,
            latent=8,
            components=2,
            landmarks=3,
        )


class Encoder(nn.Module):
    """Notes to the mean and log-variance (B, D) of z."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        c, each = config.channels, config.latent // config.cells
        self.places, self.pitches, self.durations = (
            nn.Embedding(size, c) for size in (PHRASE_PLACES, PITCHES, len(DURATIONS))
        )
        # Notes that begin in one cell are added up: each is bound together first, so that they are told apart again.
        self.note = nn.Sequential(nn.RMSNorm(c), nn.Linear(c, 2 * c), nn.SiLU(), nn.Linear(2 * c, c))
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

    def forward(self, notes: Notes) -> tuple[Tensor, Tensor]:
        """See the class."""
        embedded = self.places(notes.places) + self.pitches(notes.pitches) + self.durations(notes.durations)
        bound = embedded + self.note(embedded)  # (B, N, C)
        cells = (notes.when * len(self.cell_embedding)).floor()
        begun = cells[..., None] == torch.arange(len(self.cell_embedding), device=cells.device)  # (B, N, S)
        x = begun.to(bound.dtype).transpose(1, 2) @ bound + self.cell_embedding
        for layer in self.layers:
            x = layer(x)
        mean, log_variance = self.out(self.norm(x)).float().chunk(2, -1)  # (B, S, D/S) each
        return mean.flatten(1), log_variance.flatten(1).clamp(-10, 4)


class Plane(nn.Module):
    """A map of the latent space: two directions from a middle, and where on it phrases of the training music lie.

    `styles` are the landmarks' styles, classes of the conditions, 0 for "unknown".
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


class Vae(NoteNetwork, LatentNetwork):
    """Hears a phrase of two bars as a point, and writes a phrase from any point: near ones sound alike."""

    name, summary, tasks, polyphonic = KINDS["vae"]

    config: VaeConfig

    def __init__(self, config: VaeConfig) -> None:
        super().__init__(config, AttentionTrunk(config))
        self.latent, self.noise = config.latent, 2 + config.latent
        self.encoder = Encoder(config)
        self.memory = nn.Linear(config.latent // config.cells, config.channels)
        self.memory_embedding = nn.Parameter(torch.randn(config.cells, config.channels) * config.channels**-0.5)
        self.prior = Prior(config.components, config.latent)
        self.plane = Plane(config.latent, config.landmarks)

    @property
    def autoencoder(self) -> Vae:
        """See `LatentNetwork.autoencoder`."""
        return self

    def encode(self, notes: Notes) -> tuple[Tensor, Tensor]:
        """Mean and log-variance (B, D) of the points that phrases may stand for."""
        mean, log_variance = self.encoder(notes)
        return mean, log_variance

    def begin(self, z: Tensor, when: Tensor) -> State:
        """The state from which points (B, D) are written down; `when` (B, S) are the cells' onsets in quarters."""
        return self.trunk(self._spread(z), when, None)[1]

    def forward(self, heard: HeardBatch, state: State | None = None) -> tuple[Tensor, State]:
        """See `NoteNetwork.forward`; without a state z is 0, the middle of the map."""
        if state is None:
            b, cells = len(heard.time), self.config.cells
            state = self.begin(heard.time.new_zeros(b, self.latent), heard.time.new_zeros(b, cells))
        return super().forward(heard, state)

    def decode(self, z: Tensor, when: Tensor, heard: HeardBatch) -> Tensor:
        """The contexts (B, T, C) that `forward` gives from `begin(z, when)`, all at once, to learn from."""
        x = torch.cat([self._spread(z), self.dropout(self.embedding(heard))], 1)
        x, _ = self.trunk(x, torch.cat([when, heard.time], 1), None)
        known: Tensor = self.norm(x[:, self.config.cells :])
        return known

    def imagine(self, past: Tensor, noise: Tensor) -> Tensor:
        """See `LatentNetwork.imagine`: a likely point after those before."""
        return self.prior.imagine(past, noise)

    def _spread(self, z: Tensor) -> Tensor:
        """Z (B, D) as what stands before the first row, (B, S, C)."""
        spread: Tensor = self.memory(z.unflatten(-1, (self.config.cells, -1))) + self.memory_embedding
        return spread
