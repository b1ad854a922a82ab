"""The page's JavaScript modules as they are served."""

from __future__ import annotations

import posixpath
import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from composer.page.editor.editor import Editor
from composer.page.modules import FIRST, module_address, module_loading, modules, mounting, version
from composer.page.readers.panel import ReadersPanel
from composer.page.roll.roll import Roll
from composer.page.serving.modules import Modules
from composer.page.takes.panel import TakesPanel

_IMPORT = re.compile(r'^(?:import|export)\b[^"]*?\bfrom "([^"]+)";$', re.MULTILINE)


@pytest.fixture
def client() -> TestClient:
    other = Route("/{path:path}", lambda request: PlainTextResponse("the page"), methods=["GET", "POST"])
    return TestClient(Starlette(routes=[other], middleware=[Middleware(Modules)]))


def test_a_module_is_served_as_it_is_and_kept_for_ever(client):
    answer = client.get(module_address(FIRST))
    assert answer.content == modules()[FIRST]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


def test_modules_are_served_behind_whatever_path_the_page_is(client):
    assert client.get(f"/music/room/{module_address('roll/roll.js')}").content == modules()["roll/roll.js"]


@pytest.mark.parametrize(
    "name", ["page.py", "assets.js", "../page.js", "%2e%2e/app.py", "words/language.js", "roll/../page.js%00"]
)
def test_nothing_else_is_served(client, name):
    answer = client.get(f"/modules/{version()}/{name}")
    assert answer.status_code == 404 or answer.text == "the page"


def test_modules_of_another_version_are_not_there(client):
    assert client.get(f"/modules/0123456789abcdef/{FIRST}").status_code == 404


def test_everything_else_is_the_page_s(client):
    assert client.get("/").text == client.post(module_address(FIRST)).text == "the page"


def test_modules_import_each_other_and_nothing_else():
    known = {"language.js"}
    for name, text in modules().items():
        for imported in _IMPORT.findall(text.decode()):
            assert imported.startswith("."), (name, imported)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
            assert path in modules(), (name, imported)
            known.add(path)
    assert set(modules()) - known == {FIRST}, "a module that nobody imports"


def test_every_module_is_checked_and_keeps_no_address_of_another_host():
    for name, text in modules().items():
        assert text.startswith(b"// @ts-check\n"), name
        assert set(re.findall(rb"https?://[^\"'` ]+", text)) <= {b"http://www.w3.org/2000/svg"}, name


def test_the_head_loads_every_module():
    for name in modules():
        assert f'href="{module_address(name)}"' in module_loading()


def test_a_component_has_the_events_that_its_code_triggers():
    assert '"redo"' in mounting("mountTakes", "redo")
    for component, events in (
        (Roll(), ("listen",)),
        (Editor(), ("edit", "listen", "choose", "back")),
        (TakesPanel(), ("redo", "extend", "use", "into", "open", "bring", "change_take")),
        (ReadersPanel(), ("look", "bring")),
    ):
        for event in events:
            assert callable(getattr(component, event)), event


_WHOLE_PAGE = {"shortcuts.js", "readers/taste.js"}  # what they heed, they heed as long as there is a page


def _calls(text: str, opening: str) -> list[str]:
    """What stands in the brackets behind every match of a pattern, which ends with the opening one."""
    found = []
    for match in re.finditer(opening, text):
        depth, end = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        found.append(text[match.end() : end - 1])
    return found


def test_what_listens_beyond_its_component_ends_with_it():
    for name, text in modules().items():
        if name not in _WHOLE_PAGE:
            for call in _calls(text.decode(), r"(?:document|window)\.addEventListener\("):
                assert re.search(r"\bsignal }$", call), (name, call)
