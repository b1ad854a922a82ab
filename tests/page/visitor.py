"""What a visitor does again and again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.page.conftest import PITCHES

EDITOR = "#editor [data-notes]"  # the seed
ROLL = "#roll [data-notes]"  # the take
# Has sounded since it was last set going, not only been asked: a short sound may be over before a busy machine looks.
SOUNDED = """([where, old]) => {
  const audio = document.querySelector(`${where} audio`);
  return audio.src.endsWith(".flac") && audio.src !== old && audio.dataset.sounded === audio.src && audio.src;
}"""


def bring(page: Page, path: Path) -> None:
    page.set_input_files("#seed-row input[type=file]", path)


def upload(page: Page, midi: Path) -> None:
    bring(page, midi)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", str(len(PITCHES)))


def heard(page: Page, old: str = "", where: str = "#roll") -> str:
    """Wait until another sound than `old` has been set going and moved on; its address."""
    return str(page.wait_for_function(SOUNDED, arg=[where, old]).json_value())


def written(page: Page) -> int:
    """How many new notes the roll shows."""
    return int(page.locator(ROLL).get_attribute("data-fresh") or 0)


def downloaded(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.click(button)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def choose_lstm(page: Page) -> None:
    """Choose the LSTM, and wait until the page has followed."""
    page.get_by_role("radio", name="LSTM").check()
    expect(page.locator("#task label")).to_have_text(["Continue", "Improvise"])
