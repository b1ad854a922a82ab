"""Notes that are played in, and takes that are played: every way in and out of the page that sounds."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from composer.music import write_musicxml
from tests.page.conftest import CHROMIUM, SEED, SWITCHES, opened
from tests.page.roll import Hands
from tests.page.test_takes import choose, compose
from tests.page.visitor import EDITOR, ROLL, bring, choose_lstm, heard, upload
from tests.test_humming import TUNE, hummed, recorded

pytestmark = pytest.mark.page
BAR = 96  # ticks
# Counts what the page's own piano is asked to sound, by frequency.
STRUCK = """() => {
  window.struck = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    window.struck.push(Math.round(this.frequency.value));
    start.call(this, at);
  };
}"""
# A MIDI keyboard that the test plays with `window.midiKeys([status, pitch, velocity])`.
KEYBOARD = """() => {
  const input = { name: "Test keys" };
  window.midiKeys = data => input.onmidimessage({ data, timeStamp: performance.now() });
  navigator.requestMIDIAccess = async () => ({ inputs: new Map([["1", input]]) });
}"""


def test_the_keys_at_the_left_sound(page):
    page.evaluate(STRUCK)
    hands = Hands(page)
    x, y = hands.at(0, 69)
    page.mouse.click(x - 20, y)
    assert 440 in page.evaluate("window.struck")


def test_a_midi_keyboard_is_played_and_recorded(page):
    page.evaluate(KEYBOARD)
    hands = Hands(page).empty()
    page.get_by_label("Tempo", exact=True).first.fill("240")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Keys").click()
    expect(page.locator("#editor .says")).to_have_text("Listening to Test keys.")
    page.get_by_role("button", name="Record").click()
    expect(hands.roll).to_have_attribute("data-taping", "running")
    for pitch in (60, 67):
        page.evaluate("pitch => window.midiKeys([0x90, pitch, 100])", pitch)
        page.wait_for_timeout(150)
        page.evaluate("pitch => window.midiKeys([0x80, pitch, 0])", pitch)
    page.keyboard.press("Escape")
    drawn = (hands.roll.get_attribute("data-drawn") or "").split()
    assert [note.split(":")[1] for note in drawn] == ["60", "67"]


def test_a_tune_is_hummed_into_the_microphone(browser, address, tmp_path: Path):
    tune = recorded(tmp_path, hummed(TUNE))
    fake = [f"--use-fake-device-for-media-stream={tune}", f"--use-file-for-fake-audio-capture={tune}%noloop"]
    switches = [*SWITCHES, "--use-fake-ui-for-media-stream", *fake]
    listening = browser.browser_type.launch(executable_path=CHROMIUM, args=switches)
    with opened(listening, address, permissions=["microphone"]) as page:
        page.get_by_role("button", name="Hum a tune").click()
        page.locator("#hum").get_by_role("button", name="Record", exact=True).click()
        page.wait_for_timeout(7_500)  # as long as the tune
        page.locator("#hum").get_by_role("button", name="Stop", exact=True).first.click()
        expect(page.locator("#reading")).to_contain_text("Your humming (hummed)")
        assert int(page.locator(EDITOR).get_attribute("data-notes") or 0) >= len(TUNE) - 2
    listening.close()


@pytest.mark.parametrize("kind", ["musicxml", "abc"])
def test_musicxml_and_abc_are_opened(page, tmp_path, kind):
    path = tmp_path / f"stairs.{kind}"
    tune = b"X:1\nT:Stairs\nM:4/4\nL:1/4\nK:G\nG A B c | d c B A |\n"
    path.write_bytes(tune if kind == "abc" else write_musicxml(SEED))
    bring(page, path)
    expect(page.locator("#reading")).to_contain_text("Stairs")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "8")


def test_a_tune_is_chosen_from_a_tune_book(page, tmp_path):
    path = tmp_path / "book.abc"
    path.write_text("X:1\nT:First\nK:G\nGABc|\n\nX:2\nT:Second\nK:G\ndcBAG|\n\nX:7\nT:Seventh\nK:D\nfe|\n")
    bring(page, path)
    expect(page.locator("#reading")).to_contain_text("First")
    menu = page.locator("#book input")
    expect(menu).to_have_value("First · 1")
    menu.click()
    page.get_by_role("option", name="Seventh · 7").click()
    expect(page.locator("#reading")).to_contain_text("Seventh")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "2")
    expect(menu).to_have_value("Seventh · 7")
    page.get_by_role("button", name="Empty roll").click()
    expect(page.locator("#book")).to_be_hidden()


def test_the_roll_is_zoomed_and_scrolled_and_its_key_chosen(page):
    roll = page.locator(EDITOR)
    before = float(roll.get_attribute("data-scale") or 0)
    page.get_by_role("button", name="Zoom in").click()
    assert float(roll.get_attribute("data-scale") or 0) > before
    box = page.locator("#editor .scroll").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.wheel(200, 0)
    page.wait_for_function("document.querySelector('#editor .scroll').scrollLeft > 0")
    page.get_by_role("button", name="Show all bars").click()
    assert float(roll.get_attribute("data-scale") or 0) == pytest.approx(before, rel=0.01)
    page.get_by_role("combobox", name="Key").select_option("B minor")
    expect(page.locator("#reading")).to_contain_text("B minor")


@pytest.fixture
def taken(page: Page, midi: Path) -> Page:
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    heard(page)
    return page


def test_the_play_head_is_dragged_by_its_tip(taken):
    box = taken.locator("#roll canvas").bounding_box()
    taken.get_by_role("button", name="Pause").last.click()
    taken.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + 10)
    taken.mouse.down()
    taken.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 10, steps=4)
    there = "Number(document.querySelector('#roll [data-head]').dataset.head)"
    assert 40 < taken.evaluate(there) < 200  # of 384 ticks
    taken.mouse.up()


def test_chosen_bars_play_again_and_again(taken):
    choose(taken, 2, 2)
    taken.get_by_role("button", name="Loop").click()
    heads = []
    for _ in range(30):
        taken.wait_for_timeout(150)
        heads.append(taken.evaluate("Number(document.querySelector('#roll [data-head]').dataset.head)"))
    assert sum(later < earlier for earlier, later in pairwise(heads)) >= 1  # back to its beginning
    assert all(90 < head < 210 for head in heads[3:])  # within bar 2, ticks 96 to 192


def made_anew(page: Page, old: str) -> str:
    """Wait until the take has another sound; whether it plays, or was over before, is not told."""
    another = "old => { const audio = document.querySelector('#roll audio'); return audio.src !== old && audio.src; }"
    return str(page.wait_for_function(another, arg=old).json_value())


def test_the_mixer_changes_what_is_heard(taken):
    source = heard(taken)
    taken.get_by_text("Mixer and feel").click()
    taken.locator("#takes .strip select").select_option("40")  # a violin
    source = made_anew(taken, source)
    for label in ("Volume", "Left – right", "Swing", "Light and shade"):
        taken.locator("#takes").get_by_label(label).fill("0.3")
        source = made_anew(taken, source)
    taken.locator("#takes").get_by_role("button", name="Solo").click()
    made_anew(taken, source)
    if taken.evaluate("document.querySelector('#roll audio').paused"):  # the take was over meanwhile
        taken.click("#roll .play")
    heard(taken, old=source)


def test_a_take_is_kept_when_the_others_are_cleared(taken):
    compose(taken, number=8)
    expect(taken.locator(ROLL)).to_have_attribute("data-writing", "false")
    expect(taken.locator("#takes .pick .settings")).to_have_text([re.compile("number 8"), re.compile("number 7")])
    taken.get_by_role("button", name="Keep").last.click()
    taken.get_by_role("button", name="Clear …").click()
    taken.get_by_role("button", name="Remove all but those kept").click()
    expect(taken.locator("#takes .pick .settings")).to_have_text([re.compile("number 7")])


def test_a_take_is_read_out_bar_by_bar(taken):
    taken.locator("#takes").get_by_text("Bar by bar, in words").click()
    bars = taken.locator("#takes .spoken li")
    expect(bars).to_have_count(4)
    expect(bars.first).to_have_text("Bar 1: G4 quarter, A4 quarter, B4 quarter, C5 quarter.")
    expect(taken.locator(ROLL)).to_have_attribute("data-writing", "false")


def test_single_keys_compose_and_play_and_can_be_switched_off(page):
    page.keyboard.press("c")
    heard(page)
    page.keyboard.press("p")
    page.wait_for_function("document.querySelector('#roll audio').paused")
    page.keyboard.press("?")
    page.get_by_label("Single letters are shortcuts anywhere on the page").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('#roll audio').paused")


SOUNDS = "what => document.querySelector('#roll [data-head]').dataset.sounds === what"
WHOLE = re.compile(r"(?<!opening)\.flac")


@pytest.fixture
def slow_to_come(page: Page) -> Page:
    """A page whose takes' whole sound takes its time, as over a slow line."""
    page.route(WHOLE, lambda route: (page.wait_for_timeout(1_500), route.continue_()))
    return page


def test_a_take_sounds_before_the_whole_of_it_is_there(slow_to_come):
    page = slow_to_come
    choose_lstm(page)
    heads = "() => Number(document.querySelector('#roll [data-head]').dataset.head)"
    page.click("#compose")
    page.wait_for_function(SOUNDS, arg="opening")
    opening = page.evaluate(heads)
    assert page.evaluate("document.querySelector('#roll audio').paused")
    heard(page)
    page.wait_for_function(SOUNDS, arg="whole")
    whole = page.evaluate(heads)
    assert 0 < opening < whole < opening + 6 * BAR  # it went on where it was


def test_who_stops_the_opening_has_quiet_when_the_whole_comes(slow_to_come):
    page = slow_to_come
    choose_lstm(page)
    page.click("#compose")
    page.wait_for_function(SOUNDS, arg="opening")
    page.locator("#roll .play").click()
    expect(page.locator("#roll .play")).to_have_attribute("aria-label", "Play")
    page.wait_for_function("document.querySelector('#roll audio').src.endsWith('.flac')")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('#roll audio').paused")
    page.locator("#roll .play").click()
    heard(page)
