"""Rehearse a Space on Hugging Face from what it reads: the README's front matter, requirements.txt and packages.txt.

python -m deploy.rehearse_space            in an environment of its own, with everything installed as a Space would
python -m deploy.rehearse_space --here     with the libraries of this environment, whose versions are checked

The repository's files are copied to a folder that nothing may be written to, `app_file` is run there on port 7860 as a
Space runs it, and the page, a network and the endpoint for programs must answer. Exits with 1 where one does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
_WAIT = 300.0  # seconds until the page must be there
_LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "__pycache__", "*.pyi", ".*_cache", "build", "dist", "site", "data", "runs", "*.run.safetensors")
)


@dataclass(frozen=True)
class Space:
    """What a Space is made of: its front matter, and the lines of its two lists."""

    front: dict[str, Any]
    requirements: list[str]
    packages: list[str]

    @classmethod
    def of(cls, root: Path) -> Space:
        """The Space that a repository describes; ValueError where its README has no front matter."""
        parts = (root / "README.md").read_text("utf-8").split("---\n", 2)
        if len(parts) < 3 or parts[0]:
            raise ValueError("README.md does not begin with front matter between two lines ---")
        return cls(yaml.safe_load(parts[1]), _lines(root / "requirements.txt"), _lines(root / "packages.txt"))

    def faults(self) -> list[str]:
        """A sentence on everything in the front matter that a Space would refuse or overlook."""
        front, found = self.front, []
        for name, right in _RIGHT.items():
            if not right(front.get(name)):
                found.append(f"{name} cannot be {front.get(name)!r}")
        return found + [f"nobody reads {name}" for name in front if name not in _RIGHT]


_COLOURS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
_RIGHT: dict[str, Callable[[Any], bool]] = {
    "title": lambda v: isinstance(v, str) and bool(v),
    "emoji": lambda v: isinstance(v, str) and len(v) <= 2,
    "colorFrom": lambda v: v in _COLOURS,
    "colorTo": lambda v: v in _COLOURS,
    "sdk": lambda v: v == "gradio",
    "sdk_version": lambda v: isinstance(v, str) and v.count(".") == 2,
    "python_version": lambda v: isinstance(v, str) and v.startswith("3."),  # without quotes YAML makes 3.10 of it 3.1
    "app_file": lambda v: isinstance(v, str) and (ROOT / v).is_file(),
    "license": lambda v: isinstance(v, str),
    "short_description": lambda v: isinstance(v, str) and len(v) <= 60,
    "tags": lambda v: isinstance(v, list) and all(isinstance(tag, str) for tag in v),
}


def main() -> None:
    """Rehearse, and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--here", action="store_true", help="with the libraries of this environment")
    parser.add_argument("--port", type=int, default=7860)
    asked = parser.parse_args()
    space = Space.of(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        faults = [*space.faults(), *missing_packages(space)]
        python = Path(sys.executable)
        if asked.here:
            faults += wrong_versions(space)
        else:
            python = environment(space, Path(folder))
        faults += rehearsed(space, python, Path(folder), asked.port)
    for fault in faults:
        _say(f"NO   {fault}")
    _say("A Space would run." if not faults else "A Space would not run.")
    sys.exit(bool(faults))


def missing_packages(space: Space) -> list[str]:
    """What packages.txt names and this machine, if it is a Debian, does not have."""
    if not shutil.which("dpkg-query"):
        return ["packages.txt cannot be looked at: this is no Debian"]
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}"]
    found = {
        name: subprocess.run([*asked, name], capture_output=True, text=True, check=False) for name in space.packages
    }
    return [
        f"{name} is not installed; a Space would install it"
        for name, done in found.items()
        if done.stdout != "installed"
    ]


def wrong_versions(space: Space) -> list[str]:
    """What requirements.txt and the front matter ask for and this environment has otherwise."""
    faults = []
    for line in (*space.requirements, f"gradio=={space.front['sdk_version']}"):
        asked = Requirement(line)
        try:
            if not asked.specifier.contains(found := version(asked.name)):
                faults.append(f"{line} is asked for, and {found} is here")
        except PackageNotFoundError:
            faults.append(f"{line} is asked for and not here")
    python = ".".join(map(str, sys.version_info[:2]))
    return faults if space.front["python_version"] == python else [*faults, f"this is Python {python}"]


def environment(space: Space, folder: Path) -> Path:
    """A new environment with what a Space installs; its Python."""
    base = shutil.which(f"python{space.front['python_version']}") or sys.executable
    subprocess.run([base, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    asked = [*space.requirements, f"gradio=={space.front['sdk_version']}"]
    _say(f"installing {len(asked)} requirements with {base}")
    if index := os.environ.get("MOTIF_TORCH_INDEX"):
        subprocess.run([python, "-m", "pip", "install", "-q", "--index-url", index, "torch"], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *asked], check=True)
    return python


def rehearsed(space: Space, python: Path, folder: Path, port: int) -> list[str]:
    """Run the Space's program in a copy of the repository; what went wrong."""
    home, code = folder / "home", folder / "home" / "app"
    shutil.copytree(ROOT, code, ignore=_LEFT_OUT)
    before = _contents(code)
    for path in [code, *code.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOTIF_", "GRADIO_", "PYTHON"))}
    space_s = {"SYSTEM": "spaces", "SPACE_ID": "someone/motif", "GRADIO_SERVER_NAME": "0.0.0.0"}
    settings = {**kept, **space_s, "GRADIO_SERVER_PORT": str(port), "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    settings["GRADIO_TEMP_DIR"] = str(folder / "files")
    faults = []
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([python, space.front["app_file"]], cwd=code, env=settings, stdout=log, stderr=log) as program,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            page = _fetched(f"{address}/", program, folder / "log")
            faults += [] if space.front["title"] in page else ["the page does not bear its title"]
            ready = json.loads(_fetched(f"{address}/ready", program, folder / "log"))
            _say(f"a network wrote a bar in {ready['seconds']} s")
            named = json.loads(_fetched(f"{address}/gradio_api/info", program, folder / "log"))["named_endpoints"]
            faults += [] if "/compose" in named else ["there is no endpoint /compose"]
        except (AssertionError, urllib.error.HTTPError) as error:
            faults.append(str(error))
        finally:
            program.terminate()
    for path in [code, *code.rglob("*")]:
        path.chmod(0o755)
    changed = sorted(before.items() ^ _contents(code).items())  # who may do everything may also write there
    return [*faults, *(f"it wrote beside its code: {name}" for name, _ in changed)]


def _fetched(address: str, program: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _WAIT
    while time.monotonic() < deadline:
        assert program.poll() is None, f"the program ended:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            told = f"{address} answered {error.code}: {error.read().decode()[:300]}"
            raise AssertionError(f"{told}\n{log.read_text()[-3000:]}") from error
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer:\n{log.read_text()}")


def _contents(folder: Path) -> dict[str, str]:
    """Each file's hash, but for the stubs that Gradio writes beside components where it may, and does without else."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyi")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
