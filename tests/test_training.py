"""The trainer: the same twice over, resumable, and learning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from composer.data.examples import ExampleSource
from composer.data.holdout import keep_out, phrases_of
from composer.data.piece import Piece
from composer.data.prepared import Prepared, prepare
from composer.errors import BadCheckpoint, BadRequest, NoTrainingMusic
from composer.music import read
from composer.networks.attention import Transformer, TransformerConfig
from composer.networks.recurrence import Lstm, LstmConfig
from composer.score import Metre, Note, Score, Voice
from composer.training.notes import NoteObjective
from composer.training.run import Run, TrainingConfig

GALLERY = Path(__file__).resolve().parent.parent / "composer" / "page" / "seeds" / "gallery"
_STEPS = 12


def _pieces(voices: int) -> list[Prepared]:
    random = np.random.default_rng(0)
    prepared = []
    for number in range(6):
        lines = tuple(
            Voice(tuple(Note(24 * i, 72 - 7 * v + int(random.choice((0, 4, 7))), 24) for i in range(48)))
            for v in range(voices)
        )
        piece = prepare(Piece(Score(lines, (Metre(),)), "train", str(number), metre=Metre()))
        assert piece is not None
        prepared.append(piece)
    return prepared


def _run(folder: Path, **settings: float) -> Run:
    torch.manual_seed(1)
    pieces = _pieces(2)
    objective = NoteObjective(ExampleSource(pieces, 64, polyphonic=True), {"all": pieces[:2]}, rows=256, pool=12)
    config = TrainingConfig(**{"steps": _STEPS, "warmup": 2, "measure_every": 6, **settings})  # type: ignore[arg-type]
    return Run(Transformer(TransformerConfig.tiny()), objective, folder / "net.run.safetensors", config)


def test_two_runs_with_one_seed_are_one_run(tmp_path):
    first, second = _run(tmp_path), _run(tmp_path)
    assert first.train().losses == second.train().losses
    for name, tensor in first.average.items():
        assert torch.equal(tensor, second.average[name]), name


def test_a_resumed_run_is_the_run_that_never_stopped(tmp_path):
    whole = _run(tmp_path)
    whole.train()
    part = _run(tmp_path)
    for _ in range(7):
        part._step(part._next_batch())
        part.progress.step += 1
    part.save()
    rest = _run(tmp_path)
    rest.resume()
    assert rest.progress.step == 7
    rest.train()
    for name, tensor in whole.average.items():
        assert torch.equal(tensor, rest.average[name]), name


def test_training_learns_what_the_music_does(tmp_path):
    run = _run(tmp_path, steps=150, learning_rate=0.01, measure_every=50, average=0.9)
    before = run.measure()["all"]
    measures = run.train().measures
    assert measures[-1][1]["all"] < 0.6 * before


def test_a_minute_is_a_bound(tmp_path):
    run = _run(tmp_path, steps=10_000, minutes=1e-4)
    assert run.train().step < 100


def test_another_network_cannot_go_on_from_a_run(tmp_path):
    _run(tmp_path).train()
    run = _run(tmp_path)
    other = Run(Lstm(LstmConfig.tiny()), run.objective, run.state_file, run.config)
    with pytest.raises(BadCheckpoint, match="begin anew"):
        other.resume()


@pytest.mark.parametrize("settings", [{"steps": 0}, {"learning_rate": 2.0}, {"seed": -1}])
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(BadRequest):
        TrainingConfig(**settings)


def _piece(score: Score, name: str, family: str = "") -> Piece:
    return Piece(score, "train", name, metre=Metre(), family=family)


def test_what_the_page_shows_is_kept_out_of_training_in_any_key_and_under_any_name():
    ode = read(GALLERY / "ode_to_joy.abc").score
    line = ode.voices[0]
    higher = ode.with_voices([Voice(tuple(Note(n.onset, n.pitch + 5, n.duration) for n in line.notes), "Soprano")])
    other = Score((Voice(tuple(Note(24 * i, 60 + (i * 5) % 11, 24) for i in range(40))),))
    cousin = _piece(other, "shares nothing but the family", family="joy")
    kept, out = keep_out([_piece(higher, "Hymn", "joy"), _piece(other, "other"), cousin], [GALLERY])
    assert [piece.name for piece in kept] == ["other"]
    assert [piece.name for piece in out] == ["Hymn", "shares nothing but the family"]


def test_a_repeated_note_is_nobodys_tune():
    assert not phrases_of(Score((Voice(tuple(Note(24 * i, 60, 24) for i in range(40))),)))


def test_tunes_to_keep_out_must_be_there(tmp_path):
    with pytest.raises(NoTrainingMusic, match="keep out"):
        keep_out([], [tmp_path / "nowhere"])
