"""The guard at the door, an ASGI layer: bodies of a bounded size, headers that browsers heed, and who is listening."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from composer.page.serving.folder import FULL, is_full
from composer.page.serving.host import Host
from composer.page.serving.sessions import QUESTION

_TOO_LARGE = "This is more than can be taken at once. Send a part of it."
_TELLING_STREAMS, _CALL, _OPEN_PAGE = "/queue/data", "/call/", "/heartbeat/"
_ASKING = ("/component_server", "/queue/join")


class _TooLarge(Exception):
    pass


def headers(framed_by: str = "") -> dict[str, str]:
    """What every answer carries: nothing comes from other hosts or goes there, and only `framed_by` frame the page.

    Gradio's page is made of scripts and styles in place, and it compiles what components say on loading.
    """
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": f"'self' {framed_by}".strip(),
    }
    return {
        "content-security-policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), payment=(), usb=()",
    }


class Guard:
    """The layer. Gradio's queue is told which sessions listen, the holder of sessions which have their page open."""

    def __init__(self, app: ASGIApp, host: Host | None = None) -> None:
        host = host or Host()
        self._app, self._most = app, host.body_bytes
        self._headers = [(name.encode(), value.encode()) for name, value in headers(host.framed_by).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", []), *self._headers]
            await send(message)

        asking = scope["path"].rstrip("/").endswith(_ASKING) or _CALL in scope["path"]
        question = QUESTION.set(scope["method"] == "POST" and asking)
        try:
            if _announced(scope) > self._most:
                raise _TooLarge
            with _present(scope):
                await self._app(scope, _bounded(receive, self._most), sending)
        except _TooLarge:
            if begun:
                raise
            await JSONResponse({"detail": _TOO_LARGE}, 413, {"connection": "close"})(scope, receive, sending)
        except OSError as error:
            if begun or not is_full(error):
                raise
            await JSONResponse({"detail": FULL}, 507)(scope, receive, sending)
        finally:
            QUESTION.reset(question)


def _announced(scope: Scope) -> float:
    """How many bytes a request says its body has; 0 where it does not say."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length) if length.isdigit() and len(length) < 16 else math.inf


def _bounded(receive: Receive, most: int) -> Receive:
    """The body, as far as it may go, in bytes: one that does not say its length is counted as it comes."""
    size = 0

    async def receiving() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise _TooLarge
        return message

    return receiving


class _present:  # noqa: N801 (a context manager, used like a function)
    """While a stream is open, its session listens; while a heartbeat is open, its page is."""

    def __init__(self, scope: Scope) -> None:
        self._app: Any = scope["app"]
        path = scope["path"]
        queue = self._app.get_blocks()._queue
        self._session, self._told = "", None
        if scope["method"] != "GET":
            return
        if path.endswith(_TELLING_STREAMS):
            self._session = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]
            self._told = queue.listeners
        elif _CALL in path:
            event = queue.event_ids_to_events.get(path.rsplit("/", 1)[1])
            self._session, self._told = (event.session_hash, queue.listeners) if event else ("", None)
        elif _OPEN_PAGE in path:
            self._session, self._told = path.rsplit("/", 1)[1], self._app.state_holder.pages

    def __enter__(self) -> None:
        if self._told is not None:
            self._told.come(self._session)

    def __exit__(self, *error: object) -> None:
        if self._told is not None:
            self._told.go(self._session)
