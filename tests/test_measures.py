"""Measures counted by hand on a few notes, and ranges whose ends are known."""

from __future__ import annotations

import numpy as np
import pytest

from composer.evaluation import measures
from composer.evaluation.measures import MEASURES, Sample, is_chord, last_chord, longest_run, measured
from composer.evaluation.ranges import bootstrap, wilson
from composer.score import Key, Metre, Note, Score, Voice
from tests.conftest import tune

A, B, C = (60, 62, 64, 65), (67, 65, 64, 62), (60, 64, 67, 72)  # bars of four quarters


def continued(*bars: tuple[int, ...], first: int, key: Key | None = None) -> Sample:
    """A melody of such bars, looked at from bar `first` on."""
    return Sample(tune(*[pitch for bar in bars for pitch in bar]), (0,), first, len(bars) - first, key)


def choir(*chords: tuple[int, ...], beats: int = 1) -> Score:
    """Chords of so many beats, from the highest voice."""
    ticks = 24 * beats
    return Score(tuple(Voice(tuple(Note(ticks * i, c[v], ticks) for i, c in enumerate(chords))) for v in range(4)))


def harmonised(*chords: tuple[int, ...], key: Key | None = None, beats: int = 1) -> Sample:
    score = choir(*chords, beats=beats)
    return Sample(score, (1, 2, 3), 0, score.bars, key)


def test_a_bar_stands_in_the_seed_where_all_of_it_does():
    assert measures.bars_in_seed(continued(A, B, A, C, B, A, first=2)) == (3, 4)
    assert measures.bars_in_seed(continued(A, B, tuple(p + 12 for p in A), first=2)) == (0, 1)
    assert measures.bars_in_seed(continued(A, B, first=0)) is None  # nothing was given


def test_a_bar_of_other_lengths_is_another_bar():
    notes = [Note(0, 60, 48), Note(48, 62, 48), Note(96, 60, 48), Note(144, 62, 24)]
    assert measures.bars_in_seed(Sample(Score((Voice(tuple(notes)),)), (0,), 1, 1)) == (0, 1)


def test_empty_bars_do_not_count():
    score = Score((Voice((Note(0, 60, 96), Note(192, 60, 96))),))  # bar, rest, the bar again
    assert measures.bars_in_seed(Sample(score, (0,), 1, 2)) == (1, 1)


def test_bars_after_a_gap_are_given_too():
    score = tune(*A, *C, *C, *B)
    assert measures.bars_in_seed(Sample(score, (0,), 1, 2)) == (0, 2)
    assert measures.bars_in_seed(Sample(tune(*A, *B, *C, *B), (0,), 1, 2)) == (1, 2)


def test_bars_return_among_the_new_ones():
    assert measures.bars_returning(continued(A, B, A, C, A, C, first=2)) == (2, 4)


def test_one_pitch_is_hammered_when_struck_six_times_running():
    five, six = (60, 60, 60, 60, 60, 62, 64, 65), (60, 60, 60, 60, 60, 60, 64, 65)
    assert longest_run(tune(*six).voices[0].notes) == 6
    assert measures.hammered(continued(A, B, five, first=2)) == (0, 1)
    assert measures.hammered(Sample(tune(*A, *six), (0,), 1, 2)) == (1, 1)
    assert measures.hammered(Sample(tune(*six, *six), (0,), 2, 2)) == (0, 1)  # the seed does it too


def test_what_is_hammered_under_a_hammered_melody_is_no_fault():
    assert measures.hammered(harmonised(*[(72, 67, 64, 48)] * 6)) == (0, 1)
    moving = [(72 + i, 67, 64 + i, 48 + i) for i in range(6)]
    assert measures.hammered(harmonised(*moving)) == (1, 1)


def test_a_voice_is_silent_that_rests_in_half_of_the_bars():
    upper = Voice(tuple(Note(24 * i, 72, 24) for i in range(16)))

    def below(*notes: Note) -> Sample:
        return Sample(Score((upper, Voice(notes))), (0, 1), 0, 4)

    assert measures.silent_voice(below(Note(0, 48, 96), Note(96, 50, 96))) == (1, 1)
    assert measures.silent_voice(below(Note(0, 48, 96 * 3))) == (0, 1)  # held
    assert measures.silent_voice(below()) == (1, 1)
    assert measures.silent_voice(continued(A, B, first=1)) is None


@pytest.mark.parametrize(
    ("chord", "right"),
    [
        ((72, 67, 64, 48), True),  # C
        ((72, 67, 60, 52), True),  # C over E
        ((72, 64, 60, 48), True),  # without its fifth
        ((71, 65, 62, 55), True),  # G7
        ((72, 69, 60, 57), True),  # A minor without its fifth
        ((72, 67, 60, 48), False),  # no third
        ((72, 62, 60, 48), False),  # a cluster
        ((74, 67, 64, 48), False),  # a ninth
        ((72, 67, 65, 48), False),  # a fourth for the third
    ],
)
def test_triads_and_sevenths_have_root_and_third_and_nothing_else(chord, right):
    assert is_chord(chord) == right
    assert measures.ends_on_triad(harmonised((72, 62, 60, 48), chord)) == (right, 1)


