"""The classroom without a browser: what is counted, how likely, equally loud, and the rooms that vote."""

from __future__ import annotations

import base64
import threading
from dataclasses import replace

import numpy as np
import pytest

from composer.analysis.tunes import Library, Tune
from composer.classroom.figures import Melody, after_people, counted, of_people
from composer.classroom.likelihood import nats_a_note
from composer.classroom.looking import look
from composer.classroom.reach import reach
from composer.data.examples import whole_piece
from composer.data.piece import Piece
from composer.data.prepared import prepare
from composer.errors import BadRequest
from composer.events.rows import END, MOVE
from composer.page.classroom.comparing import PEOPLE, Comparing, given_of
from composer.page.classroom.lessons import layer_told, packed_logits, ranges, steps_told
from composer.page.classroom.rooms import AGE, IDLE, MOST_PUPILS, MOST_ROOMS, Rooms
from composer.page.seeds.seeds import Seed
from composer.page.wire import Comparison, Lesson, RoomVote, checked
from composer.score import Key
from composer.shelf import Shelf
from composer.sound import levelled
from composer.training.notes import NoteBatch
from composer.writing import Request
from tests.conftest import choir, reading, tiny_checkpoint, tiny_library, tiny_readers, tune

NAMES = ("rnn", "lstm", "transformer", "vae", "gan")
LONG = tune(*[60, 62, 64, 65, 67, 65, 64, 62] * 8)  # sixteen bars
ASKED = {"networks": [*NAMES], "bars": 2, "only": 4, "temperature": 1, "rhythm_temperature": 0.9, "random_seed": 3}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    for name in NAMES:
        tiny_checkpoint(folder, name)
    tiny_readers(folder, LONG)
    tiny_library(folder / "tunes.jsonl.xz")
    return Shelf(folder, folder / "tunes.jsonl.xz")


def test_density_range_and_returns_are_counted():
    score = tune(*[60, 62, 64, 65] * 3, *[72, 71, 69, 67], *[72, 71, 69, 67])
    assert counted(Melody(score, 2, 3)) == {"density": 4.0, "range": 12.0, "returns": pytest.approx(2 / 3)}
    assert counted(Melody(score, 5, 3)) == {}


@pytest.mark.parametrize("name", ["rnn", "transformer"])
def test_likelihood_is_that_of_a_whole_piece_but_for_its_end(name, shelf):
    network = shelf.take(name).network
    score = tune(60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 65, 62, 67, 64, 62, 60)
    example = whole_piece(replace(prepare(Piece(score, "test", metre=score.metres[0])), tonic=0, families=(1,)), 700)
    batch = NoteBatch.of([example])
    nats = network.surprise(batch.heard, batch.rows, batch.asked & (batch.rows[..., MOVE] != END))
    mine = nats_a_note(replace(reading(score), key=Key(0)), network)
    assert mine == pytest.approx(float(nats.sum()) / 16, rel=0.05)


def test_likelihood_is_counted_from_a_bar_on(shelf):
    network, given = shelf.take("rnn").network, reading(LONG)
    whole, half = nats_a_note(given, network), nats_a_note(given, network, 8)
    first = nats_a_note(replace(given, score=Melody(LONG, 0, 8).reading().score), network)
    assert 2 * whole == pytest.approx(half + first, rel=0.02)
    assert nats_a_note(given, network, 99) is None


def test_peoples_range_is_told_of_the_library(shelf):
    found = of_people(shelf.listeners.tunes(), None)
    assert set(found) <= {"density", "range", "returns"}
    assert all(low <= high for low, high in found.values())


def test_a_tune_of_the_library_that_begins_like_the_seed_is_what_people_wrote():
    library = Library((Tune("a", "A tune", "book", None, LONG),))
    seed = Melody(tune(*[62, 64, 66, 67, 69, 67, 66, 64] * 2), 0, 4).reading()  # a tone higher
    title, score = after_people(seed, 4, library)
    assert title == "A tune"
    assert [note.pitch for note in score.voices[0].notes] == [62, 64, 66, 67, 69, 67, 66, 64] * 4
    assert after_people(Melody(tune(*[60, 61] * 8), 0, 4).reading(), 4, library) is None
    assert after_people(seed, 99, library) is None


