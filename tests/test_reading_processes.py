"""Files are read in processes of their own: in time, within memory, and without slowing one another."""

from __future__ import annotations

import os
import threading
import time

import pytest

from composer.errors import UnreadableMusic
from composer.music import engrave, engrave_apart, pool, read, write_midi, write_musicxml_apart
from composer.music.front import read_here
from composer.music.fuzz import files, fuzz
from composer.score import Note, Score, Tempo, Voice
from tests.conftest import SEEDS, tune

GOOD = write_midi(tune(60, 62, 64), {"motif": 1})


@pytest.fixture
def new_pool(monkeypatch):
    """Processes of this test alone, ended after it."""
    alone = pool._Pool()
    monkeypatch.setattr(pool, "_pool", alone)
    yield alone
    alone.end()


@pytest.mark.parametrize("data", [GOOD, *(path.read_bytes() for path in sorted(SEEDS.glob("*.abc"))[:3])])
def test_a_process_reads_what_would_be_read_here(data):
    assert read(data) == read_here(data)


def test_a_process_is_used_again(new_pool):
    read(GOOD)
    first = new_pool._idle[0]
    read(GOOD)
    assert new_pool._idle == [first]


def test_what_takes_too_long_is_ended_and_refused(new_pool, monkeypatch):
    read(GOOD)
    stuck = new_pool._idle[0]
    monkeypatch.setattr(pool, "READ_SECONDS", 0.3)
    os.kill(stuck._process.pid, 19)  # SIGSTOP: it answers no more
    began = time.perf_counter()
    with pytest.raises(UnreadableMusic, match="longer than"):
        read(GOOD)
    assert time.perf_counter() - began < 5
    assert stuck._process.poll() is not None
    monkeypatch.undo()
    assert read(GOOD).score == tune(60, 62, 64)


def test_a_process_that_died_is_replaced(new_pool):
    read(GOOD)
    new_pool._idle[0]._process.kill()
    with pytest.raises(UnreadableMusic, match="longer than"):
        read(GOOD)
    assert read(GOOD).score == tune(60, 62, 64)


def test_a_fault_of_the_reader_is_no_refusal(new_pool, monkeypatch):
    monkeypatch.setattr(pool._Worker, "ask", lambda *_: ({"failed": "ZeroDivisionError"}, b""))
    with pytest.raises(pool.ReadingFailed, match="ZeroDivisionError"):
        read(GOOD)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # newer Pythons warn of forking with threads
def test_a_forked_process_asks_its_own(new_pool):
    read(GOOD)
    idle = list(new_pool._idle)
    child = os.fork()
    if child == 0:
        fine = pool._pool is not new_pool and read(GOOD).score == tune(60, 62, 64)
        pool.close()
        os._exit(0 if fine else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert new_pool._idle == idle
    assert read(GOOD).score == tune(60, 62, 64)


def test_many_visitors_are_all_answered(new_pool):
    answers: list[bool] = []
    visitors = [threading.Thread(target=lambda: answers.append(read(GOOD) == read_here(GOOD))) for _ in range(12)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert answers == [True] * 12
    assert len(new_pool._idle) <= pool._MOST


def test_memory_is_bounded():
    bounded = os.path.exists("/proc/self/statm")  # elsewhere the clock alone ends a reading process
    script = (
        "from composer.music import worker\n"
        "worker._bound_memory()\n"
        "try:\n    bytearray(600 * 2**20)\nexcept MemoryError:\n    raise SystemExit(7)\n"
    )
    import subprocess
    import sys

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == (7 if bounded else 0)


def test_damaged_and_hostile_files_are_read_or_refused_in_time():
    outcome = fuzz(300, seed=14)
    assert outcome.faults == []
    assert (outcome.cases, outcome.read + outcome.refused) == (300, 300)
    assert outcome.read > 60


def test_a_seed_makes_the_same_files():
    assert list(files(12, 3)) == list(files(12, 3))
    assert [data for _, data in files(12, 3)] != [data for _, data in files(12, 4)]


def test_what_is_engraved_or_written_apart_is_what_would_be_here():
    score = tune(60, 62, 64)
    assert engrave_apart(score, 800).notes == engrave(score, 800).notes
    assert b"<note" in write_musicxml_apart(score)
    slow = Score(score.voices, tempos=(Tempo.from_bpm(20),), title="x")
    assert engrave_apart(
        slow.with_voices((Voice((Note(0, 60, 20 * 60 * 8),)),)), 800
    ).notes  # longer than a file may be


def test_engraving_that_takes_too_long_is_ended_and_told(monkeypatch):
    alone = pool._Pool(1)
    monkeypatch.setattr(pool, "_writers", alone)
    engrave_apart(tune(60), 800)
    stuck = alone._idle[0]
    monkeypatch.setattr(pool, "WRITE_SECONDS", 0.01)  # of the processor
    with pytest.raises(UnreadableMusic, match="too long to be written down"):
        engrave_apart(tune(*range(48, 84)), 800)
    assert stuck._process.poll() is not None
    alone.end()
