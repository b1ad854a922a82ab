"""What the readers say on the page of the seed and of takes, and what a browser remembers of a visitor's taste."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Browser, Locator, Page, expect

from composer.analysis.fingerprints import FOLDER, Fingerprints, Known
from composer.analysis.ngrams import NOTES, lines_of
from composer.music import read
from composer.score import Score, Voice
from tests.page.conftest import opened, serving
from tests.page.visitor import choose_lstm, downloaded, heard, upload
from tests.test_originality import truly_longest

pytestmark = pytest.mark.page
MOST, BARS = 12, 24  # notes that may be copied; bars of the takes asked
ROLL = "#roll [data-notes]"


@pytest.fixture
def looked(page: Page) -> Page:
    """The page, told of the seed."""
    page.get_by_text("Style, originality, tunes like the seed").click()
    expect(page.locator("#readers .styles li").first).to_be_visible()
    return page


def take(page: Page, number: int, bars: int = 8) -> None:
    """Compose, and wait until the readers have told of the take."""
    page.get_by_label("number input for Bars to write").fill(str(bars))
    page.get_by_label("Take number").fill(str(number))
    page.click("#compose")
    heard(page)
    expect(page.locator("#takes .heard .styles li").first).to_be_visible()


def test_the_seed_is_told_of_and_a_tune_takes_its_place(looked):
    readers = looked.locator("#readers")
    expect(readers.locator(".receipt")).to_contain_text("pieces")
    tunes = readers.locator(".of-seed .tunes li")
    expect(tunes).to_have_count(6)
    title = tunes.nth(1).locator("b").inner_text()
    tunes.nth(1).get_by_role("button", name="Use as seed").click()
    expect(looked.locator("#tune input")).to_have_value(f"Library · {title}")
    expect(tunes.first.locator("b")).to_have_text(title)  # told anew of another seed: itself is the likest


def test_a_tune_plays_and_another_press_ends_it(looked):
    play = looked.locator("#readers .of-seed").get_by_role("button", name="Play the tune").first
    play.focus()
    looked.keyboard.press("Enter")
    expect(play).to_have_attribute("aria-pressed", "true")
    looked.keyboard.press("Enter")
    expect(play).to_have_attribute("aria-pressed", "false")


def test_every_take_is_told_of(page, midi):
    upload(page, midi)
    choose_lstm(page)
    take(page, 7)
    told = page.locator("#takes .heard")
    expect(told.locator(".styles li span").last).to_contain_text("%")
    expect(told.locator(".tunes li")).to_have_count(6)
    expect(told.locator(".follows")).to_contain_text("In the critic's ears this follows from the seed: ")
    told.locator(".speaking button").first.click()  # the bar that spoke is chosen
    bar = told.locator(".speaking button").first.inner_text()
    expect(page.get_by_label("First bar chosen")).to_have_value(bar)
    title = told.locator(".tunes b").first.inner_text()
    told.get_by_role("button", name="Use as seed").first.click()
    expect(page.locator("#tune input")).to_have_value(f"Library · {title}")


def test_likes_stay_in_the_browser_and_suggest_tunes(browser: Browser, address, looked):
    looked.locator("#readers .of-seed").get_by_role("button", name="I like it").first.click()
    later = looked.context.new_page()  # the same browser
    later.goto(looked.url)
    readers = later.locator("#readers")
    later.get_by_text("Tunes to your taste").click()
    expect(readers.locator(".count")).to_have_text("Remembered in this browser alone: 1 liked, 0 not.")
    readers.get_by_role("button", name="Suggest tunes").click()
    expect(readers.locator(".suggested li")).to_have_count(6)
    with opened(browser, address) as stranger:
        stranger.get_by_text("Tunes to your taste").click()
        expect(stranger.locator("#readers .count")).to_contain_text("that stays in this browser")
        expect(stranger.get_by_role("button", name="Suggest tunes")).to_be_disabled()
    readers.get_by_role("button", name="Forget my taste").click()
    expect(readers.locator(".suggested li")).to_have_count(0)
    expect(looked.locator("#readers .of-seed .liked").first).to_have_attribute("aria-pressed", "false")


def test_takes_stand_in_the_order_of_a_taste(page, midi):
    upload(page, midi)
    choose_lstm(page)
    for number in (1, 2, 3):
        take(page, number)
    cards = page.locator("#takes .cards li")
    expect(cards).to_have_count(3)
    assert names(cards) == ["number 3", "number 2", "number 1"]
    switch = page.get_by_role("button", name="Most to your taste first")
    switch.click()
    expect(page.locator("#takes .no-taste")).to_be_visible()
    disliked = cards.first.get_by_role("button", name="Not for me")
    disliked.focus()
    page.keyboard.press("Enter")
    expect(cards.last).to_contain_text("number 3")
    expect(page.locator("#takes .cards li:last-child .disliked")).to_be_focused()
    cards.filter(has_text="number 1").get_by_role("button", name="I like it").click()
    expect(cards.first).to_contain_text("number 1")
    page.reload()
    expect(cards.first).to_contain_text("number 1")  # the taste and the switch are kept
    switch.click()
    assert names(cards) == ["number 3", "number 2", "number 1"]


def names(cards: Locator) -> list[str]:
    return [re.search(r"number \d+", text)[0] for text in cards.all_inner_texts()]  # type: ignore[index]


@pytest.fixture
def free(page: Page, midi: Path, tmp_path: Path) -> Score:
    """What the page's LSTM writes after the stairs with take number 5."""
    upload(page, midi)
    choose_lstm(page)
    take(page, 5, BARS)
    return read(downloaded(page, "#midi", tmp_path)).score


