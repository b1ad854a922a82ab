"""The settings: within reach, named, worked by keys alone, and taken as they were typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.conftest import opened
from tests.page.test_takes import PANEL, ROLL, compose
from tests.page.visitor import EDITOR, choose_lstm, heard, upload

pytestmark = pytest.mark.page
# Widths with the height that their screens have.
SCREENS = [
    *((360, 740), (390, 844), (600, 960), (768, 1024), (820, 1180), (1023, 768)),
    *((1024, 768), (1280, 720), (1440, 900), (1920, 1080), (2560, 1440)),
]


@pytest.mark.parametrize("typed", ["80", "20", "44", "32"])
def test_a_tempo_is_what_was_typed(page, typed):
    page.get_by_role("button", name="More: ").click()
    tempo = page.locator("#tempo input")
    tempo.fill(typed)
    tempo.press("Enter")
    page.wait_for_timeout(300)
    expect(tempo).to_have_value(typed)


def test_six_eight_counts_dotted_quarters_wherever_a_tempo_stands(page):
    page.get_by_label("Begin with a tune").click()
    page.get_by_role("option", name="Kesh Jig").click()
    expect(page.locator("#reading")).to_contain_text("112 dotted quarters a minute")
    expect(page.locator("#editor .unit")).to_have_text("♩. =")
    expect(page.locator("#editor .tempo")).to_have_value("112")
    page.get_by_role("button", name="More: ").click()
    expect(page.locator("#tempo")).to_contain_text("Dotted quarters a minute.")
    page.locator("#tempo input").fill("60")
    page.click("#compose")
    heard(page)
    page.get_by_text("Mixer and feel").click()
    expect(page.locator("#takes .mixer input[type=number]")).to_have_value("60")
    page.locator("#editor .tempo").fill("90")
    page.keyboard.press("Tab")
    expect(page.locator("#reading")).to_contain_text("90 dotted quarters a minute")


def test_the_dice_throw_anew_with_every_press_and_twins_are_told(page, midi):
    upload(page, midi)
    choose_lstm(page)
    page.click("#dice")
    page.click("#compose")
    first = heard(page)
    page.click("#compose")
    heard(page, old=first)
    expect(page.locator(PANEL)).to_have_attribute("data-takes", "2")
    numbers = page.locator("#takes .settings").all_inner_texts()
    assert len({re.findall(r"number (\d+)", text)[0] for text in numbers}) == 2
    for takes in ("3", "4"):
        compose(page, number=7)
        expect(page.locator(PANEL)).to_have_attribute("data-takes", takes)
        expect(page.locator(ROLL)).to_have_attribute("data-writing", "false")
    expect(page.locator("#take-words")).to_contain_text("The same, note for note, as take C.")


def test_a_frame_goes_with_its_task(page):
    page.get_by_role("radio", name="Fill in", exact=True).check()
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "4-5")
    page.get_by_role("radio", name="Continue", exact=True).check()
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "")
    expect(page.locator("#editor .kept")).to_be_hidden()
    page.get_by_role("radio", name="Fill in", exact=True).check()
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "4-5")
    choose_lstm(page)  # which cannot fill in
    expect(page.locator(EDITOR)).to_have_attribute("data-choosing", "")


def test_compose_is_in_reach_at_every_width(browser: Browser, address: str):
    with opened(browser, address) as page:
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(150)
            assert _in_view(page, height), (width, height)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if width < 1024:
                page.evaluate("scrollTo(0, document.body.scrollHeight)")
                assert _in_view(page, height), (width, height, "at the foot")


def _in_view(page: Page, height: int) -> bool:
    box = page.locator("#compose").bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


def test_groups_are_named_and_worked_by_arrow_keys(page):
    tasks = page.get_by_role("radiogroup", name="Task")
    expect(tasks.get_by_role("radio")).to_have_count(5)
    tasks.get_by_role("radio", name="Continue").focus()
    page.keyboard.press("ArrowRight")
    expect(tasks.get_by_role("radio", name="Improvise")).to_be_checked()
    expect(page.locator("#task")).to_contain_text("The network begins anew")
    page.get_by_role("radiogroup", name="Network").get_by_role("radio", name="TRANSFORMER").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="LSTM")).to_be_checked()
    expect(page.locator("#task label")).to_have_text(["Continue", "Improvise"])
    assert (
        page.evaluate("getComputedStyle(document.querySelector('#network label:has(:focus)')).outlineStyle") == "solid"
    )


# Tabs from the top of the page until Compose has the focus; the focused radios on the way.
def test_few_tab_stops_lead_to_compose_and_a_link_skips_them(page):
    stops, radios = 0, []
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to Compose")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0  # seen once it has the focus
    while page.evaluate("document.activeElement.id") != "compose" and stops < 60:
        page.keyboard.press("Tab")
        stops += 1
        radios += [page.evaluate("document.activeElement.name")] * page.evaluate(
            "document.activeElement.type === 'radio'"
        )
    assert radios == ["network", "task"]
    assert stops < 44
    skip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#compose")).to_be_focused()


def test_headings_lead_through_the_page(page):
    page.click("#compose")
    heard(page)
    for name in ("The seed", "Network", "Task", "The take", "Takes"):
        expect(page.get_by_role("heading", level=2, name=name, exact=True)).to_have_count(1)


def test_networks_say_what_they_are_for_and_terms_are_explained(page):
    for name, use in (("TRANSFORMER", "For most things"), ("VAE", "To change a tune"), ("RNN", "The plainest")):
        expect(page.locator("#network label", has_text=name)).to_contain_text(use)
    cut = "[...document.querySelectorAll('#network label span')].filter(one => one.scrollHeight > one.clientHeight + 1)"
    assert page.evaluate(f"{cut}.length") == 0  # nothing ends in dots
    assert "nats" not in page.locator("#network .wrap").last.inner_text()
    page.get_by_text("What these networks are").click()
    expect(page.locator("#network-terms dt", has_text="Nats a note")).to_be_visible()
    page.get_by_role("button", name="More: ").click()
    page.get_by_text("What these settings and styles mean").click()
    expect(page.locator("#fine-terms")).to_contain_text("top-p")


def test_numbers_and_lists_are_said_as_chinese_says_them(browser: Browser, address: str):
    with opened(browser, address, locale="zh-CN") as page:
        assert page.evaluate("motif.say('5.9 million weights')") == "590 万个权重"
        refused = "This is not a file of music, whatever its name says. Motif reads MIDI, MusicXML and ABC."
        assert page.evaluate("text => motif.say(text)", refused) == (
            "这是别的文件，不管名字怎么说，都不是音乐。Motif 能读 MIDI、MusicXML 和 ABC。"
        )
        assert page.evaluate("motif.say('Keep: Take C: Continue · Ode to Joy')") == "收藏：版本 C：续写 · 欢乐颂"
