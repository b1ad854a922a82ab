"""ABC: what people write, read as it sounds; and scores written as ABC, read back as they were."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from composer.music import read, write_abc
from tests.conftest import SEEDS
from tests.strategies import scores
from tests.test_musicxml import _random_score, bare


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.abc")), ids=lambda path: path.stem)
def test_the_gallery_comes_back_as_it_was(path):
    score = read(path).score
    assert read(write_abc(score).encode()).score == score


@pytest.mark.parametrize("number", range(12))
def test_overlapping_music_comes_back_as_it_was(number):
    score = _random_score(np.random.default_rng(number))
    assert bare(read(write_abc(score).encode()).score) == bare(score)


@settings(max_examples=60, deadline=None)
@given(scores())
def test_any_score_comes_back_as_it_was(score):
    back = read(write_abc(score).encode()).score
    assert bare(back) == bare(score)
    assert [voice.program for voice in back.voices] == [voice.program for voice in score.voices]
