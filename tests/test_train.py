"""The trainer of the published benchmarks on a small scale: windows to weights, a kill, and figures."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from composer.errors import BadCheckpoint, BadRequest
from composer.evaluation.grid import SIZES, GridLesson, encode_grid
from composer.networks import TOKEN_NETWORKS, build_token_network
from composer.train.likelihood import measure
from composer.train.trainer import Run, TrainConfig
from composer.train.windows import Batch, Example

TINY = {"embedding": 8, "hidden": 12}
QUICK = TrainConfig(minutes=0.1, batch=2, window=32, valid_every=0.02, save_every=0.01)


def grids(count: int = 12) -> GridLesson:
    pieces = [[[60 + (i + step) % 8] for step in range(24)] for i in range(count)]
    return GridLesson({"train": pieces[2:], "valid": pieces[:2], "test": []}, "frames", 0, "nats a frame", {})


def test_padding_does_not_count():
    rows = ([1, 3, 2], [1, 3, 3, 2])
    examples = [Example(np.array(tokens), np.zeros((len(tokens), 5), int), given=2) for tokens in rows]
    batch = Batch.of(examples)
    assert batch.tokens.tolist() == [[1, 3, 2], [1, 3, 3]]
    assert batch.targets.tolist() == [[-100, 2, -100], [-100, 3, 2]]


def test_a_network_that_knows_nothing_has_the_uniform_surprise():
    network = build_token_network("rnn", SIZES, TINY)
    torch.nn.init.zeros_(network.project.weight)
    torch.nn.init.zeros_(network.project.bias)
    likelihood = measure(network, [(encode_grid([[60], [62, 55]], "frames"), 3)])
    assert likelihood.per_token == pytest.approx(np.log(SIZES.vocabulary), rel=1e-4)
    assert likelihood.per_note == pytest.approx(likelihood.nats / 3)


# Training


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_training_lowers_the_surprise_and_leaves_a_checkpoint_and_a_picture(tmp_path, name):
    settings = asdict(TOKEN_NETWORKS[name][1].tiny())
    run = Run(name, grids(), tmp_path / "mine.safetensors", QUICK, settings)
    before = measure(run.network, run.lesson.held_out()).per_note
    progress = run.train()
    assert progress.best < before - 0.5
    assert (tmp_path / "mine.run" / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert run.out.stat().st_size < 1_000_000


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    first = Run("rnn", grids(), tmp_path / "mine.safetensors", QUICK, TINY)
    first.train()
    first.save_state()
    longer = TrainConfig(minutes=1.5 * QUICK.minutes, batch=2, window=32, valid_every=0.02)
    second = Run("rnn", grids(), tmp_path / "mine.safetensors", longer, TINY)
    assert second.resume()
    assert second.progress == first.progress
    for a, b in zip(first.network.parameters(), second.network.parameters(), strict=True):
        assert torch.equal(a, b)
    before, after = (run.optimizers.moments() for run in (first, second))
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert second.train().step > first.progress.step


def test_a_run_of_another_network_is_not_taken_up(tmp_path):
    Run("rnn", grids(), tmp_path / "mine.safetensors", QUICK, TINY).save_state()
    with pytest.raises(BadCheckpoint, match="Remove the folder"):
        Run("lstm", grids(), tmp_path / "mine.safetensors", QUICK, TINY).resume()


def test_training_stops_when_held_out_music_is_predicted_no_better(tmp_path):
    patient = TrainConfig(minutes=5, batch=2, window=32, valid_every=0.002, patience=2, learning_rate=0.5)
    progress = Run("rnn", grids(), tmp_path / "m.safetensors", patient, TINY).train()
    assert progress.elapsed < 60
    assert progress.since_best == 2


def test_impossible_sizes_are_refused(tmp_path):
    with pytest.raises(BadRequest, match="wings"):
        Run("rnn", grids(), tmp_path / "m.safetensors", QUICK, {"wings": 2})


def test_a_card_repeats_the_command(tmp_path):
    run = Run("rnn", grids(), tmp_path / "m.safetensors", QUICK, TINY)
    assert run.card({}).command.startswith(
        f"composer train rnn --minutes {QUICK.minutes:g} --batch 2 --window 32 --set embedding=8"
    )


def test_a_training_begins_with_what_another_has_learned(tmp_path):
    first = Run("rnn", grids(), tmp_path / "first.safetensors", QUICK, TINY)
    first.train()
    second = Run("rnn", grids(), tmp_path / "second.safetensors", QUICK, TINY)
    second.begin_from(tmp_path / "first.safetensors")
    learned = load_file(tmp_path / "first.safetensors")
    assert all(torch.equal(t, learned[k].float()) for k, t in second.network.state_dict().items())
    assert "--from first" in second.card({}).command
    other = Run("rnn", grids(), tmp_path / "o.safetensors", QUICK, {**TINY, "hidden": 16})
    with pytest.raises(BadRequest, match="same sizes"):
        other.begin_from(tmp_path / "first.safetensors")
