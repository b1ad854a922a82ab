"""From pieces to a checkpoint: a network, taught with settings that suit it, kept whenever it got better."""

from __future__ import annotations

import math
import shlex
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from composer.card import Card, note_vocabulary, read_card
from composer.checkpoint import load, save
from composer.data.corpus import Piece, melody_piece, select
from composer.data.examples import ExampleSource
from composer.data.holdout import keep_out
from composer.data.phrases import PhraseSource
from composer.data.prepared import MIN_BARS, Prepared, prepare
from composer.errors import BadRequest, NoTrainingMusic
from composer.networks import NETWORKS, Network, build_network, count_parameters
from composer.networks.gan import GanConfig
from composer.networks.vae import Vae
from composer.training.answers import AnswerObjective
from composer.training.notes import NoteObjective
from composer.training.objective import Objective
from composer.training.phrases import PhraseObjective
from composer.training.run import Progress, Run, TrainingConfig
from composer.training.successions import Successions

# What suits a network where nothing else is asked for: rows a step, phrases or successions of the vae and the gan.
_BATCHES = {"vae": 96, "gan": 256}
_ROWS = 3500
# At one pace the critic never learned to know invented points, and they crowded where music is most usual.
_PACES: dict[str, dict[str, Any]] = {
    "gan": {"learning_rate": 1e-3, "momentum": (0.0, 0.99), "weight_decay": 0.0, "paces": {"generator": 0.1}}
}
_MEASURED = 60  # held-out pieces of a corpus: enough to see which way it goes


@dataclass(frozen=True)
class Lesson:
    """What is learned from: pieces, the sizes of windows and batches, and tunes to keep out.

    Windows are in rows; batches too, but for the vae in phrases and for the gan in successions of them. `vae` is the
    autoencoder that a gan plays with.
    """

    pieces: Sequence[Piece]
    window: int = 256
    batch: int | None = None
    without: tuple[Path, ...] = ()
    vae: Vae | None = None


def suiting(network: str) -> dict[str, Any]:
    """Settings of a `TrainingConfig` that suit a kind of network better than the usual ones."""
    return _PACES.get(network, {})


