"""What hosts start from: requirements, the Space's front matter, containers."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from dataclasses import replace

import pytest
import yaml

from composer.page.serving.host import OTHERS, Host
from deploy.rehearse_space import Space, wrong_versions
from deploy.requirements import ROOT, requirements


def test_a_space_installs_what_pyproject_asks_for():
    assert (ROOT / "requirements.txt").read_text("utf-8") == requirements(), "see the top of requirements.txt"


def test_the_container_is_nobody_in_particular_and_says_whether_it_is_alive():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    last = max(n for n, line in enumerate(lines) if line.startswith("FROM"))
    assert "USER motif" in lines[last:]
    assert any(line.startswith("HEALTHCHECK") for line in lines[last:])
    assert "/health" in "\n".join(lines[last:])
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {name for line in lines if line.startswith("COPY") and "--from" not in line for name in line.split()[1:-1]}
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)


def test_the_container_s_settings_are_settings():
    pairs = dict(re.findall(r"(\b[A-Z_]+)=(\S+)", (ROOT / "Dockerfile").read_text("utf-8")))
    assert Host.of({name: value for name, value in pairs.items() if name.startswith("MOTIF_") and "INDEX" not in name})
    assert {name for name in pairs if name.startswith("GRADIO_")} <= set(OTHERS)


def test_the_proxy_serves_the_page_under_the_path_that_it_is_told_of():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    path = services["motif"]["environment"]["GRADIO_ROOT_PATH"]
    proxy = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert f"handle_path {path}/*" in proxy
    assert "reverse_proxy motif:7860" in proxy
    assert services["motif"]["read_only"] is True
    assert set(services["motif"]["environment"]) <= set(OTHERS)
    for volume in services["proxy"]["volumes"]:
        source = volume.split(":")[0]
        assert not source.startswith("./") or (ROOT / source).is_file()


def test_the_front_matter_is_what_a_space_reads():
    space = Space.of(ROOT)
    assert space.faults() == []
    assert wrong_versions(space) == [] or sys.version_info[:2] != (3, 11)
    constraints = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert f"gradio=={space.front['sdk_version']}" in constraints  # what is tested is what a Space gets
    assert space.packages == ["fluidsynth", "fluidr3mono-gm-soundfont"]
    for wrong in ({"sdk_version": 6.31}, {"python_version": 3.1}, {"colorFrom": "orange"}, {"app_fle": "app.py"}):
        assert len(replace(space, front={**space.front, **wrong}).faults()) == 1


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="Spaces are Linux")
def test_a_space_would_run():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    asked = [sys.executable, "-m", "deploy.rehearse_space", "--here", "--port", port]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    faults = [line for line in done.stdout.splitlines() if line.startswith("NO")]
    # Which machine this is, and which Python, is looked at above and by who rehearses in earnest.
    faults = [line for line in faults if "is not installed" not in line and "this is" not in line]
    assert not faults, done.stdout
    assert "a network wrote a bar" in done.stdout
