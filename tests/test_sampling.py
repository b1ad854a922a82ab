"""Logits to one token."""

from __future__ import annotations

import numpy as np
import pytest

from composer.events.rows import DURATION, MOVE, PITCH, POSITION, VOICE
from composer.writing.row_loop import RowLoop, RowSampling, RowsHeard
from composer.writing.sampling import draw, draw_likely, keep_top_p, probabilities


def test_top_p_is_counted_of_what_a_mask_has_left():
    # Were top-p first, the likeliest value alone would be kept, and the mask would leave nothing.
    loop = RowLoop(None, RowsHeard((), ()), None, RowSampling(1.0, 1.0, 0.5), np.random.default_rng(0))
    logits, left = np.log([[0.9, 0.06, 0.04]]).astype(np.float32), np.array([1, 2])
    assert {loop._choose(POSITION, logits, left) for _ in range(20)} == {0}


def test_temperature_two_halves_the_logits():
    shares = probabilities(np.array([0.0, 2.0]), 2.0, 1.0)
    np.testing.assert_allclose(shares[1] / shares[0], np.e)


def test_temperature_nought_takes_the_likeliest():
    assert probabilities(np.array([0.0, 0.1, 0.0]), 0.0, 1.0)[1] == pytest.approx(1)


def test_pitches_and_rhythm_have_temperatures_of_their_own():
    sampling = RowSampling(0.5, 2.0, 1.0)
    assert sampling.of(PITCH) == 0.5
    assert {sampling.of(decision) for decision in (MOVE, POSITION, VOICE, DURATION)} == {2.0}


@pytest.mark.parametrize(("top_p", "kept"), [(0.5, [1, 0, 0]), (0.51, [0.625, 0.375, 0]), (1.0, [0.5, 0.3, 0.2])])
def test_top_p_keeps_the_fewest_likeliest(top_p, kept):
    np.testing.assert_allclose(keep_top_p(np.array([0.5, 0.3, 0.2]), top_p), kept)


def test_draws_follow_the_shares():
    random = np.random.default_rng(0)
    drawn = np.bincount([draw(np.array([0.2, 0, 0.8]), random) for _ in range(4000)], minlength=3) / 4000
    np.testing.assert_allclose(drawn, [0.2, 0, 0.8], atol=0.03)


@pytest.mark.parametrize("top_p", [0.5, 0.9, 1.0])
def test_drawing_in_order_of_likelihood_follows_the_same_shares(top_p):
    random, shares = np.random.default_rng(0), np.array([0.15, 0.5, 0.05, 0.3])
    drawn = [draw_likely(np.log(shares) + 3, top_p, random) for _ in range(4000)]
    expected = keep_top_p(shares, top_p)
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 4000, expected, atol=0.03)
    assert set(drawn) <= set(np.flatnonzero(expected).tolist())
