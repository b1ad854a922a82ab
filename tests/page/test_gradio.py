"""What the page's code leans on of Gradio's inner workings (`composer/page/gradio.js`), each in the real page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from composer.page.modules import module_address
from tests.page.visitor import EDITOR

pytestmark = pytest.mark.page
_GRADIO = module_address("gradio.js")


def _in_module(page: Page, body: str) -> object:
    """What a function body makes of the module, which stands in it as `gradio`."""
    address = f"new URL('{_GRADIO}', document.baseURI)"
    return page.evaluate(f"import({address}).then(async gradio => {{ {body} }})")


def test_what_listens_for_a_component_ends_when_its_element_has_left(page):
    ended = _in_module(
        page,
        """
        const outer = document.createElement("div"), element = document.createElement("div");
        outer.append(element);
        document.body.append(outer);
        const { signal } = gradio.hostOf({ element });
        const blink = () => new Promise(done => setTimeout(done, 20));
        const states = [signal.aborted];
        outer.append(document.createElement("p"));
        document.body.prepend(outer);  // moved, not gone
        await blink();
        states.push(signal.aborted);
        outer.remove();
        await blink();
        return [...states, signal.aborted];
        """,
    )
    assert ended == [False, False, True]


def test_the_server_says_the_run_that_the_page_came_from(page):
    now, of_page = _in_module(page, "return [await gradio.runNow(10_000), gradio.runOfPage()];")
    assert now == of_page != "undefined"


def test_files_are_under_the_address_that_the_page_holds(page):
    address = _in_module(page, "return gradio.addressOf('nowhere.flac');")
    assert page.request.get(address).status in {403, 404}
    assert "gradio_api/file=nowhere.flac" in str(address)


def test_the_upload_button_takes_a_file_that_was_dropped(page):
    handed = _in_module(
        page,
        """
        const tune = new File(["X:1\\nT:Four\\nM:4/4\\nL:1/4\\nK:C\\nCDEF|"], "four.abc");
        return [gradio.handToUpload(tune, "#seed-row"), gradio.handToUpload(tune, "#nowhere")];
        """,
    )
    assert handed == [True, False]
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", "4")


def test_components_are_given_what_their_code_expects(page):
    given = page.evaluate("motif.modules.then(page => Object.keys(page).sort())")
    mounted = ["mountEditor", "mountReaders", "mountRoll", "mountSpoken", "mountTakes", "mountTerms", "mountWords"]
    assert given == mounted
    # Each of them has shown something that only its code could.
    for selector in ("#editor [data-notes]", "#roll [data-notes]", "#takes [data-composing]", "#hint [data-empty]"):
        assert page.locator(selector).count() == 1, selector
    assert page.locator("#readers .count").text_content()
    assert page.locator("#network-terms dt").count() > 1


def test_radios_of_a_group_are_found_with_their_label(page):
    expect(page.locator("#network [role=radiogroup]")).to_have_count(1)
    found = _in_module(
        page,
        """
        const { group, title, radios } = gradio.radioGroup("network");
        return [group.getAttribute("aria-labelledby") === title.id, [...new Set(radios.map(radio => radio.name))],
                radios.length > 3, gradio.radioGroup("nowhere")];
        """,
    )
    assert found == [True, ["network"], True, None]


def test_the_page_stands_in_its_container(page):
    assert _in_module(page, "return gradio.container().contains(document.querySelector('#editor'));") is True


def test_a_menu_shows_its_choice_in_a_field_that_can_be_read_and_written(page):
    assert page.locator("#tune input[role=combobox]").input_value() != ""
