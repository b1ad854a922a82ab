"""Both rolls: everything in view, one rule for bar numbers and play-head, colours that say what they are, fingers."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from composer.music import write_midi
from composer.score import Note, Score, Voice
from tests.page.conftest import opened
from tests.page.roll import Hands
from tests.page.test_takes import compose
from tests.page.visitor import EDITOR, ROLL, bring, choose_lstm, heard, upload

pytestmark = pytest.mark.page
BAND = Score(
    (
        Voice(tuple(Note(24 * i, 84 + i % 5, 24) for i in range(16)), "Lead", 73),
        Voice(tuple(Note(48 * i, 31 + i % 3, 48) for i in range(8)), "Bass", 33),
    ),
    title="Band",
)


def test_a_wide_range_is_all_in_view_and_so_again_after_a_zoom(page, tmp_path: Path):
    path = tmp_path / "band.mid"
    path.write_bytes(write_midi(BAND))
    bring(page, path)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "24")
    assert _all_in_view(page)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    assert not _all_in_view(page)
    page.get_by_role("button", name="Show all bars").click()
    assert _all_in_view(page)


def _all_in_view(page: Page) -> bool:
    roll = page.locator(EDITOR)
    low, row = (float(roll.get_attribute(f"data-{name}") or 0) for name in ("low", "row"))
    tall = page.locator("#editor canvas").bounding_box()["height"]
    return low <= 31 and low + (tall - 20) / row >= 89


def test_one_rule_for_bar_numbers_and_play_head_in_both_rolls(page):
    compose(page, bars=8)
    heard(page)
    page.locator("#roll .play").click()
    for roll in ("#editor", "#roll"):
        page.locator(f"{roll} .scroll").scroll_into_view_if_needed()
        box = page.locator(f"{roll} canvas").bounding_box()
        bars = 9 if roll == "#editor" else 16  # the editor has one to draw in
        bar = (box["width"] - 52) / bars
        left, top = box["x"] + 38, box["y"] + 10
        head = f"Number(document.querySelector('{roll} [data-head]').dataset.head)"
        page.mouse.click(left + 3.5 * bar, top)  # a click goes there
        assert page.evaluate(head) == pytest.approx(3.5 * 96, abs=6)
        _drag(page, left + 1.5 * bar, left + 2.5 * bar, top)  # a drag chooses bars
        expect(page.locator(f"{roll} [data-choosing]")).to_have_attribute("data-choosing", "2-3")
        assert page.evaluate(head) == pytest.approx(3.5 * 96, abs=6)
        _drag(page, left + 3.5 * bar, left + 5.5 * bar, top)  # by its tip the play-head is dragged
        assert page.evaluate(head) == pytest.approx(5.5 * 96, abs=6)
        expect(page.locator(f"{roll} [data-choosing]")).to_have_attribute("data-choosing", "2-3")


def _drag(page: Page, begin: float, end: float, y: float) -> None:
    page.mouse.move(begin, y)
    page.mouse.down()
    page.mouse.move(end, y, steps=5)
    page.mouse.up()


def test_the_legend_shows_what_is_there(page):
    page.get_by_role("radio", name="Improvise", exact=True).check()
    page.click("#compose")
    heard(page)
    expect(page.locator("#roll .legend .fresh")).to_be_visible()
    expect(page.locator("#roll .legend .given")).to_be_hidden()  # an improvisation holds nothing of the seed


def test_a_passage_as_learned_keeps_the_colour_of_its_voice(page, midi):
    upload(page, midi)
    fill = "getComputedStyle(document.querySelector('#roll .legend .copied i')).backgroundColor"
    assert page.evaluate(fill) == "rgba(0, 0, 0, 0)"  # an outline, and no colour of its own
    expect(page.locator("#editor .legend .given")).to_be_visible()


def test_an_empty_roll_says_what_to_do_and_a_click_draws_the_last_length(page):
    drawn = """() => {
      window.said = [];
      const fill = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        window.said.push(text);
        fill.call(this, text, ...rest);
      };
    }"""
    page.evaluate(drawn)
    page.get_by_role("button", name="Empty roll").click()
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "0")
    page.wait_for_function("window.said.includes('Click to draw a note, drag to make it longer.')")
    hands = Hands(page)
    hands.click(1, 67)
    hands.see((0, 67, 24))  # a quarter, until another length is chosen or drawn
    hands.drag((26, 69), (70, 69))
    expect(page.get_by_role("combobox", name="Length")).to_have_value("48")
    hands.click(97, 71)
    hands.see((0, 67, 24), (24, 69, 48), (96, 71, 48))
    page.evaluate("window.said = []")
    hands.click(200, 72)
    assert "Click to draw a note, drag to make it longer." not in page.evaluate("window.said")


def test_a_finger_plays_the_piano_on_a_phone(browser: Browser, address: str):
    with opened(browser, address, width=390, has_touch=True, is_mobile=True) as page:
        Hands(page).empty()
        page.get_by_label("Tempo", exact=True).first.fill("240")
        page.keyboard.press("Tab")
        page.locator("#editor .piano").tap()
        keys = page.locator("#editor .touch-keys button")
        expect(keys).to_have_count(13)
        assert min(key["width"] for key in (keys.nth(n).bounding_box() for n in (0, 2, 4))) >= 28
        page.locator("#editor .record").tap()
        expect(page.locator(EDITOR)).to_have_attribute("data-taping", "running")
        page.get_by_role("button", name="E4", exact=True).tap()
        page.wait_for_timeout(200)
        page.locator("#editor .record").tap()
        drawn = (page.locator(EDITOR).get_attribute("data-drawn") or "").split()
        assert [note.split(":")[1] for note in drawn] == ["64"]


def test_new_bars_are_in_view_on_a_phone(browser: Browser, address: str, midi: Path):
    with opened(browser, address, width=390, has_touch=True) as page:
        upload(page, midi)
        choose_lstm(page)
        compose(page, bars=16)
        page.wait_for_function("!document.querySelector('#roll audio').paused")
        assert _new_in_view(page)
        page.reload()
        expect(page.locator(ROLL)).to_have_attribute("data-writing", "false")
        page.wait_for_timeout(500)
        assert _new_in_view(page)
        expect(page.get_by_role("button", name="Settings")).to_be_visible()


def _new_in_view(page: Page) -> bool:
    """Whether the first new bar, the third of the take, is seen."""
    return bool(
        page.evaluate("""() => {
      const scroller = document.querySelector("#roll .scroll");
      const bar = document.querySelector("#roll .spacer").offsetWidth / 18;
      const x = 38 + 2 * bar - scroller.scrollLeft;
      return x > 0 && x < scroller.clientWidth - bar / 2;
    }""")
    )


def test_a_take_is_edited_where_it_stands_and_keeps_its_mixer(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    first = heard(page)
    page.get_by_text("Mixer and feel").click()
    page.locator("#takes .mixer input[type=number]").fill("60")
    page.keyboard.press("Tab")
    second = heard(page, old=first)
    notes = int(page.locator(ROLL).get_attribute("data-notes") or 0)
    page.get_by_role("button", name="Edit", exact=True).click()
    roll = page.locator("#take-editor [data-notes]")
    expect(roll).to_have_attribute("data-notes", str(notes))
    expect(page.locator("#roll")).to_be_hidden()
    page.locator("#take-editor .scroll").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    expect(roll).to_have_attribute("data-notes", str(notes - 1))
    page.get_by_role("button", name="Keep as a take").click()
    expect(page.locator("#takes li[data-depth='1'] .settings")).to_have_text("LSTM · changed by hand")
    expect(page.locator(ROLL)).to_have_attribute("data-notes", str(notes - 1))
    expect(page.locator("#take-editor")).to_be_hidden()
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "8")  # the seed is what it was
    heard(page, old=second)
    expect(page.locator("#takes .mixer input[type=number]")).to_have_value("60")
