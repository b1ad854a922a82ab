"""What the VAE and the GAN do on the page: vary, morph, restore, and answer by a throw of the dice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from composer.music import read, write_midi
from composer.score import Note, Score, Voice
from tests.page.conftest import PITCHES, opened
from tests.page.visitor import downloaded, heard, upload, written

pytestmark = pytest.mark.page
LOW = (48, 50, 52, 53, 55, 53, 52, 50)
BAR = 96  # ticks


@pytest.fixture
def low(tmp_path: Path) -> Path:
    path = tmp_path / "low.mid"
    line = tuple(Note(24 * i, pitch, 24) for i, pitch in enumerate(LOW))
    path.write_bytes(write_midi(Score((Voice(line, "Cello", 42),), title="Low stairs")))
    return path


def ask(page: Page, network: str, task: str, number: int = 7) -> None:
    """Choose a network, a task and a take number, and wait until the page has followed."""
    page.get_by_role("radio", name=network).check()
    page.get_by_role("radio", name=task, exact=True).check()
    expect(page.locator("#amount")).to_be_visible(visible=task == "Vary")
    expect(page.locator("#second")).to_be_visible(visible=task == "Morph")
    page.get_by_label("Take number").fill(str(number))
    expect(page.get_by_label("a new number for every take")).not_to_be_checked()


def line_of(page: Page, folder: Path) -> list[tuple[int, int, int]]:
    """The melody of the take that is shown: onset, pitch and duration of each note."""
    (voice,) = read(downloaded(page, "#midi", folder)).score.voices
    return [(note.onset, note.pitch, note.duration) for note in voice.notes]


def pressed(page: Page, old: str = "") -> str:
    page.click("#compose")
    return heard(page, old=old)


def test_a_melody_is_varied_as_far_as_one_says(page, midi, tmp_path):
    upload(page, midi)
    ask(page, "VAE", "Vary")
    far = page.get_by_label("number input for How far")
    far.fill("0")
    first = pressed(page)
    assert line_of(page, tmp_path) == [(24 * i, pitch, 24) for i, pitch in enumerate(PITCHES)]
    far.fill("1")
    pressed(page, first)
    varied = line_of(page, tmp_path)
    assert [pitch for _, pitch, _ in varied] != list(PITCHES)
    assert {onset // BAR for onset, _, _ in varied} <= {0, 1}  # within the bars of the melody


def test_restoring_says_and_shows_what_came_back(page, midi, tmp_path):
    upload(page, midi)
    ask(page, "VAE", "Restore")
    pressed(page)
    expect(page.locator("#take-words")).to_contain_text(
        re.compile(r"\d+% of 8 notes came back through 1 points? of the map of phrases")
    )
    lost = {(24 * i, pitch, 24) for i, pitch in enumerate(PITCHES)} - set(line_of(page, tmp_path))
    expect(page.locator("#roll [data-notes]")).to_have_attribute("data-lost", str(len(lost)))
    expect(page.locator("#roll .legend .lost")).to_be_visible()  # the tiny network knows nothing


def test_a_tune_morphs_into_a_file_and_its_link_opens_both(browser: Browser, address, page, midi, low, tmp_path):
    upload(page, midi)
    ask(page, "VAE", "Morph")
    page.get_by_label("number input for Steps").fill("1")
    into_gallery = pressed(page)
    gallery = line_of(page, tmp_path)
    with page.expect_file_chooser() as chooser:
        page.click("#open-second")
    chooser.value.set_files(low)
    expect(page.locator("#second input")).to_have_value("Your file · Low stairs")
    pressed(page, into_gallery)
    own = line_of(page, tmp_path)
    assert own != gallery
    assert [(onset, pitch) for onset, pitch, _ in own][:8] == [(24 * i, pitch) for i, pitch in enumerate(PITCHES)]
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#takes [data-takes]")).to_have_attribute("data-link", re.compile("#take="))
    link = page.locator("#takes [data-takes]").get_attribute("data-link") or ""
    with opened(browser, link, host=address) as other:
        expect(other.locator("#second input")).to_have_value("Your file · Low stairs")
        expect(other.get_by_label("number input for Steps")).to_have_value("1")
        pressed(other)  # and writes the same again
        assert line_of(other, tmp_path) == own


def test_a_tune_morphs_into_a_take(page, midi, tmp_path):
    upload(page, midi)
    ask(page, "GAN", "Continue")
    page.get_by_label("number input for Bars to write").fill("2")
    first = pressed(page)
    page.get_by_role("button", name="Morph into this").click()
    expect(page.get_by_role("radio", name="VAE")).to_be_checked()  # the GAN cannot morph
    expect(page.get_by_role("radio", name="Morph", exact=True)).to_be_checked()
    expect(page.locator("#second input")).to_have_value("Take A: Continue · Stairs · its new part")
    pressed(page, first)
    expect(page.locator("#take-words")).to_contain_text("by VAE")


def test_a_reload_shows_the_controls_of_the_task(page):
    """Though the seed is the one that everyone begins with."""
    ask(page, "VAE", "Vary")
    page.wait_for_timeout(500)  # until the browser has kept it
    page.reload()
    expect(page.get_by_role("radio", name="Vary", exact=True)).to_be_checked()
    expect(page.locator("#amount")).to_be_visible()


def test_what_is_no_music_is_refused_as_a_second_tune(page, tmp_path):
    ask(page, "VAE", "Morph")
    empty = tmp_path / "nothing.mid"
    empty.write_bytes(b"MThd")
    with page.expect_file_chooser() as chooser:
        page.click("#open-second")
    chooser.value.set_files(empty)
    expect(page.get_by_role("alert").locator("p")).to_contain_text("cut off after 4 bytes")
    expect(page.locator("#second input")).not_to_have_value("")


def test_every_throw_of_the_dice_is_another_answer(page, midi, tmp_path):
    upload(page, midi)
    ask(page, "GAN", "Continue")
    page.get_by_label("number input for Bars to write").fill("2")
    sound, answers, numbers = "", [], []
    for throw in range(3):
        if throw:
            page.click("#dice")
            expect(page.get_by_label("Take number")).not_to_have_value(numbers[-1])
        numbers.append(page.get_by_label("Take number").input_value())
        sound = pressed(page, sound)
        assert written(page)
        answers.append(tuple(line_of(page, tmp_path)))
    assert len(set(answers)) == 3
    page.get_by_label("Take number").fill(numbers[0])
    pressed(page, sound)
    assert tuple(line_of(page, tmp_path)) == answers[0]  # the same number, the same answer


def test_the_map_shows_every_phrase_and_a_click_goes_there(page, midi, tmp_path):
    upload(page, midi)
    ask(page, "VAE", "Morph")
    page.get_by_label("number input for Steps").fill("2")
    pressed(page)
    page.locator("#takes .charted summary").click()
    marks = page.locator("#takes .chart svg")
    expect(marks.locator(".seed")).to_have_count(1)  # two bars
    expect(marks.locator(".second")).to_have_count(4)  # all its phrases
    phrases = {onset // (2 * BAR) for onset, _, _ in line_of(page, tmp_path)}
    # The seed's (the shorter tune again and again), two steps of four each, and the other tune's, in this metre.
    assert {0, 4, 8} <= phrases <= set(range(16))
    expect(marks.locator(".take")).to_have_count(len(phrases))
    expect(page.locator("#takes .plane .words")).to_contain_text("of the variance")
    page.locator("#roll .play").click()  # pauses
    mark = page.get_by_role("button", name="The take's phrase 3, bars 5–6")
    mark.press("Enter")
    expect(page.locator("#roll [data-head]")).to_have_attribute("data-head", re.compile(rf"^{4 * BAR}\b"))
    expect(mark).to_have_class("take sounding")


def test_a_take_of_a_network_without_points_has_no_map(page):
    page.get_by_role("radio", name="LSTM").check()
    pressed(page)
    expect(page.locator("#takes .notation")).to_be_visible()
    expect(page.locator("#takes .charted")).to_be_hidden()


def test_the_map_speaks_chinese(browser: Browser, address):
    with opened(browser, address, locale="zh-CN") as chinese:
        chinese.get_by_role("radio", name="GAN").check()
        pressed(chinese)
        chinese.locator("#takes summary", has_text="乐句地图").click()
        expect(chinese.locator("#takes .chart svg .take").first).to_be_visible()
        expect(chinese.locator("#takes .plane .words")).to_contain_text("占方差的")
        assert chinese.evaluate("[...motif.missing].join(' | ')") == ""
