"""The networks that ship: small, loadable, better than the baseline, and heard."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import composer
from composer.analysis.readers import READERS
from composer.checkpoint import available, read_card
from composer.evaluation.benchmark import BENCHMARKS, measure_benchmark
from composer.evaluation.chorale import faults
from composer.music import estimate_key, read
from composer.places import FOLDER
from composer.shelf import Shelf
from composer.tasks.restoring import restored
from tests.conftest import SEEDS

SHELF = Shelf(FOLDER)
SHIPPED = ("rnn", "lstm", "transformer")


def figures(name: str) -> dict[str, float]:
    return dict({checkpoint.name: checkpoint.card for checkpoint in available(FOLDER)}[name].figures)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_network_predicts_unseen_tunes_better_than_a_markov_chain(name):
    assert figures(name)["test nats a note"] < figures(name)["markov test nats a note"] - 0.5


def test_gates_are_worth_it_and_so_is_attention():
    rnn, lstm, transformer = (figures(name)["test nats a note"] for name in SHIPPED)
    assert transformer < lstm < rnn - 0.2


@pytest.mark.parametrize("checkpoint", available(FOLDER), ids=lambda checkpoint: checkpoint.name)
def test_a_checkpoint_is_under_ten_megabytes_and_says_where_it_is_from(checkpoint):
    assert checkpoint.path.stat().st_size < 10_000_000
    card = checkpoint.card
    assert card.corpus
    assert card.licence
    assert card.trained
    assert card.command.startswith("composer train")
    assert SHELF.take(checkpoint.name).kind.tasks


@pytest.mark.parametrize("name", ["lstm", "transformer"])
@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.abc")), ids=lambda path: path.stem)
def test_a_network_goes_on_as_a_tune_would(seed, name):
    """Of four takes: in key without a lock, no note hammered, the seed's note lengths, and steps rather than leaps."""
    reading = read(seed)
    request = composer.Request(bars=8, takes=4, seed=7, temperature=0.9, rhythm_temperature=0.9, scale="none")
    takes = composer.compose(reading, request, name, SHELF)
    new = [note for take in takes for note in take.new_notes]
    given = reading.score.notes
    key = reading.key or estimate_key(given)
    assert key is not None
    assert np.mean([note.pitch % 12 in key.pitch_classes for note in new]) > 0.8
    assert Counter(note.pitch for note in new).most_common(1)[0][1] < 0.5 * len(new)
    assert len({note.pitch for note in new}) >= 5
    lengths = Counter(note.duration for note in given)
    assert np.mean([note.duration in lengths for note in new]) > 0.45  # a tune in quarters may go on in eighths
    leaps = [abs(b.pitch - a.pitch) for take in takes for a, b in zip(take.new_notes, take.new_notes[1:], strict=False)]
    assert np.mean(leaps) < 4.5
    assert len({tuple(take.new_notes) for take in takes}) >= 3  # a tune that repeats may be repeated twice alike


@pytest.mark.parametrize("name", ["ode_to_joy", "amazing_grace"])
def test_a_hymn_is_harmonised_in_chords(name):
    request = composer.Request(task="harmonise", seed=3, temperature=0.7, rhythm_temperature=0.6)
    (take,) = composer.compose(SEEDS / f"{name}.abc", request, "transformer", SHELF)
    found = faults([take.score])
    assert found.chords > 0.6
    assert found.crossings < 5


@pytest.mark.parametrize(("name", "goal"), [("jsb-quarter", 4.7), ("nottingham", 2.0)])
def test_the_published_benchmarks_are_beaten(name, goal):
    benchmark = BENCHMARKS[name]
    result = measure_benchmark(benchmark, FOLDER / "benchmarks" / f"{name}-lstm.safetensors", None)
    assert result.value < goal < min(published.value for published in benchmark.published)


def test_melodies_come_back_from_their_points():
    assert figures("vae")["decisions restored, sampled"] >= 0.99
    request = composer.Request(task="restore", temperature=1.0, rhythm_temperature=1.0, top_p=1.0)
    (take,) = composer.compose(SEEDS / "ode_to_joy.abc", request, "vae", SHELF)
    assert take.figures["notes restored"] > 0.85