@pytest.fixture
def remembering(free: Score, checkpoints: Path, tmp_path: Path) -> Iterator[str]:
    """A page whose LSTM learned that very take by heart."""
    folder = tmp_path / "networks"
    shutil.copytree(checkpoints, folder)
    known = [(Known("By heart", "book"), lines_of(free))]
    Fingerprints.of(known, melodies=True).save(folder / FOLDER / "lstm.safetensors")
    with serving(folder, tmp_path / "log") as address:
        yield address


def test_the_longest_passage_is_marked_and_can_be_forbidden(browser, remembering, free, midi, tmp_path):
    with opened(browser, remembering) as page:
        upload(page, midi)
        choose_lstm(page)
        take(page, 5, BARS)
        expect(page.locator("#takes .receipt")).to_contain_text("as in “By heart” (book) from its bar")
        marked = int(page.locator(ROLL).get_attribute("data-copied") or 0)
        fresh = int(page.locator(ROLL).get_attribute("data-fresh") or 0)
        assert fresh - 4 <= marked <= fresh  # fingerprints may miss two at either end
        expect(page.locator("#roll .legend .copied")).to_be_visible()
        page.reload()
        expect(page.locator(ROLL)).to_have_attribute("data-copied", str(marked))
        page.get_by_role("button", name="More: ").click()
        page.get_by_label("Longest copied passage").click()
        page.get_by_role("option", name=f"{MOST} notes").click()
        page.click("#compose")
        expect(page.locator("#takes .cards li")).to_have_count(2)
        heard(page)
        limited = read(downloaded(page, "#midi", tmp_path)).score
        assert copied(limited, free) <= MOST
        assert len(after_the_seed(limited).notes) > MOST
    assert copied(free, free) > MOST


def copied(score: Score, learned: Score) -> int:
    """The longest row of notes after the seed that two takes share."""
    (mine,), (other,) = (lines_of(after_the_seed(found)) for found in (score, learned))
    return truly_longest(mine, other)


def after_the_seed(score: Score) -> Score:
    return score.with_voices([Voice(tuple(n for v in score.voices for n in v.notes if n.onset >= 2 * 96))])


def test_the_readers_answer_programs(address, midi, tmp_path):
    client = Client(address, verbose=False, download_files=tmp_path, analytics_enabled=False)
    style = client.predict(file=handle_file(midi), api_name="/style")
    assert sum(found["probability"] for found in style["styles"]) == pytest.approx(1, abs=0.01)
    tunes = client.predict(file=handle_file(midi), most=3, api_name="/similar")
    assert [tune["likeness"] for tune in tunes] == sorted((tune["likeness"] for tune in tunes), reverse=True)
    assert len(tunes) == 3
    receipt = client.predict(file=handle_file(midi), model="", api_name="/originality")
    assert receipt["exact"]["piece"] == "Stairs learned"
    assert NOTES <= receipt["exact"]["notes"] <= 8  # of eight; fingerprints may miss two at an end
    client.close()
