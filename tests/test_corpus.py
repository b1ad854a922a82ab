"""Music in: folders, indices and files of melodies as pieces to learn from."""

from __future__ import annotations

import json
import lzma

import numpy as np
import pytest

from composer.data.corpus import Piece, load_corpora, load_corpus, melody_piece, select, split_of, tune_hash
from composer.data.examples import ExampleSource
from composer.data.prepared import prepare
from composer.errors import BadRequest, NoTrainingMusic
from composer.music import write_midi
from tests.conftest import CHORALE, tune


def test_a_folder_of_midi_and_abc_is_read_with_subfolders(tmp_path):
    (tmp_path / "deep").mkdir()
    for i in range(9):
        (tmp_path / "deep" / f"{i}.mid").write_bytes(write_midi(tune(60, 62 + i, 64, 60)))
    book = "".join(f"X:{i}\nT:Tune {i}\nR:jig\nM:6/8\nL:1/8\nK:C\nCDE F{'GABc'[i]}A|GEC C3|]\n\n" for i in range(4))
    (tmp_path / "book.abc").write_text(book)
    (tmp_path / "broken.mid").write_bytes(b"MThd")
    found = load_corpus(tmp_path)
    assert len(found) == 13
    assert {piece.style for piece in found} == {"jig", None}
    assert {str(piece.metre) for piece in found} == {"6/8", "4/4"}


def test_a_file_of_melodies_is_read_with_its_splits(tmp_path):
    rows = [
        {"id": f"t{i}", "notes": [[60, 0, 24], [62, 24, 24]], "meter": meter, "split": split, "style": "jig"}
        for i, (meter, split) in enumerate([("6/8", "train"), ("C|", "valid"), ("", "test"), ("4/4?", "train")] * 3)
    ]
    path = tmp_path / "melodies.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, rows)).encode()))
    found = load_corpus(path)
    assert [str(piece.metre) for piece in found[:4]] == ["6/8", "2/2", "None", "None"]
    assert len(select(found, "train")) == 6


@pytest.mark.parametrize("content", ["", "not json\n", '{"id": "x"}\n'])
def test_what_is_no_corpus_is_refused(tmp_path, content):
    path = tmp_path / "m.jsonl"
    path.write_text(content)
    with pytest.raises(NoTrainingMusic):
        load_corpus(path)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(NoTrainingMusic, match="no file or folder"):
        load_corpus(tmp_path / "none")


def test_a_tune_and_its_transposition_fall_in_one_split():
    assert tune_hash(tune(60, 64, 67)) == tune_hash(tune(65, 69, 72)) != tune_hash(tune(60, 64, 68))
    drawn = [split_of(str(i)) for i in range(2000)]
    assert drawn.count("train") / 2000 == pytest.approx(0.8, abs=0.04)


def test_an_index_tells_of_the_files_of_a_folder(tmp_path):
    rows = []
    for i in range(10):
        (tmp_path / f"{i}.mid").write_bytes(write_midi(CHORALE if i else tune(60 + i, 62)))
        rows.append(
            {"file": f"{i}.mid", "split": "valid", "style": "chorale", "bars_known": False, "title": f"No. {i}"}
        )
    (tmp_path / "index.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = load_corpus(tmp_path)
    assert {(piece.split, piece.style, piece.metre) for piece in found} == {("valid", "chorale", None)}
    assert found[3].name == "No. 3"
    assert melody_piece(found[3]).score.voices == CHORALE.voices[:1]


def melodies(path, pitch: int, count: int):
    rows = [
        {"id": f"{path.stem}{i}", "notes": [[pitch + i % 2, 24 * i, 24] for i in range(16)], "split": "train"}
        for i in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def drawn(pieces: list[Piece]) -> float:
    """The share of examples that come from the pieces on pitch 60."""
    prepared = [prepare(piece) for piece in pieces]
    source = ExampleSource([piece for piece in prepared if piece], 32, polyphonic=False)
    shares = np.diff(source._chances, prepend=0)
    return float(sum(share for share, piece in zip(shares, pieces, strict=True) if piece.score.notes[0].pitch == 60))


def test_a_corpus_is_drawn_by_its_length_or_by_its_share(tmp_path):
    small, large = melodies(tmp_path / "a.jsonl", 60, 10), melodies(tmp_path / "b.jsonl", 70, 30)
    assert drawn(load_corpora([str(small), str(large)])) == pytest.approx(0.25)
    assert drawn(load_corpora([f"{small}=60", str(large)])) == pytest.approx(0.6)
    assert drawn(load_corpora([f"{small}=0.6", f"{large}=0.2"])) == pytest.approx(0.75)


@pytest.mark.parametrize("shares", [("70", "40"), ("100", "")])
def test_shares_that_leave_nothing_are_refused(tmp_path, shares):
    paths = [melodies(tmp_path / f"{i}.jsonl", 60, 10) for i in range(2)]
    with pytest.raises(BadRequest, match="Lower them"):
        load_corpora([f"{path}={share}" if share else str(path) for path, share in zip(paths, shares, strict=True)])


def test_a_folder_with_an_equals_sign_in_its_name_is_a_folder(tmp_path):
    assert len(load_corpora([str(melodies(tmp_path / "x=5", 60, 10))])) == 10
