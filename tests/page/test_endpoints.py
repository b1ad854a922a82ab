"""What a program does, through Gradio's client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from composer.music import read
from composer.writing import Recipe
from tests.page.conftest import PITCHES, SEED

pytestmark = pytest.mark.page


@pytest.fixture
def client(address: str, tmp_path: Path) -> Iterator[Client]:
    client = Client(address, verbose=False, download_files=tmp_path, analytics_enabled=False)
    yield client
    client.close()


def composing(midi: Path, seed: int, **settings: Any) -> dict[str, Any]:
    return {"file": handle_file(midi), "model": "lstm", "bars": 4, "seed": seed, "api_name": "/compose", **settings}


def test_five_endpoints_are_open_and_no_other(client):
    assert set(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == {
        *("/read", "/compose", "/style", "/similar", "/originality")
    }


def test_read(client, midi):
    reading = client.predict(file=handle_file(midi), api_name="/read")
    assert (reading["bars"], reading["notes"], reading["title"]) == (2, len(PITCHES), "Stairs")


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


def test_errors_are_sentences(client, midi, tmp_path):
    with pytest.raises(AppError, match=r"The bars must be a whole number from 1 to \d+, not 1000"):
        client.predict(**composing(midi, seed=7, bars=1000))
    with pytest.raises(AppError, match="General MIDI number from 0 to 127, not 500"):
        client.predict(**composing(midi, seed=7, program=500))
    empty = tmp_path / "nothing.mid"
    empty.write_bytes(b"MThd")
    with pytest.raises(AppError, match="cut off after 4 bytes"):
        client.predict(file=handle_file(empty), api_name="/read")


def test_many_at_once_get_what_each_gets_alone(client, midi):
    jobs = [client.submit(**composing(midi, seed)) for seed in range(8)]
    together = [job.result()[2] for job in jobs]
    assert [take["recipe"]["request"]["seed"] for take in together] == list(range(8))
    assert len({str(take["new_notes"]) for take in together}) == 8
    alone = [client.predict(**composing(midi, seed))[2] for seed in (1, 6)]
    assert alone == [together[1], together[6]]
