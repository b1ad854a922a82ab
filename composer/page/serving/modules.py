"""The page's modules, served: an ASGI layer that answers for them alone."""

from __future__ import annotations

import re

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from composer.page.modules import modules, version

_ASKED = re.compile(r"/modules/([0-9a-f]+)/([\w/-]+\.js)$")  # behind whatever path the page is served under
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


class Modules:
    """The layer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        asked = _ASKED.search(scope["path"]) if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} else None
        if asked is None:
            await self._app(scope, receive, send)
            return
        text = modules().get(asked[2]) if asked[1] == version() else None
        if text is None:
            answer = Response(status_code=404)
        else:
            answer = Response(text, media_type="text/javascript", headers=_FOR_EVER)
        await answer(scope, receive, send)
