"""The examples of docs/programs.md, run against a server as somebody would who copies them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from composer.music import read, write_abc
from tests.conftest import tune
from tests.test_hosting import Served

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "programs.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^## (.+?)\n.*?^```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def address(tiny_shelf, tmp_path_factory):
    served = Served(tiny_shelf, tmp_path_factory.mktemp("programs"))
    yield served.address.rstrip("/")
    served.close()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tune.abc").write_text(write_abc(tune(60, 62, 64, 65, 67, 65, 64, 62)))
    return tmp_path


def run(command, example, address, folder):
    assert "http://127.0.0.1:7860" in example
    asked = [*command, example.replace("http://127.0.0.1:7860", address)]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("title", ["Python, by gradio_client", "Plain HTTP"])
def test_a_program_gets_a_take(title, address, folder):
    run([sys.executable, "-c"], EXAMPLES[title], address, folder)
    assert read(folder / "take.mid").score.end > read(folder / "tune.abc").score.end


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("sh"), reason="needs curl and a shell")
def test_a_shell_gets_a_reading(address, folder):
    run(["sh", "-euc"], EXAMPLES["curl"], address, folder)
    (told,) = json.loads((folder / "reading.txt").read_text().splitlines()[-1].removeprefix("data: "))
    assert told["bars"] == 2
