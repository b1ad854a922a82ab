"""How long from pressing Compose until the take really sounds, in a browser: 8 bars by the default network.

    python bench/first_sound.py [--runs 10] [--bars 8]

Serves the page itself. Prints two medians: of presses on one page, after one more that is not counted; and of the first
press of newcomers, each on a page opened afresh. The clock is the browser's: from the click to the first moment at
which the sound's own clock has moved.
"""

from __future__ import annotations

import argparse
import statistics

from page import browsing, opened, served
from playwright.sync_api import Browser, Page

# Resolves with milliseconds from the click until the new sound's clock has moved.
_TIMED = """() => new Promise(resolve => {
  const audio = document.querySelector("#roll audio"), old = audio.src, began = performance.now();
  const look = () => {
    const sounds = audio.src.endsWith(".flac") && audio.src !== old && !audio.paused && audio.currentTime > 0;
    const within = sounds && Number(document.querySelector("#roll [data-head]").dataset.head) > 0;
    if (within) resolve(performance.now() - began); else setTimeout(look, 4);
  };
  document.querySelector("#compose").click();
  look();
})"""


def main() -> None:
    """Press, listen, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--bars", type=int, default=8)
    asked = parser.parse_args()
    with served() as address, browsing() as browser, opened(browser, address) as page:
        page.get_by_label("number input for Bars to write").fill(str(asked.bars))
        page.keyboard.press("Tab")
        times = [_seconds(page) for _ in range(asked.runs + 1)][1:]
        newcomers = [_first(browser, address) for _ in range(asked.runs)]
    _tell(f"first sound, {asked.bars} bars", times)
    _tell("first sound of a newcomer, 8 bars", newcomers)


def _tell(what: str, times: list[float]) -> None:
    spread = f"({min(times):.2f} to {max(times):.2f} s)"
    print(f"{what}: {statistics.median(times):.2f} s, median of {len(times)} {spread}")


def _first(browser: Browser, address: str) -> float:
    """Seconds, on a page that was just opened and has all of its settings as they come."""
    with opened(browser, address) as page:
        page.wait_for_timeout(1_000)  # nobody finds the button sooner
        return _seconds(page)


def _seconds(page: Page) -> float:
    milliseconds = float(page.evaluate(_TIMED))
    page.wait_for_timeout(700)  # the take plays on for a moment, as it does when somebody listens
    return milliseconds / 1000


if __name__ == "__main__":
    main()
