"""What `composer evaluate` measures: likelihood on held-out pieces, and takes beside what people wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace

from composer.data.corpus import SPLITS, Piece, load_corpora, melody_piece, select
from composer.data.prepared import prepare
from composer.data.repeats import collapse_repeats
from composer.errors import BadRequest, NoTrainingMusic
from composer.evaluate.chorale import Faults, harmonisations, is_chorale
from composer.evaluate.likelihood import NoteLikelihood, likelihood
from composer.evaluate.markov import markov_likelihood, markov_shelved
from composer.evaluate.mimicry import FEWEST, Mimicry, mimicry
from composer.evaluate.trials import TRIED, trials
from composer.events import Vocabulary
from composer.networks import NoteNetwork
from composer.shelf import Shelved
from composer.train.likelihood import Likelihood
from composer.train.windows import to_sequence
from composer.writing import Request


@dataclass(frozen=True)
class Report:
    """A network and the baseline on the same pieces."""

    split: str
    pieces: int
    network: NoteLikelihood
    markov: Likelihood
    markov_order: int
    mimicry: tuple[Mimicry, ...] = ()  # a task each, where takes were asked for
    harmonised: tuple[Faults, Faults] | None = None  # chorales harmonised, and Bach's own

    def figures(self) -> dict[str, float]:
        """The figures as a card keeps them."""
        return {
            f"{self.split} nats a note": round(self.network.per_note, 4),
            f"{self.split} nats a note, key told": round(self.network.home_per_note, 4),
            f"markov {self.split} nats a note": round(self.markov.per_note, 4),
            "markov order": self.markov_order,
            **{f"{found.task}: told from people's": round(found.network.classifier.share, 3) for found in self.mimicry},
            **_fault_figures(self.harmonised),
        }


def _fault_figures(harmonised: tuple[Faults, Faults] | None) -> dict[str, float]:
    if harmonised is None:
        return {}
    ours, bach = (found.figures() for found in harmonised)
    return {f"{who} {name}": found[name] for name in ours for who, found in (("chorale", ours), ("Bach's", bach))}


def report_on(shelved: Shelved, data: list[str], split: str = "test", request: Request | None = None) -> Report:
    """Measure a network on one split of corpora; the baseline learns from their train split.

    A melody network is measured on the melodies of the pieces. With a request, takes of every task that the network
    and the pieces allow are written by its settings and compared with what people wrote.
    """
    network = shelved.network
    if not isinstance(network, NoteNetwork):
        raise BadRequest(f"{shelved.name} is a {network.name}, which is measured in another way.")
    pieces = [replace(piece, score=collapse_repeats(piece.score)) for piece in load_corpora(data)]
    if not network.polyphonic:
        pieces = [melody_piece(piece) for piece in pieces]
    vocabulary = Vocabulary()
    sequences = {
        name: [to_sequence(piece, vocabulary) for piece in select(pieces, name)]
        for name in dict.fromkeys(("train", "valid", split))
    }
    if missing := [name for name, found in sequences.items() if not found]:
        raise NoTrainingMusic(f"There is no piece in the {' nor the '.join(missing)} split. Add more pieces.")
    prepared = [ready for piece in select(pieces, split) if (ready := prepare(piece))]
    found = likelihood(network, prepared)
    order, markov = markov_likelihood(sequences["train"], sequences["valid"], sequences[split], vocabulary)
    written = _takes(shelved, pieces, split, order, request) if request else ((), None)
    return Report(split, len(prepared), found, markov, order, *written)


def _takes(
    shelved: Shelved, pieces: list[Piece], split: str, order: int, request: Request
) -> tuple[tuple[Mimicry, ...], tuple[Faults, Faults] | None]:
    """Every task that the network can do and enough pieces serve; for chorales also their faults."""
    assert split in SPLITS
    held_out, vocabulary = select(pieces, split), Vocabulary()
    melodies = [to_sequence(melody_piece(piece), vocabulary) for piece in select(pieces, "train")]
    baseline = markov_shelved(melodies, order, vocabulary)
    asked = {task: trials(task, held_out, request) for task in TRIED if task in shelved.network.tasks}
    if all(len(found) < FEWEST for found in asked.values()):
        raise NoTrainingMusic(f"Too few held-out pieces are long enough to compare takes: {FEWEST} are needed.")
    compared = tuple(mimicry(task, shelved, found, baseline) for task, found in asked.items() if len(found) >= FEWEST)
    chorales = [piece for piece in held_out if is_chorale(piece)]
    faults = harmonisations(shelved, chorales, request) if chorales and "harmonise" in shelved.network.tasks else None
    return compared, faults
