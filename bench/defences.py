"""Every attack that froze or filled an earlier Motif, fired at a running server while a second visitor composes.

    python bench/defences.py tests/data/ode_to_joy.mid [--bars 8] [--presses 5] [--only D8 D15]

Serves the page itself; attackers (`bench/attacks.py`) are a process of their own. Printed as JSON: for each attack the
visitor's median time as a ratio to that of one alone, taken in turns with it (goal 2 or less), how often it was fired,
and by how many MB the server's own memory had grown at its peak (goal 500 or less over all; reading processes, which
have their own bound, apart).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from attacks import ATTACKS
from gradio_client import Client, handle_file
from page import ROOT, running

from composer.music import read
from composer.page.roll.roll import View
from composer.page.seeds.seeds import Seed
from composer.page.takes.session import Frame, entry
from composer.shelf import Shelf
from composer.writing import Request, new_writer

_SETTLE = 2.0  # seconds from the first shot until the visitor presses


class Memory:
    """The memory that a process has, looked at five times a second: its peak lately, and its peak of all."""

    def __init__(self, process: int) -> None:
        self._process, self.lately, self.most = process, 0.0, 0.0
        self.start = self.now()
        threading.Thread(target=self._watch, daemon=True).start()

    def now(self) -> float:
        """Its resident memory in MB."""
        lines = Path(f"/proc/{self._process}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) / 1_024 for line in lines if line.startswith("VmRSS"))

    def _watch(self) -> None:
        while True:
            try:
                now = self.now()
                self.lately, self.most = max(self.lately, now), max(self.most, now)
            except (OSError, StopIteration):
                return
            time.sleep(0.2)


def main() -> None:
    """Compose alone and beside each attack, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("midi", type=Path)
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--presses", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[""], help="the attacks whose names begin with one of these")
    asked = parser.parse_args()
    with running() as (address, process), tempfile.TemporaryDirectory() as folder:
        take, shelf = Path(folder) / "take.json", Shelf()
        take.write_text(json.dumps(_take(shelf, asked.midi)), "utf-8")
        visitor = Client(address, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 120})
        visitor.predict(file=handle_file(asked.midi), most=1, api_name="/similar")  # waits until the library is read
        for warming in range(3):
            _press(visitor, asked, warming)
        memory = Memory(process)
        found = {
            name: _beside(visitor, asked, [address, name, str(take), str(_checkpoint(shelf))], memory)
            for name in ATTACKS
            if name.startswith(tuple(asked.only))
        }
    report = {
        "attacks": found,
        "worst_ratio": max(each["ratio"] for each in found.values()),
        "memory_at_start_mb": round(memory.start),
        "memory_at_most_mb": round(memory.most),
        "memory_grown_mb": round(memory.most - memory.start),
    }
    print(json.dumps(report, indent=1))


def _take(shelf: Shelf, midi: Path) -> dict[str, Any]:
    reading = read(midi)
    take = new_writer(reading, Request(bars=1), shelf.take("rnn")).finish()
    return entry(take, Frame(Seed(reading, "Ode"), View(0)), "", [])


def _checkpoint(shelf: Shelf) -> Path:
    return next(checkpoint.path for checkpoint in shelf.menu() if checkpoint.name == "lstm")


def _beside(visitor: Client, asked: argparse.Namespace, attack: list[str], memory: Memory) -> dict[str, Any]:
    """The visitor's presses beside an attack, against as many alone just before."""
    alone = [_press(visitor, asked, number) for number in range(asked.presses)]
    before = memory.lately = memory.now()
    command = [sys.executable, str(ROOT / "bench" / "attacks.py"), *attack]
    attackers = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    time.sleep(_SETTLE)
    beside = [_press(visitor, asked, number) for number in range(asked.presses)]
    attackers.terminate()
    fired = len(attackers.communicate()[0].splitlines())
    one, other = statistics.median(alone), statistics.median(beside)
    found = {"alone_s": one, "beside_s": other, "longest_s": max(beside), "ratio": other / one}
    return {
        **{name: round(value, 2) for name, value in found.items()},
        "fired": fired,
        "memory_mb": round(memory.lately - before),
    }


def _press(visitor: Client, asked: argparse.Namespace, seed: int) -> float:
    began = time.perf_counter()
    visitor.predict(file=handle_file(asked.midi), bars=asked.bars, seed=seed, api_name="/compose")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
