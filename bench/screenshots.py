"""Pictures of the page for the README: docs/page.png, page-dark.png, page-zh.png, phone.png, takes.png, harmonise.png.

    python bench/screenshots.py [--tune "Scarborough Fair"] [--seed 7] [--out docs]

Serves the page itself. Each picture shows a take that plays, and is kept under 240 kB.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from page import browsing, compose, opened, served
from PIL import Image
from playwright.sync_api import Browser, Page

_LARGEST = 240_000  # bytes
_LISTEN = 4_500  # milliseconds: the play-head is then among the new notes
_COLOURS = (256, 128, 64)
# Name, width, scheme, language.
_PICTURES = (
    ("page", 1440, "light", "en-GB"),
    ("page-dark", 1440, "dark", "en-GB"),
    ("page-zh", 1440, "light", "zh-CN"),
    ("phone", 390, "light", "en-GB"),
)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tune", default="Scarborough Fair")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with served() as address, browsing() as browser:
        for name, width, scheme, locale in _PICTURES:
            with opened(browser, address, width, scheme, locale) as page:
                _prepare(page, asked.tune, asked.seed)
                _take(page, asked.out / f"{name}.png")
        _takes(browser, address, asked)
        _harmonise(browser, address, asked)


def _takes(browser: Browser, address: str, asked: argparse.Namespace) -> None:
    """Three takes, two bars chosen, the mixer and the notation open."""
    with opened(browser, address) as page:
        _prepare(page, asked.tune, asked.seed)
        page.locator("#takes-wanted input[type=number]").fill("3")
        compose(page)
        page.wait_for_selector("#takes [data-takes='3']")
        page.locator("#takes .first").fill("11")
        page.locator("#takes .last").fill("12")
        page.keyboard.press("Enter")
        for part in ("mixer", "notation"):
            page.click(f"#takes .{part} summary")
        page.wait_for_selector("#takes .sheet > svg")
        page.wait_for_timeout(500)
        _save(page.locator("#shown").screenshot(), asked.out / "takes.png")


def _harmonise(browser: Browser, address: str, asked: argparse.Namespace) -> None:
    with opened(browser, address) as page:
        network = page.get_by_role("radio", name="TRANSFORMER")
        if not network.count():
            print("no transformer here: harmonise.png is left as it is")
            return
        network.check()
        _prepare(page, asked.tune, asked.seed)
        page.get_by_role("radio", name="Harmonise", exact=True).check()
        page.wait_for_selector("#bars", state="detached")
        _take(page, asked.out / "harmonise.png")


def _prepare(page: Page, tune: str, seed: int) -> None:
    tune = page.evaluate("tune => motif.say(tune)", tune)
    page.click("#tune input")
    page.locator("[role=option]", has_text=tune).click()
    page.wait_for_function("name => document.querySelector('#reading').textContent.includes(name)", arg=tune)
    page.locator("#number input").fill(str(seed))
    page.wait_for_timeout(500)


def _take(page: Page, path: Path) -> None:
    compose(page)
    page.mouse.move(5, 5)
    page.wait_for_timeout(_LISTEN)
    page.wait_for_selector("#takes .styles li", state="attached")
    _save(page.screenshot(full_page=page.evaluate("innerWidth > 640")), path)


def _save(picture: bytes, path: Path) -> None:
    """In as few colours as bring it under the largest size."""
    shot = Image.open(io.BytesIO(picture))
    for colours in _COLOURS:
        shot.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= _LARGEST:
            break
    print(f"{path}: {shot.width} × {shot.height}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
