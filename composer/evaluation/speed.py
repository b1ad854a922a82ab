"""Speed, as ratios taken in one run: notes a second of each network beside what else writes or renders as much.

Everything is measured in turn, round by round, in seconds of this program's CPU time on one thread; what is told are
medians over the rounds.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from composer.analysis.tunes import load_library
from composer.errors import BadRequest
from composer.evaluation.first_generation import VOCABULARY, FirstGeneration
from composer.music import Reading, write_midi
from composer.networks import count_parameters
from composer.places import checkpoints_folder
from composer.score import Score
from composer.shelf import Shelf, Shelved
from composer.sound import find_font, render
from composer.writing import Request, new_writer

_BARS, _TAKES = 16, 4
_TUNES = 400  # of the library, in which tokens are counted
_TOKENS = 96  # written by `generate()` a round, after as many as the seed has


@dataclass(frozen=True)
class Speed:
    """What was measured, by name; None where something is not installed."""

    figures: dict[str, float | None]
    notes_a_second: dict[str, float]
    tokens_a_note: float
    rounds: int


def measure_speed(seed: Reading, rounds: int, report: Callable[[str], None], checkpoints: Path | None = None) -> Speed:
    """Measure everything on a seed, such as eight bars of melody."""
    if rounds < 1:
        raise BadRequest(f"The number of rounds must be at least 1, not {rounds}.")
    torch.set_num_threads(1)
    checkpoints = checkpoints or checkpoints_folder()
    shelf = Shelf(checkpoints)
    networks = {name: shelf.take(name) for name in ("transformer", "lstm", "rnn")}
    tokens_a_note = count_tokens_a_note()
    tasks = {name: _notes_a_second(shelved, seed) for name, shelved in networks.items()}
    tasks["reference"] = _notes_a_second(_by_reference(networks["transformer"]), seed)
    for name, old in (
        ("first_lstm", FirstGeneration("lstm")),
        ("first_lstm_by_cell", FirstGeneration("lstm", by_cell=True)),
        ("first_rnn", FirstGeneration("rnn")),
    ):
        tasks[name] = _tokens_a_second(partial(old.write, random=np.random.default_rng(0)), tokens_a_note)
    size = networks["transformer"].card.parameters
    if generate := _generate(size, seed):
        tasks["generate"] = _tokens_a_second(generate, tokens_a_note)
    seen: dict[str, list[float]] = {name: [] for name in tasks}
    four: list[float] = []
    first: list[float] = []
    for task in tasks.values():
        task(0)
    for number in range(rounds):
        report(f"Round {number + 1} of {rounds}.")
        for name, task in tasks.items():
            seen[name].append(task(number))
        four.append(_four_over_one(networks["transformer"], seed, number))
        first.append(_first_bar(networks["transformer"], seed, number))

    def over(one: str, other: str) -> float | None:
        if other not in seen:
            return None
        return statistics.median(a / b for a, b in zip(seen[one], seen[other], strict=True))

    figures = {
        "transformer_over_generate": over("transformer", "generate"),
        "transformer_over_reference": over("transformer", "reference"),
        "lstm_over_first_generation": over("lstm", "first_lstm"),
        "lstm_over_first_generation_by_cell": over("lstm", "first_lstm_by_cell"),
        "rnn_over_first_generation": over("rnn", "first_rnn"),
        "four_takes_over_one": statistics.median(four),
        "rendering_over_fluidsynth": _rendering(networks["transformer"], seed, rounds),
        "cpu_seconds_to_first_bar_of_a_press": statistics.median(first),
        "cpu_seconds_to_first_note": statistics.median(_started(_TO_FIRST_NOTE, checkpoints) for _ in range(rounds)),
        "cpu_seconds_to_help": statistics.median(_started(_TO_HELP, checkpoints) for _ in range(rounds)),
    }
    rates = {name: statistics.median(values) for name, values in seen.items()}
    return Speed(figures, rates, tokens_a_note, rounds)


def count_tokens_a_note() -> float:
    """How many flat tokens a note of the library takes."""
    scores = [tune.score for tune in load_library().tunes[:_TUNES]]
    return sum(_tokens(score) for score in scores) / sum(len(score.notes) for score in scores)


def _tokens(score: Score) -> int:
    """A melody as flat tokens: BAR a bar; POSITION, PITCH and DURATION a note."""
    return score.bars + 3 * len(score.notes)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _press(shelved: Shelved, seed: Reading, number: int, takes: int = 1) -> int:
    """One press, from its request to its takes; how many notes were written."""
    writer = new_writer(seed, Request(bars=_BARS, seed=number, takes=takes), shelved)
    return sum(len(take.new) for take in writer.finish_all())


def _notes_a_second(shelved: Shelved, seed: Reading) -> Callable[[int], float]:
    def measure(number: int) -> float:
        began = time.process_time()
        notes = sum(_press(shelved, seed, 2 * number + more) for more in range(2))
        return notes / (time.process_time() - began)

    return measure


def _tokens_a_second(write: Callable[[int], object], tokens_a_note: float) -> Callable[[int], float]:
    """Notes a second of what writes so many tokens."""
    return lambda _: _TOKENS / tokens_a_note / _seconds(lambda: write(_TOKENS))


def _by_reference(shelved: Shelved) -> Shelved:
    """The same network, played by PyTorch."""
    return replace(shelved, given=shelved.network)


def _generate(size: int, seed: Reading) -> Callable[[int], object] | None:
    """`generate()` of the transformers library, by a Llama of about so many weights; None where it is not installed."""
    try:
        from transformers import LlamaConfig, LlamaForCausalLM
    except ImportError:
        return None
    sizes = [
        LlamaConfig(
            vocab_size=VOCABULARY,
            hidden_size=256,
            intermediate_size=682,
            num_hidden_layers=layers,
            num_attention_heads=8,
            max_position_embeddings=4_096,
        )
        for layers in range(4, 10)
    ]
    network: Any = min((LlamaForCausalLM(each) for each in sizes), key=lambda n: abs(count_parameters(n) - size)).eval()
    prompt = torch.randint(3, VOCABULARY, (1, _tokens(seed.score)))

    def write(tokens: int) -> object:
        with torch.inference_mode():
            return network.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                max_new_tokens=tokens,
                min_new_tokens=tokens,
                do_sample=True,
                temperature=0.9,
                top_p=0.95,
                pad_token_id=0,
            )

    return write


def _four_over_one(shelved: Shelved, seed: Reading, number: int) -> float:
    """A press for four takes, against the mean of the four asked for one by one."""
    first = number * _TAKES
    together = _seconds(lambda: _press(shelved, seed, first, _TAKES))
    alone = [_seconds(partial(_press, shelved, seed, first + take)) for take in range(_TAKES)]
    return together / statistics.mean(alone)


def _first_bar(shelved: Shelved, seed: Reading, number: int) -> float:
    """CPU seconds from a press to its first bar."""
    began = time.process_time()
    with closing(new_writer(seed, Request(bars=_BARS, seed=number), shelved).write()) as growing:
        next(growing)
        return time.process_time() - began


def _rendering(shelved: Shelved, seed: Reading, rounds: int) -> float | None:
    """Wall seconds of `fluidsynth -F` over ours, on the same take and font; None where the program is missing."""
    program, font = shutil.which("fluidsynth"), find_font()
    if program is None or font is None:
        return None
    score = new_writer(seed, Request(bars=_BARS), shelved).finish().score
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "take.mid"
        path.write_bytes(write_midi(score))
        command = [program, "-ni", "-q", "-r", "44100", "-F", f"{folder}/out.wav", str(font), str(path)]
        render(score)
        ratios = []
        for _ in range(rounds):
            theirs = _wall(lambda: subprocess.run(command, check=True, capture_output=True))
            ratios.append(theirs / _wall(lambda: render(score)))
    return statistics.median(ratios)


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


_END = "import sys, time; sys.stderr.write(f'{time.process_time()}')"
_TO_HELP = f"""
from composer.cli import main
try:
    main(["--help"])
except SystemExit:
    {_END}
"""
# What `composer compose` does until its first bar is there.
_TO_FIRST_NOTE = f"""
import sys
from pathlib import Path
from composer.cli.main import command_of
command_of("compose")
from composer.cli import compose
reading = compose.read(Path(sys.argv[1]))
writer = compose.new_writer(reading, compose.Request(bars=8), compose.Shelf(Path(sys.argv[2])).take("transformer"))
next(writer.write())
{_END}
"""


def _started(program: str, checkpoints: Path) -> float:
    """CPU seconds of a program of its own, from its start."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seed.mid"
        path.write_bytes(write_midi(load_library().tunes[0].score))
        arguments: Sequence[str] = [sys.executable, "-c", program, str(path), str(checkpoints)]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return float(done.stderr.splitlines()[-1])
