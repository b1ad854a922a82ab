"""The map of phrases: where those of a seed and a take lie, and what is told of it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
import torch

from composer.errors import BadRequest
from composer.events.phrase import phrase_notes
from composer.networks.latent import Notes
from composer.networks.prior import Mixture
from composer.page.takes.plane import told
from composer.score import Note
from composer.writing import Request, new_writer
from composer.writing.plane import Spot, phrase_map
from composer.writing.transposition import move_score
from tests.conftest import compose, reading, tune

SCALE = tune(60, 62, 64, 65, 67, 69, 71, 72, duration=24)  # two bars in C
TWICE = tune(*[60, 62, 64, 65, 67, 69, 71, 72] * 2)
LOW = tune(48, 50, 52, 53, 55, 53, 52, 50)


def drawn(shelf, name: str = "vae"):
    """A tiny network whose map shows the first two dimensions, less 1 and 2, with three landmarks about them."""
    shelved = shelf.take(name)
    network = deepcopy(shelved.network)
    plane = network.autoencoder.plane
    plane.axes.copy_(torch.eye(2, network.latent))
    plane.middle[:2] = torch.tensor([1.0, 2.0])
    plane.landmarks.copy_(torch.tensor([[-1.0, 0], [1, 0], [0, 3]]))
    plane.styles.copy_(torch.tensor([1.0, 1, 0]))
    return replace(shelved, given=network)


def at_home(shelved, notes: tuple[Note, ...], start: int = 0) -> tuple[float, float]:
    """Where a phrase in C lies on the map of `drawn`, worked out by hand."""
    with torch.inference_mode():
        mean = shelved.network.autoencoder.encode(Notes.of([phrase_notes(notes, start, 96)]))[0][0]
    return pytest.approx((float(mean[0]) - 1, float(mean[1]) - 2), abs=1e-5)


def places(spots: tuple[Spot, ...]) -> list[tuple[float, float]]:
    return [(spot.x, spot.y) for spot in spots]


@pytest.mark.parametrize("name", ["vae", "gan"])
@pytest.mark.parametrize("semitones", [0, 5])
def test_a_phrase_lies_at_its_point_in_every_key(tiny_shelf, name, semitones):
    shelved, seed = drawn(tiny_shelf, name), reading(move_score(TWICE, semitones))
    found = phrase_map(seed, compose(tiny_shelf, seed, name, task="continue", bars=2), shelved)
    assert [(spot.first, spot.last, spot.start, spot.end) for spot in found.seed] == [(1, 2, 0, 192), (3, 4, 192, 384)]
    assert places(found.seed) == [at_home(shelved, TWICE.voices[0].notes, start) for start in (0, 192)]


def test_of_an_answer_only_what_was_written_is_the_takes(tiny_shelf):
    shelved, seed = drawn(tiny_shelf, "gan"), reading(SCALE)
    take = compose(tiny_shelf, seed, "gan", task="continue", bars=4, seed=3)
    found = phrase_map(seed, take, shelved)
    home = [replace(note, velocity=64) for note in take.score.voices[0].notes]
    assert [(spot.first, spot.last) for spot in found.take] == [(3, 4), (5, 6)]
    assert places(found.take) == [at_home(shelved, home, start) for start in (192, 384)]


def test_after_an_odd_bar_phrases_are_counted_back_from_the_answer(tiny_shelf):
    seed = reading(tune(60, 62, 64, 65))
    found = phrase_map(seed, compose(tiny_shelf, seed, "vae", task="continue", bars=2), drawn(tiny_shelf))
    assert [(spot.first, spot.last) for spot in (*found.seed, *found.take)] == [(1, 1), (2, 3)]


def test_a_melody_unchanged_lies_where_its_seed_does(tiny_shelf):
    seed = reading(TWICE)
    found = phrase_map(seed, compose(tiny_shelf, seed, "vae", task="vary", amount=0), drawn(tiny_shelf))
    assert found.take == found.seed


def test_a_morph_walks_from_the_one_melody_to_the_other(tiny_shelf):
    seed, second, shelved = reading(SCALE), reading(LOW), drawn(tiny_shelf)
    *_, take = new_writer(seed, Request(task="morph", steps=2), tiny_shelf.take("vae"), second).write()
    found = phrase_map(seed, take, shelved, second)
    assert [spot.first for spot in found.take] == [1, 3, 5, 7]
    assert (places(found.take)[0], places(found.take)[-1]) == (places(found.seed)[0], places(found.second)[0])


def test_an_improvisation_has_no_seed(tiny_shelf):
    seed = reading(SCALE)
    found = phrase_map(seed, compose(tiny_shelf, seed, "vae", task="improvise", bars=4), drawn(tiny_shelf))
    assert not found.seed
    assert len(found.take) == 2


def test_a_network_without_a_map_says_so(tiny_shelf):
    seed = reading(SCALE)
    with pytest.raises(BadRequest, match="no map"):
        phrase_map(seed, compose(tiny_shelf, seed, "lstm", bars=2), tiny_shelf.take("lstm"))


def test_the_shares_of_the_axes_are_those_of_points_drawn():
    torch.manual_seed(0)
    likely = Mixture(3, 4)
    likely.means.copy_(torch.randn(3, 4))
    likely.factors.copy_(torch.randn(3, 4, 4).tril())
    likely.weights.copy_(torch.tensor([0.5, 0.3, 0.2]))
    counted = likely.draw(torch.randn(200_000, 5)).var(0)
    assert torch.allclose(likely.variance(torch.eye(4)), counted, rtol=0.03)


def test_a_map_is_told_in_styles_and_words(tiny_shelf):
    seed = reading(SCALE)
    found = phrase_map(seed, compose(tiny_shelf, seed, "vae", task="vary", amount=0), drawn(tiny_shelf))
    spot = replace(found.seed[0], x=2.0, y=1.0)
    answer = told(replace(found, seed=(spot,), take=(spot, replace(spot, x=-2.0, y=-2.0)), shares=(0.25, 0.1)))
    assert [(group["style"], len(group["points"]), group["named"]) for group in answer["styles"]] == [
        ("reel", 2, True),
        ("other styles", 1, False),
    ]
    axes, *lying = answer["said"]
    assert "8 directions" in axes
    assert "25.0 % and 10.0 % of the variance" in axes
    assert lying == [
        "The seed has one phrase here, on the right.",
        "The take has 2 phrases here: the first on the right, the last lower left.",
    ]
