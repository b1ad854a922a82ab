"""What who runs a server sets and sees: settings, health, readiness, numbers, the log."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import gradio_client
import httpx
import pytest

from composer.errors import BadSetting
from composer.music import pool, write_abc
from composer.page.page import build_page, launch_settings
from composer.page.serving.host import Host, table
from composer.page.serving.log import start_log
from composer.page.words.language import header, language_script
from composer.score import Voice
from composer.shelf import Shelf
from tests.conftest import tune

ROOT = Path(__file__).resolve().parent.parent
needs_client = pytest.mark.skipif(find_spec("prometheus_client") is None, reason="needs the extra `metrics`")

# Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOTIF_WAITING", "many"),
        ("MOTIF_AT_ONCE", "0"),
        ("MOTIF_FILE_SECONDS", "1"),
        ("MOTIF_CHECKPOINTS", "/nowhere"),
        ("MOTIF_LIBRARY", "/nowhere.jsonl.xz"),
        ("MOTIF_LANGUAGES", "en, tlh"),
        ("MOTIF_LOG", "xml"),
        ("MOTIF_METRICS", "perhaps"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(name, value):
    with pytest.raises(BadSetting, match=rf"^{name} cannot be '{re.escape(value)}': .+\. It is .+\.$"):
        Host.of({name: value})


def test_a_setting_that_there_is_not_is_refused_with_the_one_that_was_meant():
    with pytest.raises(BadSetting, match=r"no setting MOTIF_WAITNG\. Did you mean MOTIF_WAITING\?"):
        Host.of({"MOTIF_WAITNG": "20"})
    assert Host.of({"MOTIF_TORCH_INDEX": "x", "MOTIF_CHROMIUM": "y", "MOTIF_WAITING": " "}) == Host()


def test_the_command_refuses_before_anything_is_served():
    done = subprocess.run(
        [sys.executable, ROOT / "app.py"],
        env={**os.environ, "MOTIF_AT_ONCE": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("MOTIF_AT_ONCE cannot be 'none'")


def test_the_table_in_the_documentation_is_the_code_s():
    assert table() in (ROOT / "docs" / "hosting.md").read_text("utf-8"), "motif --settings prints it"


def test_no_other_variable_of_ours_is_read_anywhere():
    read = set()
    for path in [*(ROOT / "composer").rglob("*.py"), ROOT / "app.py"]:
        read |= set(re.findall(r"[\"'](MOTIF_[A-Z_]+)[\"']", path.read_text("utf-8")))
    assert read - {"MOTIF_", "MOTIF_TORCH_INDEX", "MOTIF_CHROMIUM"} <= set(Host.variables())


def test_languages_that_are_not_offered_are_not_on_the_page():
    assert 'data-language="zh"' in header(Host().languages)
    assert 'data-language="zh"' not in header(("en",))
    assert header(("en",)).count("<button") == 1
    assert "作曲" in language_script(("en", "zh"))
    assert "作曲" not in language_script(("en",))


def test_as_many_files_are_read_at_once_as_the_host_says(monkeypatch):
    monkeypatch.setattr(pool, "_pool", pool._pool)
    pool.allow(3)
    assert pool._pool._turns._initial_value == 3
    pool.close()


# Addresses


class Served:
    """A server with settings of its own."""

    def __init__(self, shelf, folder, **settings):
        self.before = os.environ.get("GRADIO_TEMP_DIR")
        os.environ["GRADIO_TEMP_DIR"] = str(folder)
        host = Host(**settings)
        self.page = build_page(shelf, host)
        with socket.socket() as free:  # Gradio leaves one open where it has to look for a port
            free.bind(("127.0.0.1", 0))
            place = {"server_name": "127.0.0.1", "server_port": free.getsockname()[1]}
        self.page.launch(prevent_thread_lock=True, quiet=True, **place, **launch_settings(shelf, host))
        self.address = self.page.local_url

    def get(self, path):
        return httpx.get(f"{self.address}{path}", timeout=60)

    def close(self):
        self.page.close()
        if self.before is None:
            del os.environ["GRADIO_TEMP_DIR"]
        else:
            os.environ["GRADIO_TEMP_DIR"] = self.before


@pytest.fixture(scope="module")
def server(tiny_shelf, tmp_path_factory):
    served = Served(tiny_shelf, tmp_path_factory.mktemp("hosted"))
    yield served
    served.close()


def test_a_server_is_alive_and_ready(server):
    assert server.get("health").json()["alive"] is True
    ready = server.get("ready")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert server.get("ready").json() == ready.json()  # one bar was written for both


def test_a_server_without_a_network_is_alive_and_not_ready(tmp_path):
    served = Served(Shelf(tmp_path), tmp_path / "files", metrics=False)
    try:
        assert served.get("health").status_code == 200
        ready = served.get("ready")
        assert ready.status_code == 503
        assert ready.json()["reason"].startswith("There is no network to write with.")
        assert served.get("metrics").status_code == 404
    finally:
        served.close()


@pytest.fixture
def pressed(server, tmp_path):
    """What a visitor wrote, after they have composed, and after a press of theirs has failed; and the log of it."""
    wrote = ("Grandmother's lullaby", "Auntie Zhu", "visitor@example.org", "lullaby-for-zoe")
    file = tmp_path / f"{wrote[3]}.abc"
    score = tune(60, 62, 64, 65, 67, 65, 64, 62)
    voices = (Voice(score.voices[0].notes, wrote[1]),)
    file.write_text(write_abc(score.with_voices(voices)).replace("X:1\n", f"X:1\nT:{wrote[0]}\nC:{wrote[2]}\n"))
    log = io.StringIO()
    old, handlers = sys.stderr, list(logging.root.handlers)
    sys.stderr = log
    try:
        start_log("json")
        client = gradio_client.Client(server.address, verbose=False)
        taken = client.predict(gradio_client.handle_file(file), "rnn", bars=1, api_name="/compose")
        with pytest.raises(gradio_client.exceptions.AppError):
            client.predict(gradio_client.handle_file(file), "rnn", bars=1, scale=wrote[0], api_name="/compose")
        assert taken
        try:
            raise KeyError(wrote[0])
        except KeyError:
            logging.getLogger("composer.page").exception("something failed")
    finally:
        sys.stderr = old
        logging.root.handlers = handlers
    assert wrote[0] in file.read_text()
    return wrote, log.getvalue()


def test_the_log_tells_of_presses_and_of_nothing_that_was_written(pressed):
    wrote, log = pressed
    lines = [json.loads(line) for line in log.splitlines()]
    presses = [(line["press"], line["outcome"]) for line in lines if line["from"] == "motif.presses"]
    assert presses == [("compose", "done"), ("compose", "failed")]
    assert all(0 <= line["worked"] < 60 for line in lines if line["from"] == "motif.presses")
    assert lines[-1]["error"][-1] == "KeyError"
    for secret in (*wrote, "127.0.0.1", "L:1/", "K:"):
        assert secret not in log


@needs_client
def test_numbers_tell_of_presses_and_of_nothing_that_was_written(pressed, server):
    wrote, _ = pressed
    told = server.get("metrics")
    assert told.headers["content-type"].startswith("text/plain")
    names = {line.split("{")[0].split(" ")[0] for line in told.text.splitlines() if not line.startswith("#")}
    assert {"motif_presses_total", "motif_press_seconds_sum", "motif_wait_seconds_count"} <= names
    assert {"motif_presses_waiting", "motif_presses_working", "motif_sessions"} <= names
    if sys.platform == "linux":
        assert "process_resident_memory_bytes" in names
    assert re.search(r'motif_presses_total\{outcome="done",press="compose"\} [1-9]', told.text)
    for secret in (*wrote, "127.0.0.1"):
        assert secret not in told.text
