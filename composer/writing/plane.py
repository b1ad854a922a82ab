"""Where the phrases of a seed and of its take lie on an autoencoder's map, among phrases that people wrote.

A phrase goes the way it goes when it is written: into C major or A minor, into a point, and from there onto the plane.

Axes: M landmarks, N phrases, D latent dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from composer.errors import BadRequest
from composer.events.conditions import STYLES
from composer.events.phrase import PHRASE_BARS
from composer.music import Reading, melody_of, skyline
from composer.networks import LatentNetwork
from composer.networks.vae import Vae
from composer.score import Note, Score
from composer.shelf import Shelved
from composer.tasks import MAX_BARS
from composer.writing.points import point_of
from composer.writing.take import Take
from composer.writing.transposition import move_note, way_home

_MOST = MAX_BARS // PHRASE_BARS + 2  # phrases of a melody, the last ones: a morph adds both its ends


@dataclass(frozen=True)
class Spot:
    """A phrase on the map: its bars, first and last from 1, its ticks, `start` to `end`, and where it lies."""

    first: int
    last: int
    start: int
    end: int
    x: float
    y: float


@dataclass(frozen=True)
class PhraseMap:
    """Landmarks (M, 2), each with its style, and the phrases of the seed, the take and what it was morphed into.

    `shares` are how much of the variance among likely points lies along each axis, of the D that there are.
    """

    landmarks: npt.NDArray[np.float32]
    styles: tuple[str | None, ...]
    shares: tuple[float, float]
    dimensions: int
    seed: tuple[Spot, ...]
    take: tuple[Spot, ...]
    second: tuple[Spot, ...] = ()


def has_map(network: type) -> bool:
    """Whether networks of a class write on a map."""
    return issubclass(network, LatentNetwork)


def phrase_map(seed: Reading, take: Take, shelved: Shelved, second: Reading | None = None) -> PhraseMap:
    """The map of a take that was written through points; BadRequest where its network has none.

    Of the take the phrases are shown that were written; of a morph both ends too.
    """
    network, request = shelved.network, take.recipe.request
    if not has_map(type(network)):
        raise BadRequest(f"{shelved.name} is a {network.name}, which has no map of phrases. The vae and the gan have.")
    assert isinstance(network, LatentNetwork)
    vae = network.autoencoder
    home, begins = way_home(seed), take.score.bar_at(take.new_from)
    written = take.score.voices[take.new[0][0]].notes if take.new else ()
    first = 0 if request.what.needs_second else begins
    given = _line(seed, request.track) if request.what.needs_seed and seed.score.notes else ()
    drawer = _Drawer(vae)
    return PhraseMap(
        vae.plane.landmarks.float().numpy(),
        tuple(STYLES[number - 1] if 0 < number <= len(STYLES) else None for number in vae.plane.styles.int().tolist()),
        _shares(vae),
        vae.latent,
        drawer.spots(given, seed.score, home, -(begins % PHRASE_BARS)),
        drawer.spots(skyline(written), take.score, home, first),
        drawer.spots(_line(second), second.score, way_home(second), 0) if second else (),
    )


def _line(reading: Reading, track: int | None = None) -> tuple[Note, ...]:
    """The notes of a piece's melody."""
    return melody_of(reading, track).score.voices[0].notes


def _shares(vae: Vae) -> tuple[float, float]:
    """The share of the variance among likely points that lies along each of the map's axes."""
    likely = vae.prior.phrases
    across, up = (likely.variance(vae.plane.axes) / likely.variance(torch.eye(vae.latent)).sum()).tolist()
    return across, up


@dataclass(frozen=True)
class _Drawer:
    """Finds where phrases lie."""

    vae: Vae

    def spots(self, notes: Sequence[Note], score: Score, home: int, first: int) -> tuple[Spot, ...]:
        """A melody's phrases from bar `first` (from 0; −1 is an empty bar before them) that have a note."""
        notes = [note for note in notes if note.onset >= score.bar_start(max(0, first))]
        struck = sorted({(score.bar_at(note.onset) - first) // PHRASE_BARS for note in notes})
        moved = [move_note(note, home) for note in notes]
        return tuple(self._spot(moved, score, first + PHRASE_BARS * number) for number in struck[-_MOST:])

    def _spot(self, notes: Sequence[Note], score: Score, bar: int) -> Spot:
        """Where the phrase lies that begins with bar `bar`."""
        metre = score.metre_at(score.bar_start(max(0, bar)))
        begins = score.bar_start(bar) if bar >= 0 else bar * metre.bar_ticks
        point = point_of(self.vae, notes, begins, metre.bar_ticks)
        x, y = self.vae.plane.place(torch.from_numpy(point)[None])[0].tolist()
        last = bar + PHRASE_BARS
        return Spot(max(0, bar) + 1, min(last, score.bars), max(0, begins), score.bar_start(last), x, y)
