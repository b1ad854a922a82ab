"""Many visitors at once: each take is its own, nobody is held up for long, and who leaves frees their seats."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from composer.networks import NETWORKS
from composer.writing import Request, new_writer
from tests.conftest import reading, tune

SEED = reading(tune(60, 64, 67, 72))


def wait_until_empty(stage) -> None:
    until = time.monotonic() + 20
    while stage.loops:
        assert time.monotonic() < until, "somebody is still being played"
        time.sleep(0.01)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_crowd_gets_the_takes_that_each_would_get_alone(tiny_shelf, name):
    shelved = tiny_shelf.take(name)

    def press(number: int):
        wish = "open" if number % 3 == 0 else None  # every third is heard twice, told of its wish and not
        return new_writer(SEED, Request(bars=2 + number % 3, seed=number, ending=wish), shelved)

    alone = [press(number).finish() for number in range(20)]
    with ThreadPoolExecutor(20) as crowd:
        among = list(crowd.map(lambda number: press(number).finish(), range(20)))
    assert among == alone
    wait_until_empty(shelved.stage)


def test_takes_of_a_press_grow_side_by_side(tiny_shelf):
    writer = new_writer(SEED, Request(bars=4, takes=4, seed=3), tiny_shelf.take("transformer"))
    heard = [take for take, _ in writer.write_all()]
    assert set(heard[: len(heard) // 2]) == {0, 1, 2, 3}
    assert [take.recipe.request.seed for take in writer.finish_all()] == [3, 4, 5, 6]


def test_who_stops_frees_their_seats(tiny_shelf):
    stage = tiny_shelf.take("lstm").stage
    growing = new_writer(SEED, Request(bars=64, takes=4), tiny_shelf.take("lstm")).write_all()
    next(growing)
    assert stage.loops == 4
    growing.close()
    wait_until_empty(stage)


def test_fifty_takes_of_one_do_not_hold_up_another(tiny_shelf):
    shelved = tiny_shelf.take("rnn")
    greedy = new_writer(SEED, Request(bars=32), shelved).write_all(tuple(range(50)), visitor="greedy")
    next(greedy)
    new_writer(SEED, Request(bars=4, seed=1), shelved).finish()
    assert shelved.stage.loops > 25  # most of the fifty are still to be played
    greedy.close()
    wait_until_empty(shelved.stage)


def test_an_error_in_one_take_is_raised_where_it_was_asked_for(tiny_shelf, monkeypatch):
    shelved = tiny_shelf.take("lstm")
    broken = new_writer(SEED, Request(bars=2), shelved)
    monkeypatch.setattr(broken.drafter, "_constraints", lambda *_: 1 / 0)
    others = new_writer(SEED, Request(bars=16), shelved).write()
    next(others)
    with pytest.raises(ZeroDivisionError):
        broken.finish()
    assert list(others)[-1].bars_written == 16


def test_a_program_may_end_while_takes_are_being_written(tiny_shelf):
    program = """
import sys
from pathlib import Path
from composer.shelf import Shelf
from composer.writing import Request, new_writer
request = Request(task="improvise", bars=64, takes=4)
growing = new_writer(None, request, Shelf(Path(sys.argv[1])).take("lstm")).write_all()
next(growing)
"""
    done = subprocess.run([sys.executable, "-c", program, str(tiny_shelf.folder)], timeout=120, check=False)
    assert done.returncode == 0
