"""Three addresses for who runs the server: is it alive, would it compose, and how is it doing.

`/health` answers as long as the process does. `/ready` has a network write a bar, at most once in `LOOK_EVERY` seconds
however often it is asked, and answers 503 with the reason where it cannot. `/metrics` is for Prometheus.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from composer.page.serving.metrics import MISSING, Metrics
from composer.page.serving.told import told_of_error

LOOK_EVERY = 30.0  # seconds that an answer of /ready stands
_PACKAGE = "motif-composer"


@dataclass
class Readiness:
    """Whether a network answers: asked of `compose`, which raises what is wrong, by one who asks at a time."""

    compose: Callable[[], object]
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _looked: float = -LOOK_EVERY
    _answer: tuple[int, dict[str, object]] = (503, {})

    async def answer(self) -> tuple[int, dict[str, object]]:
        """The status, and what stands in the body."""
        async with self._lock:
            if time.monotonic() - self._looked >= LOOK_EVERY:
                began = time.monotonic()
                try:
                    await asyncio.to_thread(self.compose)
                    self._answer = 200, {"ready": True, "seconds": round(time.monotonic() - began, 3)}
                except Exception as error:
                    self._answer = 503, {"ready": False, "reason": told_of_error(error)}
                self._looked = time.monotonic()
            return self._answer


def routes(compose: Callable[[], object], numbers: Callable[[], Metrics | None] | None) -> list[Route]:
    """The three addresses; `numbers` is None where the host wants no metrics shown."""
    readiness = Readiness(compose)

    async def health(_: Request) -> Response:
        return JSONResponse({"alive": True, "version": _version()})

    async def ready(_: Request) -> Response:
        status, told = await readiness.answer()
        return JSONResponse(told, status)

    async def told(_: Request) -> Response:
        found = numbers() if numbers else None
        if found is None:
            return PlainTextResponse(MISSING if numbers else "This server shows no metrics.\n", 404)
        text, kind = found.text()
        return Response(text, headers={"content-type": kind})

    return [Route("/health", health), Route("/ready", ready), Route("/metrics", told)]


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:  # run from a folder, as a Space does
        return ""
