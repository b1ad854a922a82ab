"""The editor as a visitor's hands know it: places by tick and pitch, and what the page took over."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.page.visitor import EDITOR

Drawn = tuple[int, int, int]  # onset and duration in ticks, the pitch between them

_GUTTER = 38  # CSS pixels: the keys at the left


class Hands:
    """Mouse and keys on the roll of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.roll = page.locator(EDITOR)

    def empty(self) -> Hands:
        """Take an empty roll."""
        self.page.get_by_role("button", name="Empty roll").click()
        expect(self.page.locator("#reading")).to_contain_text("Your tune (drawn)")
        expect(self.roll).to_have_attribute("data-notes", "0")
        self.page.get_by_role("combobox", name="Length").select_option("eighth")
        return self

    def at(self, tick: float, pitch: int) -> tuple[float, float]:
        """Where a tick and a pitch are on the screen."""
        box: Any = self.page.locator("#editor canvas").bounding_box()
        scale, low, row = (float(self.roll.get_attribute(f"data-{name}") or 0) for name in ("scale", "low", "row"))
        left = self.page.evaluate("document.querySelector('#editor .scroll').scrollLeft")
        return box["x"] + _GUTTER + tick * scale - left, box["y"] + box["height"] - (pitch - low + 0.5) * row

    def click(self, tick: float, pitch: int, **settings: Any) -> None:
        """A click on a place."""
        self.page.mouse.click(*self.at(tick, pitch), **settings)

    def drag(self, begin: tuple[float, int], end: tuple[float, int]) -> None:
        """From one place to another with the button down."""
        start, goal = self.at(*begin), self.at(*end)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*goal, steps=5)
        self.page.mouse.up()

    def keys(self, *names: str) -> None:
        """Press keys on the roll, one after the other."""
        self.page.locator("#editor .scroll").focus()
        for name in names:
            self.page.keyboard.press(name)

    def see(self, *notes: Drawn) -> None:
        """Expect exactly these notes: (onset, pitch, duration)."""
        expect(self.roll).to_have_attribute("data-drawn", " ".join(f"{o}:{p}:{d}" for o, p, d in notes))
