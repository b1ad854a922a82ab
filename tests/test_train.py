"""The whole road on a small scale: music to windows, windows to weights, a kill, and figures."""

from __future__ import annotations

import json
import lzma

import numpy as np
import pytest
import torch

from composer.errors import BadCheckpoint, BadRequest, NoTrainingMusic
from composer.evaluate.markov import markov_likelihood
from composer.events import Clock, Header, Vocabulary
from composer.music import write_midi
from composer.networks import EventSizes, build
from composer.score import Metre
from composer.train.corpus import Piece, load_corpus, select, split_of, tune_hash
from composer.train.likelihood import measure
from composer.train.trainer import Run, TrainConfig
from composer.train.windows import WindowSampler, targets_of, to_sequence, transpose
from tests.conftest import tune

V = Vocabulary()
TINY = {"embedding": 8, "hidden": 12}
QUICK = TrainConfig(minutes=0.05, batch=2, window=32, valid_every=0.02, save_every=0.01)


def pieces(count: int = 12) -> list[Piece]:
    scale = [60, 62, 64, 65, 67, 69, 71, 72]
    splits = ["train"] * (count - 4) + ["valid"] * 2 + ["test"] * 2
    return [Piece(tune(*scale[i % 4 :], *scale[::-1]), split, style="reel") for i, split in enumerate(splits)]


# Music in


def test_a_folder_of_midi_and_abc_is_read_with_subfolders(tmp_path):
    (tmp_path / "deep").mkdir()
    for i in range(9):
        (tmp_path / "deep" / f"{i}.mid").write_bytes(write_midi(tune(60, 62 + i, 64, 60)))
    book = "".join(f"X:{i}\nT:Tune {i}\nR:jig\nM:6/8\nL:1/8\nK:C\nCDE F{'GABc'[i]}A|GEC C3|]\n\n" for i in range(4))
    (tmp_path / "book.abc").write_text(book)
    (tmp_path / "broken.mid").write_bytes(b"MThd")
    found = load_corpus(tmp_path)
    assert len(found) == 13
    assert {piece.style for piece in found} == {"jig", None}
    assert {str(piece.metre) for piece in found} == {"6/8", "4/4"}


def test_a_file_of_melodies_is_read_with_its_splits(tmp_path):
    rows = [
        {"id": f"t{i}", "notes": [[60, 0, 24], [62, 24, 24]], "meter": meter, "split": split, "style": "jig"}
        for i, (meter, split) in enumerate([("6/8", "train"), ("C|", "valid"), ("", "test"), ("4/4?", "train")] * 3)
    ]
    path = tmp_path / "melodies.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, rows)).encode()))
    found = load_corpus(path)
    assert [str(piece.metre) for piece in found[:4]] == ["6/8", "2/2", "None", "None"]
    assert len(select(found, "train")) == 6


@pytest.mark.parametrize("content", ["", "not json\n", '{"id": "x"}\n'])
def test_what_is_no_corpus_is_refused(tmp_path, content):
    path = tmp_path / "m.jsonl"
    path.write_text(content)
    with pytest.raises(NoTrainingMusic):
        load_corpus(path)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(NoTrainingMusic, match="no file or folder"):
        load_corpus(tmp_path / "none")


def test_a_tune_and_its_transposition_fall_in_one_split():
    assert tune_hash(tune(60, 64, 67)) == tune_hash(tune(65, 69, 72)) != tune_hash(tune(60, 64, 68))
    drawn = [split_of(str(i)) for i in range(2000)]
    assert drawn.count("train") / 2000 == pytest.approx(0.8, abs=0.04)


# Windows


def test_a_window_in_another_key_is_the_piece_transposed():
    sequence = to_sequence(pieces()[0], V)
    sampler = WindowSampler([sequence], V, 80, np.random.default_rng(0))
    for _ in range(20):
        tokens, places = sampler.batch(1)
        window = tokens[0].numpy()
        shift = window[5] - sequence.tokens[5]  # START STYLE METRE BAR POSITION PITCH
        assert -6 <= shift <= 6
        length = len(sequence.tokens)
        assert (window[3:length] == transpose(sequence.tokens, int(shift), V)[3:]).all()
        assert (window[length:] == V.PAD).all()
        assert places.shape == (1, 81, 5)


def test_windows_of_a_long_piece_begin_at_bar_lines_and_say_where():
    piece = Piece(tune(*[60, 62, 64, 65] * 40), "train", metre=Metre())
    sampler = WindowSampler([to_sequence(piece, V)], V, 64, np.random.default_rng(0))
    tokens, places = sampler.batch(64)
    assert set(tokens[:, 0].tolist()) == {V.START, V.MIDDLE}
    assert (tokens[:, 3] == V.BAR).all()
    assert (places[:, 3, 0] == 0).all()  # bars are counted from the window's first
    assert set(places[:, 3, 4].tolist()) <= set(range(17))
    assert 0 in places[:, 3, 4]
    assert 16 in places[:, 3, 4]


