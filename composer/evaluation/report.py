"""What `composer evaluate` measures: likelihood on held-out pieces, and takes beside what people wrote."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from composer.data.corpus import Piece, load_corpora, melody_piece, select
from composer.data.prepared import prepare
from composer.data.repeats import collapse_repeats
from composer.errors import BadRequest, NoTrainingMusic
from composer.evaluation.chorale import Faults, faults
from composer.evaluation.likelihood import NoteLikelihood, likelihood
from composer.evaluation.markov import MarkovLikelihood, markov_likelihood, markov_shelved
from composer.evaluation.mimicry import FEWEST, Mimicry, mimicry
from composer.evaluation.trials import TRIED, serves, trials
from composer.networks import LatentNetwork, NoteNetwork
from composer.shelf import Shelved
from composer.writing import Request

MOST = 200  # takes a task
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Report:
    """A network and the baseline on the same pieces."""

    split: str
    pieces: int
    network: NoteLikelihood | None  # None where only takes were asked for
    markov: MarkovLikelihood
    mimicry: tuple[Mimicry, ...] = ()  # a task each, where takes were asked for

    @property
    def harmonised(self) -> tuple[Faults, Faults] | None:
        """The faults of harmonisations, and of people's own, where a soprano was harmonised."""
        choral = (found for found in self.mimicry if TRIED[found.task].choral)
        return next(((faults(found.written), faults(found.originals)) for found in choral), None)

    def figures(self) -> dict[str, float]:
        """The figures as a card keeps them."""
        return {
            **self._likelihood_figures(),
            f"markov {self.split} nats a note": round(self.markov.per_note.value, 4),
            "markov order": self.markov.order,
            **{f"{found.task}: told from people's": round(found.told_apart.value, 3) for found in self.mimicry},
            **_fault_figures(self.harmonised),
        }

    def ranges(self) -> dict[str, object]:
        """Nats a note with their ranges, for `--json`."""
        whose = {"markov": self.markov.per_note}
        if self.network is not None:
            whose = {"network": self.network.per_note, "network, key told": self.network.home_per_note, **whose}
        return {"nats_per_note": {who: found.to_json() for who, found in whose.items()}}

    def _likelihood_figures(self) -> dict[str, float]:
        if self.network is None:
            return {}
        return {
            f"{self.split} nats a note": round(self.network.per_note.value, 4),
            f"{self.split} nats a note, key told": round(self.network.home_per_note.value, 4),
        }


def _fault_figures(harmonised: tuple[Faults, Faults] | None) -> dict[str, float]:
    if harmonised is None:
        return {}
    ours, people = (found.figures() for found in harmonised)
    return {
        f"{who} {name}": found[name] for name in ours for who, found in (("harmonised", ours), ("people's", people))
    }


def report_on(
    shelved: Shelved,
    data: list[str],
    split: str = "test",
    request: Request | None = None,
    most: int = MOST,
    nats: bool = True,
) -> Report:
    """Measure a network on one split of corpora; the baseline learns from their train split.

    A melody network is measured on the melodies of the pieces. With a request, at most so many takes of every task that
    the network and the pieces allow are written by its settings and compared with what people wrote. Without `nats` the
    network's likelihood, which takes long, is left out.
    """
    network = shelved.network
    if isinstance(network, LatentNetwork) or not isinstance(network, NoteNetwork):
        raise BadRequest(f"{shelved.name} is a {network.name}, which is measured in another way.")
    pieces = [replace(piece, score=collapse_repeats(piece.score)) for piece in load_corpora(data)]
    if not network.polyphonic:
        pieces = [melody_piece(piece) for piece in pieces]
    prepared = {
        name: [ready for piece in select(pieces, name) if (ready := prepare(piece))]
        for name in dict.fromkeys(("train", "valid", split))
    }
    if missing := [name for name, ready in prepared.items() if not ready]:
        raise NoTrainingMusic(f"There is no piece in the {' nor the '.join(missing)} split. Add more pieces.")
    found = likelihood(network, prepared[split]) if nats else None
    markov = markov_likelihood(prepared["train"], prepared["valid"], prepared[split])
    compared: tuple[Mimicry, ...] = ()
    if request:
        melodies = [ready for piece in select(pieces, "train") if (ready := prepare(melody_piece(piece)))]
        baseline = markov_shelved(melodies, markov.order)
        compared = compared_with_people(shelved, select(pieces, split), request, most, baseline)
        if not compared:
            raise NoTrainingMusic(f"Too few held-out pieces are long enough to compare takes: {FEWEST} are needed.")
    return Report(split, len(prepared[split]), found, markov, compared)


def compared_with_people(
    shelved: Shelved, pieces: Sequence[Piece], request: Request, most: int, baseline: Shelved | None = None
) -> tuple[Mimicry, ...]:
    """Takes of every kind of trial that the network can do and enough pieces serve, beside people's.

    Pieces come with their repeats collapsed. They are taken in a mixed order, so that few of them stand for all, and so
    are trials: what begins later in a piece must not lie on one side of people against people.
    """
    mixed = _mixed(pieces)
    asked = {task: _mixed(trials(task, mixed, request, 2 * most)) for task in TRIED if serves(task, shelved.network)}
    return tuple(
        mimicry(task, shelved, found[:most], baseline, found[most:])
        for task, found in asked.items()
        if len(found[:most]) >= FEWEST
    )


def _mixed(items: Sequence[_Item]) -> list[_Item]:
    """The same in another order, the same every time."""
    return random.Random(0).sample(items, len(items))
