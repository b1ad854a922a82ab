"""A ninth task is a file and its registration, a new setting a field: command line, API and page then show them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import composer
from tests.conftest import DATA

ECHO = '''"""Echo: goes on as continuing does."""

from composer.tasks.continuing import Continue


class Echo(Continue):
    """Goes on from the seed's end."""

    name = "echo"
    title = "Echo"
    hint = "The network goes on, and means to come back."
'''
SWING = '    swing: float = setting(0.0, Number("Swing", "0: even. 1: as far as it goes.", reach=(0, 1)))\n'
SHOWN = """
import inspect, json, sys
from pathlib import Path
from composer.cli.compose import compose
from composer.page.page import build_page
from composer.shelf import Shelf

page = build_page(Shelf(Path(sys.argv[1])))
parts = [part["props"] for part in page.config["components"]]
press = next(fn for fn in page.fns.values() if fn.api_name == "compose")
option = inspect.signature(compose, eval_str=True).parameters["swing"]
shown = {
    "at": sys.modules["composer"].__file__,
    "page": [part["label"] for part in parts if part.get("elem_id") == "swing"],
    "page tasks": next(part["choices"] for part in parts if part.get("elem_id") == "task"),
    "parameters": list(inspect.signature(press.fn).parameters),
    "api tasks": next([value for _, value in part.choices] for part in press.inputs if part.label == "task"),
    "option": option.annotation.__metadata__[0].help,
}
print(json.dumps(shown))
"""


def _put(file: Path, before: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, line + before), encoding="utf-8")


@pytest.fixture
def wider(tmp_path: Path) -> Path:
    """A folder with the package, a task more and a setting more."""
    source = Path(composer.__file__).parent
    shutil.copytree(source, tmp_path / "composer", ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
    tasks = tmp_path / "composer" / "tasks"
    (tasks / "echoing.py").write_text(ECHO, encoding="utf-8")
    _put(tasks / "registry.py", "from composer.tasks.harmonising", "from composer.tasks.echoing import Echo\n")
    _put(tasks / "registry.py", "        Restore(),\n", "        Echo(),\n")
    _put(tasks / "request.py", "\n    def __post_init__", SWING)
    kinds = tmp_path / "composer" / "kinds.py"  # which networks can do it
    kinds.write_text(
        kinds.read_text(encoding="utf-8").replace('"accompany", ', '"accompany", "echo", '), encoding="utf-8"
    )
    return tmp_path


def test_every_face_shows_a_ninth_task_and_a_new_setting(wider, tiny_shelf):
    def run(*arguments: object) -> str:
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, cwd=wider, check=True, capture_output=True, text=True).stdout

    shown = json.loads(run("-c", SHOWN, tiny_shelf.folder).splitlines()[-1])
    assert Path(shown["at"]).is_relative_to(wider)
    assert shown["page"] == ["Swing"]
    assert ["Echo", "echo"] in shown["page tasks"]
    assert "swing" in shown["parameters"]
    assert "echo" in shown["api tasks"]
    assert shown["option"] == "Swing. 0: even. 1: as far as it goes. From 0 to 1."
    asked = ("--task", "echo", "--swing", "0.5", "--bars", 1, "--formats", "midi", "--json")
    folders = ("--checkpoints", tiny_shelf.folder, "--out", wider / "takes")
    answer = json.loads(run("-m", "composer", "compose", DATA / "sakura.mid", *asked, *folders))
    request = answer["takes"][0]["recipe"]["request"]
    assert (request["task"], request["swing"], answer["takes"][0]["bars"]) == ("echo", 0.5, 1)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        run("-m", "composer", "compose", DATA / "sakura.mid", "--swing", "2", *folders)
    assert refused.value.stderr == "The swing must be a number from 0 to 1, not 2.0.\n"
