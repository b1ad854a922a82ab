"""How long from pressing Compose until the take really sounds, in a browser: 8 bars by the default network.

    python bench/first_sound.py [--runs 10] [--bars 8]

Serves the page itself. Prints the median of the runs; one more before them is not counted. The clock is the browser's:
from the click to the first moment at which the sound's own clock has moved.
"""

from __future__ import annotations

import argparse
import statistics

from page import browsing, opened, served
from playwright.sync_api import Page

# Resolves with milliseconds from the click until the new sound's clock has moved.
_TIMED = """() => new Promise(resolve => {
  const audio = document.querySelector("#roll audio"), old = audio.src, began = performance.now();
  const look = () => {
    const sounds = audio.src.endsWith(".wav") && audio.src !== old && !audio.paused && audio.currentTime > 0;
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
    print(
        f"first sound, {asked.bars} bars: {statistics.median(times):.2f} s, median of {asked.runs} "
        f"({min(times):.2f} to {max(times):.2f} s)"
    )


def _seconds(page: Page) -> float:
    milliseconds = float(page.evaluate(_TIMED))
    page.wait_for_timeout(700)  # the take plays on for a moment, as it does when somebody listens
    return milliseconds / 1000


if __name__ == "__main__":
    main()
