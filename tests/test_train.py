"""The whole road on a small scale: music to windows, windows to weights, a kill, and figures."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from composer.data.corpus import Piece
from composer.errors import BadCheckpoint, BadRequest, NoTrainingMusic
from composer.evaluate.markov import markov_likelihood
from composer.events import Clock, Header, NoteReader, Vocabulary
from composer.events.task import Task, spell_task
from composer.networks import TOKEN_NETWORKS, EventSizes, build
from composer.score import Metre, Note
from composer.train.lesson import MusicLesson
from composer.train.likelihood import measure
from composer.train.tasks import TaskMix, TaskSampler, draw_task, task_example
from composer.train.trainer import Run, TrainConfig
from composer.train.windows import Batch, Example, WindowSampler, to_sequence, transpose
from tests.conftest import CHORALE, tune

V = Vocabulary()
TINY = {"embedding": 8, "hidden": 12}
QUICK = TrainConfig(minutes=0.1, batch=2, window=32, valid_every=0.02, save_every=0.01)


def pieces(count: int = 12) -> list[Piece]:
    scale = [60, 62, 64, 65, 67, 69, 71, 72]
    splits = ["train"] * (count - 4) + ["valid"] * 2 + ["test"] * 2
    return [Piece(tune(*scale[i % 4 :], *scale[::-1]), split, style="reel") for i, split in enumerate(splits)]


# Windows


def test_a_window_in_another_key_is_the_piece_transposed():
    sequence = to_sequence(pieces()[0], V)
    sampler, random = WindowSampler([sequence], V, 80), np.random.default_rng(0)
    shifts = set()
    for _ in range(100):
        example = sampler.draw(random)
        shift = int(example.tokens[5] - sequence.tokens[5])  # START STYLE METRE BAR POSITION PITCH
        assert (example.tokens[3:] == transpose(sequence.tokens, shift, V)[3:]).all()
        assert example.places.shape == (len(sequence.tokens), 5)
        shifts.add(shift)
    assert shifts == set(range(-6, 6))


def test_windows_of_a_long_piece_begin_at_bar_lines_and_say_where():
    piece = Piece(tune(*[60, 62, 64, 65] * 40), "train", metre=Metre())
    sampler, random = WindowSampler([to_sequence(piece, V)], V, 64), np.random.default_rng(0)
    examples = [sampler.draw(random) for _ in range(64)]
    assert {example.tokens[0] for example in examples} == {V.START, V.MIDDLE}
    assert {example.tokens[3] for example in examples} == {V.BAR}
    assert max(len(example.tokens) for example in examples) == 65
    assert {example.places[3, 0] for example in examples} == {0}  # bars are counted from the window's first
    assert {0, 16} <= {int(example.places[3, 4]) for example in examples} <= set(range(17))


def test_places_in_training_are_those_of_writing():
    piece = pieces()[0]
    sequence = to_sequence(piece, V)
    clock = Clock(V, 96)
    assert [list(clock.read(token)) for token in sequence.tokens.tolist()] == sequence.places.tolist()


def test_header_and_padding_do_not_count():
    short, long = [*Header().tokens(V), V.END], [*Header().tokens(V), V.BAR, V.END]
    examples = [Example(np.array(tokens), np.zeros((len(tokens), 5), int)) for tokens in (short, long)]
    batch = Batch.of(examples)
    assert batch.tokens.tolist() == [[*short, V.PAD][:-1], long[:-1]]
    assert batch.targets.tolist() == [[-100, -100, V.END, -100], [-100, -100, V.BAR, V.END]]


# Tasks


@pytest.mark.parametrize("seed", range(30))
def test_a_task_and_its_answer_spell_the_piece_between_them(seed):
    random = np.random.default_rng(seed)
    task = draw_task(CHORALE, 2, 7, TaskMix(), random)
    given, asked = spell_task(CHORALE, task, Header(), V)
    marks = given.index(V.WRITE)
    assert given[marks + 1 :] == [V.voice + voice for voice in sorted(task.voices)]
    lines = CHORALE.bar_start(2), CHORALE.bar_start(task.region_first)
    shown = _notes(given[:marks], lines[0]) | _notes(asked, lines[1])
    window = {(v, n) for v, voice in enumerate(CHORALE.voices) for n in voice.notes if 192 <= n.onset < 672}
    assert shown == window
    assert not _notes(given[:marks], lines[0]) & _notes(asked, lines[1])
    start, end = lines[1], CHORALE.bar_start(task.region_until)
    assert all(v in task.voices and start <= n.onset < end for v, n in _notes(asked, lines[1]))


def _notes(tokens: list[int], start: int) -> set[tuple[int, Note]]:
    reader = NoteReader(V, range(start, 10_000, 96))
    for token in tokens:
        reader.read(token)
    return set(reader.notes)


def test_bars_given_and_bars_to_write_stand_in_the_same_places():
    example = task_example(CHORALE, Task(1, 5, 2, 4, frozenset({1, 2})), Header(None, Metre()), V)
    bars = example.places[:, 0]
    is_bar = example.tokens == V.BAR
    assert bars[is_bar].tolist() == [0, 1, 2, 3, 1, 2]
    assert example.places[is_bar, 4].tolist() == [3, 2, 1, 0, 2, 1]


def test_tasks_and_windows_fit_and_ask_for_something():
    piece = Piece(CHORALE, "train", metre=Metre())
    sampler = TaskSampler([piece], WindowSampler([to_sequence(piece, V)], V, 200), V, 200)
    random = np.random.default_rng(0)
    examples = [sampler.draw(random) for _ in range(200)]
    assert all(example.given < len(example.tokens) <= 201 for example in examples)
    tasks = sum(V.WRITE in example.tokens for example in examples)
    assert tasks / 200 == pytest.approx(0.65, abs=0.1)


# Likelihood


def test_a_network_that_knows_nothing_has_the_uniform_surprise():
    network = build("rnn", EventSizes(V.size, (64, 192, 193, 8, 17)), TINY)
    torch.nn.init.zeros_(network.project.weight)
    torch.nn.init.zeros_(network.project.bias)
    likelihood = measure(network, [to_sequence(piece, V).whole for piece in pieces(5)])
    assert likelihood.per_token == pytest.approx(np.log(V.size), rel=1e-4)
    assert likelihood.per_note == pytest.approx(likelihood.nats / sum(len(p.score.notes) for p in pieces(5)))


def test_the_markov_chain_has_the_probabilities_worked_out_by_hand():
    sequence = to_sequence(Piece(tune(60), "train"), V)
    order, likelihood, per_note = markov_likelihood([sequence], [sequence], [sequence], V)
    # Every context was seen once with one successor: each order halves what is missing to certainty.
    tokens = 5  # BAR POSITION PITCH DURATION END
    assert likelihood.tokens == tokens
    # Contexts deeper than the piece is long do not exist: its first token has 3 tokens before it, its last 7.
    by_hand = 0.0
    for place in range(tokens):
        p = (1 + tokens / V.size) / (tokens + tokens)
        for _ in range(min(order, place + 3)):
            p = (1 + p) / 2
        by_hand -= np.log(p)
    assert likelihood.nats == pytest.approx(by_hand)
    assert (per_note.low, per_note.value, per_note.high) == pytest.approx((by_hand,) * 3)  # one piece of one note


def test_more_context_helps_the_markov_chain_on_a_periodic_tune():
    sequences = [to_sequence(piece, V) for piece in pieces()]
    order, likelihood, per_note = markov_likelihood(sequences[:8], sequences[8:10], sequences[10:], V)
    assert per_note.value == pytest.approx(likelihood.per_note)
    assert per_note.low <= per_note.value <= per_note.high
    assert order > 1
    assert likelihood.per_token < 0.5


# Training


@pytest.mark.parametrize("name", TOKEN_NETWORKS)
def test_training_lowers_the_surprise_and_leaves_a_checkpoint_and_a_picture(tmp_path, name):
    settings = asdict(TOKEN_NETWORKS[name][1].tiny())
    run = Run(name, MusicLesson(name, pieces()), tmp_path / "mine.safetensors", QUICK, settings)
    before = measure(run.network, run.lesson.held_out()).per_note
    progress = run.train()
    assert progress.best < before - 0.5
    assert (tmp_path / "mine.run" / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert run.out.stat().st_size < 1_000_000


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    first = Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "mine.safetensors", QUICK, TINY)
    first.train()
    first.save_state()
    longer = TrainConfig(minutes=1.5 * QUICK.minutes, batch=2, window=32, valid_every=0.02)
    second = Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "mine.safetensors", longer, TINY)
    assert second.resume()
    assert second.progress == first.progress
    for a, b in zip(first.network.parameters(), second.network.parameters(), strict=True):
        assert torch.equal(a, b)
    before, after = (run.optimizers.moments() for run in (first, second))
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert second.train().step > first.progress.step


def test_a_run_of_another_network_is_not_taken_up(tmp_path):
    Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "mine.safetensors", QUICK, TINY).save_state()
    with pytest.raises(BadCheckpoint, match="Remove the folder"):
        Run("lstm", MusicLesson("lstm", pieces()), tmp_path / "mine.safetensors", QUICK, TINY).resume()


def test_training_stops_when_held_out_music_is_predicted_no_better(tmp_path):
    patient = TrainConfig(minutes=5, batch=2, window=32, valid_every=0.002, patience=2, learning_rate=0.5)
    progress = Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "m.safetensors", patient, TINY).train()
    assert progress.elapsed < 60
    assert progress.since_best == 2


def test_impossible_sizes_are_refused(tmp_path):
    with pytest.raises(BadRequest, match="wings"):
        Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "m.safetensors", QUICK, {"wings": 2})


def test_a_card_repeats_the_command(tmp_path):
    run = Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "m.safetensors", QUICK, TINY)
    assert run.card({}).command.startswith(
        f"composer train rnn --minutes {QUICK.minutes:g} --batch 2 --window 32 --set embedding=8"
    )


def test_pieces_in_one_split_only_are_refused(tmp_path):
    alone = [Piece(tune(60, 62), "train") for _ in range(10)]
    with pytest.raises(NoTrainingMusic, match="valid"):
        Run("rnn", MusicLesson("rnn", alone), tmp_path / "m.safetensors", QUICK, TINY)


def test_transposing_keeps_within_the_keyboard():
    tokens = np.array([V.pitch + 125, V.pitch + 100])
    assert (transpose(tokens, 6, V) - V.pitch).tolist() == [119, 94]


def test_a_training_begins_with_what_another_has_learned(tmp_path):
    first = Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "first.safetensors", QUICK, TINY)
    first.train()
    second = Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "second.safetensors", QUICK, TINY)
    second.begin_from(tmp_path / "first.safetensors")
    learned = load_file(tmp_path / "first.safetensors")
    assert all(torch.equal(t, learned[k].float()) for k, t in second.network.state_dict().items())
    assert "--from first" in second.card({}).command
    other = Run("rnn", MusicLesson("rnn", pieces()), tmp_path / "o.safetensors", QUICK, {**TINY, "hidden": 16})
    with pytest.raises(BadRequest, match="same sizes"):
        other.begin_from(tmp_path / "first.safetensors")
