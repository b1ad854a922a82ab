"""What is refused, and in which words."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from composer.errors import BadRequest
from composer.page.page import build_page
from composer.page.settings.controls import Controls
from composer.tasks import SETTINGS
from composer.writing import Request
from tests.conftest import EIGHT_BARS, compose, reading, tune


def test_a_melody_network_cannot_harmonise(tiny_shelf):
    with pytest.raises(BadRequest, match="lstm cannot harmonise; it can continue, improvise"):
        compose(tiny_shelf, reading(tune(60)), "lstm", task="harmonise")


def test_freezing_everything_leaves_nothing_to_write(tiny_shelf):
    with pytest.raises(BadRequest, match="frozen"):
        compose(tiny_shelf, reading(EIGHT_BARS), "transformer", task="harmonise", freeze=("alto", "tenor", "bass"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"bars": 0}, "bars must be a whole number from 1 to 64, not 0"),
        ({"bars": 2.5}, "whole number"),
        ({"bars": True}, "whole number"),
        ({"temperature": float("nan")}, "temperature must be a number"),
        ({"temperature": -0.1}, "from 0 to 5"),
        ({"top_p": -0.1}, "top-p"),
        ({"takes": 9}, "takes"),
        ({"seed": -1}, "seed"),
        ({"scale": "H"}, "scale"),
        ({"low": 70, "high": 60}, "Swap"),
        ({"task": "dance"}, "no task 'dance'"),
        ({"task": "infill"}, "needs a region"),
        ({"bars": None}, "whole number"),
        ({"region": 5}, "not the name"),
        ({"freeze": [1]}, "not the name"),
        ({"track": "1"}, "track"),
    ],
)
def test_a_wrong_setting_is_quoted(settings, words):
    with pytest.raises(BadRequest, match=words):
        Request(**settings)


def test_a_range_without_a_note_of_the_scale_is_refused(tiny_shelf):
    with pytest.raises(BadRequest, match="Widen the range"):
        compose(tiny_shelf, reading(tune(60)), scale="C major", low=61, high=61)


def test_an_unknown_style_is_refused_with_those_there_are(tiny_shelf):
    with pytest.raises(BadRequest, match="no style 'dubstep'; there are: reel, jig"):
        compose(tiny_shelf, reading(tune(60)), style="dubstep")


def test_going_on_from_nothing_is_refused(tiny_shelf):
    with pytest.raises(BadRequest, match="no seed"):
        compose(tiny_shelf, None)


def test_a_recipe_with_unknown_settings_is_refused():
    with pytest.raises(BadRequest, match="swing"):
        Request.from_json({"swing": 0.5})


def test_top_p_suits_the_task_unless_it_is_asked_for():
    improvised = Request(task="improvise").filled()
    assert 0 < Request(task="harmonise").filled().top_p < improvised.top_p <= 1
    assert replace(Request(task="harmonise"), task="improvise").filled() == improvised
    assert replace(improvised, task="continue").filled().top_p == improvised.top_p


def test_a_recipe_keeps_the_top_p_that_was_used(tiny_shelf):
    assert compose(tiny_shelf, reading(EIGHT_BARS)).recipe.request.top_p == Request().filled().top_p


def test_a_number_of_the_page_that_stands_at_nought_asks_for_nothing(tiny_shelf):
    screen = build_page(tiny_shelf)
    low = next(part for part in screen.blocks.values() if getattr(part, "elem_id", None) == "low")
    assert low.value == 0
    assert "0: as the seed." in low.info
    controls = SimpleNamespace(control=lambda name: name)
    for sent, meant in ((0, None), (None, None), (60, 60), (60.0, 60)):
        assert Controls._asked(controls, SETTINGS["low"], {"low": sent}, None) == meant
