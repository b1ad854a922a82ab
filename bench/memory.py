"""What visitors leave behind: the server's memory after many takes in one session, and after many sessions.

    python bench/memory.py [--takes 300] [--sessions 100] [--bars 8] [--json]

Serves the page itself and speaks to it as a browser does: a session has its page open (a heartbeat), presses Compose
and hears each press to its end, and leaves. A few presses that are not counted come first, since networks, SoundFont
and engine stay loaded. Memory is the server's resident memory in MB, its reading and engraving processes apart: at
the start, at its highest, and some seconds after everybody has left (goal: within 100 MB of the start, both times).
"""

from __future__ import annotations

import argparse
import json
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from page import running

_WARM = 8  # presses before the start
_AT_ONCE = 8  # sessions that are there at the same time
_REST = 15  # seconds after everybody has left


class Page:
    """The page at an address, and what its Compose sends as it stands."""

    def __init__(self, address: str) -> None:
        self.api = f"{address}gradio_api"
        config = httpx.get(f"{address}config").json()
        press = next(d for d in config["dependencies"] if d["api_name"] == "press_compose")
        values = {c["id"]: c["props"].get("value") for c in config["components"]}
        numbers = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "bars")
        self.press, self.inputs, self.values, self.bars = press["id"], press["inputs"], values, numbers

    @contextmanager
    def opened(self) -> Iterator[str]:
        """A session whose page is open; gives its name."""
        session, over = uuid.uuid4().hex, threading.Event()

        def beat() -> None:
            with httpx.stream("GET", f"{self.api}/heartbeat/{session}", timeout=None) as stream:
                for _ in stream.iter_raw():
                    if over.is_set():
                        return

        heart = threading.Thread(target=beat, daemon=True)
        heart.start()
        try:
            yield session
        finally:
            over.set()
            heart.join()

    def compose(self, session: str, bars: int) -> None:
        """Press Compose and hear the press to its end; RuntimeError where it does not come to rest."""
        data = [bars if number == self.bars else self.values[number] for number in self.inputs]
        body = {"fn_index": self.press, "data": data, "session_hash": session}
        httpx.post(f"{self.api}/queue/join", json=body, timeout=120).raise_for_status()
        with httpx.stream("GET", f"{self.api}/queue/data?session_hash={session}", timeout=120) as stream:
            for line in stream.iter_lines():
                if '"process_completed"' in line:
                    return
        raise RuntimeError("A press was not heard to its end.")


class Memory:
    """The resident memory of a process in MB, looked at five times a second."""

    def __init__(self, process: int) -> None:
        self._status = Path(f"/proc/{process}/status")
        self.start = self.most = self.now()
        threading.Thread(target=self._look, daemon=True).start()

    def now(self) -> float:
        """What it has at this moment."""
        line = next(line for line in self._status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def _look(self) -> None:
        while self._status.exists():
            try:
                self.most = max(self.most, self.now())
            except (OSError, StopIteration):
                return
            time.sleep(0.2)


def main() -> None:
    """Press, leave, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--takes", type=int, default=300)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    with running() as (address, process):
        page = Page(address)
        _visit(page, _WARM, asked.bars)
        time.sleep(_REST)
        memory = Memory(process)
        found: dict[str, Any] = {"start_mb": round(memory.start)}
        _visit(page, asked.takes, asked.bars)
        time.sleep(_REST)
        found |= {"takes": asked.takes, "after_one_session_mb": round(memory.now() - memory.start)}
        with ThreadPoolExecutor(_AT_ONCE) as crowd:
            list(crowd.map(lambda _: _visit(page, 1, asked.bars), range(asked.sessions)))
        time.sleep(_REST)
        found |= {"sessions": asked.sessions, "after_sessions_mb": round(memory.now() - memory.start)}
        found["at_most_mb"] = round(memory.most - memory.start)
    if asked.json:
        print(json.dumps(found))
        return
    print(f"at the start {found['start_mb']} MB, at most {found['at_most_mb']} more")
    print(f"after {asked.takes} takes in one session that has left: {found['after_one_session_mb']:+d} MB")
    print(f"after {asked.sessions} sessions that have left: {found['after_sessions_mb']:+d} MB")


def _visit(page: Page, presses: int, bars: int) -> None:
    """A session that comes, presses and leaves."""
    with page.opened() as session:
        for _ in range(presses):
            page.compose(session, bars)


if __name__ == "__main__":
    main()
