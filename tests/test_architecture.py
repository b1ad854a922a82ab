"""The way of the imports: one direction, no cycles."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import composer
from composer.tasks import TASKS

ROOT = Path(composer.__file__).parent
# What each room may know. A room not named here may not exist.
ALLOWED = {
    "errors": set(),
    "score": set(),
    "events": {"errors", "score"},
    "music": {"errors", "score"},
    "kinds": set(),
    "places": set(),
    "weights": set(),
    "card": {"errors", "events", "kinds", "places"},
    "playing": {"card", "errors", "events", "kinds", "weights"},
    "networks": {"events", "kinds", "playing"},
    "data": {"errors", "events", "music", "score"},
    "checkpoint": {"card", "errors", "events", "kinds", "networks", "weights"},
    "analysis": {"card", "checkpoint", "errors", "music", "places", "score"},
    "shelf": {"card", "checkpoint", "events", "kinds", "analysis", "networks", "places", "playing"},
    "tasks": {"analysis", "errors", "events", "music", "score"},
    "writing": {
        *("errors", "score", "events", "kinds", "analysis", "music", "networks", "playing", "shelf", "tasks"),
    },
    "sound": {"errors", "score"},
    "training": {"card", "checkpoint", "events", "data", "errors", "networks"},
    "train": {"card", "checkpoint", "data", "errors", "events", "analysis", "music", "networks", "score"},
    "evaluation": {
        *("card", "checkpoint", "data", "errors", "events", "analysis", "music"),
        *("networks", "places", "score", "shelf", "sound", "tasks", "train", "training", "writing"),
    },
    "classroom": {
        *("errors", "evaluation", "events", "analysis", "music", "networks", "score", "shelf", "tasks", "writing"),
    },
    "api": {"card", "checkpoint", "errors", "kinds", "analysis", "music", "shelf", "tasks", "writing"},
}
FACES = {"cli", "page", "__init__", "__main__"}
# The page's rooms, each knowing only those before it; `page` and what serves it come last and may know all.
PAGE = ROOT / "page"
PAGE_ORDER = (
    *("assets", "modules", "serving", "wire", "words", "roll", "seeds", "takes", "settings", "editor"),
    *("screen", "handlers", "readers", "classroom", "endpoints", "page", "app", "__main__"),
)


def _imports(path: Path) -> set[str]:
    """The rooms of `composer` that a module imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("composer.")}
    return found


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_knows_only_what_lies_before_it(path):
    if _room(path) not in FACES:
        assert _imports(path) - {_room(path)} <= ALLOWED[_room(path)]


def test_the_rooms_have_an_order():
    placed: set[str] = set()
    while left := set(ALLOWED) - placed:
        ready = {room for room in left if ALLOWED[room] <= placed}
        assert ready, f"a cycle among {left}"
        placed |= ready


@pytest.mark.parametrize("path", sorted(PAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PAGE)))
def test_a_room_of_the_page_knows_only_what_lies_before_it(path):
    found = re.findall(r"^\s*(?:from|import) composer\.page\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    room = path.relative_to(PAGE).parts[0].removesuffix(".py")
    if room != "__init__":
        assert set(found) <= set(PAGE_ORDER[: PAGE_ORDER.index(room) + 1])


def test_no_module_is_a_junk_room():
    names = {path.stem for folder in (ROOT, PAGE) for path in folder.rglob("*.py")}
    assert not names & {"utils", "helpers", "common", "misc", "constants"}


def test_the_library_names_what_it_offers():
    for name in composer.__all__:
        assert getattr(composer, name) is not None


def _names_of_tasks(path: Path) -> list[str]:
    """Where a module compares something with a task's name, or keeps a table by such names."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            parts = [each for side in sides for each in getattr(side, "elts", [side])]
        elif isinstance(node, ast.Dict):
            parts = [key for key in node.keys if key]
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        found += [f"{path.name}:{part.lineno}" for part in parts if getattr(part, "value", None) in TASKS]
    return found


def test_a_task_is_asked_and_its_name_compared_nowhere():
    python = [*ROOT.rglob("*.py"), *(ROOT.parent / "bench").glob("*.py"), ROOT.parent / "app.py"]
    others = [path for path in python if ROOT / "tasks" not in path.parents]
    assert [place for path in others for place in _names_of_tasks(path)] == []
    compared = re.compile(rf"[!=]==?\s*[\"'`]({'|'.join(TASKS)})\b|^\s*({'|'.join(TASKS)}):", re.MULTILINE)
    scripts = {path.name: compared.findall(path.read_text(encoding="utf-8")) for path in PAGE.rglob("*.js")}
    assert {name: found for name, found in scripts.items() if found} == {}
