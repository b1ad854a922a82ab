"""What the page's benchmarks share: the page itself, served by this program, and a browser to look at it.

MOTIF_CHROMIUM names the browser (/usr/bin/chromium); MOTIF_CHECKPOINTS, as for `app.py`, the folder of networks.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("MOTIF_CHROMIUM", "/usr/bin/chromium")
# A take sounds: another than `old` is there, it runs, and its clock has moved.
HEARD = """old => {
  const audio = document.querySelector("#roll audio");
  return audio.src.endsWith(".flac") && audio.src !== old && !audio.paused && audio.currentTime > 0 && audio.src;
}"""


@contextmanager
def served() -> Iterator[str]:
    """`python app.py` on a free port; gives its address."""
    with running() as (address, _):
        yield address


@contextmanager
def running() -> Iterator[tuple[str, int]]:
    """The same; gives the number of its process too."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {**os.environ, "GRADIO_SERVER_PORT": str(port), "GRADIO_TEMP_DIR": folder}
        program = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
        try:
            yield _when_up(f"http://127.0.0.1:{port}/", program), program.pid
        finally:
            program.terminate()
            program.wait()


def _when_up(address: str, program: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        if program.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return address
        except urllib.error.URLError:
            time.sleep(0.2)
    raise SystemExit("The page did not open. What went wrong stands above.")


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, address: str, width: int = 1440, scheme: str = "light", locale: str = "en-GB"
) -> Iterator[Page]:
    """The page as a new visitor sees it."""
    looks: Any = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "locale": locale}
    context = browser.new_context(**looks)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#editor [data-notes]")
    yield page
    context.close()


def compose(page: Page, old: str = "") -> str:
    """Press Compose and wait until the take sounds; its address. `old` is the address of the take before it."""
    page.click("#compose")
    return str(page.wait_for_function(HEARD, arg=old, polling=10).json_value())
