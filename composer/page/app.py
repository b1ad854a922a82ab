"""The page's process: what is set before it serves, and what is made ready while the first visitor is on the way."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading

import torch

from composer.analysis.listeners import Listeners
from composer.errors import ComposerError
from composer.music import engrave_apart
from composer.page.page import build_page, launch_settings
from composer.page.seeds.seeds import FIRST, seed_of_tune
from composer.page.serving.folder import choose_root
from composer.page.serving.log import shorten_lines
from composer.page.serving.memory import give_back_soon
from composer.page.settings.menu import Menu
from composer.page.takes.making import Wish, sound_file, takes
from composer.page.takes.receipts import receipt_for
from composer.shelf import Shelf
from composer.writing import Request

# Seconds after which a thread of Python lets another go on. Writing a take asks for its turn at every operation of
# torch: at Python's own 0.005 one busy thread of pure Python makes it tens of times slower.
_SWITCH = 0.0002


def serve(host: str | None = None, port: int | None = None, browse: bool = False) -> None:
    """Serve the page until it is stopped, at an address and a port, or where Gradio's own variables say."""
    give_back_soon()
    shorten_lines()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    sys.setswitchinterval(_SWITCH)
    torch.set_num_threads(1)  # more than one thread makes a small network slower; the other core serves and renders
    choose_root()
    shelf = Shelf()
    page = build_page(shelf)
    threading.Thread(target=_warm_up, args=[shelf], daemon=True).start()
    page.launch(server_name=host, server_port=port, inbrowser=browse, **launch_settings())


def _warm_up(shelf: Shelf) -> None:
    """Load the first network and the SoundFont before the first visitor waits for them."""
    wish = Wish(Request(bars=1), Menu.of(shelf).default or "")
    with contextlib.suppress(ComposerError):  # the page tells what is missing
        *_, take = takes(shelf, seed_of_tune(FIRST).reading, wish)
        sound_file(take.score, "warm").unlink()
        receipt_for(take, shelf)
        engrave_apart(take.score, 800)
    _warm_listeners(shelf.listeners)


def _warm_listeners(ears: Listeners) -> None:
    """Read the library and place its tunes, so that the first who asks for tunes like theirs gets them at once."""
    for load in (ears.style, ears.points, lambda: ears.tunes().traits):
        with contextlib.suppress(ComposerError):  # likewise
            load()
