"""Starting: nothing is imported that a command does not need."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys

import pytest

from composer.cli.main import COMMANDS, command_of
from tests.conftest import DATA

# What takes long to import, or is large.
_HEAVY = ("torch", "gradio", "matplotlib", "music21", "pandas", "scipy", "sklearn", "verovio")


def imported_by(*arguments: str) -> set[str]:
    """Which of the heavy libraries `composer …` imports."""
    program = (
        "import json, sys\nfrom composer.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as leaving:\n    assert not leaving.code\n"
        f"print(json.dumps(sorted(set(sys.modules) & set({_HEAVY}))))"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("model", ["lstm", "rnn", "transformer"])
def test_a_take_is_written_without_anything_heavy(model, tmp_path):
    asked = ["compose", str(DATA / "ode_to_joy.mid"), "--bars", "2", "--model", model, "--out", str(tmp_path)]
    assert imported_by(*asked) == set()
    assert (tmp_path / "take-1.wav").exists()


@pytest.mark.parametrize("asked", [["--help"], ["compose", "--help"], ["models"], ["read", str(DATA / "sakura.mid")]])
def test_help_menus_and_files_need_nothing_heavy(asked):
    assert imported_by(*asked) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_tells_of_a_command_what_it_tells_of_itself(name):
    told = inspect.cleandoc(command_of(name).help).split("\n\n")[0]
    assert " ".join(told.split()) == COMMANDS[name]
