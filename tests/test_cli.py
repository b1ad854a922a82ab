"""The command line as a shell sees it: exit status, one JSON object, one sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from composer.checkpoint import read_card
from composer.cli import main
from composer.data.corpus import Piece, load_corpus
from composer.data.piece import write_pieces
from composer.events.rows import encode
from composer.music import read, write_midi
from composer.networks import NETWORKS
from tests.conftest import DATA, SEEDS, tune


@pytest.fixture
def composer(capfd, tmp_path, monkeypatch):
    """Run the program in this process, in a folder of its own: arguments → (exit status, standard output and error)."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return leaving.value.code, out, err

    return run


def test_compose_writes_the_seed_untouched_then_eight_bars_and_their_sound(composer, tiny_shelf, tmp_path):
    seed = DATA / "kesh_jig.mid"
    arguments = ("compose", seed, "--model", "lstm", "--bars", 8, "--temperature", 0.9, "--seed", 7, "--json")
    status, out, _ = composer(*arguments, "--out", tmp_path / "a", "--checkpoints", tiny_shelf.folder)
    answer = json.loads(out)
    assert status == 0
    assert answer["files"] == [str(tmp_path / "a" / name) for name in ("take-1.mid", "take-1.wav")]
    given, take = read(seed).score, read(tmp_path / "a" / "take-1.mid")
    assert take.score.notes[: len(given.notes)] == given.notes
    assert take.score.bars == given.bars + 8
    assert {take.score.bar_at(n.onset) for n in take.score.notes} >= set(range(given.bars, given.bars + 8))
    assert take.recipe == answer["takes"][0]["recipe"]
    samples, rate = soundfile.read(tmp_path / "a" / "take-1.wav", dtype="int16")
    assert len(samples) / rate == pytest.approx(take.seconds, abs=3)
    assert 20_000 < np.abs(samples.astype(int)).max() < 32_767
    composer(*arguments, "--out", tmp_path / "b", "--checkpoints", tiny_shelf.folder)
    assert (tmp_path / "a" / "take-1.mid").read_bytes() == (tmp_path / "b" / "take-1.mid").read_bytes()


def test_other_formats_hold_the_same_take(composer, tiny_shelf, tmp_path):
    arguments = (
        "compose",
        DATA / "sakura.mid",
        "--model",
        "rnn",
        "--bars",
        2,
        "--json",
        "--checkpoints",
        tiny_shelf.folder,
    )
    status, out, _ = composer(*arguments, "--out", tmp_path, "--formats", "musicxml,abc,flac,stems")
    names = ["take-1.mid", "take-1.musicxml", "take-1.abc", "take-1.flac", "take-1.zip"]
    assert (status, json.loads(out)["files"]) == (0, [str(tmp_path / name) for name in names])
    midi, notation = (read(tmp_path / name).score for name in names[:2])
    assert [(n.onset, n.pitch, n.duration) for n in notation.notes] == [
        (n.onset, n.pitch, n.duration) for n in midi.notes
    ]
    assert soundfile.info(tmp_path / "take-1.flac").format == "FLAC"
    status, _, err = composer(*arguments, "--formats", "aiff")
    assert (status, "There is no format 'aiff'" in err) == (2, True)


def test_several_takes_and_improvising(composer, tiny_shelf, tmp_path):
    status, out, _ = composer(
        *("compose", "--model", "rnn", "--bars", 2, "--takes", 2, "--out", tmp_path, "--checkpoints", tiny_shelf.folder)
    )
    assert status == 0
    assert out.count("new notes in 2 bars") == 2
    assert (tmp_path / "take-2.wav").exists()


def test_without_sound_the_midi_is_written_all_the_same(composer, tiny_shelf, tmp_path, monkeypatch):
    monkeypatch.setenv("MOTIF_SOUNDFONT", "/nowhere.sf2")
    arguments = ("compose", DATA / "sakura.mid", "--out", tmp_path, "--checkpoints", tiny_shelf.folder, "--json")
    status, out, err = composer(*arguments)
    assert (status, json.loads(out)["files"]) == (0, [str(tmp_path / "take-1.mid")])
    assert "/nowhere.sf2, which is not there" in err


def test_models_tells_what_a_menu_needs(composer, tiny_shelf):
    status, out, _ = composer("models", "--checkpoints", tiny_shelf.folder, "--json")
    assert status == 0
    assert {model["name"] for model in json.loads(out)["models"]} == set(NETWORKS)
    assert "\nlstm: Gated" in composer("models", "--checkpoints", tiny_shelf.folder)[1]


