"""The training loop: so many steps, resumable after a kill, the same twice over with the same seed.

Beside `FILE.safetensors` a run keeps `FILE.run.safetensors`: weights, averages and the optimizer's moments, and in its
header how far it has come. Whatever is drawn depends on the seed and on how far the run is, so that a resumed run goes
on as if it had never stopped.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from tqdm import tqdm

from composer.errors import BadCheckpoint, BadRequest
from composer.training.objective import Batch, Objective


@dataclass(frozen=True)
class TrainingConfig:
    """How long and how fast to learn. The learning rate rises over `warmup` steps, then falls as a cosine."""

    steps: int = 4000
    minutes: float = 60 * 24 * 7  # at most
    learning_rate: float = 3e-3
    warmup: int = 100  # steps
    final: float = 0.02  # of the learning rate, at the last step
    weight_decay: float = 0.02
    momentum: tuple[float, float] = (0.9, 0.98)
    clip: float = 1.0  # of the gradient's norm
    average: float = 0.998  # decay a step of the running average of weights that is measured and saved
    measure_every: int = 250  # steps
    save_every: float = 120.0  # seconds
    seed: int = 0
    device: str = "cpu"
    # Shares of the learning rate, for parts of the network that learn slower, by the beginning of their names.
    paces: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.steps < 1 or not 0 < self.minutes or self.seed < 0:
            raise BadRequest("Training needs at least one step, some minutes, and a seed from 0 up.")
        if not 0 < self.learning_rate < 1:
            raise BadRequest(f"--learning-rate {self.learning_rate:g} must lie between 0 and 1.")

    def rate(self, step: int) -> float:
        """The learning rate of a step."""
        if step < self.warmup:
            return self.learning_rate * (step + 1) / self.warmup
        done = min(1.0, (step - self.warmup) / max(1, self.steps - self.warmup))
        return self.learning_rate * (self.final + (1 - self.final) * 0.5 * (1 + math.cos(math.pi * done)))


@dataclass
class Progress:
    """How far a run is. `losses` are (step, smoothed loss), `measures` (step, what the objective measures)."""

    step: int = 0
    pool: int = 0  # pools drawn so far; the last one is under way
    taken: int = 0  # batches of it that are behind
    seconds: float = 0.0
    losses: list[tuple[int, float]] = field(default_factory=list)
    measures: list[tuple[int, dict[str, float]]] = field(default_factory=list)


class Run:
    """A network, what it learns, and how far it is."""

    def __init__(self, network: nn.Module, objective: Objective, state_file: Path, config: TrainingConfig) -> None:
        self.network = network.to(config.device)
        self.objective, self.state_file, self.config = objective, state_file, config
        self.average = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
        self._paces, groups = _grouped(network, config.paces)
        self.optimizer = torch.optim.AdamW(
            groups,
            lr=config.learning_rate,
            betas=config.momentum,
            weight_decay=config.weight_decay,
            fused=True,
        )
        self.progress = Progress()
        self._pool: Sequence[Batch] = ()

    def begin_with(self, weights: Mapping[str, Tensor]) -> None:
        """Begin with weights that were learned elsewhere."""
        self.network.load_state_dict(dict(weights))
        self.average = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}

    def train(self, report: Callable[[Progress], None] = lambda _: None) -> Progress:
        """Learn until the last step, or until the minutes are over."""
        config, progress = self.config, self.progress
        smooth = progress.losses[-1][1] if progress.losses else None
        last = saved = time.monotonic()
        bar = tqdm(total=config.steps, initial=progress.step, unit="step", disable=not sys.stderr.isatty())
        while progress.step < config.steps and progress.seconds < 60 * config.minutes:
            loss = self._step(self._next_batch())
            smooth = loss if smooth is None else 0.98 * smooth + 0.02 * loss
            progress.step += 1
            bar.update()
            if progress.step % 20 == 0:
                progress.losses.append((progress.step, smooth))
            if progress.step % config.measure_every == 0 or progress.step == config.steps:
                progress.measures.append((progress.step, self.measure()))
                report(progress)
            now = time.monotonic()
            progress.seconds, last = progress.seconds + now - last, now
            if now - saved > config.save_every or progress.step == config.warmup:
                self.save()
                saved = now
        bar.close()
        self.save()
        return progress

    def measure(self) -> dict[str, float]:
        """What the objective measures of the averaged weights."""
        learned = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}
        self.network.load_state_dict(self.average)
        self.network.eval()
        with torch.inference_mode(), self._autocast():
            measured = self.objective.measure(self.network, self.config.device)
        self.network.load_state_dict(learned)
        return measured

    def _next_batch(self) -> Batch:
        progress = self.progress
        if not self._pool and progress.pool:  # a resumed run draws the pool that was under way again
            self._pool = self._draw(progress.pool)
        if progress.taken >= len(self._pool):
            progress.pool, progress.taken = progress.pool + 1, 0
            self._pool = self._draw(progress.pool)
        progress.taken += 1
        return self._pool[progress.taken - 1]

    def _draw(self, pool: int) -> Sequence[Batch]:
        return self.objective.pool(np.random.default_rng([self.config.seed, pool]))

    def _step(self, batch: Batch) -> float:
        config = self.config
        torch.manual_seed(config.seed * 1_000_003 + self.progress.step)  # dropout knows no generator of its own
        for group, pace in zip(self.optimizer.param_groups, self._paces, strict=True):
            group["lr"] = pace * config.rate(self.progress.step)
        self.network.train()
        with self._autocast():
            loss = self.objective.loss(self.network, batch, config.device, self.progress.step / config.steps)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), config.clip)
        self.optimizer.step()
        decay = min(config.average, (1 + self.progress.step) / (10 + self.progress.step))
        with torch.no_grad():
            for name, tensor in self.network.state_dict().items():
                self.average[name].lerp_(tensor, 1 - decay)
        return float(loss.detach())

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.config.device.partition(":")[0], torch.bfloat16)

    def save(self) -> None:
        """Write the run's state whole or not at all."""
        names = self._names()
        tensors: dict[str, Tensor] = {f"weight {k}": t for k, t in self.network.state_dict().items()}
        tensors |= {f"average {k}": t for k, t in self.average.items()}
        for index, moments in self.optimizer.state_dict()["state"].items():
            tensors |= {f"{kind} {names[index]}": tensor for kind, tensor in moments.items()}
        header = {"progress": json.dumps(asdict(self.progress)), "config": json.dumps(asdict(self.config))}
        part = self.state_file.with_suffix(f".{os.getpid()}.part")
        self.state_file.parent.mkdir(parents=True, exist_ok=True)
        save_file({k: t.detach().contiguous().clone() for k, t in tensors.items()}, part, header)
        part.replace(self.state_file)

    def _names(self) -> list[str]:
        """The weights' names in the optimizer's order."""
        names = {weight: name for name, weight in self.network.named_parameters()}
        return [names[weight] for group in self.optimizer.param_groups for weight in group["params"]]

    def resume(self) -> None:
        """Go on from the state that was saved; BadCheckpoint where it is of another network."""
        try:
            with safe_open(self.state_file, "pt") as file:
                progress = json.loads((file.metadata() or {})["progress"])
            tensors = load_file(self.state_file, device=self.config.device)
            self.progress = Progress(**progress)
            self.progress.losses = [(int(s), v) for s, v in self.progress.losses]
            self.progress.measures = [(int(s), v) for s, v in self.progress.measures]
            self.network.load_state_dict(_named(tensors, "weight"))
            self.average = _named(tensors, "average")
            names = self._names()
            kinds = ("step", "exp_avg", "exp_avg_sq")
            learned = [(i, name) for i, name in enumerate(names) if f"step {name}" in tensors]  # else: never asked for
            moments = {i: {kind: tensors[f"{kind} {name}"] for kind in kinds} for i, name in learned}
            self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": moments})
        except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            raise BadCheckpoint(
                f"{self.state_file.name} does not hold a run of this network that could go on; "
                "begin anew without --resume."
            ) from error


def _grouped(network: nn.Module, paces: Mapping[str, float]) -> tuple[list[float], list[dict[str, Any]]]:
    """The weights that learn at each pace, and the paces."""
    groups: dict[float, list[nn.Parameter]] = {}
    for name, weight in network.named_parameters():
        if weight.requires_grad:
            pace = next((pace for start, pace in paces.items() if name.startswith(start)), 1.0)
            groups.setdefault(pace, []).append(weight)
    return list(groups), [{"params": weights} for weights in groups.values()]


def _named(tensors: dict[str, Tensor], kind: str) -> dict[str, Tensor]:
    return {name.partition(" ")[2]: t for name, t in tensors.items() if name.partition(" ")[0] == kind}
