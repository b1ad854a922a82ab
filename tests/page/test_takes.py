"""What is done with takes: several at once, redone, gone on from, mixed, taken away, kept, and opened by a link."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from composer.music import read
from composer.score import Score
from tests.page.conftest import opened
from tests.page.test_tasks import BAR, DUET, duet  # noqa: F401 (a fixture)
from tests.page.visitor import EDITOR, ROLL, bring, choose_lstm, downloaded, heard, upload, written

pytestmark = pytest.mark.page
PANEL = "#takes [data-takes]"
ANOTHER = """old => {
  const { src } = document.querySelector("#roll audio");
  return src.endsWith(".flac") && src !== old && src;
}"""


def notes(score: Score) -> list[list[tuple[int, int, int]]]:
    return [[(n.onset, n.pitch, n.duration) for n in voice.notes] for voice in score.voices]


def compose(page: Page, number: int = 7, takes: int = 1, bars: int = 2) -> None:
    page.get_by_label("number input for Bars to write").fill(str(bars))
    page.get_by_label("number input for Takes").fill(str(takes))
    page.get_by_label("Take number").fill(str(number))
    expect(page.get_by_label("a new number for every take")).not_to_be_checked()
    page.click("#compose")
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator(PANEL)).to_have_attribute("data-shown", re.compile("."))


def choose(page: Page, first: int, last: int) -> None:
    """Choose bars of the take by typing them."""
    page.get_by_label("First bar chosen").fill(str(first))
    page.get_by_label("Last bar chosen").fill(str(last))
    page.get_by_label("Last bar chosen").press("Enter")
    expect(page.locator(ROLL)).to_have_attribute("data-choosing", f"{first}-{last}")


def taken(page: Page, folder: Path) -> Score:
    return read(downloaded(page, "#midi", folder)).score


def test_several_takes_each_with_its_number(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page, 7, takes=3)
    first = heard(page)
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "3")
    expect(page.locator("#takes .pick .number")).to_have_text(
        ["AContinue · Stairs", "BContinue · Stairs", "CContinue · Stairs"]
    )
    numbers = [text.rsplit(" ", 1)[1] for text in page.locator("#takes .settings").all_inner_texts()]
    assert numbers == ["7", "8", "9"]
    expect(page.locator("#takes .pick[aria-pressed=true]")).to_contain_text("number 7")
    page.locator("#takes .pick", has_text="number 8").click()  # while the first plays: at the same place
    second = heard(page, old=first)
    assert second != first
    before = page.evaluate("document.querySelector('#roll audio').currentTime")
    page.get_by_role("button", name="A/B").click()
    heard(page, old=second)
    assert page.evaluate("document.querySelector('#roll audio').currentTime") >= before - 0.05
    expect(page.locator("#takes .pick[aria-pressed=true]")).to_contain_text("number 7")


def test_redone_bars_change_and_nothing_else_does(page, duet, tmp_path):  # noqa: F811
    bring(page, duet)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "24")
    compose(page)
    first, old = heard(page), taken(page, tmp_path)
    assert notes(old)[0][:16] == notes(DUET)[0]
    choose(page, 2, 3)
    page.locator("#takes .voices button", has_text="Bass").click()  # not this voice
    page.get_by_label("Take number").fill("11")
    page.get_by_role("button", name="Redo these bars").click()
    heard(page, old=first)
    expect(page.locator("#takes li[data-depth='1']")).to_have_count(1)  # under the take it came from
    top, bass = notes(taken(page, tmp_path))
    assert bass == notes(old)[1]
    outside = [note for note in top if not BAR <= note[0] < 3 * BAR]
    assert outside == [note for note in notes(old)[0] if not BAR <= note[0] < 3 * BAR]
    assert page.locator("#take-words p").inner_text().startswith(f"2 bars, {len(top) - len(outside)} new note")
    older = [note for note in outside if note[0] >= 4 * BAR]  # what the take before had written stays marked as new
    assert written(page) == len(top) - len(outside) + len(older) + sum(note[0] >= 4 * BAR for note in bass)


def test_continue_from_a_bar_and_use_as_seed(page, midi, tmp_path):
    upload(page, midi)
    choose_lstm(page)
    compose(page, bars=3)
    first, old = heard(page), taken(page, tmp_path)
    choose(page, 3, 3)
    page.get_by_label("number input for Bars to write").fill("2")
    page.get_by_role("button", name="Continue from here").click()
    heard(page, old=first)
    new = taken(page, tmp_path)
    assert {n[:2] for n in notes(old)[0] if n[0] < 3 * BAR} <= {n[:2] for n in notes(new)[0]}
    assert new.bars == 5
    page.click("#use")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", str(len(new.notes)))


def test_every_download_is_a_valid_file(page, duet, tmp_path):  # noqa: F811
    bring(page, duet)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "24")
    compose(page)
    heard(page)
    score = taken(page, tmp_path)
    assert notes(read(downloaded(page, "[data-file=musicxml]", tmp_path)).score) == notes(score)
    assert notes(read(downloaded(page, "[data-file=abc]", tmp_path)).score) == notes(score)
    seconds = score.seconds_at(score.end)
    for kind in ("wav", "flac", "mp3"):
        samples, rate = soundfile.read(downloaded(page, f"[data-file={kind}]", tmp_path))
        assert seconds < len(samples) / rate < seconds + 4
        assert np.abs(samples).max() > 0.5
    with zipfile.ZipFile(downloaded(page, "[data-file=zip]", tmp_path)) as stems:
        assert stems.namelist() == ["1 Soprano.wav", "2 Bass.wav"]
        assert all(np.abs(soundfile.read(io.BytesIO(stems.read(name)))[0]).max() > 0.05 for name in stems.namelist())


def test_mute_silences_a_voice_in_the_sound_that_plays(page, duet, tmp_path):  # noqa: F811
    bring(page, duet)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "24")
    compose(page)
    first = heard(page)
    page.get_by_text("Mixer and feel").click()
    page.get_by_role("group", name="Bass").get_by_role("button", name="Mute").click()
    second = heard(page, old=first)
    page.get_by_role("group", name="Soprano").get_by_role("button", name="Mute").click()
    third = page.wait_for_function(ANOTHER, arg=second).json_value()
    both, one, none = (_samples(page, source) for source in (first, second, third))
    assert _power(one, 0, 200) < 0.1 * _power(both, 0, 200)  # the bass sounds at 131 Hz and above
    assert _power(one, 350, 2_000) > 0.5 * _power(both, 350, 2_000)
    assert not none.any()


def _samples(page: Page, source: str) -> np.ndarray:
    return np.asarray(soundfile.read(io.BytesIO(page.request.get(source).body()))[0]).mean(1)


def _power(samples: np.ndarray, low: float, high: float) -> float:
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / 44_100)
    return float(spectrum[(frequencies >= low) & (frequencies < high)].sum())


def test_notation_is_engraved_when_it_is_opened(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    expect(page.locator("#takes .sheet > svg")).to_have_count(0)
    page.get_by_text("Notation", exact=True).click()
    expect(page.get_by_role("img", name="Notation of Take A: Continue · Stairs")).to_be_visible()
    assert page.locator("#takes .sheet .note").count() >= 8 + written(page)  # tied notes have two heads


# The lit notes of the picture, and whether each is lit while the play-head is on it and no other is.
LIT = """() => {
  const head = Number(document.querySelector("#roll [data-head]").dataset.head);
  const notes = [...document.querySelectorAll("#takes .sheet .note")];
  const due = note => Number(note.dataset.from) <= head && head < Number(note.dataset.until);
  const lit = notes.filter(note => note.classList.contains("sounding"));
  return { lit: lit.map(note => notes.indexOf(note)), right: notes.every(note => due(note) === lit.includes(note)) };
}"""


def test_the_note_that_sounds_is_lit_in_the_notation(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    page.get_by_text("Notation", exact=True).click()
    expect(page.get_by_role("img", name="Notation of Take A: Continue · Stairs")).to_be_visible()
    page.get_by_role("button", name="Back to the beginning").last.click()
    heard(page)
    seen = []
    for _ in range(12):
        page.wait_for_timeout(150)
        now = page.evaluate(LIT)
        assert now["right"]
        seen += now["lit"]
    assert len(set(seen)) >= 3  # quarters at 120: half a second each
    assert seen == sorted(seen)  # a melody: one after the other
    page.get_by_role("button", name="Pause").click()
    page.locator("#takes .sheet .note").nth(5).locator(".notehead").click()
    assert page.evaluate(LIT) == {"lit": [5], "right": True}
    colour = "getComputedStyle(document.querySelectorAll('#takes .sheet .note')[{}].querySelector('use')).fill"
    assert page.evaluate(colour.format(5)) != page.evaluate(colour.format(4))


def test_another_tempo_moves_the_play_head_with_the_sound(page, midi):
    upload(page, midi)
    choose_lstm(page)
    compose(page)
    first = heard(page)
    page.get_by_text("Mixer and feel").click()
    tempo = page.locator("#takes .mixer input[type=number]")
    expect(tempo).to_have_value("120")
    tempo.fill("60")
    tempo.press("Tab")
    heard(page, old=first)
    seconds, tick = page.evaluate("""[document.querySelector("#roll audio").currentTime,
        Number(document.querySelector("#roll [data-head]").dataset.head)]""")
    assert tick == pytest.approx(seconds * 24, abs=8)  # a quarter, 24 ticks, a second


def test_a_reload_loses_nothing(page, midi, tmp_path):
    upload(page, midi)
    choose_lstm(page)
    compose(page, takes=2)
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")
    old = notes(taken(page, tmp_path))
    liked = page.locator("#takes .cards").get_by_role("button", name="I like it").first
    liked.click()
    page.reload()
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")
    expect(liked).to_have_attribute("aria-pressed", "true")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "8")
    expect(page.get_by_role("radio", name=re.compile("LSTM"))).to_be_checked()
    expect(page.get_by_label("number input for Bars to write")).to_have_value("2")
    assert notes(taken(page, tmp_path)) == old
    page.locator("#roll").get_by_role("button", name="Play", exact=True).click()
    heard(page)
    page.get_by_role("button", name="Discard").first.click()
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "1")
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")
    page.get_by_role("button", name="Clear …").click()
    page.get_by_role("button", name="Remove all", exact=True).click()
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "0")


def test_a_link_opens_the_take_for_somebody_else(browser: Browser, address, page, midi, tmp_path):
    upload(page, midi)
    choose_lstm(page)
    compose(page, number=23, bars=3)
    old, count = notes(taken(page, tmp_path)), page.locator(EDITOR).get_attribute("data-notes")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(PANEL)).to_have_attribute("data-link", re.compile("#take="))
    link = page.locator(PANEL).get_attribute("data-link") or ""
    with opened(browser, link, host=address) as other:
        expect(other.locator(PANEL)).to_have_attribute("data-takes", "1")
        assert notes(taken(other, tmp_path)) == old
        _is_as_it_was(other, count, link=True)
        other.click("#compose")  # and the settings make it again
        heard(other)
        assert notes(taken(other, tmp_path)) == old


def _is_as_it_was(page: Page, count: str | None, link: bool) -> None:
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", str(count))
    expect(page.get_by_label("Take number")).to_have_value("23")
    expect(page.get_by_role("radio", name=re.compile("LSTM"))).to_be_checked()
    expect(page.get_by_label("number input for Bars to write")).to_have_value("3")
    assert "#take=" not in page.url or not link


def test_its_midi_file_opens_the_take_too(browser: Browser, address, page, midi, tmp_path):
    upload(page, midi)
    choose_lstm(page)
    compose(page, number=23, bars=3)
    file = downloaded(page, "#midi", tmp_path)
    with opened(browser, address) as other:
        bring(other, file)
        expect(other.locator(PANEL)).to_have_attribute("data-takes", "1")
        _is_as_it_was(other, page.locator(EDITOR).get_attribute("data-notes"), link=False)
        assert notes(taken(other, tmp_path)) == notes(read(file).score)