@pytest.mark.parametrize("amplitude", [300, 3_000, 30_000])
def test_sounds_come_out_equally_loud(amplitude):
    samples = (amplitude * np.sin(np.arange(44_100) / 20)).astype(np.int16)[:, None].repeat(2, 1)
    quiet = levelled(samples, -23.0).astype(float)
    assert 20 * np.log10(np.sqrt((quiet**2).mean()) / 32_767) == pytest.approx(-23, abs=0.1)
    assert not levelled(np.zeros((10, 2), np.int16), -23.0).any()


def test_one_press_writes_with_every_network_and_people_go_on_too(shelf):
    values = list(Comparing(shelf).press(Seed(reading(LONG), "Stairs"), checked(Comparison, ASKED)))
    last = values[-1]
    assert [len(value["rows"]) for value in values[:6]] == [0, 1, 2, 3, 4, 5]
    assert {row["name"] for row in last["rows"]} == {*NAMES, PEOPLE}
    assert last["phase"] == "rest"
    assert not any(row.get("trouble") for row in last["rows"])
    for row in last["rows"]:
        assert row["sound"].endswith(".flac")
        assert row["bars"] == 2
        assert {"density", "range", "returns", "style", "surprise"} <= set(row["figures"])
        assert row["picture"]["new_from"] == 4 * 96
    (people,) = (row for row in last["rows"] if row["name"] == PEOPLE)
    pitches = [note["pitch"] for note in people["picture"]["notes"] if note["new"]]
    assert pitches == [60, 62, 64, 65, 67, 65, 64, 62]
    again = list(Comparing(shelf).press(Seed(reading(LONG), "Stairs"), checked(Comparison, ASKED)))[-1]
    notes = ({row["name"]: row["picture"]["notes"] for row in value["rows"]} for value in (last, again))
    assert next(notes) == next(notes)  # the same random seed, the same takes


def test_one_networks_trouble_is_its_own(shelf):
    asked = checked(Comparison, {**ASKED, "networks": ["rnn", "nobody"]})
    last = list(Comparing(shelf).press(Seed(reading(LONG), "Stairs"), asked))[-1]
    assert {row["name"]: "trouble" in row for row in last["rows"]} == {"rnn": False, "nobody": True, PEOPLE: False}


def test_a_press_that_nobody_waits_for_ends(shelf):
    growing = Comparing(shelf).press(Seed(reading(LONG), "Stairs"), checked(Comparison, {**ASKED, "bars": 16}))
    next(growing)
    next(growing)
    growing.close()
    writing = [thread for thread in threading.enumerate() if thread.name.startswith("comparison")]
    for thread in writing:
        thread.join(20)
    assert not any(thread.is_alive() for thread in writing)


def test_of_several_voices_the_melody_alone_is_compared():
    given = given_of(Seed(reading(choir(72, 74, 76, 77, 79, 77, 76, 74)), "Choir"), 1)
    assert len(given.reading.score.voices) == 1
    assert [note.pitch for note in given.reading.score.notes] == [72, 74, 76, 77]
    with pytest.raises(BadRequest, match="fewer than 4"):
        given_of(Seed(reading(tune(60, 62)), "Two"), 0)


@pytest.mark.parametrize(
    "wrong",
    [{"networks": []}, {"networks": ["rnn"] * 10}, {"bars": 17}, {"bars": "8"}, {"only": -1}, {"temperature": 5.1}],
)
def test_what_a_browser_asks_is_bounded(wrong):
    with pytest.raises(BadRequest, match="not what Motif expects"):
        checked(Comparison, {**ASKED, **wrong})


def test_turns_and_votes_are_bounded():
    with pytest.raises(BadRequest):
        checked(Lesson, {"seed": {}, "network": "rnn"})
    with pytest.raises(BadRequest):
        checked(RoomVote, {"code": "A" * 13, "key": "", "round": 0})


def test_logits_travel_as_whole_numbers():
    logits = np.array([1.0, -3.5, 0.25])
    back = np.frombuffer(base64.b64decode(packed_logits(logits)), "<i2") / 256
    np.testing.assert_allclose(back, logits - 1.0, atol=1 / 512)
    assert ranges(np.array([1, 2, 3, 7, 9, 10])) == [[1, 3], [7, 7], [9, 10]]


