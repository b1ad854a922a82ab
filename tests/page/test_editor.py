"""The seed is drawn, played and hummed in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from composer.music import read
from tests.page.conftest import opened
from tests.page.roll import Hands
from tests.page.visitor import EDITOR, downloaded, heard, written
from tests.test_humming import TUNE, hummed, recorded

pytestmark = pytest.mark.page

C4, D4, E4, G4, A4 = 60, 62, 64, 67, 69
BAR = 96


@pytest.fixture
def hands(page: Page) -> Hands:
    return Hands(page).empty()


def test_notes_are_drawn_moved_stretched_and_deleted_with_the_mouse(hands):
    hands.click(0, G4)
    hands.see((0, G4, 12))
    hands.drag((26, A4), (70, A4))
    hands.see((0, G4, 12), (24, A4, 48))
    hands.drag((30, A4), (78, E4))  # by its body
    hands.see((0, G4, 12), (72, E4, 48))
    hands.drag((118, E4), (142, E4))  # by its end
    hands.see((0, G4, 12), (72, E4, 72))
    hands.click(6, G4, button="right")
    hands.see((72, E4, 72))
    expect(hands.page.locator("#reading")).to_contain_text("Your tune (drawn): 2 bars, 1 note")
    hands.page.get_by_role("button", name="Undo", exact=True).click()
    hands.page.get_by_role("button", name="Undo", exact=True).click()
    hands.see((0, G4, 12), (72, E4, 48))
    hands.page.get_by_role("button", name="Redo").click()
    hands.see((0, G4, 12), (72, E4, 72))


def test_the_grid_is_chosen_with_triplets_and_without(hands):
    grid = hands.page.get_by_role("combobox", name="Grid")
    grid.select_option("1/8 triplet")
    hands.click(9, C4)
    grid.select_option("1/16")
    hands.click(31, D4)
    grid.select_option("off")
    hands.click(55, E4)
    onsets = [int(note.split(":")[0]) for note in (hands.roll.get_attribute("data-drawn") or "").split()]
    assert onsets[:2] == [8, 30]
    assert abs(onsets[2] - 55) <= 1


def test_a_rubber_band_selects_and_what_is_selected_goes_together(hands):
    for tick, pitch in ((0, C4), (24, E4), (48, G4), (BAR, A4)):
        hands.click(tick + 1, pitch)
    hands.page.get_by_role("button", name="Select", exact=True).click()
    hands.drag((10, G4 + 2), (60, D4))
    expect(hands.roll).to_have_attribute("data-selected", "2")
    hands.drag((26, E4), (26, E4 + 1))
    hands.see((0, C4, 12), (24, E4 + 1, 12), (48, G4 + 1, 12), (BAR, A4, 12))
    hands.page.keyboard.press("Control+c")
    hands.page.keyboard.press("Control+d")
    expect(hands.roll).to_have_attribute("data-notes", "6")
    hands.page.get_by_role("button", name="Delete what is selected").click()
    hands.page.get_by_role("button", name="Erase").click()
    hands.drag((2, C4), (BAR + 6, C4))
    hands.see((24, E4 + 1, 12), (48, G4 + 1, 12), (BAR, A4, 12))


def test_everything_is_done_by_keyboard_alone(hands):
    said = hands.page.locator("#editor .says")
    hands.keys("Enter")
    hands.see((0, G4, 12))
    expect(said).to_have_text("G4, eighth, bar 1, beat 1 added.")
    hands.keys("Shift+ArrowRight")
    hands.see((0, G4, 24))
    hands.keys("Alt+ArrowRight", "Alt+ArrowUp", "Alt+ArrowUp")
    hands.see((12, A4, 24))
    hands.keys("Control+ArrowRight", "ArrowDown", "Enter", "Delete")
    hands.see((12, A4, 24))
    hands.keys("PageDown", "Home", "Enter")
    hands.see((0, A4 - 13, 24), (12, A4, 24))
    hands.keys("Control+a", "ArrowUp")
    hands.see((0, A4 - 12, 24), (12, A4 + 1, 24))
    hands.keys("Delete", "Control+z", "Control+z", "Control+Shift+Z")
    hands.see((0, A4 - 12, 24), (12, A4 + 1, 24))


def test_a_finger_draws_and_takes_away(browser: Browser, address):
    with opened(browser, address, width=390, has_touch=True) as page:
        hands = Hands(page).empty()
        page.touchscreen.tap(*hands.at(6, G4))
        hands.see((0, G4, 12))
        x, y = hands.at(6, G4)
        touch = page.context.new_cdp_session(page)
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        hands.see()  # a finger that rests on a note
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_drawn_seed_is_gone_on_from_and_kept_note_for_note(hands, tmp_path):
    page = hands.page
    page.get_by_role("combobox", name="Metre").select_option("3/4")
    page.get_by_label("Tempo", exact=True).first.fill("90")
    page.keyboard.press("Tab")
    for tick, pitch in ((0, G4), (24, A4), (48, G4), (72, E4)):
        hands.click(tick + 1, pitch)
    page.click("#compose")  # at once: the last stroke counts
    heard(page)
    score = read(downloaded(page, "#midi", tmp_path)).score
    assert [(n.onset, n.pitch) for n in score.notes][:4] == [(0, G4), (24, A4), (48, G4), (72, E4)]
    assert len(score.notes) == 4 + written(page)
    assert (str(score.metres[0]), round(score.tempos[0].bpm)) == ("3/4", 90)


def test_the_drawing_plays_as_it_stands(hands):
    hands.click(1, G4)
    play = hands.page.locator("#editor .play")
    play.click()
    first = heard(hands.page, where="#editor")
    hands.page.wait_for_function("document.querySelector('#editor audio').paused")
    hands.click(30, A4)
    play.click()
    assert heard(hands.page, old=first, where="#editor") != first


def test_bars_dragged_on_the_ruler_are_to_be_filled_in(page):
    hands = Hands(page)
    hands.drag((1.5 * BAR, hands_top(hands)), (3.5 * BAR, hands_top(hands)))
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "2-4")
    expect(page.get_by_role("radio", name="Fill in")).to_be_checked()
    expect(page.get_by_label("From bar")).to_have_value("2")
    expect(page.get_by_label("to bar")).to_have_value("4")
    expect(page.locator("#editor .kept")).to_be_visible()


def hands_top(hands: Hands) -> int:
    """The pitch of the bar numbers: over the highest that is seen."""
    box = hands.page.locator("#editor canvas").bounding_box()
    low, row = (float(hands.roll.get_attribute(f"data-{name}") or 0) for name in ("low", "row"))
    return round(low + (box["height"] - 10) / row - 0.5)


def test_the_computers_keys_are_recorded_after_a_bar_of_clicks(hands):
    page = hands.page
    page.get_by_label("Tempo", exact=True).first.fill("240")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Record").click()
    expect(hands.roll).to_have_attribute("data-taping", "counting")
    expect(hands.roll).to_have_attribute("data-taping", "running")
    for key in ("a", "d", "g"):
        page.keyboard.down(key)
        page.wait_for_timeout(120)
        page.keyboard.up(key)
    page.keyboard.press("Escape")
    expect(hands.roll).to_have_attribute("data-notes", "3")
    drawn = [tuple(map(int, note.split(":"))) for note in (hands.roll.get_attribute("data-drawn") or "").split()]
    assert [pitch for _, pitch, _ in drawn] == [C4, E4, G4]
    assert all(onset % 12 == 0 and length % 12 == 0 for onset, _, length in drawn)
    page.keyboard.press("Control+z")
    expect(hands.roll).to_have_attribute("data-notes", "0")


# Strikes the A key `late` milliseconds after each click is heard, by the key's own time stamp: a busy machine that runs
# the timer late does not matter.
STRIKER = """late => {
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    start.call(this, at);
    if (![1760, 1175].includes(Math.round(this.frequency.value))) return;
    const key = (kind, when) => {
      const event = new KeyboardEvent(kind, { code: "KeyA", key: "a", bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: when });
      document.querySelector("#editor .scroll").dispatchEvent(event);
    };
    setTimeout(() => {
      const { contextTime, performanceTime } = this.context.getOutputTimestamp();
      const moment = performanceTime + (at - contextTime) * 1000 + late;
      key("keydown", moment);
      key("keyup", moment + 200);
    }, (at - this.context.currentTime) * 1000 + late);
  };
}"""


def test_the_delay_of_a_players_keyboard_is_measured_and_taken_off(hands):
    page = hands.page
    page.get_by_label("Tempo", exact=True).first.fill("90")
    page.keyboard.press("Tab")
    page.get_by_role("combobox", name="Grid").select_option("off")
    page.get_by_role("button", name="Keys").click()
    page.evaluate(STRIKER, 120)
    page.get_by_role("button", name="Measure").click()
    expect(page.locator("#editor .says")).to_contain_text("after the click. Recording takes that off.")
    assert int(page.get_by_label("Delay, ms").first.input_value()) == pytest.approx(120, abs=15)
    page.get_by_role("button", name="Record").click()
    page.wait_for_function("Number(document.querySelector('#editor [data-head]').dataset.head) > 4.5 * 24")
    page.keyboard.press("Escape")
    onsets = [int(note.split(":")[0]) for note in (hands.roll.get_attribute("data-drawn") or "").split()]
    assert len(onsets) >= 4
    assert all(min(onset % 24, -onset % 24) <= 1 for onset in onsets)  # on the beats, to a tick
    expect(page.locator("#reading")).to_contain_text(f"{len(onsets)} notes")
    again = page.context.new_page()  # kept in this browser
    again.goto(page.url)
    again.get_by_role("button", name="Keys").click()
    assert int(again.get_by_label("Delay, ms").first.input_value()) == pytest.approx(120, abs=15)


def give(page: Page, recording: Path) -> None:
    """A file in place of the microphone."""
    page.locator("#hum").get_by_role("button", name="Upload file").click()
    page.set_input_files("#hum input[type=file]", recording)


def test_a_tune_is_hummed(page, tmp_path: Path):
    page.get_by_role("button", name="Hum a tune").click()
    page.get_by_label("Tempo of the humming").fill("120")
    give(page, recorded(tmp_path, hummed(TUNE)))
    expect(page.locator("#reading")).to_contain_text("Your humming (hummed): 3 bars, 9 notes, 4/4, 120 quarters")
    assert [note.split(":")[1] for note in (page.locator(EDITOR).get_attribute("data-drawn") or "").split()] == [
        str(pitch) for pitch, _ in TUNE
    ]


def test_what_is_no_tune_is_refused_in_words(page, tmp_path: Path):
    page.get_by_role("button", name="Hum a tune").click()
    give(page, recorded(tmp_path, hummed(()) * 0))  # a breath held
    expect(page.get_by_role("alert").locator("p")).to_contain_text("This recording is silent")


def test_the_seed_is_read_out_bar_by_bar(page):
    page.locator("#spoken summary").click()
    expect(page.locator("#spoken li").first).to_have_text("Bar 1: F♯4 quarter, F♯4 quarter, G4 quarter, A4 quarter.")


def test_the_sheet_of_shortcuts_opens_and_closes(page):
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Undo, redo")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
