"""Notation on the page: what it is called, what is new in it, whose part it is, and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from composer.music import read
from tests.page.test_takes import compose
from tests.page.test_tasks import ask
from tests.page.visitor import bring, choose_lstm, downloaded, heard, upload, written

pytestmark = pytest.mark.page
CHORDS = b'X:1\nT:Two chords\nM:4/4\nL:1/4\nQ:1/4=120\nK:G\n"G"G B d B | "D7"A c f c |\n'


def test_notation_has_a_title_names_its_part_and_marks_what_is_new(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    page.get_by_text("Notation", exact=True).click()
    expect(page.get_by_role("img", name="Notation of Take A: Continue · Stairs")).to_be_visible()
    expect(page.locator("#takes .piece")).to_have_text("Stairs")
    expect(page.locator("#takes .sheet svg .label").first).to_contain_text("Flute")
    new = page.locator("#takes .sheet .note.fresh")
    assert new.count() >= written(page)
    onsets = new.evaluate_all("notes => notes.map(note => Number(note.dataset.from))")
    assert min(onsets) >= 2 * 96  # none of the seed's two bars
    paint = "getComputedStyle(document.querySelector('#takes .sheet .note{} use')).fill"
    assert page.evaluate(paint.format(".fresh")) != page.evaluate(paint.format(":not(.fresh)"))


def test_chord_names_stand_over_the_notes(page, tmp_path: Path):
    path = tmp_path / "chords.abc"
    path.write_bytes(CHORDS)
    bring(page, path)
    expect(page.locator("#reading")).to_contain_text("Two chords")
    choose_lstm(page)
    compose(page)
    page.get_by_text("Notation", exact=True).click()
    expect(page.locator("#takes .sheet .harm").first).to_be_visible()
    expect(page.locator("#takes .sheet .harm").nth(1)).to_contain_text("D7")


def test_chords_of_several_voices_are_named(page, midi):
    upload(page, midi)
    ask(page, "Harmonise")
    page.click("#compose")
    heard(page)
    page.get_by_text("Notation", exact=True).click()
    expect(page.locator("#takes .sheet .harm").first).to_be_visible()


def test_on_paper_stands_the_notation_alone(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    page.get_by_text("Notation", exact=True).click()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print or save as PDF").click()
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    expect(page.locator("#paper > svg").first).to_be_visible()
    expect(page.locator("#paper")).to_contain_text("Stairs")  # its title
    expect(page.locator("#compose")).to_be_hidden()
    assert page.pdf().count(b"/Type /Page\n") == page.locator("#paper > svg").count()


def test_a_melody_without_a_name_is_called_melody_in_every_file(page, tmp_path: Path):
    choose_lstm(page)  # Ode to Joy names no voice
    compose(page)
    expect(page.locator("#editor").get_by_role("combobox", name="Voice")).to_contain_text("Melody")
    for kind in ("mid", "musicxml"):
        score = read(downloaded(page, f"[data-file={kind}]", tmp_path)).score
        assert [voice.name for voice in score.voices] == ["Melody"]
