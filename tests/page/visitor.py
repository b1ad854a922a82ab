"""What a visitor does again and again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.page.conftest import PITCHES

EDITOR = "#editor [data-notes]"  # the seed
ROLL = "#roll [data-notes]"  # the take
# Sounding, not only asked to: the sound is a take's, it runs, and its clock moves on.
PLAYING = """([where, old]) => {
  const audio = document.querySelector(`${where} audio`);
  return audio.src.endsWith(".flac") && audio.src !== old && !audio.paused && audio.currentTime > 0 && audio.src;
}"""


def bring(page: Page, path: Path) -> None:
    page.set_input_files("#seed-row input[type=file]", path)


def upload(page: Page, midi: Path) -> None:
    bring(page, midi)
    expect(page.locator(EDITOR)).to_have_attribute("data-notes", str(len(PITCHES)))


def heard(page: Page, old: str = "", where: str = "#roll") -> str:
    """Wait until another sound than `old` plays and moves on; its address."""
    source = str(page.wait_for_function(PLAYING, arg=[where, old]).json_value())
    now = page.evaluate("where => document.querySelector(`${where} audio`).currentTime", where)
    moved = "([where, then]) => document.querySelector(`${where} audio`).currentTime > then + 0.1"
    page.wait_for_function(moved, arg=[where, now])
    return source


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
