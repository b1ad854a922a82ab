"""How long from pressing Compose until the take really sounds, in a browser: 8 bars by the default network.

    python bench/first_sound.py [--runs 10] [--bars 8] [--json]

Serves the page itself. Prints two medians: of presses on one page, after one more that is not counted; and of the first
press of newcomers, each on a page opened afresh. The clock is the browser's: from the click to the first moment at
which the sound's own clock has moved: that of the opening, or where there is none, of the whole.

`spans` are medians of where that time goes: in the browser until the page shows that it writes, until it sounds,
until the whole goes on in the opening's place; and, measured in this program without a browser, what a press costs the
server: writing, rendering, packing the file, the receipt. A fixed calculation, timed too, tells how busy the machine
was.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from dataclasses import replace

from page import browsing, opened, served
from playwright.sync_api import Browser, Page

from composer.page.seeds.seeds import FIRST, seed_of_tune
from composer.page.settings.menu import Menu
from composer.page.takes.making import HEARD, NATURAL, Wish, takes
from composer.page.takes.receipts import receipt_for
from composer.shelf import Shelf
from composer.sound import audio_bytes, render
from composer.writing import Request

# Resolves with milliseconds from the click until the page shows that it writes, until something new sounds, and until
# the whole of it plays.
_TIMED = """() => new Promise(resolve => {
  const audio = document.querySelector("#roll audio"), old = audio.src, began = performance.now(), seen = {};
  const look = () => {
    const now = performance.now() - began, stop = document.querySelector("#stop");
    if (!seen.writing && stop && !stop.disabled) seen.writing = now;
    const { head, sounds } = document.querySelector("#roll [data-head]").dataset;
    if (!seen.sound && sounds && Number(head) > 0 && (sounds === "opening" || audio.src !== old)) seen.sound = now;
    const whole = audio.src.endsWith(".flac") && audio.src !== old && !audio.paused && audio.currentTime > 0;
    if (seen.sound && whole) resolve({...seen, whole: now});
    else setTimeout(look, 4);
  };
  document.querySelector("#compose").click();
  look();
})"""
Spans = dict[str, float]


def main() -> None:
    """Press, listen, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    with served() as address, browsing() as browser, opened(browser, address) as page:
        page.get_by_label("number input for Bars to write").fill(str(asked.bars))
        page.keyboard.press("Tab")
        presses = [_seconds(page) for _ in range(asked.runs + 1)][1:]
        newcomers = [_first(browser, address) for _ in range(asked.runs)]
    times, firsts = ([press["sound"] for press in each] for each in (presses, newcomers))
    spans = {**_medians(presses), **_on_the_server(asked.bars, asked.runs)}
    if asked.json:
        values = {"median_seconds": statistics.median(times), "newcomer_seconds": statistics.median(firsts)}
        print(json.dumps({**values, "spans": spans, "bars": asked.bars, "runs": asked.runs}))
        return
    _tell(f"first sound, {asked.bars} bars", times)
    _tell("first sound of a newcomer, 8 bars", firsts)
    for name, seconds in spans.items():
        print(f"  {name}: {seconds:.3f} s")


def _medians(presses: list[Spans]) -> Spans:
    """Of each span how long it takes, one after the other."""
    order = ("writing", "sound", "whole")
    names = ("until the page shows that it writes", "until it sounds", "until the whole plays on")
    spans = {}
    for name, at, before in zip(names, order, (None, *order), strict=False):
        parts = [press.get(at, 0.0) - (press.get(before, 0.0) if before else 0.0) for press in presses]
        spans[name] = round(statistics.median(parts), 4)
    return spans


def _on_the_server(bars: int, runs: int) -> Spans:
    """What a press costs without browser and network: medians of CPU seconds."""
    shelf = Shelf()
    wish = Wish(Request(bars=bars), Menu.of(shelf).default or "")
    found: dict[str, list[float]] = {}
    for number in range(runs + 1):
        clock = _Clock(found if number else {})
        asked = replace(wish, request=replace(wish.request, seed=number))
        *_, take = takes(shelf, seed_of_tune(FIRST).reading, asked)
        clock.lap("on the server: writing")
        samples = render(take.score, NATURAL)
        clock.lap("on the server: rendering")
        audio_bytes(samples, HEARD)
        clock.lap("on the server: the file")
        receipt_for(take, shelf)
        clock.lap("on the server: the receipt")
        sum(n * n for n in range(200_000))
        clock.lap("a fixed calculation")
    return {name: round(statistics.median(seconds), 4) for name, seconds in found.items()}


class _Clock:
    """Notes how much CPU time has gone by since it was asked last."""

    def __init__(self, found: dict[str, list[float]]) -> None:
        self.found, self.last = found, time.process_time()

    def lap(self, name: str) -> None:
        now = time.process_time()
        self.found.setdefault(name, []).append(now - self.last)
        self.last = now


def _tell(what: str, times: list[float]) -> None:
    spread = f"({min(times):.2f} to {max(times):.2f} s)"
    print(f"{what}: {statistics.median(times):.2f} s, median of {len(times)} {spread}")


def _first(browser: Browser, address: str) -> Spans:
    """Spans, on a page that was just opened and has all of its settings as they come."""
    with opened(browser, address) as page:
        page.wait_for_timeout(1_000)  # nobody finds the button sooner
        return _seconds(page)


def _seconds(page: Page) -> Spans:
    milliseconds: Spans = page.evaluate(_TIMED)
    page.wait_for_timeout(700)  # the take plays on for a moment, as it does when somebody listens
    return {name: each / 1000 for name, each in milliseconds.items()}


if __name__ == "__main__":
    main()
