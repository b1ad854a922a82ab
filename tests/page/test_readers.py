"""What the readers say on the page, and what a browser remembers."""

from __future__ import annotations

import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.page


@pytest.fixture
def looked(page: Page) -> Page:
    """The page, told of the seed."""
    page.get_by_role("button", name="Style, tunes like this, originality").click()
    page.click("#look")
    expect(page.locator("#told")).to_contain_text("Sounds like: ")
    return page


def test_the_seed_is_told_of_and_a_tune_takes_its_place(looked):
    expect(looked.locator("#told")).to_contain_text("pieces")
    tunes = looked.locator("#tunes label")
    expect(tunes.first).to_be_visible()
    tunes.first.click()
    title = tunes.first.inner_text().split(" (")[0]
    looked.click("#use-tune")
    expect(looked.locator("#tune input")).to_have_value(f"Library · {title}")


def test_likes_stay_in_the_browser_and_suggest_tunes(looked):
    looked.locator("#tunes label").first.click()
    looked.click("#like")
    expect(looked.locator("#told")).to_contain_text("Remembered in this browser: 1 likes and dislikes.")
    later = looked.context.new_page()  # the same browser
    later.goto(looked.url)
    later.get_by_role("button", name="Style, tunes like this, originality").click()
    later.click("#suggest")
    expect(later.locator("#tunes")).to_contain_text("Tunes to your taste")
    expect(later.locator("#tunes label")).to_have_count(8)


def test_without_a_taste_the_page_asks_for_one(page):
    page.get_by_role("button", name="Style, tunes like this, originality").click()
    page.click("#suggest")
    expect(page.locator("#told")).to_contain_text("Tell of a tune or two")


def test_the_readers_answer_programs(address, midi, tmp_path):
    client = Client(address, verbose=False, download_files=tmp_path, analytics_enabled=False)
    style = client.predict(file=handle_file(midi), api_name="/style")
    assert sum(found["probability"] for found in style["styles"]) == pytest.approx(1, abs=0.01)
    tunes = client.predict(file=handle_file(midi), most=3, api_name="/similar")
    assert [tune["likeness"] for tune in tunes] == sorted((tune["likeness"] for tune in tunes), reverse=True)
    assert len(tunes) == 3
    receipt = client.predict(file=handle_file(midi), model="", api_name="/originality")
    assert receipt["exact"]["piece"] == "Stairs learned"
    assert 6 <= receipt["exact"]["notes"] <= 8  # of eight; fingerprints may miss two at an end
    client.close()
