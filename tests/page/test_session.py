"""Takes as things: named, in order of where they came from, merged between tabs, redone, morphed into, and sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.page.conftest import opened
from tests.page.test_takes import PANEL, choose, compose
from tests.page.test_tasks import ask, duet  # noqa: F401 (a fixture)
from tests.page.visitor import EDITOR, ROLL, bring, choose_lstm, heard, upload

pytestmark = pytest.mark.page


def test_two_tabs_keep_the_takes_of_both(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page, number=7)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(PANEL)).to_have_attribute("data-takes", "1")
    compose(other, number=8)
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")  # the first tab hears of it
    compose(page, number=9)
    expect(page.locator(PANEL)).to_have_attribute("data-composing", "rest")
    expect(other.locator(PANEL)).to_have_attribute("data-takes", "3")
    expect(other.locator("#takes .number b")).to_have_text(["C", "B", "A"])
    other.get_by_role("button", name="Discard").first.click()
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")
    page.reload()
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")


def test_takes_are_named_by_what_made_them_and_can_be_renamed(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page, number=7)
    card = page.locator("#takes .cards li").first
    expect(card.locator(".number")).to_have_text("AContinue · Stairs")
    expect(card.locator(".settings")).to_have_text("LSTM · temperature 0.9 / 0.9 · number 7")
    assert page.get_by_role("button", name=re.compile(r"\d{6,}")).count() == 0
    card.get_by_role("button", name="Rename: Take A: Continue · Stairs").click()
    page.keyboard.type("The good one")
    page.keyboard.press("Enter")
    expect(card.locator(".number")).to_have_text("AThe good one")
    page.reload()
    expect(card.locator(".number")).to_have_text("AThe good one")
    card.get_by_role("button", name="Keep: Take A: The good one").click()
    page.click("#use")
    expect(page.get_by_label("Begin with a tune")).to_have_value("Take A: The good one")


def test_a_take_stands_under_the_one_it_came_from_and_under_no_other(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page, number=7)
    page.click("#use")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", re.compile("^(9|[1-9][0-9])$"))
    compose(page, number=8)
    expect(page.locator("#takes li[data-depth='1'] .number")).to_have_text("BContinue · Stairs")
    expect(page.locator("#takes li[data-depth='0'] .number")).to_have_text("AContinue · Stairs")


def test_a_restored_seed_is_no_parent_of_what_was_made_from_the_seed(page, midi):
    """Notes that are equal do not make a family: a perfect restoration has the notes of the seed."""
    upload(page, midi)
    choose_lstm(page)
    compose(page, number=7)
    page.evaluate(  # the notes from which take A began become those of another take
        """() => {
          const kept = JSON.parse(localStorage.getItem("motif-session"));
          const [take] = kept.takes;
          const equal = { id: "equal", index: 1, made: take.made + 1, print: take.recipe.parent, parent: null };
          kept.takes.push({ ...take, ...equal });
          localStorage.setItem("motif-session", JSON.stringify(kept));
        }"""
    )
    page.reload()
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")
    expect(page.locator("#takes li[data-depth='0']")).to_have_count(2)


def test_bars_are_redone_again_and_again(page, duet):  # noqa: F811
    bring(page, duet)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "24")
    choose_lstm(page)
    compose(page, takes=2)
    first = heard(page)
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")
    fresh = int(page.locator(ROLL).get_attribute("data-fresh") or 0)
    choose(page, 2, 3)
    redo = page.get_by_role("button", name="Redo these bars")
    for takes in (3, 4):  # one more each time, although two were set
        redo.click()
        first = heard(page, old=first)
        expect(page.locator(PANEL)).to_have_attribute("data-takes", str(takes))
        expect(page.locator(ROLL)).to_have_attribute("data-choosing", "2-3")
        expect(redo).to_be_enabled()
        assert (
            int(page.locator(ROLL).get_attribute("data-fresh") or 0) > fresh
        )  # what the first take wrote is new still
    expect(page.locator("#take-words")).to_contain_text("Written by TRANSFORMER, as LSTM cannot do this.")


def test_morphing_into_a_take_goes_to_its_new_part_and_says_what_changed(page):
    compose(page, bars=4)
    heard(page)
    page.get_by_role("button", name="Morph into this").click()
    expect(page.locator("#hint")).to_contain_text(
        re.compile("Set to Morph, by VAE, into Take A: Continue · Ode to Joy")
    )
    expect(page.locator("#second input")).to_have_value("Take A: Continue · Ode to Joy · its new part")
    expect(page.locator("#task")).to_be_in_viewport()
    page.click("#compose")
    expect(page.locator("#takes .number").first).to_have_text("BMorph · Ode to Joy")
    expect(page.locator("#take-words p")).to_have_text(re.compile(r"^\d+ bars, "))  # and not "10 of 8"


def test_a_morph_into_another_metre_has_as_many_bars_as_it_says(page):
    page.get_by_role("radio", name="VAE").check()
    page.get_by_role("radio", name="Morph", exact=True).check()
    expect(page.locator("#second input")).to_have_value("The Kesh Jig · Ireland")
    page.click("#compose")
    expect(page.locator("#take-words p")).to_have_text(re.compile(r"^\d+ bars, "))  # and not "10 of 8"


def test_a_sent_take_is_in_view_with_a_word_and_one_press_plays_it(browser: Browser, address, page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page, number=23)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(PANEL)).to_have_attribute("data-link", re.compile("#take="))
    link = page.locator(PANEL).get_attribute("data-link") or ""
    with opened(browser, link, host=address) as other:
        sent = other.locator("#takes .sent")
        expect(sent).to_contain_text("Somebody sent you a take: Continue · Stairs, 2 bars")
        expect(sent).to_be_in_viewport()
        expect(other.locator("#roll canvas")).to_be_in_viewport()
        expect(other.get_by_label("Begin with a tune")).to_have_value("Sent to you · Stairs")
        expect(sent.get_by_role("button", name="Play it")).to_be_focused()
        other.keyboard.press("Enter")
        heard(other)


def test_a_link_is_shown_where_there_is_no_clipboard(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    page.evaluate("""() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    }""")
    page.get_by_role("button", name="Copy link").click()
    field = page.get_by_label("The link")
    expect(field).to_be_visible()
    expect(field).to_have_value(re.compile("#take="))
    expect(page.locator("#takes .tools .told")).to_contain_text("Copy this link.")
    assert page.evaluate("document.activeElement.selectionEnd") > 20
