"""Every way that a press of Compose can go: refused, begun, stopped, failed, set aside, tab closed, server gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from composer.errors import BadRequest
from composer.page.handlers import composing
from composer.page.handlers.composing import Asked, Composing
from composer.page.roll.roll import View
from composer.page.screen import Screen
from composer.page.seeds.seeds import Seed
from composer.page.takes.making import Wish
from composer.page.takes.session import Frame
from composer.shelf import Shelf
from composer.writing import Request
from tests.conftest import tiny_checkpoint
from tests.page.conftest import SEED, free_port, new_context, started
from tests.page.visitor import EDITOR, ROLL

pytestmark = pytest.mark.page
PANEL = "#takes [data-takes]"


def state(page: Page, name: str) -> None:
    expect(page.locator(PANEL)).to_have_attribute("data-composing", name)


def write_slowly(page: Page) -> None:
    """Press Compose for many bars by a slow network, and wait until some are there."""
    page.get_by_role("radio", name=re.compile("SLOW")).check()
    page.get_by_label("number input for Bars to write").fill("64")
    page.click("#compose")
    page.wait_for_function("Number(document.querySelector('#roll [data-fresh]').dataset.fresh) > 3")
    state(page, "writing")


def test_a_press_that_is_refused_leaves_the_page_as_it_was(page):
    page.get_by_role("button", name="Empty roll").click()
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "0")
    page.click("#compose")
    expect(page.get_by_role("alert").locator("p")).to_contain_text("There is no seed to continue from")
    state(page, "rest")
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator("#shown")).to_be_hidden()
    assert page.evaluate("scrollY") == 0  # still at the editor


def test_stop_comes_to_rest_and_tells_how_far_it_is(page):
    write_slowly(page)
    # How long it will take yet is told where that is two seconds or more.
    told = re.compile(r"[1-9]\d* of 64 bars( · about \d+ (s|min) left)?")
    expect(page.locator("#takes .bars-done")).to_have_text(told)
    assert page.locator("#takes progress").evaluate("bar => bar.value / bar.max") > 0
    expect(page.locator("#stop")).to_be_enabled()
    page.click("#stop")
    expect(page.locator("#takes .composing")).to_be_hidden()
    state(page, "rest")
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator(ROLL)).to_have_attribute("data-writing", "false")


def test_another_seed_keeps_what_was_written_for_the_last_one(page):
    write_slowly(page)
    page.get_by_label("Begin with a tune").click()
    page.get_by_role("option", name="Sakura").click()
    state(page, "rest")
    expect(page.locator("#takes .pick")).to_have_count(1)
    expect(page.locator("#takes .pick")).to_contain_text(re.compile(r"\d+ of 64 bars"))
    expect(page.locator("#hint")).to_contain_text("The take that was being written is kept among the takes")
    expect(page.locator("#roll")).to_be_hidden()  # it is not shown, and does not play
    assert page.evaluate("document.querySelector('#roll audio').paused")


@pytest.fixture
def alone(browser: Browser) -> Iterator[Page]:
    """A page that may lose its server, about which Gradio complains in the browser's console."""
    context = new_context(browser)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


def test_a_tab_that_is_closed_keeps_what_was_written(alone: Page, address: str):
    alone.goto(address)
    alone.wait_for_selector(EDITOR)
    write_slowly(alone)
    alone.wait_for_timeout(2_500)  # drafts come every second or two
    alone.reload()
    expect(alone.locator(PANEL)).to_have_attribute("data-takes", "1")
    expect(alone.locator("#takes .pick")).to_contain_text(re.compile(r"\d+ of 64 bars"))
    assert int(alone.locator(ROLL).get_attribute("data-fresh") or 0) > 0
    state(alone, "rest")