class Teaching:
    """A network that is being taught, and the checkpoint that it goes to."""

    def __init__(
        self, name: str, lesson: Lesson, out: Path, config: TrainingConfig, settings: dict[str, Any] | None = None
    ) -> None:
        self.batch = _BATCHES.get(name, _ROWS) if lesson.batch is None else lesson.batch
        if not 16 <= lesson.window <= 4096 or not 1 <= self.batch <= 1_000_000:
            raise BadRequest(f"A window of {lesson.window} rows must be from 16 to 4096, and a batch at least 1.")
        if name not in _BATCHES and self.batch < lesson.window:
            raise BadRequest(f"A batch of {self.batch} rows must be no less than a window, {lesson.window}.")
        torch.manual_seed(config.seed)
        if name == "gan" and lesson.vae is not None:
            settings = {"vae": asdict(lesson.vae.config), **(settings or {})}
        try:
            network = build_network(name, settings)
        except (TypeError, ValueError) as error:
            raise BadRequest(f"These sizes do not make a network {name!r}: {error}.") from error
        self.name, self.lesson, self.out, self.config = name, lesson, out, config
        pieces = list(lesson.pieces) if network.polyphonic else [melody_piece(piece) for piece in lesson.pieces]
        kept, self.kept_out = keep_out(select(pieces, "train"), lesson.without)
        self.train = _prepared(kept, "train")
        self.learned_and_held_out = [*kept, *(piece for piece in pieces if piece.split != "train")]
        self.objective = self._objective(_prepared(select(pieces, "valid"), "valid"))
        self.objective.prepare(network)
        self.run = Run(network, self.objective, out.with_suffix(".run.safetensors"), config)
        self.begun = ""

    def _objective(self, valid: list[Prepared]) -> Objective:
        lesson, train = self.lesson, self.train
        if self.name not in _BATCHES:
            examples = ExampleSource(train, lesson.window, NETWORKS[self.name][0].polyphonic)
            return NoteObjective(examples, _by_kind(valid), self.batch)
        learned, held_out = PhraseSource(train), PhraseSource(valid)
        for split, source in (("train", learned), ("valid", held_out)):
            if not source.phrases:
                raise NoTrainingMusic(
                    f"No phrase of two bars fell into the {split} split; add more pieces to the folder."
                )
        if self.name == "vae":
            return PhraseObjective(learned, held_out, self.batch)
        assert lesson.vae is not None, "a gan plays among the points of an autoencoder"
        past = GanConfig().past
        followed, followed_held_out = (Successions.of(lesson.vae, source, past) for source in (learned, held_out))
        return AnswerObjective(followed, followed_held_out, lesson.vae, self.batch)

    def begin_from(self, checkpoint: Path) -> None:
        """Begin with what another network of the same kind and sizes has learned."""
        card, ours = read_card(checkpoint), asdict(self._network.config)
        differing = [k for k in ours if k != "dropout" and card.settings.get(k) != ours[k]]
        if card.network != self.name or differing:
            raise BadRequest(
                f"{checkpoint.name} holds a network {card.network!r} of the sizes {dict(card.settings)}; "
                f"to begin from it, train {card.network} with the same sizes (--set)."
            )
        self.run.begin_with(load(checkpoint)[0].state_dict())
        self.begun = checkpoint.stem

    def teach(self, report: Callable[[Progress], None]) -> float:
        """Train to the end, keeping the checkpoint whenever held-out pieces surprise less; the least surprise."""
        best = math.inf

        def measured(progress: Progress) -> None:
            nonlocal best
            if surprise(progress) < best:
                best = surprise(progress)
                self.keep(progress)
            report(progress)

        progress = self.run.train(measured)
        if not progress.measures:
            progress.measures.append((progress.step, self.run.measure()))
            measured(progress)
        return best

    def keep(self, progress: Progress) -> None:
        """Write the averaged weights with their card."""
        network = build_network(self.name, asdict(self._network.config))
        network.load_state_dict(self.run.average)
        self.objective.complete(network.eval())
        figures = {f"valid {self.objective.unit}, {kind}": round(v, 4) for kind, v in progress.measures[-1][1].items()}
        families = sorted({family for piece in self.train for family in piece.families})
        card = Card(
            network=self.name,
            settings=asdict(network.config),
            vocabulary={
                **note_vocabulary(),
                "families": families,
                "kept_out": [[piece.name, piece.source] for piece in self.kept_out],
            },
            parameters=count_parameters(network),
            corpus=", ".join(sorted({piece.source for piece in self.train if piece.source})),
            licence="; ".join(sorted({piece.licence for piece in self.train if piece.licence})),
            pieces=len(self.train),
            trained=time.strftime("%Y-%m-%d"),
            command=self._command(),
            figures={**figures, "steps": progress.step, "minutes": round(progress.seconds / 60, 1)},
            traces={"training": _thinned(progress.losses)},
        )
        save(self.out, network, card)

    @property
    def _network(self) -> Network:
        assert isinstance(self.run.network, Network)
        return self.run.network

    def _command(self) -> str:
        """The command as it was given, and every setting of it."""
        given = shlex.join(sys.argv[1:]) if sys.argv[1:2] == ["train"] else f"train {self.name}"
        told = ", ".join(f"{name} {value}" for name, value in asdict(self.config).items())
        begun = f"; begun from {self.begun}" if self.begun else ""
        return f"composer {given} ({told}, window {self.lesson.window}, batch {self.batch}{begun})"


def surprise(progress: Progress) -> float:
    """The mean over the kinds of held-out music, in nats a note."""
    latest = progress.measures[-1][1]
    return sum(latest.values()) / len(latest)


def _prepared(pieces: Sequence[Piece], split: str) -> list[Prepared]:
    ready = [prepared for piece in pieces if (prepared := prepare(piece))]
    if not ready:
        raise NoTrainingMusic(
            f"No piece of {MIN_BARS} bars or more fell into the {split} split; add more pieces to the folder."
        )
    return ready


def _by_kind(pieces: Sequence[Prepared]) -> dict[str, list[Prepared]]:
    """Pieces to measure with, by how many voices they have."""
    kinds: dict[str, list[Prepared]] = defaultdict(list)
    for piece in pieces:
        voices = len(piece.families)
        kinds["melodies" if voices == 1 else f"{voices} voices"].append(piece)
    return {kind: found[:: -(-len(found) // _MEASURED)] for kind, found in kinds.items()}


def _thinned(points: Sequence[tuple[int, float]], most: int = 120) -> list[tuple[int, float]]:
    return [(step, round(value, 4)) for step, value in points[:: -(-len(points) // most) or 1]]
