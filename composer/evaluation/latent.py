"""What `composer evaluate` measures of networks of points, beside takes and people's music."""

from __future__ import annotations

from dataclasses import dataclass, replace

from composer.data.corpus import Piece, load_corpora, melody_piece, select
from composer.data.phrases import PhraseSource
from composer.data.prepared import prepare
from composer.data.repeats import collapse_repeats
from composer.errors import NoTrainingMusic
from composer.evaluation.answers import discernment, distinct, spreads
from composer.evaluation.mimicry import Mimicry
from composer.evaluation.points import autoencoder_of, bound, phrases_of, restoration, smoothness
from composer.evaluation.report import MOST, compared_with_people
from composer.networks.gan import Gan
from composer.shelf import Shelved
from composer.training.successions import Successions
from composer.writing import Request

_RESTORED, _MORPHED = 200, 60  # phrases


@dataclass(frozen=True)
class PointReport:
    """Figures of one split, and takes beside people's where asked for."""

    pieces: int
    counted: dict[str, float]
    mimicry: tuple[Mimicry, ...] = ()

    def figures(self) -> dict[str, float]:
        """The figures as a card keeps them."""
        told = {f"{each.task}: told from people's": each.told_apart.value for each in self.mimicry}
        return {name: round(value, 4) for name, value in {**self.counted, **told}.items()}


def report_on_points(
    shelved: Shelved, data: list[str], split: str, request: Request | None, most: int = MOST
) -> PointReport:
    """Measure a network of points on one split of corpora; with a request, takes by its settings are compared too."""
    pieces = [melody_piece(piece) for piece in select(load_corpora(data), split)]
    if not pieces:
        raise NoTrainingMusic(f"There is no piece in the {split} split. Add more pieces.")
    counted = _answers(shelved, pieces) if isinstance(shelved.network, Gan) else _points(shelved, pieces, split)
    collapsed = [replace(piece, score=collapse_repeats(piece.score)) for piece in pieces]
    compared = compared_with_people(shelved, collapsed, request, most) if request else ()
    return PointReport(len(pieces), counted, compared)


def _points(shelved: Shelved, pieces: list[Piece], split: str) -> dict[str, float]:
    phrases = phrases_of(pieces, _RESTORED)
    sampled, greedy = (restoration(shelved, phrases, temperature) for temperature in (1.0, 0.0))
    cost, active = bound(autoencoder_of(shelved), [ready for piece in pieces if (ready := prepare(piece))])
    return {
        "decisions restored, sampled": sampled.decisions,
        "notes restored, sampled": sampled.notes,
        "decisions restored, likeliest": greedy.decisions,
        "notes restored, likeliest": greedy.notes,
        f"{split} reconstruction, nats a phrase": cost.reconstruction,
        f"{split} KL, nats a phrase": cost.divergence,
        f"{split} negative ELBO, nats a phrase": cost.nats,
        "decisions right, those before given": cost.right,
        "active dimensions": active,
        "morphs: steps in the right direction": smoothness(shelved, phrases[:_MORPHED]),
    }


def _answers(shelved: Shelved, pieces: list[Piece]) -> dict[str, float]:
    network = shelved.network
    assert isinstance(network, Gan)
    source = PhraseSource([ready for piece in pieces if (ready := prepare(piece))])
    successions = Successions.of(network.vae, source, network.config.past)
    seeds = phrases_of(pieces, 10)
    lying = {
        f"{who}: {name}": value
        for who, spread in spreads(network, successions).items()
        for name, value in vars(spread).items()
    }
    return {
        "distinct answers of 500": distinct(shelved, seeds, 1.0),
        "distinct answers of 500, noise alone": distinct(shelved, seeds, 0.0),
        **discernment(network, successions),
        **lying,
    }
