"""What a visitor drew or brought is there again: by undo, in the menu, and when the page is opened anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.page.roll import Hands
from tests.page.visitor import EDITOR, upload

pytestmark = pytest.mark.page
G4 = 67


def choose(page: Page, name: str) -> None:
    page.get_by_label("Begin with a tune").click()
    page.get_by_role("option", name=name, exact=True).click()


def test_a_drawing_that_was_replaced_comes_back_by_undo_and_from_the_menu(page):
    hands = Hands(page).empty()
    hands.click(1, G4)
    expect(page.locator("#reading")).to_contain_text("Your tune (drawn): 1 bar, 1 note")
    choose(page, "Sakura · Japan")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "22")
    page.locator("#editor").get_by_role("button", name="Undo", exact=True).click()
    hands.see((0, G4, 12))
    expect(page.get_by_label("Begin with a tune")).to_have_value("Your tune")
    page.get_by_role("button", name="Empty roll").click()
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "0")
    choose(page, "Your tune")
    hands.see((0, G4, 12))


def test_a_gallery_tune_that_was_changed_is_kept_beside_the_tune_as_it_was(page, midi):
    hands = Hands(page)
    hands.click(2 * 96 + 49, 74)
    expect(page.locator("#reading")).to_contain_text("Ode to Joy (ABC, changed): 8 bars, 31 notes")
    upload(page, midi)
    choose(page, "Your tune · Ode to Joy")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "31")
    choose(page, "Ode to Joy · Germany")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "30")
    page.reload()
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "30")
    choose(page, "Your file · Stairs")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "8")
    choose(page, "Your tune · Ode to Joy")
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "31")
