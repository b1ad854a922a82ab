"""How the page is served: behind the guard, with its sessions bounded and its folder swept while it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware

from composer.page.serving.folder import swept
from composer.page.serving.guard import Guard
from composer.page.serving.modules import Modules
from composer.page.serving.sessions import MOST, Sessions


def defended() -> dict[str, Any]:
    """The settings of `launch` that have to do with defence."""
    return {
        "app_kwargs": {"middleware": [Middleware(Guard), Middleware(Modules)], "lifespan": _lifespan},
        "state_session_capacity": MOST,
        "enable_monitoring": False,
        "run_history": False,  # it would offer to keep runs at another host
    }


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:
    app.state_holder = Sessions(app.get_blocks())
    async with swept():
        yield
