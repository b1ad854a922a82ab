"""Whoever cannot see well, or has a small screen: axe finds no serious fault, whatever of the page is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.page.conftest import opened
from tests.page.visitor import heard

pytestmark = pytest.mark.page
# Scheme, width, language: everything that is checked is checked in all six.
_LOOKS = [("light", 1440, "en-GB"), ("dark", 390, "zh-CN"), ("light", 820, "zh-CN")]
_OTHERS = [("dark", 1440, "en-GB"), ("light", 390, "zh-CN"), ("dark", 820, "en-GB")]
LOOKS = [*_LOOKS, *(pytest.param(look, marks=pytest.mark.thorough) for look in _OTHERS)]


def _named(look: object) -> str | None:
    return f"{look[0]}-{look[1]}" if isinstance(look, tuple) else None


@pytest.fixture(params=LOOKS, ids=_named)
def looked(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    scheme, width, locale = request.param
    with opened(browser, address, width, locale, color_scheme=scheme) as page:
        yield page


def press(page: Page, selector: str) -> None:
    """Press what may lie under the fixed buttons of a phone: somebody would scroll a little further."""
    page.locator(selector).first.evaluate("part => part.scrollIntoView({ block: 'center' })")
    page.locator(selector).first.click()


def faults(page: Page) -> dict[str, list[str]]:
    found = Axe().run(page).response["violations"]
    return {v["id"]: [n["html"][:160] for n in v["nodes"]] for v in found if v["impact"] in ("serious", "critical")}


def test_axe_finds_no_serious_fault(looked):
    press(looked, "#hum-open")
    press(looked, "#more button")
    looked.locator("#takes-wanted input[type=number]").fill("2")
    looked.click("#compose")
    heard(looked)
    expect(looked.locator("#takes [data-takes]")).to_have_attribute("data-takes", "2")
    assert faults(looked) == {}, "with takes"
    for fold in ("mixer", "notation", "spoken"):
        press(looked, f"#takes .{fold} summary")
    expect(looked.locator("#takes .sheet > svg")).to_be_visible()
    press(looked, "#readers .hearing summary")
    press(looked, "#readers .mine summary")
    expect(looked.locator("#takes .tunes li").first).to_be_visible()
    expect(looked.locator("#readers .tunes li").first).to_be_visible()
    press(looked, "#readers .tunes .liked")
    press(looked, "#readers .suggest")
    expect(looked.locator("#readers .suggested li").first).to_be_visible()
    assert faults(looked) == {}, "with mixer, notation and readers"
    press(looked, "[data-shortcuts]")
    expect(looked.locator("#shortcuts")).to_be_visible()
    assert faults(looked) == {}, "with the sheet of keys"


@pytest.mark.parametrize("looked", [_LOOKS[0], _OTHERS[1]], ids=["light-1440", "light-390"], indirect=True)
def test_axe_finds_no_serious_fault_where_a_take_is_edited(looked):
    looked.click("#compose")
    heard(looked)
    for terms in ("#network-terms", "#daring-terms"):
        press(looked, f"{terms} summary")
    press(looked, "#takes .edit")
    expect(looked.locator("#take-editor [data-notes]")).to_be_visible()
    press(looked, "#editor .piano")
    assert faults(looked) == {}


@pytest.mark.parametrize("looked", [_LOOKS[0], _LOOKS[1]], ids=["light-1440", "dark-390"], indirect=True)
def test_axe_finds_no_serious_fault_in_the_map(looked):
    looked.get_by_role("radio", name="GAN").check()
    looked.click("#compose")
    heard(looked)
    press(looked, "#takes .charted summary")
    expect(looked.locator("#takes .chart svg .take").first).to_be_visible()
    assert faults(looked) == {}
