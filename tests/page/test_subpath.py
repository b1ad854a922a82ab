"""The page behind a proxy, under a path of its host: every address in it must know where it is seen from."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tests.page.conftest import free_port, opened, serving
from tests.page.visitor import downloaded, heard, written

pytestmark = pytest.mark.page
PATH = "/motif"


def proxied(address: str) -> Starlette:
    """What deploy/Caddyfile says: the path's beginning is taken away, and who asked is told."""
    client = httpx.AsyncClient(base_url=address, timeout=None)

    async def pass_on(request: Request) -> Response:
        headers = [(name, value) for name, value in request.headers.items() if name not in ("host", "content-length")]
        headers += [("x-forwarded-host", request.headers["host"]), ("x-forwarded-proto", "http")]
        asked = client.build_request(
            request.method,
            httpx.URL(path=request.path_params["rest"] or "/", query=request.url.query.encode()),
            headers=headers,
            content=await request.body(),
        )
        answer = await client.send(asked, stream=True)

        async def body() -> AsyncIterator[bytes]:
            async for part in answer.aiter_raw():
                yield part

        return StreamingResponse(
            body(), answer.status_code, dict(answer.headers), background=BackgroundTask(answer.aclose)
        )

    async def nothing(_: Request) -> Response:
        return Response(status_code=204)

    @asynccontextmanager
    async def closing(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    return Starlette(
        lifespan=closing,
        routes=[
            Route(PATH + "{rest:path}", pass_on, methods=["GET", "POST", "HEAD"]),
            # Browsers and Gradio's markup ask the host itself for these two; nothing comes of it where they are not.
            *(Route(name, nothing) for name in ("/manifest.json", "/favicon.ico")),
        ],
    )


@pytest.fixture(scope="module")
def seen_from(checkpoints, tmp_path_factory) -> Iterator[str]:
    """The page's address as a visitor has it."""
    log = tmp_path_factory.mktemp("subpath") / "log"
    with serving(checkpoints, log, GRADIO_ROOT_PATH=PATH) as address:
        port = free_port()
        proxy = uvicorn.Server(uvicorn.Config(proxied(address), port=port, log_level="warning"))
        thread = threading.Thread(target=proxy.run, daemon=True)
        thread.start()
        while not proxy.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}{PATH}/"
        proxy.should_exit = True
        thread.join(30)


def test_a_take_is_written_and_heard_under_a_path_of_a_host(browser, seen_from, tmp_path):
    with opened(browser, seen_from) as page:  # which fails on an address outside of the path
        page.click("#compose")
        assert heard(page).startswith(seen_from)
        assert written(page) > 0
        assert downloaded(page, "#takes [data-file=mid]", tmp_path).read_bytes().startswith(b"MThd")


def test_the_addresses_for_hosts_and_programs_are_there_too(seen_from):
    assert httpx.get(f"{seen_from}health").json()["alive"] is True
    assert httpx.get(f"{seen_from}gradio_api/info").json()["named_endpoints"]
    assert seen_from.rstrip("/") in httpx.get(f"{seen_from}config").text
