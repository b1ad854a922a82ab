"""One sound at a time, wherever on the page it comes from."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.page.test_takes import compose
from tests.page.visitor import choose_lstm, heard, upload

pytestmark = pytest.mark.page
# Watches every player that is asked to play, those in no document too: how many sound.
WATCH = """() => {
  window.players = new Set();
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { window.players.add(this); return play.call(this); };
  const sounds = one => !one.paused && !one.ended && !one.src.startsWith("data:");
  window.sounding = () => [...window.players].filter(sounds).length;
}"""


def sounding(page: Page, count: int) -> None:
    page.wait_for_function("count => window.sounding() === count", arg=count)


def test_whatever_begins_to_play_the_others_pause(page, midi):
    page.evaluate(WATCH)
    upload(page, midi)
    choose_lstm(page)
    page.locator("#editor .play").click()
    heard(page, where="#editor")
    compose(page, bars=8)  # while the seed plays
    heard(page)
    assert page.evaluate("document.querySelector('#editor audio').paused")
    sounding(page, 1)
    page.locator("#editor .play").click()  # while the take plays
    page.wait_for_function("!document.querySelector('#editor audio').paused")
    assert page.evaluate("document.querySelector('#roll audio').paused")
    sounding(page, 1)
    tune = page.locator("#takes .tunes .hear").first  # a tune of the library, whose player stands in no document
    tune.click()
    expect(tune).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("document.querySelector('#editor audio').paused")
    sounding(page, 1)
    page.locator("#roll .play").click()
    page.wait_for_function("!document.querySelector('#roll audio').paused")
    expect(tune).to_have_attribute("aria-pressed", "false")
    sounding(page, 1)


def test_recording_silences_what_plays(page):
    page.click("#compose")
    heard(page)
    page.locator("#editor").get_by_role("button", name="Record").click()
    page.wait_for_function("document.querySelector('#roll audio').paused")
    page.keyboard.press("Escape")
