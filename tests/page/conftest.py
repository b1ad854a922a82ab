"""The real page, served by the real program, in a real browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from composer.checkpoint import Card, note_vocabulary, save
from composer.music import write_midi
from composer.networks import build_network, count_parameters
from composer.networks.recurrence import LstmConfig
from composer.score import Note, Score, Voice
from tests.conftest import tiny_checkpoint, tiny_library, tiny_readers

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("MOTIF_CHROMIUM", "/usr/bin/chromium")
expect.set_options(timeout=30_000)  # milliseconds, likewise
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# In every page of the tests, from its beginning: which address each player has sounded for a tenth of a second.
EARS = """
  const from = new WeakMap();
  for (const name of ["play", "seeked"]) document.addEventListener(name, ({ target }) => {
    from.set(target, target.currentTime);
    if (name === "play") delete target.dataset.sounded;
  }, true);
  document.addEventListener("timeupdate", ({ target }) => {
    if (!target.seeking && target.currentTime > (from.get(target) ?? 0) + 0.1) target.dataset.sounded = target.src;
  }, true);
"""
PITCHES = (67, 69, 71, 72, 74, 72, 71, 69)
FLUTE = Voice(tuple(Note(24 * i, pitch, 24) for i, pitch in enumerate(PITCHES)), "Flute", 73)
SEED = Score((FLUTE,), title="Stairs")


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five tiny networks, and one that is slow enough to be stopped."""
    folder = tmp_path_factory.mktemp("networks")
    for name in ("lstm", "rnn", "transformer", "vae", "gan"):
        tiny_checkpoint(folder, name)
    torch.manual_seed(1)
    settings = asdict(LstmConfig(channels=64, hidden=2048, layers=6))
    network = build_network("lstm", settings)
    card = Card("lstm", settings, note_vocabulary(), count_parameters(network))
    save(folder / "slow.safetensors", network, card)
    tiny_readers(folder, SEED)
    tiny_library(folder / "tunes.jsonl.xz")
    return folder


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(folder: Path, log: Path, **environment: str) -> Iterator[str]:
    """`python app.py` on a free port; gives its address."""
    with started(folder, log, free_port(), **environment) as (address, _):
        yield address


@contextmanager
def started(folder: Path, log: Path, port: int, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`python app.py` at a port; gives its address, and the program to be done away with."""
    settings = {"GRADIO_SERVER_PORT": str(port), "MOTIF_CHECKPOINTS": str(folder), "GRADIO_TEMP_DIR": str(log.parent)}
    if (folder / "tunes.jsonl.xz").exists():
        settings["MOTIF_LIBRARY"] = str(folder / "tunes.jsonl.xz")
    command = [sys.executable, str(ROOT / "app.py")]
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings, **environment}, stdout=out, stderr=out
        ) as program,
    ):
        try:
            yield _when_up(f"http://127.0.0.1:{port}/", program, log), program
        finally:
            program.terminate()


def _when_up(address: str, program: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert program.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):
                return address
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"the page did not open:\n{log.read_text()}")


@pytest.fixture(scope="session")
def address(checkpoints: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page's address."""
    with serving(checkpoints, tmp_path_factory.mktemp("served") / "log") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


def new_context(browser: Browser, width: int = 1440, locale: str = "en-GB", **settings: Any) -> BrowserContext:
    """A browser of its own, so to speak, whose pages know what they have sounded."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale, **settings)
    context.add_init_script(EARS)
    return context


@contextmanager
def opened(
    browser: Browser,
    address: str,
    width: int = 1440,
    locale: str = "en-GB",
    host: str | None = None,
    **settings: Any,
) -> Iterator[Page]:
    """The page as a new visitor sees it; fails on any error in the browser and on any request to another host."""
    context = new_context(browser, width, locale, **settings)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request", lambda request: troubles.append(request.url) if _elsewhere(request.url, host or address) else None
    )
    page.goto(address)
    page.set_default_timeout(30_000)  # a busy machine is slow, and slowness is measured elsewhere
    page.wait_for_selector("#editor [data-notes]")
    yield page
    context.close()
    assert _without_leaving(troubles) == []


def _without_leaving(troubles: list[str]) -> list[str]:
    """All but what Gradio says where a page is left, or opened anew, while its stream is open."""
    if not any("AbortError" in trouble for trouble in troubles):
        return troubles
    return [trouble for trouble in troubles if "AbortError" not in trouble and "errored out" not in trouble]


def _elsewhere(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:"))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, wide."""
    with opened(browser, address) as page:
        yield page


@pytest.fixture(scope="session")
def midi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that a visitor brings."""
    path = tmp_path_factory.mktemp("brought") / "stairs.mid"
    path.write_bytes(write_midi(SEED))
    return path
