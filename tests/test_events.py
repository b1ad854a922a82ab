from dataclasses import replace

import pytest
from hypothesis import given, settings

from composer.errors import BadRequest
from composer.events import Clock, Header, Vocabulary, decode, encode, encode_bars
from composer.events.rows import DURATIONS
from composer.score import Metre, Note, Score, Voice
from tests.conftest import tune
from tests.strategies import scores

V = Vocabulary()


def names(score: Score, header: Header | None = None) -> list[str]:
    return [V.name(token) for token in encode(score, V, header or Header())]


def test_a_bar_is_spelled_onset_by_onset():
    score = Score((Voice((Note(0, 60, 24), Note(36, 62, 60))), Voice((Note(0, 48, 96),))))
    assert names(score, Header("reel", Metre())) == [
        *("START", "STYLE reel", "METRE 4/4", "BAR"),
        *("POSITION 0", "PITCH 60", "DURATION 24", "VOICE 1", "PITCH 48", "DURATION 96"),
        *("POSITION 36", "PITCH 62", "DURATION 60", "END"),
    ]


def test_a_change_of_metre_is_told_before_its_bar():
    score = Score((Voice((Note(0, 60, 24), Note(96, 62, 24))),), (Metre(0, 4, 4), Metre(96, 3, 4)))
    assert names(score)[-6:] == ["METRE 3/4", "BAR", "POSITION 0", "PITCH 62", "DURATION 24", "END"]


def _spellable(score: Score) -> Score:
    """The score as the tokens can hold it: durations of the table, no velocities."""
    return score.with_voices(
        replace(voice, notes=tuple(Note(n.onset, n.pitch, n.duration) for n in voice.notes if n.duration in DURATIONS))
        for voice in score.voices
    )


@settings(max_examples=60, deadline=None)
@given(scores())
def test_tokens_spell_the_score_exactly(score):
    score = _spellable(score)
    assert decode(encode(score, V, Header()), V, score) == score


def test_every_token_has_one_name():
    assert len({V.name(token) for token in range(V.size)}) == V.size


@pytest.mark.parametrize(("ticks", "token"), [(1, 1), (192, 192), (199, 204), (100_000, 768), (197, 192)])
def test_a_duration_takes_the_nearest_in_the_table(ticks, token):
    assert V.name(V.duration_token(ticks)) == f"DURATION {token}"


def test_a_rare_metre_takes_the_token_of_a_bar_as_long():
    assert V.name(V.metre_token(Metre(0, 2, 1))) == "METRE 4/2"


def test_a_bar_too_long_is_refused_with_its_length():
    with pytest.raises(BadRequest, match="A bar of 12/4 lasts 12 quarters"):
        encode_bars(tune(60, metre=(12, 4)), V)


def test_places_tell_bar_position_and_what_still_sounds():
    tokens = encode(tune(60, 62, duration=60), V, Header(None, Metre()))
    places = dict(
        zip(names(tune(60, 62, duration=60)), Clock(V, 96, last_bar=1).read_all(tokens).tolist(), strict=False)
    )
    assert places["DURATION 60"] == [0, 60, 60, 0, 2]  # the second note: it sounds 24 ticks into the next bar
    assert places["POSITION 60"] == [0, 60, 0, 0, 2]
    assert places["END"] == [1, 0, 24, 0, 1]


def test_a_note_held_over_the_bar_line_is_told_to_the_next_bar():
    score = Score((Voice((Note(72, 60, 48), Note(120, 62, 24))),))
    places = Clock(V, 96).read_all(encode(score, V, Header())).tolist()
    assert places[7] == [1, 0, 24, 0, 0]  # BAR: 24 ticks of the note are left


def test_a_clock_reads_one_by_one_what_it_reads_at_once():
    tokens = encode(tune(60, 62, 64, 65, 67, metre=(3, 4)), V, Header(None, Metre(0, 3, 4)))
    clock = Clock(V, 96)
    assert [list(clock.read(token)) for token in tokens] == Clock(V, 96).read_all(tokens).tolist()
