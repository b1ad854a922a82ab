"""What a program does, through Gradio's client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from composer.music import read, write_midi
from composer.score import Note, Score, Voice
from composer.tasks import SETTINGS, settings_of
from composer.writing import Recipe
from composer.writing.sounding import Sounding
from tests.page.conftest import PITCHES, SEED

pytestmark = pytest.mark.page


@pytest.fixture
def client(address: str, tmp_path: Path) -> Iterator[Client]:
    client = Client(address, verbose=False, download_files=tmp_path, analytics_enabled=False)
    yield client
    client.close()


def composing(midi: Path, seed: int, **settings: Any) -> dict[str, Any]:
    length = {} if "task" in settings else {"bars": 4}
    return {"file": handle_file(midi), "model": "lstm", **length, "seed": seed, "api_name": "/compose", **settings}


def test_six_endpoints_are_open_and_no_other(client):
    assert set(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == {
        *("/read", "/compose", "/style", "/similar", "/originality", "/critic")
    }


def test_read(client, midi):
    reading = client.predict(file=handle_file(midi), api_name="/read")
    assert (reading["bars"], reading["notes"], reading["title"]) == (2, len(PITCHES), "Stairs")


def test_a_tune_of_a_book_is_read(client, tmp_path):
    book = tmp_path / "book.abc"
    book.write_text("X:1\nT:First\nK:G\nGABc|\n\nX:2\nT:Second\nK:G\ndcBAG|\n")
    reading = client.predict(file=handle_file(book), tune="second", api_name="/read")
    assert (reading["title"], reading["notes"]) == ("Second", 5)
    assert reading["tunes"] == [{"number": "1", "title": "First"}, {"number": "2", "title": "Second"}]
    assert client.predict(file=handle_file(book), api_name="/read")["title"] == "First"


def test_compose(client, midi):
    written, sound, take = client.predict(**composing(midi, seed=7, scale="G major", tempo=90))
    reading = read(Path(written))
    (voice,) = reading.score.voices
    assert voice.notes[: len(PITCHES)] == SEED.voices[0].notes
    assert [[n.onset, n.pitch, n.duration] for n in voice.notes[len(PITCHES) :]] == take["new_notes"]
    assert all(pitch % 12 in (7, 9, 11, 0, 2, 4, 6) for _, pitch, _ in take["new_notes"])
    assert (take["bars"], reading.score.bars, round(reading.score.tempos[0].bpm)) == (4, 6, 90)
    assert Recipe.from_json(take["recipe"]) == Recipe.from_json(reading.recipe)
    assert Path(sound).read_bytes()[:4] == b"RIFF"


def test_a_second_melody_can_be_sent(client, midi, tmp_path):
    """A morph ends where the file sent ends, not at a tune of the gallery."""
    low = tmp_path / "low.mid"
    low.write_bytes(write_midi(Score((Voice(tuple(Note(48 * i, 48 + i % 2, 48) for i in range(4)), "Low"),))))
    asked = composing(midi, seed=7, model="vae", task="morph", steps=1)
    _, _, take = client.predict(**asked, second_file=handle_file(low))
    _, _, gallery = client.predict(**asked)
    assert take["recipe"]["parent"] != gallery["recipe"]["parent"]
    assert take["new_notes"] != gallery["new_notes"]


def test_every_setting_is_a_parameter_and_one_that_means_nothing_is_refused(client, midi):
    told = client.view_api(return_format="dict", print_info=False)["named_endpoints"]["/compose"]["parameters"]
    names = [parameter["parameter_name"] for parameter in told]
    assert names[:3] == ["file", "model", "task"]
    assert set(names) >= {*SETTINGS, *settings_of(Sounding), "second", "second_file", "tune"}
    assert all(parameter["parameter_has_default"] for parameter in told[1:])
    with pytest.raises(AppError, match="Improvise has no use for 'track'"):
        client.predict(**composing(midi, seed=7, task="improvise", track=1))


def test_the_critic_ranks_a_take(client, midi, tmp_path):
    line = SEED.voices[0].notes
    longer, same = tmp_path / "longer.mid", tmp_path / "same.mid"
    longer.write_bytes(
        write_midi(Score((Voice((*line, *(replace(n, onset=n.onset + 2 * 96) for n in line)), "Flute"),)))
    )
    same.write_bytes(write_midi(Score((Voice((*line, Note(2 * 96, 67, 96)), "Flute"),))))
    asked = {"file": handle_file(midi), "api_name": "/critic"}
    told = client.predict(**asked, take=handle_file(longer))  # the gan is meant where none is named
    assert [phrase["bar"] for phrase in told["phrases"]] == [3]
    assert told["follows"] == told["phrases"][0]["people"]
    assert 0 <= told["follows"] <= 1
    with pytest.raises(AppError, match="phrases of two bars with notes in both; the take adds none"):
        client.predict(**asked, take=handle_file(same))
    with pytest.raises(AppError, match="lstm is a lstm, and only a gan has a critic"):
        client.predict(**asked, take=handle_file(longer), model="lstm")


def test_errors_are_sentences(client, midi, tmp_path):
    with pytest.raises(AppError, match=r"The bars must be a whole number from 1 to \d+, not 1000"):
        client.predict(**composing(midi, seed=7, bars=1000))
    with pytest.raises(AppError, match="General MIDI number from 0 to 127, not 500"):
        client.predict(**composing(midi, seed=7, instrument=500))
    empty = tmp_path / "nothing.mid"
    empty.write_bytes(b"MThd")
    with pytest.raises(AppError, match="cut off after 4 bytes"):
        client.predict(file=handle_file(empty), api_name="/read")


def test_many_at_once_get_what_each_gets_alone(client, address, midi):
    others = [Client(address, verbose=False, download_files=False, analytics_enabled=False) for _ in range(3)]
    visitors = [client, *others]  # of one no more than two presses wait
    jobs = [visitors[seed % 4].submit(**composing(midi, seed)) for seed in range(8)]
    together = [job.result()[2] for job in jobs]
    assert [take["recipe"]["request"]["seed"] for take in together] == list(range(8))
    assert len({str(take["new_notes"]) for take in together}) == 8
    alone = [client.predict(**composing(midi, seed))[2] for seed in (1, 6)]
    assert alone == [together[1], together[6]]
    for other in others:
        other.close()