@pytest.mark.parametrize("name", ["rnn", "lstm", "transformer"])
def test_a_layer_is_told_of_every_row(name, shelf):
    shelved = shelf.take(name)
    seen = look(reading(LONG), Request(bars=2, seed=1), shelved)
    steps, told = steps_told(seen), layer_told(seen, shelved.network, 0)
    assert len(told["rows"]) == len(steps)
    notes = [step["note"] for step in steps if step["note"]]
    assert notes == [[note.onset, note.pitch, note.duration] for note in seen.take.new_notes]
    row = told["rows"][-1]
    if name == "transformer":
        weights = [np.frombuffer(base64.b64decode(head), np.uint8) for head in row["heads"]]
        assert all(abs(int(head.sum()) - 255) <= len(head) / 2 for head in weights)
        given = [place for place in told["places"][0] if place]
        assert given[:8] == [[note.onset, note.pitch] for note in LONG.voices[0].notes][-len(given) :][:8]
    else:
        assert set(row["gates"]) == ({"input", "forget", "output"} if name == "lstm" else set())
    with pytest.raises(BadRequest, match="no layer 9"):
        layer_told(seen, shelved.network, 8)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_votes_are_counted_once_a_pupil():
    rooms = Rooms()
    code, key = rooms.open()
    pupils = [rooms.join(code.lower()) for _ in range(3)]
    assert rooms.look(code, pupils[0]).choices == 0
    rooms.ask(code, key, 6, people=True)
    for pupil, keep, guess in zip(pupils, (0, 2, 2), (5, 5, None), strict=True):
        rooms.vote(code, pupil, 1, keep, guess)
    rooms.vote(code, pupils[0], 1, 1, None)  # another mind
    count = rooms.count(code, key)
    assert (count.pupils, count.keep, count.guess) == (3, (0, 1, 2, 0, 0, 0), (0, 0, 0, 0, 0, 2))
    rooms.reveal(code, key, tuple("ABCDEF"))
    with pytest.raises(BadRequest, match="round is over"):
        rooms.vote(code, pupils[0], 1, 0, None)
    assert rooms.ask(code, key, 2, people=False).keep == (0, 0)
    rooms.vote(code, pupils[0], 2, 1, 1)
    assert rooms.count(code, key).guess == (0, 0)  # nobody's is people's


def test_a_room_is_its_teachers_and_gone_when_closed():
    rooms = Rooms()
    code, key = rooms.open()
    pupil = rooms.join(code)
    for ask in (lambda: rooms.count(code, "guess"), lambda: rooms.close(code, pupil), lambda: rooms.look(code, key)):
        with pytest.raises(BadRequest, match="no such room"):
            ask()
    rooms.close(code, key)
    with pytest.raises(BadRequest, match="no such room"):
        rooms.look(code, pupil)
    assert not rooms._rooms


def test_rooms_and_pupils_are_bounded_and_age():
    clock = Clock()
    rooms = Rooms(clock)
    opened = [rooms.open() for _ in range(MOST_ROOMS)]
    with pytest.raises(BadRequest, match="All rooms"):
        rooms.open()
    for _ in range(MOST_PUPILS):
        rooms.join(opened[0][0])
    with pytest.raises(BadRequest, match="full"):
        rooms.join(opened[0][0])
    clock.now = IDLE - 1
    rooms.count(*opened[0])
    clock.now = IDLE + 1
    rooms.open()
    assert len(rooms._rooms) == 2  # the one that was asked for, and the new one
    for clock.now in np.arange(IDLE, AGE, IDLE / 2):
        rooms.count(*opened[0])
    clock.now = AGE + 1
    with pytest.raises(BadRequest, match="no such room"):
        rooms.count(*opened[0])


def test_many_vote_at_once():
    rooms = Rooms()
    code, key = rooms.open()
    rooms.ask(code, key, 5, people=False)

    def pupil(number: int) -> None:
        rooms.vote(code, rooms.join(code), 1, number % 5, None)

    threads = [threading.Thread(target=pupil, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rooms.count(code, key).keep == (6, 6, 6, 6, 6)


def test_a_change_of_the_past_changes_the_next_note_less_the_farther_it_lies(shelf):
    library = Library((Tune("a", "A tune", "book", None, tune(*[60, 62, 64, 65, 67, 65, 64, 62] * 12)),))
    curve = reach(shelf.take("rnn").network, library, 1)
    assert curve.places == 4
    assert all(0 <= share <= 1 for share in curve.changed)
    assert curve.changed[0] > 0
    assert reach(shelf.take("rnn").network, Library(()), 1).places == 0
