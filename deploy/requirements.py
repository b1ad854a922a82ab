"""What a Space on Hugging Face installs, made from pyproject.toml.

python -m deploy.requirements > requirements.txt
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("humming",)  # that a Space has beside what everybody has
_HEAD = """\
# For a Space on Hugging Face: the runtime dependencies of pyproject.toml, as ranges, because a Space brings its own
# Gradio and, with ZeroGPU, its own torch. On your own machine use `make run`.
# Made by `python -m deploy.requirements > requirements.txt`; a test compares.
"""


def requirements() -> str:
    """The text of requirements.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = {*project["dependencies"]}.union(*(project["optional-dependencies"][extra] for extra in EXTRAS))
    return _HEAD + "".join(f"{line}\n" for line in sorted(lines, key=_name))


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower()


if __name__ == "__main__":
    sys.stdout.write(requirements())
