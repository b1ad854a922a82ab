"""Scores as rows of notes, and what networks hear of them."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.data.repeats import collapse_repeats, kept_bars
from composer.events.chords import infer_chords
from composer.events.conditions import Told, Wishes
from composer.events.features import Listener, joined
from composer.events.rows import decode, encode
from composer.music.home_key import home_shift
from composer.networks.attention import Transformer, TransformerConfig
from composer.networks.notes import HeardBatch, NoteNetwork
from composer.networks.recurrence import Lstm, LstmConfig, Rnn, RnnConfig
from composer.score import ChordSymbol, Metre, Note, Score, Voice

_notes = st.builds(Note, st.integers(0, 4000), st.integers(0, 127), st.integers(1, 2000))
_scores = st.builds(
    lambda voices, metre: Score(tuple(Voice(tuple(set(notes))) for notes in voices), (metre,)),
    st.lists(st.lists(_notes, min_size=1, max_size=12), min_size=1, max_size=4),
    st.sampled_from([Metre(), Metre(0, 6, 8), Metre(0, 3, 1), Metre(0, 7, 16)]),
)


@settings(max_examples=60, deadline=None)
@given(_scores)
def test_every_score_comes_back_from_its_rows(score: Score) -> None:
    bars, rows = encode(score)
    assert decode(rows, bars, score) == score


def test_chord_symbols_come_back_from_rows() -> None:
    chords = (ChordSymbol(0, 0, ""), ChordSymbol(96, 7, "7"), ChordSymbol(120))
    score = Score((Voice((Note(0, 60, 192),)),), chords=chords)
    bars, rows = encode(score)
    assert decode(rows, bars, score).chords == chords


def _phrase() -> Score:
    return Score((Voice(tuple(Note(24 * i, 60 + i % 5, 24) for i in range(40))),))


def test_rows_are_heard_alike_one_by_one_and_all_at_once() -> None:
    bars, rows = encode(_phrase())
    wishes = Wishes(last_bar=9, busy=3, answers={6: (2, 4)})
    at_once = Listener(Told(1, (5,), 1), wishes, bars).read(rows)
    listener = Listener(Told(1, (5,), 1), wishes, bars)
    singly = joined([listener.read([row]) for row in rows])
    for name in ("fields", "slots", "time", "last"):
        assert np.array_equal(getattr(at_once, name), getattr(singly, name)), name


def test_networks_answer_alike_row_by_row_and_all_at_once() -> None:
    bars, rows = encode(_phrase())
    heard = Listener(Told(), Wishes(), bars).read(rows)
    networks: list[NoteNetwork] = [
        Rnn(RnnConfig.tiny()),
        Lstm(LstmConfig.tiny()),
        Transformer(TransformerConfig.tiny()),
    ]
    for network in networks:
        network.eval()
        with torch.inference_mode():
            whole, _ = network(HeardBatch.of(heard))
            first, state = network(HeardBatch.of(_part(heard, 0, 10)))
            then, _ = network(HeardBatch.of(_part(heard, 10, len(heard))), state)
            last, _ = network(HeardBatch.of(_part(heard, 10, 11)), state)
        torch.testing.assert_close(torch.cat([first, then], 1), whole, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(last[:, 0], whole[:, 10], atol=1e-5, rtol=1e-4)


def _part(heard, first: int, until: int):  # type: ignore[no-untyped-def]
    return type(heard)(*(getattr(heard, name)[first:until] for name in ("fields", "slots", "time", "last")))


def test_a_repeated_part_is_heard_once_with_its_second_ending() -> None:
    assert kept_bars("abcdefghabcdefgz") == list(range(8, 16))
    assert kept_bars("abcdefgh" + "stuvwxyz" + "abcdefgh") == list(range(24))  # a return after other music stays


def test_collapsing_leaves_the_second_time() -> None:
    part = [Note(24 * i, 60 + i * 7 % 12, 24) for i in range(32)]
    again = [Note(note.onset + 768, note.pitch, note.duration) for note in part]
    score = Score((Voice((*part, *again)),))
    assert collapse_repeats(score).voices[0].notes == tuple(part)


def test_home_is_the_white_keys() -> None:
    d_major = [Note(24 * i, pitch, 24) for i, pitch in enumerate((62, 64, 66, 67, 69, 71, 73, 74))]
    assert home_shift(d_major) == -2


def test_chords_are_found_under_voices() -> None:
    def voice(*pitches: int) -> Voice:
        return Voice(tuple(Note(24 * i, pitch, 24) for i, pitch in enumerate(pitches)))

    score = Score((voice(72, 71, 72), voice(67, 67, 67), voice(64, 62, 64), voice(48, 43, 48)))
    assert [str(chord) for chord in infer_chords(score)] == ["C", "G", "C"]
