"""The training loop: resumable after a kill, early stopping on held-out pieces, one checkpoint of the best.

Beside `FILE.safetensors` a run keeps a folder `FILE.run`: the latest weights, averages and optimizer moments (written
whole or not at all, at most every minute), the losses so far, and a picture of them.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from tqdm import tqdm

from composer.card import Card
from composer.checkpoint import load_token_network, save
from composer.errors import BadCheckpoint, BadRequest
from composer.networks import WritingNetwork, build_token_network, count_parameters
from composer.train.curves import draw_curves, draw_traces, thinned
from composer.train.lesson import Lesson
from composer.train.optimizers import Optimizers
from composer.train.practice import Practice


@dataclass(frozen=True)
class TrainConfig:
    """How long and how fast to learn. The learning rate rises, then falls as a cosine over `minutes`."""

    minutes: float = 60.0
    batch: int = 16  # windows
    window: int = 256  # tokens
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    clip: float = 1.0  # of the gradient's norm
    average: float = 0.999  # decay of the running average of weights that is measured and saved
    valid_every: float = 3.0  # minutes
    save_every: float = 0.75  # minutes
    patience: int = 8  # measurements without a better one before stopping
    seed: int = 0
    muon: bool = False  # Muon for the matrices instead of AdamW
    momentum: float = 0.9  # AdamW's

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= 60 * 24 * 30:
            raise BadRequest(f"--minutes {self.minutes:g} is not a time to train; give something from 0.1 up.")
        if not 1 <= self.batch <= 4096 or not 16 <= self.window <= 65_536:
            raise BadRequest(f"--batch {self.batch} must be from 1 and --window {self.window} from 16 up.")
        if not 0 < self.learning_rate < 1 or self.seed < 0:
            raise BadRequest(
                f"--learning-rate {self.learning_rate:g} must be in 0 to 1, and --seed {self.seed} not below 0."
            )


_TOLD = ("minutes", "batch", "window", "learning_rate", "seed")  # what a card's command repeats


@dataclass
class Progress:
    """What a run remembers besides tensors."""

    step: int = 0
    elapsed: float = 0.0  # seconds of training
    best: float = math.inf  # nats a note on the valid split
    since_best: int = 0
    losses: list[tuple[int, float]] = None  # type: ignore[assignment]  # (step, nats a token in training)
    valids: list[tuple[int, float]] = None  # type: ignore[assignment]  # (step, nats a note)
    traces: dict[str, list[tuple[int, float]]] = None  # type: ignore[assignment]  # what else a practice tells

    def __post_init__(self) -> None:
        self.losses = [tuple(p) for p in self.losses or []]  # type: ignore[misc]
        self.valids = [tuple(p) for p in self.valids or []]  # type: ignore[misc]
        self.traces = {k: [tuple(p) for p in points] for k, points in (self.traces or {}).items()}  # type: ignore[misc]


class Run:
    """One training run: constructed from a lesson and settings, advanced by `train`."""

    def __init__(self, name: str, lesson: Lesson, out: Path, config: TrainConfig, settings: dict[str, Any]) -> None:
        torch.manual_seed(config.seed)
        self.name, self.lesson, self.out, self.config = name, lesson, out, config
        try:
            self.network = build_token_network(name, lesson.sizes, {**lesson.settings, **settings})
        except (TypeError, ValueError) as error:
            raise BadRequest(f"These sizes do not make a network {name!r}: {error}.") from error
        lesson.prepare(self.network)
        self.average = {k: t.detach().clone() for k, t in self.network.state_dict().items()}
        self.optimizers = Optimizers(self.network, config.weight_decay, config.muon, config.momentum, lesson.paces)
        self.progress = Progress()
        self.folder = out.with_suffix(".run")
        self.begun = ""  # the checkpoint it began from

    def begin_from(self, checkpoint: Path) -> None:
        """Begin with what another network of the same kind and size has learned."""
        network, card = load_token_network(checkpoint, self.lesson.sizes)
        ours = asdict(self.network.config)  # type: ignore[call-overload]
        differing = [name for name in ours if name != "dropout" and card.settings.get(name) != ours[name]]
        if card.network != self.name or differing:
            raise BadRequest(
                f"{checkpoint.name} holds a network {card.network!r} of the sizes {dict(card.settings)}; "
                f"to begin from it, train {card.network} with the same sizes (--set)."
            )
        self.network.load_state_dict(network.state_dict())
        self.average = {k: t.detach().clone() for k, t in self.network.state_dict().items()}
        self.begun = checkpoint.stem

    def train(self, report: Callable[[Progress], None] = lambda _: None) -> Progress:
        """Learn until time is up or held-out music is predicted no better; return the record."""
        config, progress = self.config, self.progress
        practice = self.lesson.practice(config.batch, config.window)
        random = np.random.default_rng([config.seed, progress.step])
        budget = config.minutes * 60
        last = time.monotonic()
        next_valid = progress.elapsed + config.valid_every * 60
        next_save = progress.elapsed + config.save_every * 60
        bar = tqdm(total=round(budget), initial=round(progress.elapsed), unit="s", disable=not sys.stderr.isatty())
        smooth = progress.losses[-1][1] if progress.losses else None
        while progress.elapsed < budget and progress.since_best < config.patience:
            loss = self._step(practice, random)
            smooth = loss if smooth is None else 0.98 * smooth + 0.02 * loss
            now = time.monotonic()
            progress.elapsed, last = progress.elapsed + now - last, now
            bar.update(min(round(progress.elapsed), bar.total) - bar.n)
            bar.set_postfix(loss=f"{smooth:.3f}", best=f"{progress.best:.3f}", refresh=False)
            if progress.step % 20 == 0:
                progress.losses.append((progress.step, smooth))
                for name, value in practice.told.items():
                    progress.traces.setdefault(name, []).append((progress.step, value))
            if progress.elapsed >= min(next_valid, budget):
                self._validate()
                next_valid = progress.elapsed + config.valid_every * 60
                report(progress)
            if progress.elapsed >= next_save:
                self.save_state()
                next_save = progress.elapsed + config.save_every * 60
        bar.close()
        if not progress.valids:
            self._validate()
        self.save_state()
        self._keep_traces()
        return progress

    def _keep_traces(self) -> None:
        """The best network's card tells the whole training, what came after it too."""
        if self.progress.traces and self.out.exists():
            network, card = load_token_network(self.out, self.lesson.sizes)
            save(self.out, network, replace(card, traces=self._thinned()))

    def _thinned(self) -> dict[str, list[tuple[int, float]]]:
        return {name: thinned(points) for name, points in self.progress.traces.items()}

    def _step(self, practice: Practice, random: np.random.Generator) -> float:
        """One step, of one turn or several; the loss of the first."""
        config, progress = self.config, self.progress
        self.network.train()
        losses = []
        for loss in practice.turns(self.network, random, progress.elapsed / (config.minutes * 60)):
            self.optimizers.step(loss, config.learning_rate * self._schedule(), config.clip)
            losses.append(float(loss.detach()))
        progress.step += 1
        self._update_average()
        return losses[0]

    def _schedule(self) -> float:
        done = min(1.0, self.progress.elapsed / (self.config.minutes * 60))
        return min(1.0, (self.progress.step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))

    @torch.no_grad()
    def _update_average(self) -> None:
        decay = min(self.config.average, self.progress.step / (self.progress.step + 10))
        for name, tensor in self.network.state_dict().items():
            self.average[name].lerp_(tensor, 1 - decay)

    def _validate(self) -> None:
        self.save_state()  # measuring takes a while, and a kill must not cost more than a minute
        progress = self.progress
        averaged = self.averaged_network()
        nats = self.lesson.measure(averaged)
        progress.valids.append((progress.step, nats))
        if nats < progress.best:
            progress.best, progress.since_best = nats, 0
            self.lesson.complete(averaged)
            save(self.out, averaged, self.card({f"valid {self.lesson.unit}": round(nats, 4)}))
        else:
            progress.since_best += 1
        self.folder.mkdir(parents=True, exist_ok=True)
        draw_curves(progress.losses, progress.valids, self.lesson.unit, self.folder / "loss.png")
        if progress.traces:
            draw_traces(progress.traces, self.folder / "traces.png")

    def averaged_network(self) -> WritingNetwork:
        """A copy of the network with the averaged weights."""
        copy = build_token_network(self.name, self.lesson.sizes, asdict(self.network.config))  # type: ignore[call-overload]
        copy.load_state_dict(self.average)
        return copy.eval()

    def card(self, figures: dict[str, float]) -> Card:
        """The card of this run's checkpoint."""
        return Card(
            network=self.name,
            settings=asdict(self.network.config),  # type: ignore[call-overload]
            parameters=count_parameters(self.network),
            trained=time.strftime("%Y-%m-%d"),
            command=self._command(),
            figures=figures,
            traces=self._thinned(),
            **self.lesson.card(),
        )

    def _command(self) -> str:
        config, default = self.config, TrainConfig()
        told = [
            f"--{f.name.replace('_', '-')} {getattr(config, f.name):g}"
            for f in fields(TrainConfig)
            if f.name in _TOLD and getattr(config, f.name) != getattr(default, f.name)
        ]
        sizes = asdict(self.network.config)  # type: ignore[call-overload]
        begun = [f"--from {self.begun}"] if self.begun else []
        return " ".join(
            [f"composer train {self.name}", *begun, *told, *(f"--set {k}={_told(v)}" for k, v in sizes.items())]
        )

    def save_state(self) -> None:
        """Write what `resume` needs: tensors and record in one file, whole or not at all."""
        tensors = {f"weights.{k}": t for k, t in self.network.state_dict().items()}
        tensors |= {f"average.{k}": t for k, t in self.average.items()}
        tensors |= {f"moments.{k}": t for k, t in self.optimizers.moments().items()}
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / "state.part"
        save_file(
            {k: t.contiguous() for k, t in tensors.items()}, part, {"progress": json.dumps(asdict(self.progress))}
        )
        part.replace(self.folder / "state.safetensors")

    def resume(self) -> bool:
        """Take up where `save_state` left; False when there is nothing to take up."""
        path = self.folder / "state.safetensors"
        if not path.exists():
            return False
        try:
            tensors = load_file(path)
            self.progress = Progress(**_metadata(path)["progress"])
            self.network.load_state_dict(_under("weights.", tensors))
            self.average = _under("average.", tensors)
            self.optimizers.remember(_under("moments.", tensors))
        except (SafetensorError, RuntimeError, KeyError, TypeError, ValueError) as error:
            raise BadCheckpoint(f"{path} does not fit this network. Remove the folder to begin anew.") from error
        return True


def _told(size: Any) -> str:
    return json.dumps(size).replace(" ", "")


def _metadata(path: Path) -> dict[str, Any]:
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        return {k: json.loads(v) for k, v in (file.metadata() or {}).items()}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): t for k, t in tensors.items() if k.startswith(prefix)}