def test_a_server_that_goes_and_comes_back_loses_nothing(alone: Page, checkpoints: Path, tmp_path: Path):
    port = free_port()
    with started(checkpoints, tmp_path / "log", port) as (address, program):
        alone.goto(address)
        alone.wait_for_selector(EDITOR)
        write_slowly(alone)
        alone.wait_for_timeout(2_500)
        program.kill()
        program.wait()
        state(alone, "lost")
        expect(alone.locator("#takes .state")).to_contain_text("The server does not answer")
        expect(alone.locator("#stop")).to_be_disabled()
        expect(alone.locator(PANEL)).to_have_attribute("data-takes", "1")
    with started(checkpoints, tmp_path / "log", port):
        expect(alone.locator("#takes .state")).to_have_text(
            "The server was started anew. Everything that was made is here."
        )
        expect(alone.locator(PANEL)).to_have_attribute("data-takes", "1")
        expect(alone.get_by_label("number input for Bars to write")).to_have_value("64")
        alone.get_by_role("radio", name=re.compile("LSTM")).check()
        alone.get_by_label("number input for Bars to write").fill("2")
        alone.click("#compose")
        expect(alone.locator(PANEL)).to_have_attribute("data-takes", "2")
        state(alone, "rest")


@pytest.fixture
def desk(tmp_path: Path) -> Composing:
    """What writes, on a screen whose parts are their names."""
    tiny_checkpoint(tmp_path, "lstm")
    parts = {name: name for name in Screen.__dataclass_fields__}
    screen = Screen(**{**parts, "controls": SimpleNamespace(number="number")})
    return Composing(screen, Shelf(tmp_path))


def asked() -> Asked:
    from composer.music import Reading

    seed = Seed(Reading(SEED, "MIDI", tracks=("Flute",)), "Stairs")
    return Asked(Frame(seed, View()), Wish(Request(bars=4, seed=3), "lstm"), {})


def test_a_failure_while_writing_keeps_the_bars_there_are_and_comes_to_rest(desk, monkeypatch):
    whole = composing.growing_takes

    def failing(*given):
        for bar, grown in enumerate(whole(*given)):
            if bar == 2:
                raise BadRequest("The disk is full.")
            yield grown

    monkeypatch.setattr(composing, "growing_takes", failing)
    updates = list(desk.press(asked))
    assert updates[0]["panel"]["phase"] == "writing"
    last = updates[-1]
    assert last["panel"]["phase"] == "rest"
    assert last["notice"]["headline"] == "The disk is full."
    (take,) = last["panel"]["takes"]
    assert take["headline"].startswith("2 of 4 bars")


def test_a_failure_before_the_first_bar_leaves_nothing_that_writes(desk, monkeypatch):
    def failing(*_):
        raise RuntimeError("a bug")
        yield

    monkeypatch.setattr(composing, "growing_takes", failing)
    last = list(desk.press(asked))[-1]
    assert (last["panel"]["phase"], last["panel"]["show"], last["roll"]) == ("rest", None, None)
    assert last["notice"]["headline"].startswith("Something went wrong on our side")


def test_a_wish_that_cannot_be_met_changes_nothing_but_the_notice(desk):
    def wrong() -> Asked:
        return asked()._replace(wish=Wish(Request(task="harmonise"), "lstm"))

    (only,) = desk.press(wrong)
    assert set(only) == {"panel", "notice"}
    assert only["panel"]["phase"] == "rest"
    assert only["notice"]["headline"] == "lstm cannot harmonise; it can continue, improvise."


def test_several_takes_grow_side_by_side_and_each_is_what_its_number_gives(desk, monkeypatch):
    monkeypatch.setattr(composing, "_BLINK", -1)  # every bar is shown
    press = asked()
    several = press._replace(wish=replace(press.wish, request=replace(press.wish.request, takes=3)))
    updates = list(desk.press(lambda: several))
    together = [len(update["panel"].get("growing", ())) for update in updates]
    assert max(together) == 2  # beside the one on the roll
    takes = updates[-1]["panel"]["takes"]
    assert [take["slot"] for take in takes] == [0, 1, 2]
    for number, take in enumerate(takes):
        alone = asked()._replace(wish=replace(press.wish, request=replace(press.wish.request, seed=3 + number)))
        (same,) = list(desk.press(lambda alone=alone: alone))[-1]["panel"]["takes"]
        assert take["fresh"] == same["fresh"]
