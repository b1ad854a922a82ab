"""The page's process: what is set before it serves, and what is made ready while the first visitor is on the way."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import Any

import torch

from composer.analysis.listeners import Listeners
from composer.errors import ComposerError
from composer.music import engrave_apart
from composer.music.pool import allow
from composer.page.page import a_bar, build_page, launch_settings
from composer.page.serving.folder import choose_root
from composer.page.serving.host import Host
from composer.page.serving.log import shorten_lines, start_log
from composer.page.serving.memory import give_back_soon
from composer.page.takes.making import sound_file
from composer.page.takes.receipts import receipt_for
from composer.places import FOLDER, TUNES
from composer.shelf import Shelf

# Seconds after which a thread of Python lets another go on. Writing a take asks for its turn at every operation of
# torch: at Python's own 0.005 one busy thread of pure Python makes it tens of times slower.
_SWITCH = 0.0002


def serve(host: Host, address: str | None = None, port: int | None = None, browse: bool = False) -> None:
    """Serve the page until it is stopped, at an address and a port, or where Gradio's own variables say."""
    give_back_soon()
    shorten_lines()
    start_log(host.log)
    sys.setswitchinterval(_SWITCH)
    torch.set_num_threads(1)  # more than one thread makes a small network slower; the other core serves and renders
    choose_root()
    if host.readers:
        allow(host.readers)
    shelf = Shelf(host.checkpoints or FOLDER, host.library or TUNES, host.networks)
    page = build_page(shelf, host)
    threading.Thread(target=_warm_up, args=[shelf], daemon=True).start()
    settings: dict[str, Any] = {
        "server_name": address,
        "server_port": port,
        "inbrowser": browse,
        "quiet": host.log == "json",
    }
    page.launch(**settings, **launch_settings(shelf, host))


def _warm_up(shelf: Shelf) -> None:
    """Load the first network and the SoundFont before the first visitor waits for them."""
    with contextlib.suppress(ComposerError):  # the page tells what is missing
        take = a_bar(shelf)
        sound_file(take.score, "warm").unlink()
        receipt_for(take, shelf)
        engrave_apart(take.score, 800)
    _warm_listeners(shelf.listeners)


def _warm_listeners(ears: Listeners) -> None:
    """Read the library and place its tunes, so that the first who asks for tunes like theirs gets them at once."""
    for load in (ears.style, ears.points, lambda: ears.tunes().traits):
        with contextlib.suppress(ComposerError):  # likewise
            load()
