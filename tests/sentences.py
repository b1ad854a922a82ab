"""The sentences that the program may say to a visitor, found in its source as patterns: "The {0} must be {1}."."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The rooms whose errors and remarks reach the page.
ROOMS = (
    "composer/events",
    "composer/analysis",
    "composer/classroom",
    "composer/music",
    "composer/sound",
    "composer/tasks",
    "composer/writing",
    "composer/checkpoint.py",
    "composer/shelf.py",
    "composer/page",
)
_SAID_BY = {"ComposerError", "BadRequest", "UnreadableMusic", "BadCheckpoint", "NoSound", "remarking"}
# What programs and hosts read is English: the API's descriptions and examples, the command's help,
# the server's settings, its numbers.
_FOR_PROGRAMS = {"endpoints.py", "spoken.py", "__main__.py", "host.py", "health.py", "launch.py", "metrics.py"}
_REMARKS = {"remarks", "graces"}


def sentences() -> dict[str, str]:
    """Pattern → where it stands, of every error and remark."""
    return {pattern: place for path in _files() for pattern, place in _of_file(path)}


def whole_sentences() -> dict[str, str]:
    """Pattern → where it stands, of every text in these rooms that reads as a sentence, whoever says it."""
    return {pattern: place for path in _files() if path.name not in _FOR_PROGRAMS for pattern, place in _written(path)}


def _written(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.JoinedStr | ast.Expr):  # parts of an f-string, and docstrings
                continue
            text = pattern_of(child) if isinstance(child, ast.Constant | ast.JoinedStr) else None
            if text and text.count(" ") >= 3 and text[0].isupper() and text.rstrip()[-1] in ".!?":
                yield text, f"{path.relative_to(ROOT)}:{child.lineno}"


def _files() -> Iterator[Path]:
    for room in ROOMS:
        path = ROOT / room
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _of_file(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        for said in _said(node):
            pattern = pattern_of(said)
            if pattern is not None and " " in pattern:
                yield pattern, f"{path.relative_to(ROOT)}:{node.lineno}"


def _said(node: ast.AST) -> list[ast.expr]:
    """What an error is raised with, and what is added to remarks."""
    if not isinstance(node, ast.Call):
        return []
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    owner = getattr(getattr(node.func, "value", None), "id", "")
    return node.args if name in _SAID_BY or (name == "append" and owner == "remarks") else []


def pattern_of(node: ast.expr) -> str | None:
    """A string or an f-string with its values numbered; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    parts, number = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            parts.append(f"{{{number}}}")
            number += 1
    return "".join(parts)