def test_read_tells_what_was_read(composer):
    status, out, _ = composer("read", DATA / "ode_to_joy_two_tracks.mid", "--json")
    answer = json.loads(out)
    assert (status, answer["bars"], answer["key"], answer["tracks"]) == (0, 8, "D major", ["Bass", "Lead"])
    assert any("track 2 (Lead) of 2" in remark for remark in answer["remarks"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("read", DATA / "damaged.mid"),
        ("read", "nothing.mid"),
        ("compose", DATA / "sakura.mid", "--bars", "0"),
        ("compose", DATA / "sakura.mid", "--bars", "many"),
        ("compose", DATA / "sakura.mid", "--model", "oracle"),
        ("compose", DATA / "sakura.mid", "--scale", "H"),
        ("train", "lstm", "--data", "/nowhere", "--out", "x.safetensors"),
        ("train", "lstm", "--data", DATA, "--out", "x.bin"),
        ("train", "lstm", "--data", DATA, "--out", "x.safetensors", "--set", "hidden"),
        ("train", "oracle", "--data", SEEDS, "--out", "x.safetensors"),
        ("train", "lstm", "--data", SEEDS, "--out", "x.safetensors", "--set", "wings=2"),
        ("evaluate", "oracle"),
        ("evaluate", "lstm", "--split", "train"),
        ("train", "lstm", "--data", SEEDS, "--out", "x.safetensors", "--batch", "0"),
        ("train", "lstm", "--data", SEEDS, "--out", "x.safetensors", "--window", "3"),
        ("train", "lstm", "--data", SEEDS, "--out", "x.safetensors", "--vae", "vae"),
        ("train", "vae", "--data", SEEDS, "--out", "x.safetensors", "--set", "latent=5"),
        ("train", "lstm", "--data", SEEDS, "--out", DATA / "sakura.mid" / "x.safetensors", "--minutes", "0.01"),
        ("compose", DATA / "sakura.mid", "--out", DATA / "sakura.mid"),
        ("dance",),
        ("read",),
    ],
)
def test_a_mistake_is_one_sentence_on_standard_error_and_status_2(composer, arguments):
    status, out, err = composer(*arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_train_then_evaluate_into_the_card(composer, tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    for i in range(30):
        (folder / f"{i}.mid").write_bytes(write_midi(tune(*[60, 62 + i, 64, 65, 67, 60, 60 + i, 62], *range(60, 72))))
    out = tmp_path / "mine.safetensors"
    sizes = ("--set", "hidden=12", "--set", "channels=8", "--batch", 512, "--window", 64)
    status, answer, err = composer("train", "lstm", "--data", folder, "--out", out, "--steps", 8, *sizes, "--json")
    assert (status, json.loads(answer)["checkpoint"]) == (0, str(out))
    assert "nats a note" in err
    status, _, err = composer("train", "lstm", "--data", folder, "--out", out, "--steps", 8, *sizes)
    assert (status, "Add --resume" in err) == (2, True)
    status, answer, _ = composer("evaluate", out, "--data", folder, "--into-card", "--json")
    figures = json.loads(answer)["figures"]
    nats = json.loads(answer)["nats_per_note"]["network"]
    assert status == 0
    assert nats["low"] <= nats["value"] == figures["test nats a note"] <= nats["high"]
    assert {"test nats a note", "test nats a note, key told", "markov test nats a note"} <= set(figures)
    assert read_card(out).figures["test nats a note"] == figures["test nats a note"]
    assert json.loads(composer("evaluate", out, "--json")[1])["from"] == "card"


def test_music_is_read_once_and_learned_from_the_file(composer, tmp_path):
    folder, file = tmp_path / "music", tmp_path / "mine.jsonl.xz"
    folder.mkdir()
    for i in range(12):
        (folder / f"{i}.mid").write_bytes(write_midi(tune(*range(60 + i, 76 + i))))
    status, answer, _ = composer("data", folder, "--out", file, "--json")
    assert (status, json.loads(answer)["pieces"]) == (0, 12)
    assert [encode(piece.score) for piece in load_corpus(file)] == [encode(p.score) for p in load_corpus(folder)]
    assert composer("data", folder, "--out", tmp_path / "mine.txt")[0] == 2


def test_measures_of_takes_stand_beside_those_of_people_and_of_the_chain(composer, tiny_shelf, tmp_path, monkeypatch):
    monkeypatch.setattr("composer.evaluation.mimicry.PRESSES", 2)
    tunes = tmp_path / "tunes.jsonl.xz"
    scores = [tune(*[60 + (i * k) % 13 for i in range(64)]) for k in range(1, 41)]
    splits = ["train", "valid", *["test"] * 22]
    write_pieces(
        tunes, [Piece(s, split, style="reel", metre=s.metres[0]) for s, split in zip(scores, splits * 2, strict=False)]
    )
    asked = ("evaluate", tiny_shelf.folder / "rnn.safetensors", "--data", tunes, "--only-takes", "--most", 20)
    status, out, _ = composer(*asked, "--json")
    assert status == 0
    answer = json.loads(out)
    assert answer["takes"].keys() == {"continue", "improvise"}
    found = answer["takes"]["continue"]
    assert found["takes"] == 20
    for name in ("bars_in_seed", "bars_returning", "hammered", "ends_on_tonic", "leap_over_octave", "entropy_a_bar"):
        assert found[name].keys() == {"network", "people", "markov"}
    assert found["distinct_of_30"].keys() == found["told_apart"].keys() == {"network", "markov"}
    assert found["told_apart_people"].keys() == {"people"}
    assert not {"silent_voice", "ends_on_triad"} & found.keys()
    assert answer["nats_per_note"].keys() == {"markov"}
    for name in set(found) - {"takes"}:
        for each in found[name].values():
            assert each["low"] <= each["value"] <= each["high"]


def test_a_training_killed_at_any_moment_goes_on(tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    for i in range(30):
        (folder / f"{i}.mid").write_bytes(write_midi(tune(60, 62 + i, 64, 65, *range(60, 76))))
    out = tmp_path / "mine.safetensors"
    sizes = ["--set", "hidden=8", "--set", "channels=8", "--batch", "256", "--window", "64"]
    command = [sys.executable, "-m", "composer", "train", "rnn", "--data", folder, "--out", out, *sizes]
    process = subprocess.Popen(
        [*map(str, command), "--steps", "100000"], stderr=subprocess.DEVNULL, start_new_session=True
    )
    _wait_for(out.with_suffix(".run.safetensors"))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = subprocess.run(
        [*map(str, command), "--steps", "120", "--resume"], capture_output=True, text=True, check=True
    )
    assert "Going on after" in done.stderr
    assert out.exists()


def _wait_for(path: Path, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path} never came"
        time.sleep(0.1)


def test_standard_output_is_the_json_alone_even_under_ci(tmp_path):
    command = [sys.executable, "-m", "composer", "compose", str(DATA / "sakura.mid"), "--bars", "1", "--json"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path)], capture_output=True, text=True, check=True, env={**os.environ, "CI": "true"}
    )
    assert json.loads(done.stdout)["takes"]


def test_reading_a_broken_file_is_quick_and_small(tmp_path):
    path = tmp_path / "broken.mid"
    path.write_bytes(b"MThd\0\0\0\6\0\1\0\1\0\1MTrk\xff\xff\xff\xff" + bytes(500_000))
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "composer", "read", str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert time.monotonic() - began < 15  # the program's start included, on a busy machine


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("train", "style", "--data", DATA, "--out", "x.safetensors", "--resume"),
            "Training style has no use for --resume",
        ),
        (("train", "likeness", "--data", DATA, "--out", "x.safetensors", "--set", "a=1"), "no use for --set"),
        (("evaluate", "style", "--copies"), "Measuring style has no use for --copies"),
        (("evaluate", "similar", "--picture", "x.png"), "Measuring similar has no use for --picture"),
        (("evaluate", "lstm", "--into-card"), "name the music to measure on with --data"),
        (("evaluate", "lstm", "--data", DATA, "--pictures", "x"), "add --takes"),
        (("evaluate", "lstm", "--data", DATA, "--copies", "--label", "x"), "Measuring copies has no use for --label"),
    ],
)
def test_a_flag_that_a_command_has_no_use_for_is_refused(composer, arguments, said):
    status, out, err = composer(*arguments)
    assert (status, out, said in err) == (2, "", True), err


