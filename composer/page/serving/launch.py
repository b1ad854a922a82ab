"""How the page is served: behind the guard, with its sessions bounded and its folder swept while it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.middleware import Middleware

from composer.page.serving.folder import swept
from composer.page.serving.guard import Guard
from composer.page.serving.health import routes
from composer.page.serving.host import Host
from composer.page.serving.log import take_over
from composer.page.serving.metrics import Metrics, log_press, metrics
from composer.page.serving.modules import Modules
from composer.page.serving.queue import FairQueue
from composer.page.serving.sessions import Sessions


def defended(host: Host, compose: Callable[[], object]) -> dict[str, Any]:
    """The settings of `launch` that have to do with defence, and with who runs the server.

    `compose` writes a bar, or raises what is wrong: `/ready` calls it.
    """
    watch = _Watch()
    return {
        "app_kwargs": {
            "middleware": [Middleware(Guard, host=host), Middleware(Modules)],
            "lifespan": watch.lifespan(host),
            "routes": routes(compose, (lambda: watch.numbers) if host.metrics else None),
        },
        "state_session_capacity": host.sessions,
        "enable_monitoring": False,
        "run_history": False,  # it would offer to keep runs at another host
    }


class _Watch:
    """The numbers of one server, from its start on."""

    numbers: Metrics | None = None

    def lifespan(self, host: Host) -> Callable[[Any], AbstractAsyncContextManager[None]]:
        """What surrounds the server's life."""

        @asynccontextmanager
        async def living(app: Any) -> AsyncIterator[None]:
            take_over("uvicorn")
            app.state_holder = sessions = Sessions(app.get_blocks(), host.sessions)
            queue = app.get_blocks()._queue
            if isinstance(queue, FairQueue):
                self.numbers = metrics(lambda: _gauges(queue, sessions)) if host.metrics else None
                queue.on_press += [log_press, *([self.numbers.note] if self.numbers else [])]
            async with swept(host.file_seconds, host.folder_bytes):
                yield

        return living


def _gauges(queue: FairQueue, sessions: Sessions) -> dict[str, tuple[str, float]]:
    return {
        "motif_presses_waiting": ("Presses that wait for their turn.", float(len(queue))),
        "motif_presses_working": ("Presses that are worked on.", float(queue.working)),
        "motif_sessions": ("Sessions of which anything is held.", float(len(sessions.session_data))),
    }
