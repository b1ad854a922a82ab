import pytest
from hypothesis import given

from composer.score import Key, Metre, Note, Score, Tempo, Voice
from tests.conftest import tune
from tests.strategies import scores


def test_a_bar_of_six_eight_is_72_ticks_in_two_beats():
    assert (Metre(0, 6, 8).bar_ticks, Metre(0, 6, 8).beat_ticks) == (72, 36)
    assert (Metre(0, 3, 4).bar_ticks, Metre(0, 3, 4).beat_ticks) == (72, 24)
    assert Metre(0, 3, 8).beat_ticks == 12


def test_bars_are_counted_through_a_change_of_metre():
    score = Score((Voice((Note(0, 60, 24), Note(300, 60, 24))),), (Metre(0, 4, 4), Metre(192, 3, 4)))
    assert [score.bar_at(tick) for tick in (0, 95, 96, 191, 192, 263, 264)] == [0, 0, 1, 1, 2, 2, 3]
    assert [score.bar_start(bar) for bar in range(5)] == [0, 96, 192, 264, 336]
    assert score.bars == 4


@given(scores())
def test_every_bar_line_lies_in_the_bar_it_begins(score):
    for bar in range(12):
        assert score.bar_at(score.bar_start(bar)) == bar


def test_a_score_without_notes_has_no_bars():
    assert (Score().bars, Score().end) == (0, 0)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("G major", Key(7)),
        ("Bb minor", Key(10, "minor")),
        ("F#m", Key(6, "minor")),
        ("c", Key(0, "minor")),
        ("E♭", Key(3)),
    ],
)
def test_keys_are_read_as_musicians_write_them(text, key):
    assert Key.parse(text) == key
    assert Key.parse(str(key)) == key


def test_a_key_that_is_none_is_refused_with_a_right_one():
    with pytest.raises(ValueError, match="'H dur' is not a key; write one like 'G major'"):
        Key.parse("H dur")


def test_minor_holds_the_raised_steps_of_cadences():
    assert Key(9, "minor").pitch_classes == {9, 11, 0, 2, 4, 5, 7, 6, 8}


def test_seconds_follow_the_tempos():
    score = Score(tempos=(Tempo(0, 500_000), Tempo(48, 1_000_000)))
    assert score.seconds_at(48) == pytest.approx(1.0)
    assert score.seconds_at(72) == pytest.approx(2.0)


def test_a_score_cut_at_a_bar_line_keeps_the_metre_and_tempo_in_force_there():
    score = Score(
        (Voice((Note(0, 60, 24), Note(200, 62, 24))),),
        (Metre(0, 4, 4), Metre(192, 3, 4)),
        (Tempo(0), Tempo(96, 400_000)),
    )
    cut = score.from_tick(192)
    assert cut.metres == (Metre(0, 3, 4),)
    assert cut.tempos == (Tempo(0, 400_000),)
    assert cut.notes == [Note(8, 62, 24)]


def test_metres_must_begin_at_the_beginning():
    with pytest.raises(ValueError, match="begin at tick 0"):
        Score(metres=(Metre(96, 3, 4),))


def test_notes_of_a_voice_stand_in_order():
    assert Voice((Note(24, 60, 4), Note(0, 64, 4), Note(0, 60, 4))).notes[0] == Note(0, 60, 4)
    assert tune(60, 62).notes == [Note(0, 60, 24), Note(24, 62, 24)]