def test_the_last_chord_is_what_sounds_when_the_last_note_is_struck():
    held = Voice((Note(0, 48, 96),))
    assert last_chord(Score((Voice((Note(0, 64, 24), Note(48, 67, 48))), held))) == [48, 67]
    assert last_chord(Score((Voice((Note(0, 64, 24), Note(96, 67, 48))), held))) == [67]  # the bass had stopped
    assert last_chord(Score()) == []


def test_a_melody_ends_on_the_tonic_with_its_last_note():
    assert measures.ends_on_tonic(continued(B, A, (67, 65, 62, 60), first=1, key=Key(0))) == (1, 1)
    assert measures.ends_on_tonic(continued(B, A, first=1, key=Key(0))) == (0, 1)
    assert measures.ends_on_tonic(continued(B, A, first=1)) is None
    assert measures.ends_on_tonic(Sample(tune(*A, *B, *A), (0,), 1, 1, Key(0), ends=False)) is None


def test_a_choir_ends_on_the_tonic_with_the_triad_over_its_root():
    fifth, tonic, sixth, minor = (71, 67, 62, 55), (72, 67, 64, 48), (72, 67, 60, 52), (72, 67, 63, 48)
    found = {c: measures.ends_on_tonic(harmonised(fifth, c, key=Key(0))) for c in (tonic, sixth, minor, fifth)}
    assert found == {tonic: (1, 1), sixth: (0, 1), minor: (1, 1), fifth: (0, 1)}
    seventh = (70, 67, 64, 48)
    assert measures.ends_on_tonic(harmonised(fifth, seventh, key=Key(0))) == (0, 1)


def test_a_cadence_comes_from_the_leading_note():
    fifth, fourth, tonic = (71, 67, 62, 55), (72, 69, 65, 53), (72, 67, 64, 48)
    assert measures.cadence(harmonised(fourth, fifth, tonic, tonic, key=Key(0))) == (1, 1)
    assert measures.cadence(harmonised(fifth, fourth, tonic, key=Key(0))) == (0, 1)  # from the fourth degree
    assert measures.cadence(harmonised(tonic, key=Key(0))) == (0, 1)
    assert measures.cadence(harmonised(tonic, fifth, key=Key(0))) == (0, 1)


def test_a_last_beat_with_a_second_is_dissonant():
    assert measures.dissonant_last_beat(harmonised((72, 67, 65, 48), (72, 67, 64, 48))) == (0, 1)
    assert measures.dissonant_last_beat(harmonised((72, 67, 64, 48), (72, 67, 65, 48))) == (1, 1)  # F against G
    passing = Score((Voice((Note(0, 64, 84), Note(84, 62, 12))), Voice((Note(0, 48, 96),))))
    assert measures.dissonant_last_beat(Sample(passing, (1,), 0, 1)) == (1, 1)  # D over C in the last half of the beat
    assert measures.dissonant_last_beat(continued(A, B, first=1)) is None


def test_a_leap_over_an_octave_may_lie_at_the_seam():
    assert measures.leap_over_octave(continued(A, (77, 76, 74, 72), first=1)) == (0, 1)  # 65 to 77 is an octave
    assert measures.leap_over_octave(continued(A, (78, 76, 74, 72), first=1)) == (1, 1)


def test_entropy_is_that_of_each_bar():
    same = (60, 60, 60, 60)
    assert measures.entropy_a_bar(continued(A, A, same, first=1)) == (pytest.approx(2), 2)


def test_every_measure_is_told_with_its_range():
    found = measured([continued(A, B, A, C, first=2, key=Key(0)), continued(A, B, C, C, first=2, key=Key(0))])
    assert found.keys() == MEASURES.keys() - {"silent_voice", "ends_on_triad", "cadence", "dissonant_last_beat"}
    assert found["bars_in_seed"].value == pytest.approx(1 / 4)
    assert found["bars_returning"].value == pytest.approx(1 / 4)
    assert found["ends_on_tonic"].value == 1
    for each in found.values():
        assert each.low <= each.value <= each.high
    assert measured([]) == {}


def test_a_take_without_notes_is_counted_without_harm():
    silent = Sample(Score((Voice(), Voice()), (Metre(),)), (0, 1), 0, 8, Key(0))
    found = measured([silent])
    assert (found["silent_voice"].value, found["ends_on_triad"].value, found["cadence"].value) == (1, 0, 0)
    assert "bars_in_seed" not in found


def test_ranges_of_shares_are_wilsons():
    found = wilson(5, 10)
    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.5, 0.237, 0.763)
    none = wilson(0, 20)
    assert (none.value, none.low, round(none.high, 3)) == (0, 0, 0.161)
    assert str(found) == "0.50 (0.24-0.76)"


def test_ranges_of_means_are_as_wide_as_their_standard_error_says():
    values = np.random.default_rng(1).normal(10, 2, 400)
    found = bootstrap(values.tolist())
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx((values.mean() - 0.196, values.mean() + 0.196), abs=0.03)
    assert bootstrap([1, 3], [4, 4]).value == 0.5
    assert bootstrap([2, 2, 2]) == bootstrap([2, 2, 2], seed=1)