def test_the_more_a_melody_is_varied_the_less_of_it_is_left():
    request = composer.Request(task="vary", seed=5)
    seed = read(SEEDS / "ode_to_joy.abc")
    amounts = (0.0, 0.3, 1.0)
    takes = [composer.compose(seed, replace(request, amount=amount), "vae", SHELF)[0] for amount in amounts]
    shares = [restored(seed.score.notes, [replace(n, velocity=80) for n in take.score.notes]) for take in takes]
    assert shares[0] == 1
    assert shares[0] > shares[2]
    assert shares[1] > shares[2]


def by_a_third_and_slower(name: str, folder: Path) -> Path:
    """A tune of the library as a MIDI file, a major third higher and half as fast."""
    score = SHELF.listeners.tunes().by_name[name].score
    notes = tuple(replace(n, onset=2 * n.onset, pitch=n.pitch + 4, duration=2 * n.duration) for n in score.notes)
    file = folder / "tune.mid"
    file.write_bytes(composer.write_midi(replace(score, title="").with_voices([replace(score.voices[0], notes=notes)])))
    return file


@pytest.mark.parametrize(
    ("tune", "learned"),
    [
        ("oneills1850-1542-the-jug-of-punch", "Jug of Punch, The"),
        ("oneills1850-1524-the-humors-of-newcastle", "Humors of Newcastle, The"),
    ],
)
def test_a_tune_that_was_learned_is_found_in_another_key_and_slower(tune, learned, tmp_path):
    receipt = composer.originality(by_a_third_and_slower(tune, tmp_path), shelf=SHELF)
    assert receipt.exact is not None
    assert (receipt.exact.piece.name, receipt.exact.piece.source) == (learned, "oneills_1903")
    assert (receipt.exact.bar, receipt.exact.piece_bar) == (0, 0)
    assert receipt.exact.notes > 0.9 * receipt.notes
    assert receipt.usual is not None
    assert receipt.exact.notes > receipt.usual


@pytest.mark.parametrize("tune", ["oneills1850-1727-humphrey-s-hornpipe", "oneills1850-412-the-redhaired-man-s-wife"])
def test_a_tune_that_was_held_out_is_not_found(tune, tmp_path):
    receipt = composer.originality(by_a_third_and_slower(tune, tmp_path), shelf=SHELF)
    assert receipt.usual is not None
    assert receipt.exact is None or receipt.exact.notes <= receipt.usual < 0.3 * receipt.notes


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.abc")), ids=lambda path: path.stem)
def test_what_the_page_shows_was_kept_out_of_training(seed, name):
    receipt = composer.originality(seed, model=name, shelf=SHELF)
    assert receipt.exact is None or (receipt.usual is not None and receipt.exact.notes <= receipt.usual)


def test_likeness_beats_rows_of_intervals_on_fragments():
    found = dict(read_card(FOLDER / READERS / "likeness.safetensors", ("likeness",)).figures)
    assert found["fragments MRR"] > 3 * found["n-gram fragments MRR"]


@pytest.mark.parametrize("name", SHIPPED)
def test_takes_copy_no_more_than_people_share(name):
    assert figures(name)["copies: takes within people's 95 %"] >= 0.95


def test_no_two_steps_of_a_morph_are_the_same():
    seed, second = (read(SEEDS / name) for name in ("kesh_jig.abc", "greensleeves.abc"))
    request = composer.Request(task="morph", steps=4, temperature=0.0, rhythm_temperature=0.0)
    (take,) = composer.compose(seed, request, "vae", SHELF, second=second)
    phrase = 2 * take.score.metres[0].bar_ticks
    told = [{(n.onset % phrase, n.pitch) for n in take.score.notes if n.onset // phrase == i} for i in range(6)]
    assert len(told[-1]) > 0
    assert all(one != other for one, other in pairwise(told))
