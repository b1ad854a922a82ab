"""What `composer evaluate` measures: likelihood on held-out pieces, beside the Markov baseline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from composer.errors import NoTrainingMusic
from composer.evaluate.chorale import Faults, harmonisations, is_chorale
from composer.evaluate.markov import markov_likelihood
from composer.evaluate.mimicry import Mimicry, mimicry
from composer.shelf import Shelved
from composer.train.corpus import load_corpus, melody_piece, select
from composer.train.likelihood import Likelihood, measure
from composer.train.windows import to_sequence
from composer.writing import Request


@dataclass(frozen=True)
class LikelihoodReport:
    """A network and the baseline on the same pieces."""

    split: str
    pieces: int
    network: Likelihood
    markov: Likelihood
    markov_order: int
    mimicry: Mimicry | None = None  # takes beside people's continuations, where asked for
    harmonised: tuple[Faults, Faults] | None = None  # chorales harmonised, and Bach's own

    def figures(self) -> dict[str, float]:
        """The figures as a card keeps them."""
        return {
            f"{self.split} nats a note": round(self.network.per_note, 4),
            f"{self.split} nats a token": round(self.network.per_token, 4),
            f"markov {self.split} nats a note": round(self.markov.per_note, 4),
            f"markov {self.split} nats a token": round(self.markov.per_token, 4),
            "markov order": self.markov_order,
            **({"takes told from people's": round(self.mimicry.classifier.share, 3)} if self.mimicry else {}),
            **_fault_figures(self.harmonised),
        }


def _fault_figures(harmonised: tuple[Faults, Faults] | None) -> dict[str, float]:
    if harmonised is None:
        return {}
    ours, bach = (found.figures() for found in harmonised)
    return {f"{who} {name}": found[name] for name in ours for who, found in (("chorale", ours), ("Bach's", bach))}


def likelihood_report(
    shelved: Shelved, data: list[Path], split: str = "test", request: Request | None = None
) -> LikelihoodReport:
    """Measure a network on one split of corpora; the baseline learns from their train split.

    A melody network is measured on the melodies of the pieces. With a request, takes are written by its settings and
    compared with people's continuations.
    """
    pieces = [piece for path in data for piece in load_corpus(path)]
    if not shelved.network.polyphonic:
        pieces = [melody_piece(piece) for piece in pieces]
    sequences = {
        name: [to_sequence(piece, shelved.vocabulary) for piece in select(pieces, name)]
        for name in ("train", "valid", split)
    }
    if missing := [name for name, found in sequences.items() if not found]:
        raise NoTrainingMusic(f"There is no piece in the {' nor the '.join(missing)} split. Add more pieces.")
    network = measure(shelved.network, [sequence.whole for sequence in sequences[split]])
    order, markov = markov_likelihood(sequences["train"], sequences["valid"], sequences[split], shelved.vocabulary)
    held_out = [melody_piece(piece) for piece in select(pieces, split)]
    compared = mimicry(shelved, held_out, request) if request else None
    harmonised = None
    chorales = [piece for piece in select(pieces, split) if is_chorale(piece)]
    if request and chorales and "harmonise" in shelved.network.tasks:
        harmonised = harmonisations(shelved, chorales, request)
    return LikelihoodReport(split, len(sequences[split]), network, markov, order, compared, harmonised)