def test_a_setting_that_a_task_has_no_use_for_is_refused(composer, tiny_shelf, tmp_path):
    asked = ("compose", DATA / "sakura.mid", "--checkpoints", tiny_shelf.folder, "--out", tmp_path, "--formats", "midi")
    status, _, err = composer(*asked, "--task", "harmonise", "--bars", 8)
    assert (status, "Harmonise has no use for 'bars'" in err) == (2, True)
    status, _, err = composer(*asked, DATA / "kesh_jig.mid", "--task", "continue")
    assert (status, "no use for a second tune" in err) == (2, True)
    status, _, err = composer("compose", "--checkpoints", tiny_shelf.folder, "--tune", "2")
    assert (status, "name the book too" in err) == (2, True)


def test_tempo_and_instrument_are_those_asked_for(composer, tiny_shelf, tmp_path):
    asked = ("compose", DATA / "sakura.mid", "--checkpoints", tiny_shelf.folder, "--out", tmp_path, "--formats", "midi")
    assert composer(*asked, "--bars", 1, "--tempo", 90, "--instrument", 73)[0] == 0
    score = read(tmp_path / "take-1.mid").score
    assert round(score.tempos[0].bpm) == 90
    assert 73 in {voice.program for voice in score.voices}
    status, _, err = composer(*asked, "--tempo", 5)
    assert (status, "from 20 to 400" in err) == (2, True)
