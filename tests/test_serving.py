"""The page as it is served, in this process, with tiny networks: what attacks and accidents do to other visitors."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import io
import os
import socket
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import soundfile
from gradio_client import Client, handle_file

from composer.card import read_card
from composer.errors import BadRequest, NoSound, NotWanted
from composer.music import to_plain
from composer.page.page import build_page, launch_settings
from composer.page.roll.roll import View
from composer.page.seeds.seeds import Seed
from composer.page.serving import folder
from composer.page.serving.guard import Guard, headers
from composer.page.serving.host import Host
from composer.page.serving.queue import UNHEARD
from composer.page.serving.turns import Rounds, Turns, Visitor
from composer.page.takes import making
from composer.page.takes.answers import TURNS
from composer.page.takes.making import Wish, takes, the_sound
from composer.page.takes.session import Frame, entry
from composer.score import Note, Score, Tempo, Voice
from composer.sound import LONGEST, Mix, render, write_sound, write_stems
from composer.writing import Request
from composer.writing.sounding import Sounding
from tests.conftest import DATA, compose, reading, tiny_checkpoint, tune

AGE, MOST = Host().file_seconds, Host().folder_bytes
HOUR = Score((Voice((Note(0, 60, 24), Note(23_976, 60, 24))),), tempos=(Tempo(0, 60_000),))  # a minute at 1,000


class Server:
    """The page, served, and what its browser would send."""

    def __init__(self, shelf):
        self.page = build_page(shelf)
        self.page.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", **launch_settings(shelf))
        self.address = self.page.local_url
        self.config = config = httpx.get(f"{self.address}config").json()
        self.panel = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "takes")
        self.presses = {d["api_name"]: d["id"] for d in config["dependencies"]}
        self.inputs = {d["api_name"]: d["inputs"] for d in config["dependencies"]}
        self.values = {c["id"]: c["props"].get("value") for c in config["components"]}

    def ask(self, name, session=None, data=None, **values):
        body = {"component_id": self.panel, "fn_name": name, "data": data if data is not None else values}
        body["session_hash"] = session or uuid.uuid4().hex
        answer = httpx.post(f"{self.address}gradio_api/component_server", json=body, timeout=120)
        assert answer.status_code == 200
        return answer.json()

    def join(self, session, press="press_compose"):
        data = [self.values[number] for number in self.inputs[press]]
        body = {"fn_index": self.presses[press], "data": data, "session_hash": session}
        return httpx.post(f"{self.address}gradio_api/queue/join", json=body, timeout=120)

    def listen(self, session):
        """Open the stream and hear the press to its end."""
        with httpx.stream("GET", f"{self.address}gradio_api/queue/data?session_hash={session}", timeout=120) as stream:
            return [line for line in stream.iter_lines() if "process_completed" in line]


@pytest.fixture(scope="module")
def server(tiny_shelf, tmp_path_factory):
    before = os.environ.get("GRADIO_TEMP_DIR")
    os.environ["GRADIO_TEMP_DIR"] = str(tmp_path_factory.mktemp("served"))
    served = Server(tiny_shelf)
    yield served
    served.page.close()
    if before is None:
        del os.environ["GRADIO_TEMP_DIR"]
    else:
        os.environ["GRADIO_TEMP_DIR"] = before


@pytest.fixture(scope="module")
def take(tiny_shelf):
    """A take as the browser keeps it."""
    seed = Seed(reading(tune(60, 62, 64, 65)), "Stairs")
    return entry(compose(tiny_shelf, seed.reading, bars=1), Frame(seed, View(0)), "", [])


def long_take(take, voices=1):
    score = to_plain(HOUR.with_voices(HOUR.voices * voices))
    return {**take, "score": score, "fresh": [], "new_from": 0, "bars": 1}


# Files of networks


def test_a_visitor_s_upload_is_not_loaded_as_a_network(server, take, tmp_path, monkeypatch):
    sent = tiny_checkpoint(tmp_path, "vae")
    opened = []
    monkeypatch.setattr("composer.shelf.read_card", lambda path: opened.append(path) or read_card(path))
    crafted = {**take, "recipe": {**take["recipe"], "checkpoint": str(sent)}}
    nowhere = {**take, "recipe": {**take["recipe"], "checkpoint": str(tmp_path / "nowhere.safetensors")}}
    told = [server.ask("plane", take=each)["error"] for each in (crafted, nowhere)]
    assert all(answer.startswith("There is no network") for answer in told)
    assert server.ask("hear", take=crafted)["receipt"] == []
    assert sent not in opened


# Length in seconds


def test_a_mixer_s_tempo_does_not_make_hours_of_sound(server, take):
    made = set(Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*.*"))
    mix = {"faders": [], "tempo": 20, "shade": 0, "swing": 0}
    for asked in ({"name": "sound"}, {"name": "file", "kind": "zip"}, {"name": "file", "kind": "mp3"}):
        told = server.ask(asked["name"], take=long_take(take), mix=mix, kind=asked.get("kind"))
        assert "lasts 50 minutes" in told["error"]
    assert set(Path(os.environ["GRADIO_TEMP_DIR"]).rglob("*.*")) == made


def test_a_wished_tempo_does_not_either(tiny_shelf):
    with pytest.raises(BadRequest, match="lasts 50 minutes"):
        next(takes(tiny_shelf, reading(HOUR), Wish(Request(bars=1), "lstm", Sounding(tempo=20))))


def test_too_long_a_score_is_refused_before_a_sample_is_made(tmp_path, monkeypatch):
    slow = Score(HOUR.voices, tempos=(Tempo.from_bpm(20),))
    rendering = sys.modules["composer.sound.render"]  # the package has a function of that name
    monkeypatch.setattr(rendering, "_fresh_synth", lambda *given: pytest.fail("samples were made"))
    for make in (render, lambda score: write_sound(tmp_path / "x.wav", score)):
        with pytest.raises(NoSound, match="lasts 50 minutes"):
            make(slow)
    assert not list(tmp_path.iterdir())


def test_stems_are_bounded_over_all_voices(tmp_path):
    many = Score(HOUR.voices * 64)
    with pytest.raises(BadRequest, match="64 voices of 8 minutes"):
        write_stems(tmp_path / "x.zip", many, Mix())
    assert not list(tmp_path.iterdir())


def test_a_take_that_is_too_long_to_sound_is_kept_in_silence(tiny_shelf):
    made = compose(tiny_shelf, reading(tune(60, 62)), bars=1)
    slow = Score((Voice((Note(0, 60, LONGEST * 24),)),), tempos=(Tempo.from_bpm(30),))
    heard = the_sound(type(made)(slow, made.new, 0, made.recipe, 1), "x")
    assert heard.file is None
    assert "Its notes are kept" in heard.silence


# Files that were made


def test_what_a_browser_plays_is_flac_in_a_folder_that_nobody_can_guess(server, take):
    paths = [Path(server.ask("sound", take=take)["path"]) for _ in range(2)]
    assert {path.suffix for path in paths} == {".flac"}
    names = {path.parent.name.removeprefix("take-") for path in paths}
    assert len(names) == 2
    assert min(map(len, names)) >= 22  # 128 bits
    heard = httpx.get(f"{server.address}gradio_api/file={paths[0]}")
    samples, rate = soundfile.read(io.BytesIO(heard.content))
    assert (rate, abs(samples).max() > 0.1) == (44_100, True)
    paths[0].unlink()
    assert httpx.get(f"{server.address}gradio_api/file={paths[0]}").status_code in (403, 404)  # its secret has ended


def _aged(root: Path, name: str, age: float, size: int, now=time.time) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    os.utime(path, (now() - age, now() - age))
    return path


@pytest.fixture
def clocked(monkeypatch):
    """Files are as old as their time of change says: tests cannot set when an inode was made."""
    old = folder._files

    def by_change(root):
        return [folder._File(file.path.lstat().st_mtime, file.size, file.path) for file in old(root)]

    monkeypatch.setattr(folder, "_files", by_change)


@pytest.mark.usefixtures("clocked")
def test_old_files_are_swept_whoever_made_them(tmp_path):
    old = _aged(tmp_path, "take-a/x.flac", 8_000, 10)  # of an earlier run, say
    new = _aged(tmp_path, "take-b/y.flac", 10, 10)
    log = _aged(tmp_path, "log", 8_000, 10)
    os.utime(old.parent, (0, 0))
    assert folder.sweep(tmp_path, AGE, MOST) == 1
    assert not old.exists()
    assert new.exists()
    assert log.exists()  # not in a folder of ours
    old.parent.mkdir(exist_ok=True)
    os.utime(old.parent, (0, 0))
    folder.sweep(tmp_path, AGE, MOST)
    assert not old.parent.exists()


@pytest.mark.usefixtures("clocked")
def test_a_full_folder_loses_its_oldest_files_first(tmp_path):
    files = [_aged(tmp_path, f"take-{age}/x.wav", age, 400) for age in (50, 40, 30, 20)]
    assert folder.sweep(tmp_path, AGE, 1_000) == 2
    assert [file.exists() for file in files] == [False, False, True, True]


def test_the_folder_is_swept_at_start_and_while_the_page_runs(monkeypatch, tmp_path):
    swept = []
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(folder, "EVERY", 0.01)
    monkeypatch.setattr(folder, "sweep", lambda root, age, most: swept.append(root))

    async def run():
        async with folder.swept(AGE, MOST):
            while len(swept) < 3:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(run(), 60))
    assert set(swept) == {tmp_path}


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_on_a_full_disk_the_take_is_kept_and_the_reason_told(tiny_shelf, monkeypatch, tmp_path):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    made = compose(tiny_shelf, reading(tune(60, 62)), bars=1)
    monkeypatch.setattr("composer.sound.files.Path.write_bytes", full)
    heard = the_sound(made, "x")
    assert (heard.file, "disk is full" in heard.silence) == (None, True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []  # no half of a file
    monkeypatch.undo()
    monkeypatch.setattr(making, "new_folder", full)
    assert "disk is full" in the_sound(made, "x").silence


def test_on_a_full_disk_questions_are_answered_in_words(server, take, monkeypatch):
    monkeypatch.setattr("composer.page.takes.files.new_folder", full)
    assert "disk is full" in server.ask("file", take=take, kind="mid")["error"]
    monkeypatch.setattr("gradio.route_utils.NamedTemporaryFile", full)
    sent = httpx.post(f"{server.address}gradio_api/upload", files={"files": ("x.mid", b"MThd")})
    assert (sent.status_code, "disk is full" in sent.text) == (507, True)


# Turns


def test_addresses_take_turns_and_so_do_the_sessions_of_one():
    rounds: Rounds[str] = Rounds()
    many = [(Visitor("a", str(n % 3)), f"a{n}") for n in range(6)]
    waiting = [*many, (Visitor("b", "x"), "b0"), (Visitor("b", "x"), "b1")]
    order = []
    while waiting:
        visitor, item = next(entry for entry in waiting if entry[1] == rounds.order(waiting)[0])
        order.append(item)
        rounds.had(visitor)
        waiting.remove((visitor, item))
    assert order == ["a0", "b0", "a1", "b1", "a2", "a3", "a4", "a5"]


def test_a_visitor_s_one_question_waits_for_one_of_another_s_many():
    order = []

    async def run():
        turns, begun = Turns(1, each=50), asyncio.Event()

        async def ask(name, visitor):
            async with turns.taken(visitor):
                begun.set()
                order.append(name)
                await asyncio.sleep(0)

        many = [asyncio.create_task(ask(f"a{n}", Visitor("a", "s"))) for n in range(40)]
        await begun.wait()
        await asyncio.gather(asyncio.create_task(ask("b", Visitor("b", "s"))), *many)

    asyncio.run(run())
    assert order.index("b") <= 3


def test_no_session_works_twice_at_once_and_too_much_is_refused():
    async def run():
        turns, go_on, working = Turns(2, each=3), asyncio.Event(), []

        async def ask(visitor):
            async with turns.taken(visitor):
                working.append(visitor)
                await go_on.wait()

        one, other = Visitor("a", "1"), Visitor("a", "2")
        tasks = [asyncio.create_task(ask(one)) for _ in range(4)]
        await asyncio.sleep(0.01)
        assert working == [one]
        with pytest.raises(BadRequest, match="A great deal"):
            await ask(one)
        tasks.append(asyncio.create_task(ask(other)))
        await asyncio.sleep(0.01)
        assert working == [one, other]
        tasks[1].cancel()
        go_on.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(working) == 4
        assert turns._working.total() == 0
        assert not turns._waiting

    asyncio.run(run())


def test_forty_questions_of_one_client_do_not_work_at_once(server, take, monkeypatch):
    most, now, lock = [0], [0], threading.Lock()

    def engraving(score, width):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        with lock:
            now[0] -= 1
        raise BadRequest("engraved")

    monkeypatch.setattr("composer.page.takes.files.engrave_apart", engraving)
    with ThreadPoolExecutor(20) as crowd:
        told = list(crowd.map(lambda _: server.ask("notation", take=take, width=800), range(40)))
    assert {answer["error"] for answer in told} == {"engraved"}
    assert most[0] <= 2


def test_work_ends_when_its_visitor_has_left(server, take, monkeypatch):
    begun, ended = threading.Event(), threading.Event()

    def stems(path, score, mix, wanted):
        begun.set()
        while wanted():
            time.sleep(0.02)
        ended.set()
        raise NotWanted("Nobody waits for this any more.")

    monkeypatch.setattr("composer.page.takes.files.write_stems", stems)
    body = {"component_id": server.panel, "fn_name": "file", "data": {"take": take, "kind": "zip"}, "session_hash": "z"}
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=httpx.Timeout(60, read=0.5)) as client:
        client.post(f"{server.address}gradio_api/component_server", json=body)
    assert begun.wait(60)
    assert ended.wait(60)
    _until(lambda: TURNS["sound"]._working.total() == 0)


def test_a_sound_that_nobody_waits_for_ends_within_ten_seconds_of_it():
    asked = []
    with pytest.raises(NotWanted):
        render(HOUR, wanted=lambda: bool(asked.append(None)) or len(asked) < 3)
    assert len(asked) == 3  # asked every ten seconds of music, and no more was made after the third time


# Presses


def test_no_press_is_dropped_while_the_last_one_is_answered(server):
    presses = {d["api_name"]: d["trigger_mode"] for d in server.config["dependencies"] if d["backend_fn"]}
    # The page shows that these are at work, or is closed by them.
    once = {"press_compose", "press_redo", "press_extend", "press_keep_edit"}
    assert {name for name, mode in presses.items() if mode == "once" and str(name).startswith("press_")} == once
    assert (presses["press_listen"], presses["press_edit"]) == ("multiple", "always_last")


def test_presses_that_nobody_listens_to_are_not_written(server, monkeypatch):
    written = []
    writer = making.new_writer
    monkeypatch.setattr(making, "new_writer", lambda *given: written.append(given) or writer(*given))
    sessions = [uuid.uuid4().hex for _ in range(30)]
    assert {server.join(session).status_code for session in sessions} == {200}
    client = Client(server.address, verbose=False, analytics_enabled=False)
    *_, take = client.predict(file=handle_file(DATA / "ode_to_joy.mid"), model="rnn", bars=1, api_name="/compose")
    assert take["bars"] == 1  # a later press, that is listened to, was answered …
    assert len(written) == 1  # … and nothing else was begun
    assert len(server.listen(sessions[-1])) == 1  # it is written as soon as somebody listens
    assert len(written) == 2


def test_presses_that_nobody_listens_to_are_forgotten(server, monkeypatch):
    queue = server.page._queue
    session = uuid.uuid4().hex
    event = server.join(session).json()["event_id"]
    assert event in queue.event_ids_to_events
    after = time.monotonic() + UNHEARD + 1
    monkeypatch.setattr("composer.page.serving.queue.time", SimpleNamespace(monotonic=lambda: after))
    server.join(uuid.uuid4().hex)
    assert event not in queue.event_ids_to_events
    assert session not in queue.pending_messages_per_session


def test_many_presses_that_nobody_listens_to_keep_nobody_out(server, monkeypatch):
    monkeypatch.setattr("composer.page.serving.queue._MOST_UNHEARD", 5)
    assert {server.join(uuid.uuid4().hex).status_code for _ in range(12)} == {200}
    assert len(server.page._queue._unheard) <= 5


def test_one_session_s_presses_wait_in_a_bounded_number_and_are_told_so(server):
    session = uuid.uuid4().hex
    answers = [server.join(session) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 503, 503]
    assert "pressed a great deal at once" in answers[-1].json()["detail"]


def test_a_full_queue_says_so_in_words(server, monkeypatch):
    monkeypatch.setattr(server.page._queue, "max_size", 0)
    answer = server.join(uuid.uuid4().hex)
    assert (answer.status_code, answer.json()["detail"].startswith("Many people")) == (503, True)


# Sessions


def test_sessions_that_were_made_up_take_no_place_from_open_pages(server):
    holder = server.page.app.state_holder
    capacity, holder.capacity = holder.capacity, 8
    try:
        opened = uuid.uuid4().hex
        with httpx.stream("GET", f"{server.address}gradio_api/heartbeat/{opened}", timeout=60) as beat:
            lines = beat.iter_lines()  # held, for it closes the stream when it is gone
            next(lines)
            _ = holder[opened]
            for _ in range(30):
                _ = holder[uuid.uuid4().hex]
            assert len(holder.session_data) <= 8
            assert opened in holder.session_data
        _until(lambda: opened not in holder.pages)
        for _ in range(30):
            _ = holder[uuid.uuid4().hex]
        assert opened not in holder.session_data
    finally:
        holder.capacity = capacity


def test_a_question_of_a_session_that_was_made_up_builds_none(server):
    held = set(server.page.app.state_holder.session_data)
    for _ in range(5):
        server.ask("order")
        assert server.join(uuid.uuid4().hex).status_code == 200  # nor does a press, until it is begun
    assert set(server.page.app.state_holder.session_data) == held


def test_a_session_holds_nothing_of_how_the_page_looks(server):
    session = uuid.uuid4().hex
    assert server.join(session, "press_start_empty").status_code == 200
    assert server.listen(session)
    held = server.page.app.state_holder[session]
    assert held.state_data  # the seed, for one
    assert not any(held.config_values.values())
    assert server.page.app.state_holder[uuid.uuid4().hex].state_data == {}


def test_the_number_of_sessions_is_bounded(server):
    assert server.page.app.state_holder.capacity == Host().sessions == 400


# The door


@pytest.mark.parametrize("path", ["component_server", "queue/join", "upload"])
def test_a_body_that_is_too_long_is_refused_before_it_is_read(server, path):
    port = int(server.address.rstrip("/").rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(
            f"POST /gradio_api/{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {Host().body_bytes + 1}\r\n\r\n".encode()
        )
        assert line.recv(100).startswith(b"HTTP/1.1 413")  # although not one byte of it has come


def test_a_body_that_does_not_say_its_length_is_counted_as_it_comes():
    taken, sent = [0], []

    async def reads_all(scope, receive, send):
        while (await receive())["more_body"]:
            taken[0] += 1

    async def receive():
        return {"type": "http.request", "body": bytes(1_000_000), "more_body": True}

    async def send(message):
        sent.append(message)

    queue = SimpleNamespace(listeners=None)
    page = SimpleNamespace(get_blocks=lambda: SimpleNamespace(_queue=queue))
    scope = {"type": "http", "method": "POST", "path": "/gradio_api/queue/join", "headers": [], "app": page}
    asyncio.run(Guard(reads_all)(scope, receive, send))
    assert (taken[0], sent[0]["status"]) == (Host().body_bytes // 1_000_000, 413)


def test_every_answer_tells_browsers_what_is_allowed(server):
    for path in ("", "config", "gradio_api/file=/nowhere", "monitoring"):
        told = httpx.get(f"{server.address}{path}").headers
        policy = told["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "http" not in policy  # no other host
        assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "same-origin")


def test_a_space_may_be_framed_where_spaces_are_shown():
    space = {"SPACE_ID": "someone/motif"}
    for environment, framed in (
        (space, "frame-ancestors 'self' https://huggingface.co https://*.huggingface.co https://*.hf.space"),
        ({**space, "MOTIF_FRAMED_BY": "https://school.example"}, "frame-ancestors 'self' https://school.example"),
    ):
        assert headers(Host.of(environment).framed_by)["content-security-policy"].endswith(framed)


def test_traffic_is_not_watched_by_strangers(server):
    for path in ("monitoring", "monitoring/summary", "gradio_api/runs"):
        assert httpx.get(f"{server.address}{path}").status_code in (403, 404)


def test_whether_somebody_else_sent_a_file_cannot_be_asked(server):
    data = b"MThd a file of somebody's"
    path = httpx.post(f"{server.address}gradio_api/upload", files={"files": ("x.mid", data)}).json()[0]
    guess = hashlib.sha256(data).hexdigest()
    assert guess not in path
    root = os.environ["GRADIO_TEMP_DIR"]
    assert httpx.get(f"{server.address}gradio_api/file={root}/{guess}/x.mid").status_code in (403, 404)


def _until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
