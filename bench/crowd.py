"""A class presses Compose at once: are all answered, each with a take of its own, and how long does the last one wait?

    python bench/crowd.py tests/data/ode_to_joy.mid [--visitors 30] [--bars 8] [--json]

Serves the page itself and asks through its API. The last one's time is printed as a ratio to that of one alone, the
median of 5 in the same run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

from gradio_client import Client, handle_file
from page import served


def main() -> None:
    """Ask one by one, then all at once, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("midi", type=Path)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    with served() as address:
        clients = [
            Client(address, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 600})
            for _ in range(asked.visitors)
        ]
        alone = [_ask(clients[0], asked.midi, asked.bars, seed)[0] for seed in range(1_000, 1_006)][1:]
        start = Barrier(asked.visitors)
        press = partial(_together, start, asked.midi, asked.bars)
        with ThreadPoolExecutor(asked.visitors) as crowd:
            answers = list(crowd.map(press, clients, range(asked.visitors)))
        again = [_ask(clients[0], asked.midi, asked.bars, seed)[1] for seed in range(min(3, asked.visitors))]
    one, last = statistics.median(alone), max(seconds for seconds, _ in answers)
    own = len({str(take["new_notes"]) for _, take in answers})
    asked_for = all(take["recipe"]["request"]["seed"] == seed for seed, (_, take) in enumerate(answers))
    same = all(take["new_notes"] == answers[seed][1]["new_notes"] for seed, take in enumerate(again))
    if asked.json:
        values = {
            "visitors": len(answers),
            "different_takes": own,
            "each_its_own": asked_for,
            "as_when_alone": same,
            "one_seconds": round(one, 3),
            "last_seconds": round(last, 3),
            "last_over_one": round(last / one, 2),
        }
        print(json.dumps(values))
        return
    print(f"{len(answers)} visitors at once: {own} different takes, each {'its own' if asked_for else 'NOT its own'},")
    print(f"  and {'what its recipe gives alone' if same else 'NOT what its recipe gives alone'}")
    print(f"one alone {one:.2f} s, the last of all {last:.2f} s: {last / one:.1f} times")


def _together(start: Barrier, midi: Path, bars: int, client: Client, seed: int) -> tuple[float, dict[str, Any]]:
    start.wait()
    return _ask(client, midi, bars, seed)


def _ask(client: Client, midi: Path, bars: int, seed: int) -> tuple[float, dict[str, Any]]:
    """Seconds from asking until the take with its files is here, and the take."""
    began = time.perf_counter()
    *_, take = client.predict(file=handle_file(midi), bars=bars, seed=seed, api_name="/compose")
    return time.perf_counter() - began, take


if __name__ == "__main__":
    main()
