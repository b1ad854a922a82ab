"""The classroom in a real browser: a teacher's way and two pupils', the look inside, by keys, in Chinese, by axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.page.conftest import opened
from tests.page.test_access import faults, press
from tests.page.test_languages import MISSING
from tests.page.visitor import upload

pytestmark = pytest.mark.page
ROOM = "#classroom"
NETWORKS = {"rnn", "lstm", "transformer", "vae", "gan"}


@pytest.fixture(params=[(1440, "light"), (390, "dark")], ids=["wide", "phone"])
def looked(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    width, scheme = request.param
    with opened(browser, address, width, color_scheme=scheme) as page:
        yield page


def compared(page: Page, midi: Path | None = None, only: int = 0, bars: int = 2) -> None:
    """Compare the five networks, and wait until everything is told."""
    if midi:
        upload(page, midi)
    fold = page.locator(f"{ROOM} details")
    if fold.get_attribute("open") is None:
        press(page, f"{ROOM} summary")
    for name, value in ((".bars", bars), (".only", only)):
        page.fill(f"{ROOM} {name}", str(value))
    slow = page.locator(f"{ROOM} .networks input[value=slow]")
    slow.uncheck()
    for name in NETWORKS:
        page.locator(f"{ROOM} .networks input[value={name}]").check()
    press(page, f"{ROOM} .compare")
    page.wait_for_selector(f"{ROOM} [data-phase=rest]", timeout=90_000)


def looking(page: Page, network: str) -> None:
    press(page, f"{ROOM} .row[data-network={network}] .look")
    expect(page.locator(f"{ROOM} .tabs button").first).to_have_text(network.upper())
    expect(page.locator(f"{ROOM} .decision").first).to_be_visible()


def shares(page: Page, decision: str) -> list[str]:
    return page.locator(f"{ROOM} .decision[data-decision={decision}] li").all_inner_texts()


def test_a_teacher_and_two_pupils_vote(page, browser, address, midi):
    """Blind: eight notes in two bars, of which the first is given, so that people's second bar is among the choices."""
    page.locator(f"{ROOM} summary").click()
    page.check(f"{ROOM} .blind")
    compared(page, midi, only=1, bars=1)
    rows = page.locator(f"{ROOM} .row")
    expect(rows).to_have_count(6)
    expect(page.locator(f"{ROOM} .row b")).to_have_text(list("ABCDEF"))
    expect(page.locator(f"{ROOM} table")).to_have_count(0)  # figures would tell whose is whose
    page.click(f"{ROOM} .open-room")
    code = page.locator(f"{ROOM} .code b").inner_text()
    with opened(browser, f"{address}?room={code}", host=address) as first, opened(browser, address, 390) as second:
        second.locator(f"{ROOM} summary").click()
        second.fill(f"{ROOM} .room-code", code.lower())
        for pupil in (first, second):
            press(pupil, f"{ROOM} .pupil button")
            expect(pupil.locator(f"{ROOM} .ballot")).to_contain_text("You are in")
        expect(page.locator(f"{ROOM} [data-pupils]")).to_have_attribute("data-pupils", "2")
        page.click(f"{ROOM} .begin-round")
        for pupil, keep, guess in ((first, "B", "A"), (second, "E", "A")):
            press(pupil, f"{ROOM} .ballot .keep button:text-is('{keep}')")
            press(pupil, f"{ROOM} .ballot .guess button:text-is('{guess}')")
        press(first, f"{ROOM} .ballot .keep button:text-is('E')")  # another mind
        expect(page.locator(f"{ROOM} .keep [data-choice=E]")).to_have_attribute("data-votes", "2")
        expect(page.locator(f"{ROOM} .keep [data-choice=B]")).to_have_attribute("data-votes", "0")
        expect(page.locator(f"{ROOM} .guess [data-choice=A]")).to_have_attribute("data-votes", "2")
        page.click(f"{ROOM} .reveal")
        names = page.locator(f"{ROOM} .row b").all_inner_texts()
        assert {name.lower() for name in names} == {*NETWORKS, "people"}
        expect(first.locator(f"{ROOM} .ballot .keep button")).to_have_text(names)
        expect(first.locator(f"{ROOM} .ballot .keep button").first).to_be_disabled()
        expect(page.locator(f"{ROOM} table")).to_be_visible()
        page.click(f"{ROOM} .close-room")
        expect(first.locator(f"{ROOM} .room-told")).to_contain_text("no such room")


def test_networks_stand_side_by_side_and_play_alone(page, midi):
    compared(page, midi)
    rows = page.locator(f"{ROOM} .row")
    expect(rows).to_have_count(5)
    widths = {round(box["width"]) for box in (row.bounding_box() for row in page.locator(f"{ROOM} .row svg").all())}
    assert len(widths) == 1  # one time axis
    for figure in ("density", "range", "returns", "style", "surprise"):
        expect(page.locator(f"{ROOM} tr[data-figure={figure}] td").first).not_to_have_text("…")
    name = rows.first.locator("b").inner_text()
    assert (rows.first.locator("svg").get_attribute("aria-label") or "").startswith(f"{name}: ")  # said in words too
    page.locator(f"{ROOM} .play").first.focus()
    for key in (1, 3):
        page.keyboard.press(str(key))
        expect(page.locator(f"{ROOM} .play[aria-pressed=true]")).to_have_text(f"▶ {key}")
    page.keyboard.press("3")
    expect(page.locator(f"{ROOM} .play[aria-pressed=true]")).to_have_count(0)


