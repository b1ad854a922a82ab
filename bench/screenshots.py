"""Pictures of the page for the README: docs/page.png, page-dark.png, phone.png; harmonise.png where that is learned.

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


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tune", default="Scarborough Fair")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with served() as address, browsing() as browser:
        for name, width, scheme in (("page", 1440, "light"), ("page-dark", 1440, "dark"), ("phone", 390, "light")):
            with opened(browser, address, width, scheme) as page:
                _prepare(page, asked.tune, asked.seed)
                _take(page, asked.out / f"{name}.png")
        _harmonise(browser, address, asked)


def _harmonise(browser: Browser, address: str, asked: argparse.Namespace) -> None:
    with opened(browser, address) as page:
        network = page.get_by_role("radio", name="TRANSFORMER")
        if not network.count():
            print("no transformer here: harmonise.png is left as it is")
            return
        network.check()
        _prepare(page, asked.tune, asked.seed)
        page.get_by_role("radio", name="Harmonise").check()
        page.wait_for_selector("#bars", state="detached")
        _take(page, asked.out / "harmonise.png")


def _prepare(page: Page, tune: str, seed: int) -> None:
    page.get_by_label("Begin with a tune").click()
    page.get_by_role("option", name=tune).click()
    page.wait_for_function("name => document.querySelector('#reading').textContent.includes(name)", arg=tune)
    page.get_by_label("Take number").fill(str(seed))
    page.wait_for_timeout(500)


def _take(page: Page, path: Path) -> None:
    compose(page)
    page.mouse.move(5, 5)
    page.wait_for_timeout(_LISTEN)
    shot = Image.open(io.BytesIO(page.screenshot(full_page=page.evaluate("innerWidth > 640"))))
    for colours in _COLOURS:
        shot.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= _LARGEST:
            break
    print(f"{path}: {shot.width} × {shot.height}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
