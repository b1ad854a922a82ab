"""Pieces prepared to learn from, and the examples drawn from them."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
import torch

from composer.data import repeats
from composer.data.corpus import load_corpus
from composer.data.examples import Example, ExampleSource, Mix, Telling, Window, spell_window, whole_piece
from composer.data.piece import Piece, write_pieces
from composer.data.prepared import Prepared, prepare
from composer.events.rows import END, WRITE, RowReader
from composer.networks.attention import Transformer, TransformerConfig
from composer.networks.notes import HeardBatch
from composer.score import Metre, Note, Score, Voice


def _piece(seed: int, voices: int) -> Piece:
    random = np.random.default_rng(seed)
    lines = tuple(
        Voice(tuple(Note(24 * i, 72 - 7 * v + int(random.choice((0, 2, 4, 5, 7))), 24) for i in range(64)))
        for v in range(voices)
    )
    return Piece(Score(lines, (Metre(),), title=str(seed)), "train", str(seed), style="chorale", metre=Metre())


def _prepared(seed: int, voices: int) -> Prepared:
    prepared = prepare(_piece(seed, voices))
    assert prepared is not None
    return prepared


def test_the_example_in_the_docstring_is_true():
    assert doctest.testmod(repeats).failed == 0


def test_pieces_come_back_from_their_lines(tmp_path):
    pieces = [_piece(seed, 2) for seed in range(12)]
    write_pieces(tmp_path / "prepared.jsonl.xz", pieces)
    again = load_corpus(tmp_path / "prepared.jsonl.xz")
    assert [piece.score for piece in again] == [piece.score for piece in pieces]


def _asked_notes(example: Example, piece: Prepared, first: int, bar: int) -> list[tuple[int, Note]]:
    lines = type(piece.lines)(tuple(s - piece.lines.starts[first] for s in piece.lines.starts[first:]), ())
    reader = RowReader(lines, bar)
    for row in example.rows[example.asked].tolist():
        reader.read(row)
    return reader.notes


@pytest.mark.parametrize("voices", [frozenset({1, 2, 3}), frozenset({2}), frozenset({0, 1, 2, 3})])
def test_a_region_asks_for_all_that_sounds_in_it(voices):
    piece = _prepared(1, 4)
    window = Window(piece, 2, 10, (3, 6), voices, plain=False)
    example = spell_window(window, Telling())
    notes = _asked_notes(example, piece, 2, 3)
    assert len(notes) == 3 * 4 * 4  # bars, beats, voices: what is given is written again in its place
    assert {note.onset // 96 for _, note in notes} == {3, 4, 5}
    asking = [row[2] for row in example.rows.tolist() if row[0] == WRITE]
    assert asking == sorted(voices)
    assert example.rows[-1, 0] == END


def test_a_plain_window_asks_for_every_note_and_tells_the_end_only_where_the_piece_ends():
    piece = _prepared(2, 1)
    until_the_end = spell_window(Window(piece, 4, 16, (6, 12), frozenset({0}), plain=True), Telling())
    within = spell_window(Window(piece, 4, 12, (4, 8), frozenset({0}), plain=True), Telling())
    assert until_the_end.notes == 12 * 4
    assert within.notes == 8 * 4
    assert until_the_end.rows[-1, 0] == END
    assert within.rows[-1, 0] != END


def test_a_whole_piece_is_measured_from_its_first_note_in_any_key():
    piece = _prepared(3, 1)
    home, up = whole_piece(piece, 700), whole_piece(piece, 700, shift=3)
    assert home.notes == up.notes == 64
    note = home.rows[:, 0] < 8
    assert np.array_equal(home.rows[note, 3] + 3, up.rows[note, 3])


def test_drawn_examples_can_be_learned_from():
    torch.manual_seed(0)
    source = ExampleSource([_prepared(seed, 1 + seed % 4) for seed in range(8)], 96, polyphonic=True, mix=Mix())
    network = Transformer(TransformerConfig.tiny())
    batches = source.pool(600, np.random.default_rng(0), count=24)
    for batch in batches[:6]:
        heard = HeardBatch.side_by_side([example.heard for example in batch])
        size = heard.fields.shape[:2]
        rows, asked = torch.zeros(*size, 7, dtype=torch.int64), torch.zeros(*size, dtype=torch.bool)
        for index, example in enumerate(batch):
            rows[index, : len(example)] = torch.from_numpy(example.rows)
            asked[index, : len(example)] = torch.from_numpy(example.asked)
        assert len(batch) * size[1] <= 600 or len(batch) == 1
        nats = network.surprise(heard, rows, asked)
        assert torch.isfinite(nats).all()
        nats.sum().backward()
    weights = dict(network.named_parameters())
    untouched = [name for name, weight in weights.items() if weight.grad is None or not weight.grad.any()]
    assert not untouched