def test_a_take_is_looked_into_note_by_note(page, midi):
    compared(page, midi, bars=8)
    looking(page, "rnn")
    told = page.locator(f"{ROOM} .step-told")
    expect(told).to_contain_text("Note 1 of")
    page.locator(f"{ROOM} .stepper").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("Note 3 of")
    for stage in range(4):
        page.locator(f"{ROOM} .stages input").nth(stage).check()
        for each in page.locator(f"{ROOM} .decision").all():
            assert float(each.get_attribute("data-sum")) == pytest.approx(1, abs=1e-5)
    before, asked = shares(page, "pitch"), []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(f"{ROOM} .try").fill("0.3")
    page.locator(f"{ROOM} .try").dispatch_event("input")
    assert shares(page, "pitch") != before
    assert not [url for url in asked if "component_server" in url]  # nothing was written anew
    page.locator(f"{ROOM} .try").fill("0.9")
    page.locator(f"{ROOM} .try").dispatch_event("input")
    expect(page.locator(f"{ROOM} canvas")).to_have_attribute(
        "aria-label", page.locator(f"{ROOM} .layer-told").inner_text()
    )


def test_a_likelier_note_begins_a_branch(page, midi):
    compared(page, midi, bars=8)
    looking(page, "lstm")
    page.locator(f"{ROOM} .after").click()
    page.locator(f"{ROOM} .after").click()
    first = page.locator(f"{ROOM} .inside-roll svg")
    kept = first.locator("rect.note").evaluate_all("notes => notes.slice(0, 10).map(note => note.getAttribute('x'))")
    other = page.locator(f"{ROOM} .decision[data-decision=pitch] li button:enabled").first
    name = other.inner_text().split(" · ")[0]
    other.click()
    expect(page.locator(f"{ROOM} .tabs button")).to_have_text(["LSTM", f"Branch at note 3: {name}"])
    expect(page.locator(f"{ROOM} .step-told")).to_contain_text("Note 3 of")
    expect(page.locator(f"{ROOM} .step-told")).to_contain_text(f": {name} in bar")
    after = first.locator("rect.note").evaluate_all("notes => notes.slice(0, 10).map(note => note.getAttribute('x'))")
    assert len(after) == len(kept)
    page.locator(f"{ROOM} .tabs button").first.click()
    expect(page.locator(f"{ROOM} .step-told")).to_contain_text("Note 3 of")


def test_attention_is_shown_and_told(page, midi):
    compared(page, midi)
    looking(page, "transformer")
    expect(page.locator(f"{ROOM} .layer-told")).to_contain_text("Head 1 looks mostly at")
    page.locator(f"{ROOM} .layer-choice select").nth(1).select_option("1")
    expect(page.locator(f"{ROOM} .layer-told")).to_contain_text("Head 2 looks mostly at")


def test_axe_finds_no_serious_fault_in_the_classroom(looked, midi):
    compared(looked, midi, only=1, bars=1)
    looking(looked, "transformer")
    expect(looked.locator(f"{ROOM} .layer-told")).to_contain_text("Head 1")
    press(looked, f"{ROOM} .open-room")
    press(looked, f"{ROOM} .begin-round")
    expect(looked.locator(f"{ROOM} .counts .keep")).to_be_visible()
    assert faults(looked) == {}
    assert looked.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_classroom_speaks_chinese(browser, address, midi):
    with opened(browser, address, locale="zh-CN") as page:
        compared(page, midi, only=1, bars=1)
        for network in ("lstm", "transformer"):
            looking(page, network)
            expect(page.locator(f"{ROOM} .layer-told")).not_to_have_text("")
        page.click(f"{ROOM} .open-room")
        page.click(f"{ROOM} .begin-round")
        expect(page.locator(f"{ROOM} .counts .keep")).to_be_visible()
        assert page.evaluate(MISSING) == ""


def test_what_is_refused_is_told(page):
    page.locator(f"{ROOM} summary").click()
    page.click("#empty")
    expect(page.locator("#editor [data-notes]")).to_have_attribute("data-notes", "0")
    page.click(f"{ROOM} .compare")
    expect(page.locator(f"{ROOM} .told")).to_contain_text("There is no seed to compare")
    expect(page.locator(f"{ROOM} .compare")).not_to_have_attribute("aria-busy", "true")
    page.fill(f"{ROOM} .room-code", "NOWHERE")
    page.click(f"{ROOM} .pupil button")
    expect(page.locator(f"{ROOM} .room-told")).to_contain_text("no such room")
