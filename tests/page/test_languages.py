"""Every visible string goes through the table, in a real browser that asks for Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from composer.networks import NETWORKS
from composer.page.words.language import tables
from tests.page.conftest import opened
from tests.page.visitor import ROLL, heard, upload, written
from tests.sentences import sentences, whole_sentences

pytestmark = pytest.mark.page
MISSING = "() => [...motif.missing].join(' | ')"
SAY = "texts => texts.filter(text => { motif.missing.clear(); motif.say(text); return motif.missing.size; })"
# Where the page's configuration keeps what is shown.
_SHOWN = ("label", "info", "placeholder", "value", "title")


@pytest.fixture
def chinese(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address, locale="zh-CN") as page:
        yield page


def test_every_error_and_remark_is_in_the_table():
    table = tables()["zh"]
    assert {pattern: place for pattern, place in sentences().items() if pattern not in table} == {}


def test_every_text_that_reads_as_a_sentence_is_in_the_table():
    table = tables()["zh"]
    assert {pattern: place for pattern, place in whole_sentences().items() if pattern not in table} == {}


def test_every_network_tells_of_itself():
    assert [name for name, (module, _) in NETWORKS.items() if module.summary not in tables()["zh"]] == []


def test_every_answer_uses_its_values():
    for key, answer in tables()["zh"].items():
        for slot in range(9):
            mark = f"{{{slot}}}"
            assert mark in key or mark not in answer, key


def test_the_browsers_language_is_spoken(chinese):
    expect(chinese.locator("#compose")).to_have_text("作曲")
    expect(chinese.get_by_label("版本号")).to_be_visible()
    expect(chinese.locator("#tune input")).to_have_value("欢乐颂 · 德国")
    assert chinese.evaluate("document.documentElement.lang") == "zh-Hans"


def test_nothing_shown_is_left_out(chinese, midi):
    """A walk through the page; what has no entry in the table was noted by the page itself."""
    chinese.get_by_role("button", name="更多").click()
    for menu in ("#tune", "#tempo", "#instrument"):
        chinese.click(f"{menu} input")
        chinese.keyboard.press("Escape")
    chinese.click("#compose")
    heard(chinese)
    for part in ("混音与演奏", "乐谱"):
        chinese.locator("#takes summary", has_text=part).click()
    expect(chinese.locator("#takes .sheet > svg")).to_be_visible()
    upload(chinese, midi)
    for task in ("即兴", "配和声", "补写"):
        chinese.get_by_role("radio", name=task, exact=True).check()
        chinese.wait_for_timeout(300)
    chinese.locator("#last input").fill("99")
    chinese.click("#compose")
    expect(chinese.get_by_role("alert").locator("p")).to_contain_text("小节之内")
    assert chinese.evaluate(MISSING) == ""


def test_everything_in_the_configuration_is_in_the_table(chinese):
    config = chinese.evaluate("fetch('config').then(answer => answer.json())")
    shown = [text for part in config["components"] for text in _texts(part["props"])]
    assert len(shown) > 150
    assert chinese.evaluate(SAY, shown) == []


def _texts(props: dict[str, Any]) -> list[str]:
    """What a component shows: its label, its help, its choices; not what stands in the invisible endpoints."""
    if not props.get("elem_id") and props.get("name") != "form":
        return []
    choices = [label for label, _ in props.get("choices") or []]
    plain = (
        [props.get(name) for name in _SHOWN]
        if props.get("choices") is None
        else [props.get("label"), props.get("info")]
    )
    return [text for text in [*plain, *choices] if isinstance(text, str)]


def test_the_language_changes_by_hand_and_loses_nothing(page):
    page.get_by_label("Take number").fill("7")
    page.click("#compose")
    heard(page)
    notes = written(page)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#compose")).to_have_text("作曲")
    assert page.evaluate(MISSING) == ""
    expect(page.locator(ROLL)).to_have_attribute("data-fresh", str(notes))
    expect(page.locator("#number input")).to_have_value("7")
    page.reload()
    expect(page.locator("#compose")).to_have_text("作曲")  # the choice is kept
    page.get_by_role("button", name="English").click()
    expect(page.locator("#compose")).to_have_text("Compose")
    expect(page.locator("#tune input")).to_have_value("Ode to Joy · Germany")


def test_values_in_sentences_are_said_too(chinese):
    said = chinese.evaluate("motif.say('The take number must be from 0 to 9, not -5.')")
    assert said == "版本号必须在 0 到 9 之间，不能是 -5。"
    assert json.loads(chinese.evaluate("JSON.stringify(motif.say('8 bars, 12 new notes by LSTM'))")) == (
        "8 小节，LSTM 写了 12 个新音"
    )
