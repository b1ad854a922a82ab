"""What is written about the code, checked by the code: examples run, rooms and files that are named exist."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import composer
from tests.conftest import DATA

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(composer.__file__).parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/api/*.md"), *ROOT.glob("checkpoints/*.md")]
_WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted(PACKAGE.rglob("*.py"))
    if ">>>" in path.read_text("utf-8")
]


@pytest.mark.parametrize("name", _WITH_EXAMPLES)
def test_examples_in_docstrings_run(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert result.attempted > 0


def _examples(page: Path) -> str:
    return "\n".join(re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_examples_on_a_page_run(page, tmp_path, monkeypatch):
    shutil.copytree(DATA, tmp_path / "tests" / "data")
    monkeypatch.chdir(tmp_path)
    example = _examples(ROOT / page)
    assert "composer.compose(" in example
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{example}"], check=True
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if not link.startswith(("http", "#", "mailto:")):
            target, _, anchor = link.partition("#")
            assert (page.parent / target).exists(), link
            headings = (
                re.findall(r"^#+ (.+)$", (page.parent / target).read_text("utf-8"), re.MULTILINE) if anchor else []
            )
            assert not anchor or anchor in {
                re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings
            }


ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_architecture_names_every_room():
    rooms = {path.name for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    named = set(re.findall(r"`composer/(\w+(?:\.py)?)/?`", ARCHITECTURE))
    assert rooms - {"__init__.py", "__main__.py"} <= named
    page = {
        path.name for path in (PACKAGE / "page").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert page - {"__init__.py"} <= set(re.findall(r"`(\w+(?:\.py)?)/?`", ARCHITECTURE))


def test_what_the_architecture_names_is_there():
    now = ARCHITECTURE.split("## Old names")[0]
    for name in re.findall(r"`((?:composer|tests|bench|docs|deploy|checkpoints|library|soundfonts)/[\w./-]*)`", now):
        assert (ROOT / name).exists() or "xx.json" in name or name == "composer/tasks/", name


def test_pages_of_the_library_name_what_is_there():
    for page in (ROOT / "docs" / "api").glob("*.md"):
        for name in re.findall(r"^::: (\S+)$", page.read_text("utf-8"), re.MULTILINE):
            module, _, rest = name.rpartition(".")
            assert importlib.util.find_spec(module) is not None, name
            assert hasattr(importlib.import_module(module), rest) or importlib.util.find_spec(name), name


def test_every_verb_tells_what_it_takes_and_what_can_go_wrong():
    tree = ast.parse((PACKAGE / "api.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name != "models":
            told = ast.get_docstring(node) or ""
            assert "Raises:" in told, node.name
            for argument in node.args.args:
                assert f"    {argument.arg}: " in told, f"{node.name}: {argument.arg}"


def test_the_workflow_checks_every_python_we_say_we_run_on():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "checks.yml").read_text("utf-8"))
    pythons = workflow["jobs"]["systems"]["strategy"]["matrix"]["python"]
    said = [c.rsplit(" ", 1)[1] for c in project["classifiers"] if re.search(r"Python :: 3\.\d+$", c)]
    assert pythons == said
    assert project["requires-python"] == f">={pythons[0]}"


def test_the_changelog_has_the_version_set_apart():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[:2] == ["Unreleased", version]


@pytest.mark.skipif(importlib.util.find_spec("mkdocstrings") is None, reason="needs the extra `docs`")
def test_the_pages_build(tmp_path):
    asked = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Raises" in (tmp_path / "api" / "verbs" / "index.html").read_text("utf-8")
