"""What a browser, a link or a program sends is checked once, where it enters: words for whatever does not fit."""

from __future__ import annotations

import asyncio
import io
import logging
from types import SimpleNamespace

import gradio as gr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from composer.errors import BadRequest, ComposerError
from composer.music import pack
from composer.page.page import build_page
from composer.page.roll.roll import View
from composer.page.seeds.seeds import Seed
from composer.page.serving.log import LONGEST, ShortLines
from composer.page.serving.told import APOLOGY, told_of_error
from composer.page.takes import making
from composer.page.takes.making import Wish, takes
from composer.page.takes.session import Frame, entry, kept, mix_from, seed_from
from composer.page.wire import BarChoice, Extension, Link, Redoing, TuneName, checked
from composer.page.wire.declarations import FILE, declarations
from composer.writing import Request
from composer.writing.sounding import Sounding
from tests.conftest import compose, reading, tune

MIX = {
    "faders": [{"volume": 1, "pan": 0, "mute": False, "solo": False, "program": None}],
    "tempo": 90,
    "shade": 0.5,
    "swing": 0,
}
ODD = [
    *(None, True, -1, 1.5, 10**30, "", "x" * 10**6, [], {}, [1], {"a": 1}),
    *([[]] * 50_000, float("nan"), float("inf"), "9" * 5_000, "\ud800", [[0, 0, 0, 0, 0]], {"take": {}}),
]


@pytest.fixture(scope="module")
def take(tiny_shelf):
    seed = Seed(reading(tune(60, 62, 64, 65)), "Stairs")
    return entry(compose(tiny_shelf, seed.reading, bars=1), Frame(seed, View(0)), "", [])


def refused(run, *given):
    """The sentence that something is refused with, or None where it was taken; any other error fails the test."""
    said = None
    try:
        run(*given)
    except ComposerError as error:
        said = str(error)
    assert said is None or len(said) < 500
    return said


def test_a_take_comes_back_as_it_was_kept(take):
    assert kept(take).id == take["id"]
    assert mix_from(MIX).tempo == 90


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:20])
@pytest.mark.parametrize("name", ["score", "fresh", "new_from", "bars", "recipe", "seed", "second", "id"])
def test_no_field_of_a_take_brings_anything_but_words(take, name, odd):
    refused(kept, {**take, name: odd})
    refused(kept, {key: value for key, value in take.items() if key != name})
    for inner in ("score", "recipe", "seed"):
        for key in take[inner]:
            refused(kept, {**take, inner: {**take[inner], key: odd}})


@pytest.mark.parametrize(
    "fresh", [[[0, 0, 60]], [["0", 0, 60, 1]], [[9, 0, 60, 1]], [[0, 0, 128, 1]], [[0, 0, 60, 0]], [[0, 1e30, 60, 1]]]
)
def test_a_new_note_that_is_none_is_refused(take, fresh):
    assert refused(kept, {**take, "fresh": fresh})


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:20])
def test_nothing_else_brings_anything_but_words(take, odd):
    for name in MIX:
        refused(mix_from, {**MIX, name: odd})
        refused(mix_from, {**MIX, "faders": [{**MIX["faders"][0], name: odd}]})
    refused(mix_from, odd)
    refused(kept, odd)
    refused(seed_from, odd)
    for model, sent in (
        (Redoing, {"take": take, "first": 1, "last": 1, "voices": [1]}),
        (Extension, {"take": take, "bar": 1}),
        (Link, {"packed": pack(take)}),
        (TuneName, {"name": "x"}),
        (BarChoice, {"first": 1, "last": 2}),
    ):
        assert refused(checked, model, sent) is None
        refused(checked, model, odd)
        for name in sent:
            refused(checked, model, {**sent, name: odd})
            assert refused(checked, model, {key: value for key, value in sent.items() if key != name})


def test_bars_beyond_all_are_refused_before_a_browser_hears_of_them():
    for bars in ({"first": 10**30, "last": 1}, {"first": 1, "last": 2**70}, {"first": 1.5, "last": 2}, {}):
        assert "(first)" in refused(checked, BarChoice, bars) or "(last)" in refused(checked, BarChoice, bars)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_put_into_a_take_is_answered_in_words(take, data):
    crafted = {**take, "seed": dict(take["seed"]), "recipe": dict(take["recipe"])}
    where = data.draw(st.sampled_from([crafted, crafted["seed"], crafted["recipe"]]))
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(JSON)
    refused(kept, crafted)


# Errors


def test_a_bug_is_an_apology_with_its_traceback_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        assert told_of_error(ZeroDivisionError("by zero")) == APOLOGY
    assert caplog.records[0].exc_info
    assert told_of_error(BadRequest("Choose another.")) == "Choose another."


def test_a_wrong_choice_is_told_in_a_line_without_a_traceback(tiny_shelf, capsys):
    page = build_page(tiny_shelf)
    press = next(fn for fn in page.fns.values() if fn.api_name == "compose")
    values = [None if not hasattr(part, "value") else part.value for part in press.inputs]
    for wrong in ("x" * 10**6, "", {"a": 1}):
        with pytest.raises(gr.Error) as refusal:
            asyncio.run(page.preprocess_data(press, [None, wrong, *values[2:]], None))
        assert len(str(refusal.value.message)) <= 201
        assert refusal.value.print_exception is False
    for number in (float("nan"), [1], "x"):
        with pytest.raises(gr.Error):
            asyncio.run(page.preprocess_data(press, [None, "rnn", "continue", number, *values[4:]], None))
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [{"tempo": ["120"]}, {"tempo": True}, {"tempo": 10**400}, {"instrument": [1]}, {"instrument": 128}]
)
def test_a_wish_that_is_none_is_told(wrong):
    with pytest.raises(BadRequest):
        Sounding(**wrong)
    with pytest.raises(BadRequest):
        Wish(Request(), ["rnn"])


def test_lines_of_the_log_are_cut():
    stream = io.StringIO()
    short = ShortLines(stream)
    handler = logging.StreamHandler(short)
    handler.emit(logging.LogRecord("x", logging.INFO, "", 0, "y" * 10**6, None, None))
    short.write("a\nb\n")
    lines = stream.getvalue().split("\n")
    assert max(map(len, lines)) < LONGEST + 40
    assert lines[0].endswith("(1000000 letters)")
    assert lines[1:] == ["a", "b", ""]


# Long work


def test_a_take_that_takes_too_long_is_left_as_far_as_it_is(tiny_shelf, monkeypatch):
    clock = iter(range(0, 10_000, 40))
    monkeypatch.setattr(making, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    *_, last = takes(tiny_shelf, reading(tune(60, 62, 64, 65)), Wish(Request(bars=16), "rnn"))
    assert 0 < last.bars_written < 16
    assert "as far as it came" in last.remarks[-1]


def test_the_browser_s_types_are_those_of_the_models():
    assert FILE.read_text("utf-8") == declarations(), "run `python -m composer.page.wire.declarations`"


def test_a_field_that_may_be_left_out_and_one_of_a_known_length():
    text = declarations()
    assert "  mix?: MixerPosition | null;\n" in text
    assert "  fresh: [number, number, number, number][];\n" in text
    assert "  tempo: number | null;\n" in text