def test_places_in_training_are_those_of_writing():
    piece = pieces()[0]
    sequence = to_sequence(piece, V)
    clock = Clock(V, 96)
    assert [list(clock.read(token)) for token in sequence.tokens.tolist()] == sequence.places.tolist()


def test_header_and_padding_do_not_count():
    tokens = torch.tensor([[*Header().tokens(V), V.BAR, V.END, V.PAD]])
    assert targets_of(tokens, V).tolist() == [[-100, -100, V.BAR, V.END, -100]]


# Likelihood


def test_a_network_that_knows_nothing_has_the_uniform_surprise():
    network = build("rnn", EventSizes(V.size, (64, 192, 193, 8, 17)), TINY)
    torch.nn.init.zeros_(network.project.weight)
    torch.nn.init.zeros_(network.project.bias)
    likelihood = measure(network, [to_sequence(piece, V) for piece in pieces(5)], V)
    assert likelihood.per_token == pytest.approx(np.log(V.size), rel=1e-4)
    assert likelihood.per_note == pytest.approx(likelihood.nats / sum(len(p.score.notes) for p in pieces(5)))


def test_the_markov_chain_has_the_probabilities_worked_out_by_hand():
    sequence = to_sequence(Piece(tune(60), "train"), V)
    order, likelihood = markov_likelihood([sequence], [sequence], [sequence], V)
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


def test_more_context_helps_the_markov_chain_on_a_periodic_tune():
    sequences = [to_sequence(piece, V) for piece in pieces()]
    order, likelihood = markov_likelihood(sequences[:8], sequences[8:10], sequences[10:], V)
    assert order > 1
    assert likelihood.per_token < 0.5


# Training


def test_training_lowers_the_surprise_and_leaves_a_checkpoint_and_a_picture(tmp_path):
    run = Run("lstm", pieces(), tmp_path / "mine.safetensors", QUICK, TINY)
    before = measure(run.network, run.valid_set, V).per_note
    progress = run.train()
    assert progress.best < before - 0.5
    assert (tmp_path / "mine.run" / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert run.out.stat().st_size < 1_000_000


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    first = Run("rnn", pieces(), tmp_path / "mine.safetensors", QUICK, TINY)
    first.train()
    first.save_state()
    longer = TrainConfig(minutes=0.08, batch=2, window=32, valid_every=0.02)
    second = Run("rnn", pieces(), tmp_path / "mine.safetensors", longer, TINY)
    assert second.resume()
    assert second.progress == first.progress
    for a, b in zip(first.network.parameters(), second.network.parameters(), strict=True):
        assert torch.equal(a, b)
    before, after = (run.optimizer.state_dict()["state"] for run in (first, second))
    assert all(torch.equal(before[i]["exp_avg"], after[i]["exp_avg"]) for i in before)
    assert second.train().step > first.progress.step


def test_a_run_of_another_network_is_not_taken_up(tmp_path):
    Run("rnn", pieces(), tmp_path / "mine.safetensors", QUICK, TINY).save_state()
    with pytest.raises(BadCheckpoint, match="Remove the folder"):
        Run("lstm", pieces(), tmp_path / "mine.safetensors", QUICK, TINY).resume()


def test_training_stops_when_held_out_music_is_predicted_no_better(tmp_path):
    patient = TrainConfig(minutes=5, batch=2, window=32, valid_every=0.002, patience=2, learning_rate=0.5)
    progress = Run("rnn", pieces(), tmp_path / "m.safetensors", patient, TINY).train()
    assert progress.elapsed < 60
    assert progress.since_best == 2


def test_an_unknown_network_is_refused(tmp_path):
    with pytest.raises(BadRequest, match="'oracle'"):
        Run("oracle", pieces(), tmp_path / "m.safetensors", QUICK, {})


def test_pieces_in_one_split_only_are_refused(tmp_path):
    alone = [Piece(tune(60, 62), "train") for _ in range(10)]
    with pytest.raises(NoTrainingMusic, match="valid"):
        Run("rnn", alone, tmp_path / "m.safetensors", QUICK, TINY)


def test_transposing_keeps_within_the_keyboard():
    tokens = np.array([V.pitch + 125, V.pitch + 100])
    assert (transpose(tokens, 6, V) - V.pitch).tolist() == [119, 94]
