"""The published benchmarks: their protocols, their figures, and ours beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from composer.card import read_card
from composer.checkpoint import load_token_network, save
from composer.errors import BadRequest
from composer.evaluation.grid import SIZES, Form, GridLesson, load_grid
from composer.train.likelihood import measure, measure_in_keys
from composer.train.trainer import Progress, Run, TrainConfig

_JSB = "J. S. Bach chorales, split of Boulanger-Lewandowski et al."


@dataclass(frozen=True)
class Published:
    """A figure from the literature."""

    name: str
    value: float
    source: str


@dataclass(frozen=True)
class Benchmark:
    """A protocol: which file, read how, on which split, in which unit; goal and published figures."""

    name: str
    file: str
    form: Form
    split: str
    unit: str
    transpositions: int
    corpus: str
    protocol: str
    published: tuple[Published, ...]
    window: int = 512  # tokens, in training
    transformer: Mapping[str, Any] = field(default_factory=dict)  # sizes other than the usual ones

    @property
    def figure(self) -> str:
        """Its figure's name in a card."""
        return f"{self.split} {self.unit}"

    @property
    def figure_in_keys(self) -> str:
        """The name of the figure in all keys."""
        return f"{self.figure}, mean of keys"

    def settings(self, network: str) -> dict[str, Any]:
        """The sizes of a network for this benchmark."""
        return {**_SETTINGS[network], **(self.transformer if network == "transformer" else {})}

    def lesson(self, path: Path) -> GridLesson:
        """The corpus as a lesson."""
        about = {"corpus": self.corpus, "licence": "PD music"}
        return GridLesson(load_grid(path), self.form, self.transpositions, self.unit, about)


_RNN_RBM = "Boulanger-Lewandowski, Bengio & Vincent 2012, arXiv:1206.6392"
_FRAMES = (
    "exact joint likelihood of each piece as a chain of pitches from the highest down and an end of frame, the end "
    "of the piece included, divided by the number of frames; no transposition when measuring"
)
BENCHMARKS = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark(
            *("jsb-quarter", "jsb-chorales-quarter.json", "frames", "test", "nats a frame", 6, _JSB, _FRAMES),
            (Published("RNN-RBM", 6.27, _RNN_RBM), Published("RNN-NADE", 5.56, _RNN_RBM)),
        ),
        Benchmark(
            *("nottingham", "nottingham_bl_rolls.json.xz", "frames", "test", "nats a frame", 0),
            *("Nottingham folk tunes with chords, split of Boulanger-Lewandowski et al.", _FRAMES),
            (Published("RNN-RBM", 2.39, _RNN_RBM), Published("RNN-NADE", 2.31, _RNN_RBM)),
        ),
        Benchmark(
            *("jsb-16th", "Jsb16thSeparated.json", "voices", "valid", "nats a note", 6, _JSB),
            "exact joint likelihood of each piece as a chain of four voices a sixteenth from soprano to bass, the end "
            "of the piece included, divided by four times the number of sixteenths; no transposition when measuring",
            (
                Published("Coconet", 0.436, "Huang et al. 2018, arXiv:1809.04281"),
                Published("Music Transformer", 0.335, "Huang et al. 2018, arXiv:1809.04281"),
            ),
            window=1024,  # most chorales whole: what is measured is whole
            transformer={"channels": 192, "heads": 6},
        ),
    )
}

# Sizes and speeds that did best on the valid splits, small on purpose: the corpora are small.
_SETTINGS: dict[str, dict[str, Any]] = {
    "rnn": {"embedding": 96, "hidden": 256, "layers": 1, "dropout": 0.3},
    "lstm": {"embedding": 96, "hidden": 256, "layers": 1, "dropout": 0.3},
    "transformer": {"channels": 128, "heads": 4, "layers": 3, "dropout": 0.3},
}
_RATES = {"rnn": 1e-3, "lstm": 3e-3, "transformer": 2e-3}
NETWORKS = tuple(_SETTINGS)


@dataclass(frozen=True)
class Result:
    """What a network reached."""

    network: str
    value: float
    parameters: int
    measured: str  # "here", or "card" where the corpus is not at hand
    in_keys: float | None = None  # the same, each token's chance the mean of its chances in all keys that were taught


def train_benchmark(
    benchmark: Benchmark, network: str, data: Path, out: Path, minutes: float, report: Callable[[Progress], None]
) -> None:
    """Train a network on a benchmark's train split, stopping by its valid split; its card then has the figure."""
    lesson = benchmark.lesson(data)
    config = TrainConfig(
        minutes=minutes, batch=4, window=benchmark.window, learning_rate=_RATES[network], valid_every=1, patience=12
    )
    run = Run(network, lesson, out, config, benchmark.settings(network))
    run.resume()
    run.train(report)
    result = measure_benchmark(benchmark, out, data)
    card = read_card(out)
    told = {benchmark.figure: result.value, benchmark.figure_in_keys: result.in_keys}
    figures = {**card.figures, **{name: round(value, 4) for name, value in told.items() if value is not None}}
    command = f"composer benchmark {benchmark.name} --network {network} --train --minutes {minutes:g}"
    save(out, load_token_network(out, SIZES)[0], replace(card, figures=figures, command=command))


def measure_benchmark(benchmark: Benchmark, checkpoint: Path, data: Path | None) -> Result:
    """A checkpoint's figure: measured where the corpus is at hand, else as its card has it."""
    card = read_card(checkpoint)
    if card.vocabulary.get("grid") != benchmark.form:
        raise BadRequest(f"{checkpoint.name} was not trained for {benchmark.name}. Train one with --train.")
    if data is None:
        if benchmark.figure not in card.figures:
            raise BadRequest(f"{checkpoint.name}'s card has no figure. Name the corpus with --data {benchmark.file}.")
        value, in_keys = card.figures[benchmark.figure], card.figures.get(benchmark.figure_in_keys)
        return Result(card.network, value, card.parameters, "card", in_keys)
    network, card = load_token_network(checkpoint, SIZES)
    lesson = benchmark.lesson(data)
    value = measure(network, lesson.measured(benchmark.split)).per_note
    in_keys = measure_in_keys(network, lesson.in_all_keys(benchmark.split)).per_note if lesson.transpositions else None
    return Result(card.network, value, card.parameters, "here", in_keys)
