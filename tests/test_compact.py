"""Scores as plain values and packed texts: the same notes back, and nothing bad let in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from composer.errors import UnreadableMusic
from composer.music import from_plain, pack, read, to_plain, unpack
from tests.conftest import DATA, tune
from tests.strategies import scores


@given(score=scores())
@settings(max_examples=50, deadline=None)
def test_a_score_comes_back_whole(score):
    assert from_plain(json.loads(json.dumps(to_plain(score)))) == score


def test_what_a_file_held_can_be_kept():
    score = read(DATA / "ode_to_joy_two_tracks.mid").score
    assert from_plain(unpack(pack(to_plain(score)))) == score
    assert len(pack(to_plain(score))) < 2_000  # a link is short


@pytest.mark.parametrize(
    "change",
    [
        {"voices": None},
        {"voices": [{"name": "", "program": 0, "drums": False, "notes": [[0, 60, 24]]}]},
        {"voices": [{"name": "", "program": 0, "drums": False, "notes": [[0, 260, 24, 80]]}]},
        {"voices": [{"name": "", "program": 0, "drums": False, "notes": [[0, 60, 24, 80]] * 30_000}]},
        {"voices": [{"name": "", "program": 1e9, "drums": False, "notes": []}]},
        {"metres": [[0, 4, 3]]},
        {"metres": []},
        {"metres": [[0, 1, 32], [0, 4, 4]]},
        {"tempos": [[0, 0]]},
        {
            "tempos": [[0, 7_500_000]],
            "voices": [{"name": "", "program": 0, "drums": 0, "notes": [[90_000, 60, 24, 80]]}],
        },
        {"key": "H major"},
    ],
)
def test_what_is_no_score_is_refused(change):
    with pytest.raises(UnreadableMusic):
        from_plain({**to_plain(tune(60, 62)), **change})


@pytest.mark.parametrize("text", ["", "!", "abcd", pack({"a": 1})[:-4], pack("x" * 5_000_000)])
def test_a_link_that_is_not_whole_is_refused(text):
    with pytest.raises(UnreadableMusic, match="This link is not whole"):
        unpack(text)
