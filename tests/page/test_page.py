"""What a visitor does, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from composer.music import read, write_midi
from composer.score import Note, Score, Voice
from tests.page.conftest import PITCHES, SEED, opened, serving
from tests.page.visitor import EDITOR, ROLL, bring, choose_lstm, downloaded, heard, upload, written

pytestmark = pytest.mark.page


def test_opens_with_a_tune_and_everything_to_press(page):
    assert page.title() == "Motif"
    expect(page.locator("#compose")).to_be_enabled()
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "30")
    expect(page.get_by_role("application", name="Piano roll of Ode to Joy: 8 bars, 30 notes")).to_be_visible()
    expect(page.locator("#reading")).to_contain_text("8 bars, 30 notes, 4/4")
    expect(page.locator("#desk").get_by_role("radio")).to_have_count(11)  # six networks, five tasks of the first choice


def test_a_file_is_gone_on_from_and_plays_each_time(page, midi):
    upload(page, midi)
    expect(page.get_by_label("Begin with a tune")).to_have_value("Your file · Stairs")
    page.click("#compose")
    first = heard(page)
    assert written(page) >= 8  # a note a bar at least
    page.click("#compose")
    second = heard(page, old=first)
    assert first != second
    expect(page.locator("#take-words")).to_contain_text("8 bars")
    expect(page.locator("#notice p")).to_be_empty()


def test_the_seed_plays_before_anything_is_composed(page):
    page.get_by_role("button", name="Play", exact=True).click()
    heard(page, where="#editor")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_function("document.querySelector('#editor audio').paused")


def test_a_click_on_the_roll_seeks(page):
    page.click("#compose")
    heard(page)
    box = page.locator("#roll canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + 100)
    page.wait_for_function("Number(document.querySelector('#roll [data-head]').dataset.head) > 1200")  # of 1536 ticks


def test_stop_keeps_what_is_there(page, tmp_path):
    page.get_by_role("radio", name=re.compile("SLOW")).check()
    page.get_by_label("number input for Bars to write").fill("64")
    page.click("#compose")
    page.wait_for_function("Number(document.querySelector('#roll [data-fresh]').dataset.fresh) > 3")
    page.click("#stop")
    heard(page)
    expect(page.locator(ROLL)).to_have_attribute("data-writing", "false")
    expect(page.locator("#take-words")).to_contain_text(re.compile(r"\d+ of 64 bars"))
    kept = read(downloaded(page, "#midi", tmp_path)).score
    assert len(kept.notes) == 30 + written(page)
    expect(page.locator("#stop")).to_be_disabled()


def test_a_tune_takes_the_place_of_a_file(page, midi):
    upload(page, midi)
    page.get_by_label("Begin with a tune").click()
    page.get_by_role("option", name="Kesh Jig").click()
    expect(page.locator("#reading")).to_contain_text("The Kesh Jig (ABC): 8 bars, 38 notes, 6/8")
    page.click("#compose")
    heard(page)
    assert int(page.locator(ROLL).get_attribute("data-notes")) == 38 + written(page)


def choose_tune(page: Page, name: str) -> None:
    page.get_by_label("Begin with a tune").click()
    page.get_by_role("option", name=name).click()


def test_another_tune_ends_the_writing(page):
    page.get_by_role("radio", name=re.compile("SLOW")).check()
    page.get_by_label("number input for Bars to write").fill("64")
    page.click("#compose")
    page.wait_for_function("Number(document.querySelector('#roll [data-fresh]').dataset.fresh) > 3")
    choose_tune(page, "Sakura")
    expect(page.locator("#stop")).to_be_disabled()
    try:
        expect(page.locator(EDITOR)).to_have_attribute("data-notes", "22", timeout=10_000)
    except AssertionError:
        # Gradio 6.31 reads a component back before it writes a property without a value, such as how it loads: on a
        # busy machine the value that came just before is lost. What is tested here is that the writing ended.
        choose_tune(page, "Kesh Jig")
        choose_tune(page, "Sakura")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "22")
    expect(page.locator("#reading")).to_contain_text("Sakura (ABC): 6 bars, 22 notes")
    expect(page.locator("#take-words p")).to_be_empty()


def test_a_damaged_file_is_refused_in_words(page, tmp_path):
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"MThd\x00\x00\x00\x06\x00\x01\x00\x02\x01\xe0MTrk\x00\x00\xff\xff\x00\x90")
    bring(page, broken)
    expect(page.get_by_role("alert").locator("p")).to_contain_text("damaged")
    assert "Traceback" not in page.content()
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "30")  # the seed before it stays
    page.click("#compose")
    heard(page)
    expect(page.locator("#notice p")).to_be_empty()


def test_the_midi_file_holds_the_seed_untouched(page, midi, tmp_path):
    upload(page, midi)
    page.click("#compose")
    heard(page)
    path = downloaded(page, "#midi", tmp_path)
    assert path.read_bytes()[:4] == b"MThd"
    assert re.fullmatch(r"Stairs-\d+\.mid", path.name)
    (voice,) = read(path).score.voices
    assert voice.notes[: len(PITCHES)] == SEED.voices[0].notes
    assert len(voice.notes) == len(PITCHES) + written(page)
    assert downloaded(page, "#wav", tmp_path).read_bytes()[:4] == b"RIFF"


def test_a_take_number_makes_the_same_take_again(page, tmp_path):
    page.get_by_label("Take number").fill("7")
    expect(page.get_by_label("a new number for every take")).not_to_be_checked()
    page.click("#compose")
    first = heard(page)
    once = downloaded(page, "#midi", tmp_path).read_bytes()
    page.click("#compose")
    heard(page, old=first)
    assert downloaded(page, "#midi", tmp_path).read_bytes() == once
    page.click("#dice")
    expect(page.get_by_label("Take number")).not_to_have_value("7")


def test_a_wrong_setting_is_refused_in_words(page):
    page.get_by_label("Take number").fill("-5")
    expect(page.get_by_label("a new number for every take")).not_to_be_checked()
    page.click("#compose")
    expect(page.get_by_role("alert").locator("p")).to_contain_text(
        "The take number must be from 0 to 2147483647, not -5."
    )


def test_the_melody_track_is_chosen_where_there_are_several(page, tmp_path):
    expect(page.locator("#track")).to_be_hidden()
    low = Voice(tuple(Note(24 * i, 40, 24) for i in range(4)), "Left")
    path = tmp_path / "two.mid"
    path.write_bytes(write_midi(SEED.with_voices([*SEED.voices, low])))
    bring(page, path)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "12")
    choose_lstm(page)
    page.get_by_label("Melody track").click()
    page.get_by_role("option", name="2: Left").click()
    page.click("#compose")
    heard(page)
    expect(page.locator("#take-words")).to_contain_text("The melody is track 2 (Left) of 2, as you chose.")


def test_a_title_is_words_and_never_code(page, tmp_path):
    path = tmp_path / "title.mid"
    path.write_bytes(write_midi(Score(SEED.voices, title="${window.hurt = 1}<img src=x onerror='window.hurt = 1'>`")))
    bring(page, path)
    expect(page.locator("#reading")).to_contain_text("${window.hurt = 1}<img")
    page.click("#compose")
    heard(page)
    assert page.evaluate("window.hurt") is None


def test_fits_a_phone(browser: Browser, address):
    with opened(browser, address, width=390) as page:
        page.click("#compose")
        heard(page)
        page.get_by_role("button", name="More").click()
        expect(page.get_by_label("Scale lock")).to_be_visible()
        wide = page.evaluate("""[...document.querySelectorAll("button, input, canvas, label, p")]
            .filter(part => part.offsetParent && !part.closest(".scroll, [aria-hidden=true]"))
            .filter(part => part.getBoundingClientRect().right > 391 || part.getBoundingClientRect().left < -1)
            .map(part => part.outerHTML.slice(0, 80))""")
        assert wide == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_sound_the_rest_works(browser: Browser, checkpoints, tmp_path):
    with (
        serving(checkpoints, tmp_path / "log", MOTIF_SOUNDFONT="/nowhere.sf2") as address,
        opened(browser, address) as page,
    ):
        expect(page.get_by_role("alert")).to_contain_text("MOTIF_SOUNDFONT names /nowhere.sf2, which is not there")
        page.click("#compose")
        expect(page.locator("#take-words")).to_contain_text("8 bars")
        expect(page.locator("#wav")).to_be_disabled()
        assert written(page) >= 8
        assert len(read(downloaded(page, "#midi", tmp_path)).score.notes) == 30 + written(page)


def test_without_networks_the_page_says_so(browser: Browser, tmp_path):
    with serving(tmp_path, tmp_path / "log") as address, opened(browser, address) as page:
        expect(page.get_by_role("alert")).to_contain_text("There is no network yet")
        expect(page.locator("#compose")).to_be_disabled()
