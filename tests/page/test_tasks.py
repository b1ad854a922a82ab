"""What a visitor asks of a network that can do more than go on: harmonise, fill in bars, and work on a take."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from playwright.sync_api import Page, expect

from composer.music import read, write_midi
from composer.score import Note, Score, Voice
from composer.tasks import TASKS
from tests.page.conftest import PITCHES
from tests.page.visitor import EDITOR, bring, choose_lstm, downloaded, heard, upload, written

pytestmark = pytest.mark.page

BAR = 96  # ticks
DUET = Score(
    (
        Voice(tuple(Note(24 * i, PITCHES[i % 8], 24) for i in range(16)), "Soprano", 73),
        Voice(tuple(Note(48 * i, (48, 52, 55, 50)[i % 4], 48) for i in range(8)), "Bass", 70),
    ),
    title="Duet",
)


@pytest.fixture
def duet(tmp_path: Path) -> Path:
    path = tmp_path / "duet.mid"
    path.write_bytes(write_midi(DUET))
    return path


def ask(page: Page, task: str) -> None:
    """Choose the tiny Transformer and a task, and wait until the page has followed."""
    page.get_by_role("radio", name="TRANSFORMER").check()
    expect(page.locator("#task label")).to_have_text(["Continue", "Improvise", "Harmonise", "Accompany", "Fill in"])
    page.get_by_role("radio", name=task, exact=True).check()
    expect(page.locator("#bars")).to_be_visible(visible=task in ("Continue", "Improvise"))


def test_the_tasks_follow_the_network(page):
    offered = page.locator("#task label")
    expect(offered).to_have_text(
        ["Continue", "Improvise", "Harmonise", "Accompany", "Fill in"]
    )  # the first choice can do all
    choose_lstm(page)
    ask(page, "Harmonise")
    expect(offered).to_have_text(["Continue", "Improvise", "Harmonise", "Accompany", "Fill in"])
    page.get_by_role("radio", name="RNN").check()
    expect(offered).to_have_text(["Continue", "Improvise"])
    expect(page.get_by_role("radio", name="Continue")).to_be_checked()
    expect(page.locator("#bars")).to_be_visible()
    page.get_by_role("radio", name="Improvise").check()
    page.get_by_role("radio", name="LSTM").check()
    expect(page.get_by_role("radio", name="Improvise")).to_be_checked()  # kept where the network can do it


def test_a_task_brings_the_top_p_that_suits_it(page):
    page.get_by_role("button", name="More: ").click()
    top_p = page.get_by_label("number input for Unlikely notes")
    suited = {task: f"{TASKS[task].top_p:g}" for task in ("continue", "improvise")}
    expect(top_p).to_have_value(suited["continue"])
    ask(page, "Improvise")
    expect(top_p).to_have_value(suited["improvise"])
    ask(page, "Continue")
    expect(top_p).to_have_value(suited["continue"])


def test_harmonising_keeps_the_melody_and_shows_four_voices(page, midi, tmp_path):
    upload(page, midi)
    ask(page, "Harmonise")
    page.click("#compose")
    heard(page)
    expect(page.locator("#roll .voices > span")).to_have_text(["Soprano", "Alto", "Tenor", "Bass"])
    score = read(downloaded(page, "#midi", tmp_path)).score
    assert [voice.name for voice in score.voices] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert [(n.onset, n.pitch) for n in score.voices[0].notes] == [(24 * i, p) for i, p in enumerate(PITCHES)]
    assert [voice.program for voice in score.voices] == [73, 68, 71, 70]  # under a flute: oboe, clarinet, bassoon
    assert len(score.notes) == len(PITCHES) + written(page)


def test_filling_in_changes_the_chosen_bars_and_voices_only(page, duet, tmp_path):
    bring(page, duet)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "24")
    ask(page, "Fill in")
    expect(page.get_by_label("From bar")).to_have_value("2")  # the middle two of four
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "2-3")
    page.get_by_label("to bar").fill("2")
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "2-2")
    page.get_by_role("checkbox", name="Bass").uncheck()
    page.click("#compose")
    heard(page)
    top, bass = read(downloaded(page, "#midi", tmp_path)).score.voices
    assert bass.notes == DUET.voices[1].notes
    outside = [note for note in DUET.voices[0].notes if not BAR <= note.onset < 2 * BAR]
    assert [note for note in top.notes if not BAR <= note.onset < 2 * BAR] == outside
    assert len(top.notes) == len(outside) + written(page)
    expect(page.locator("#take-words")).to_contain_text("1 bar,")


def test_bars_are_chosen_by_dragging_on_the_roll(page):
    page.set_viewport_size({"width": 1440, "height": 1400})  # the roll and the settings without scrolling
    ask(page, "Fill in")
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "4-5")
    expect(page.get_by_label("to bar")).to_have_value("5")
    box = page.locator("#editor canvas").bounding_box()
    bar = (box["width"] - 52) / 9  # eight bars and an empty one between the keys and the edge
    page.mouse.move(box["x"] + 38 + 1.5 * bar, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 38 + 3.5 * bar, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "2-4")
    expect(page.get_by_label("From bar")).to_have_value("2")
    expect(page.get_by_label("to bar")).to_have_value("4")


def test_bars_that_are_not_there_are_refused_in_words(page):
    ask(page, "Fill in")
    page.get_by_label("to bar").fill("9")
    page.click("#compose")
    expect(page.get_by_role("alert").locator("p")).to_contain_text("'4-9' is not within the piece's bars 1 to 8")


def test_a_take_becomes_the_seed(page, midi, tmp_path):
    upload(page, midi)
    choose_lstm(page)
    expect(page.locator("#use")).to_be_hidden()
    page.get_by_label("number input for Bars to write").fill("2")
    page.click("#compose")
    first = heard(page)
    notes = len(PITCHES) + written(page)
    page.click("#use")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", str(notes))
    expect(page.locator("#reading")).to_contain_text("by LSTM): 4 bars")
    expect(page.locator("#use")).to_be_hidden()
    ask(page, "Harmonise")
    page.click("#compose")
    heard(page, old=first)
    score = read(downloaded(page, "#midi", tmp_path)).score
    assert (len(score.voices), len(score.voices[0].notes), score.bars) == (4, notes, 4)


def test_the_track_that_is_the_melody_is_drawn_in(page, duet):
    bring(page, duet)
    expect(page.locator("#editor .voices > span")).to_have_text(["Soprano", "Bass"])
    choose_lstm(page)
    page.get_by_label("Melody track").click()
    page.get_by_role("option", name="2: Bass").click()
    expect(page.get_by_role("combobox", name="Voice", exact=True)).to_have_value("1")


def test_region_and_freeze_of_the_endpoint(address, duet, tmp_path):
    client = Client(address, verbose=False, download_files=tmp_path, analytics_enabled=False)
    asked = {"file": handle_file(duet), "model": "transformer", "api_name": "/compose"}
    written, _, take = client.predict(**asked, task="infill", region="2-3", freeze="Bass")
    assert read(Path(written)).score.voices[1].notes == DUET.voices[1].notes
    assert {onset // BAR for onset, _, _ in take["new_notes"]} == {1, 2}
    _, _, take = client.predict(**asked, task="harmonise", freeze="bass")
    assert (take["recipe"]["request"]["freeze"], take["bars"]) == (["bass"], 4)
    with pytest.raises(AppError, match="Filling in needs a region"):
        client.predict(**asked, task="infill")
    with pytest.raises(AppError, match="lstm cannot harmonise; it can continue, improvise"):
        client.predict(**{**asked, "model": "lstm"}, task="harmonise")
    client.close()
