"""Answering what a browser asks between presses: with values, or with a sentence where it goes wrong.

Each kind of question has its turns, so that no visitor's questions hold up another's, and its work ends when its
visitor has left.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
import gradio as gr

from composer.errors import NotWanted
from composer.page.serving.told import told_of_error
from composer.page.serving.turns import Turns, Visitor
from composer.sound import Wanted

Answer = dict[str, Any]
Asked = Mapping[str, Any]
Question = Callable[[Any, gr.Request], Awaitable[Answer]]

# How many of a kind are answered at once. What takes long in Python itself is slow for everyone: two of it at most.
TURNS = {kind: Turns(2) for kind in ("quick", "notation", "sound", "looking")} | {"listening": Turns(1)}
_LOOK_EVERY = 0.5  # seconds between two looks whether the visitor is still there


def answering(kind: str) -> Callable[[Callable[[Asked, Wanted], Answer]], Question]:
    """Answer {"error": sentence} where it goes wrong, in the turns of a kind: what a browser sends may be anything."""

    def decorate(run: Callable[[Asked, Wanted], Answer]) -> Question:
        def told(asked: Asked, wanted: Wanted) -> Answer:
            try:
                if not wanted():
                    raise NotWanted("Nobody waits for this any more.")
                return run(asked, wanted)
            except Exception as error:
                return {"error": told_of_error(error)}

        async def answer(asked: Any, request: gr.Request) -> Answer:
            gone = threading.Event()
            watching = asyncio.create_task(_watch(request, gone))
            try:
                async with TURNS[kind].taken(await visitor_of(request)):
                    values = asked if isinstance(asked, Mapping) else {}
                    return await anyio.to_thread.run_sync(told, values, lambda: not gone.is_set())
            except Exception as error:
                return {"error": told_of_error(error)}
            finally:
                watching.cancel()

        # Not `wraps`: Gradio would look for the request among the parameters of what is wrapped.
        answer.__name__, answer.__doc__ = run.__name__, run.__doc__
        return answer

    return decorate


async def visitor_of(request: Any) -> Visitor:
    """Who asks. The session is what the browser says it is."""
    address = request.client.host if request.client else ""
    try:
        session = str((await request.json())["session_hash"])[:40]
    except (ValueError, KeyError, TypeError, RuntimeError):
        session = ""
    return Visitor(address, session)


async def _watch(request: Any, gone: threading.Event) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(_LOOK_EVERY)
    gone.set()
