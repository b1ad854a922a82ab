"""The wheel: what somebody gets who installs Motif elsewhere, with nothing of the repository beside it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from composer.music import read
from composer.places import CHECKPOINTS_VARIABLE, LIBRARY_VARIABLE, checkpoints_folder, library_file, shipped
from tests.conftest import DATA

ROOT = Path(__file__).resolve().parent.parent
_FOLDERS, _FILES = ("composer", "checkpoints", "library"), ("pyproject.toml", "setup.py", "README.md", "LICENSE")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyi", "*.run.safetensors")
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


class Installed:
    """An environment of its own that holds the wheel; the libraries are those of this one, found behind it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        venv.create(folder / "env", with_pip=False)
        self.bin = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run(
            [*_PIP, "--python", str(self.bin / "python"), "install", "--no-deps", "--no-index", str(wheel)], check=True
        )
        # What a line of a .pth names is looked through after the wheel, and no .pth in it (an editable Motif) is read.
        asked = [self.bin / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        site = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        Path(site, "behind.pth").write_text(sysconfig.get_path("purelib") + "\n")
        left_out = ("MOTIF_", "PYTHON", "VIRTUAL_ENV")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}

    def run(self, command: str, *arguments: str) -> str:
        """What a command prints, called from a folder where there is nothing."""
        (self.folder / "elsewhere").mkdir(exist_ok=True)
        done = subprocess.run(
            [self.bin / command, *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder / "elsewhere",
            env=self.environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def answer(self, *arguments: str) -> dict:
        """What `composer … --json` answers."""
        return json.loads(self.run("composer", *arguments, "--json"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=_LEFT_OUT)
    for name in _FILES:
        shutil.copy(ROOT / name, folder / "source" / name)
    asked = [*_PIP, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", str(folder), str(folder / "source")]
    subprocess.run(asked, check=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"), wheel)


def test_the_wheel_carries_everything_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"composer"}  # nothing of ours lies about in site-packages
    asked = [path for path in (ROOT / "composer").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    unused = (".pyi", ".ts")  # stubs and types, which nothing reads while it runs
    parts = {path.relative_to(ROOT).as_posix() for path in asked if path.suffix not in unused}
    weights = {path.relative_to(ROOT).as_posix() for path in (ROOT / "checkpoints").rglob("*.safetensors")}
    carried = {f"composer/shipped/{name}" for name in weights if ".run." not in name}
    assert parts | carried <= names
    assert names - parts - carried == {
        "composer/shipped/checkpoints/README.md",
        "composer/shipped/library/README.md",
        "composer/shipped/library/tunes.jsonl.xz",
    }


def test_what_was_installed_composes_with_its_own_weights(installed):
    seed = str(DATA / "kesh_jig.mid")
    told = installed.answer("compose", seed, "--bars", "2", "--seed", "7", "--formats", "midi", "--out", "takes")
    (take,) = told["takes"]
    assert read(installed.folder / "elsewhere" / take["files"][0]).score.end > read(seed).score.end
    where = installed.run("python", "-c", "import composer, composer.places; print(composer.places.FOLDER)").strip()
    assert Path(where).is_relative_to(installed.folder)
    assert {model["name"] for model in installed.answer("models")["models"]} >= {"rnn", "lstm", "transformer"}


@pytest.mark.thorough
def test_what_was_installed_has_its_library_its_fingerprints_and_its_readers(installed):
    seed = str(DATA / "kesh_jig.mid")
    assert len(installed.answer("similar", seed, "--most", "3")["tunes"]) == 3
    assert installed.answer("style", seed)["styles"][0]["style"] == "jig"
    assert installed.answer("originality", seed)["notes"] > 0


@pytest.mark.thorough
def test_what_was_installed_opens_the_page(installed, tmp_path):
    assert "--port" in installed.run("motif", "--help")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            [installed.bin / "motif", "--port", str(port)],
            cwd=installed.folder / "elsewhere",
            env={**installed.environment, "GRADIO_TEMP_DIR": str(tmp_path)},
            stdout=log,
            stderr=log,
        ) as program,
    ):
        try:
            page = _fetched(f"http://127.0.0.1:{port}/", program, tmp_path / "log")
            config = _fetched(f"http://127.0.0.1:{port}/config", program, tmp_path / "log")
        finally:
            program.terminate()
    assert "Motif" in page
    assert "Kesh" in config  # the gallery
    assert "TRANSFORMER" in config  # the menu of weights


def _fetched(address: str, program: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert program.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_the_environment_is_read_when_it_is_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv(CHECKPOINTS_VARIABLE, str(tmp_path))
    monkeypatch.setenv(LIBRARY_VARIABLE, str(tmp_path / "tunes.jsonl.xz"))
    assert (checkpoints_folder(), library_file()) == (tmp_path, tmp_path / "tunes.jsonl.xz")
    monkeypatch.setenv(CHECKPOINTS_VARIABLE, "")
    assert checkpoints_folder() == shipped("checkpoints")


def test_no_module_reads_the_environment_when_it_is_imported():
    """Python's own variables, those of libraries, and where a terminal is, are not ours to forbid."""
    program = """
import os, sys
asked, get = [], os.environ.__class__.__getitem__
def watched(self, name):
    from traceback import extract_stack
    if any(f"{os.sep}composer{os.sep}" in frame.filename for frame in extract_stack()[-3:-1]):
        asked.append(name)
    return get(self, name)
os.environ.__class__.__getitem__ = watched
import pkgutil, composer
for module in pkgutil.walk_packages(composer.__path__, "composer."):
    if not module.name.endswith("__main__") and ".worker" not in module.name:
        __import__(module.name)
print(asked)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"
