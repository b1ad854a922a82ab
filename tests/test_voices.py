"""Several voices: harmonising, filling in, going on, on tiny networks with random weights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import BadRequest
from composer.music import Reading
from composer.score import Key, Metre, Note, Score, Voice
from composer.tasks.region import parse_region
from composer.writing import Request, new_writer
from tests.conftest import EIGHT_BARS, compose, reading, tune


def test_harmonising_leaves_the_melody_and_adds_three_voices_in_their_ranges(tiny_shelf):
    melody = tune(*[72, 74, 76, 77] * 6, metre=(3, 4))
    take = compose(tiny_shelf, reading(melody), "transformer", task="harmonise", scale="C major")
    assert [voice.name for voice in take.score.voices] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert take.score.voices[0].notes == melody.voices[0].notes
    assert take.score.bars == melody.bars
    for voice, (low, high) in zip(take.score.voices[1:], [(53, 74), (47, 69), (36, 64)], strict=True):
        assert all(low <= n.pitch <= high and n.pitch % 12 in Key(0).pitch_classes for n in voice.notes)
        assert all(a.end <= b.onset for a, b in pairwise(voice.notes))
    assert {take.score.bar_at(note.onset) for note in take.new_notes} == set(range(melody.bars))


def test_frozen_voices_stay_when_harmonising(tiny_shelf):
    take = compose(tiny_shelf, reading(EIGHT_BARS), "transformer", task="harmonise", freeze=("bass",))
    assert take.score.voices[3].notes == EIGHT_BARS.voices[3].notes
    assert {voice for voice, _ in take.new} <= {1, 2}


@pytest.mark.parametrize(
    ("region", "bars", "voices"),
    [
        ("3-4", (2, 3), {0, 1, 2, 3}),
        ("2", (1, 1), {0, 1, 2, 3}),
        ("5-6:alto,tenor", (4, 5), {1, 2}),
        ("bass", (0, 7), {3}),
    ],
)
def test_filling_in_changes_the_region_and_nothing_else(tiny_shelf, region, bars, voices):
    take = compose(tiny_shelf, reading(EIGHT_BARS), "transformer", task="infill", region=region, seed=2)
    start, end = EIGHT_BARS.bar_start(bars[0]), EIGHT_BARS.bar_start(bars[1] + 1)
    for index, (old, new) in enumerate(zip(EIGHT_BARS.voices, take.score.voices, strict=True)):
        outside = [n for n in new.notes if index not in voices or not start <= n.onset < end]
        assert outside == [n for n in old.notes if index not in voices or not start <= n.onset < end]
    assert {voice for voice, _ in take.new} <= voices
    assert {take.score.bar_at(n.onset) for n in take.new_notes} == set(range(bars[0], bars[1] + 1))
    assert max(n.end for n in take.new_notes) <= end
    assert take.score.bars == 8


def test_what_is_not_yet_written_anew_stands_as_it_was(tiny_shelf):
    asked = Request(task="infill", region="2-6", seed=1)
    first = next(new_writer(reading(EIGHT_BARS), asked, tiny_shelf.take("transformer")).write())
    assert first.bars_written == 1
    reached = max(EIGHT_BARS.bar_start(2), *(note.end for note in first.new_notes))
    for old, now in zip(EIGHT_BARS.voices, first.score.voices, strict=True):
        assert [n for n in now.notes if n.onset >= reached] == [n for n in old.notes if n.onset >= reached]
        assert all(a.end <= b.onset for a, b in pairwise(now.notes))


def test_a_note_held_into_the_region_is_not_written_over(tiny_shelf):
    held = Score((Voice((Note(0, 60, 120), Note(192, 62, 96)), "Melody"),))
    take = compose(tiny_shelf, reading(held), "transformer", task="infill", region="2")
    assert take.score.voices[0].notes[0] == Note(0, 60, 120)
    assert min(n.onset for n in take.new_notes) >= 120


def test_filling_in_keeps_changes_of_metre(tiny_shelf):
    changing = Score(
        (Voice(tuple(Note(i * 24, 60 + i % 5, 24) for i in range(21)), "Melody"),), (Metre(0, 4, 4), Metre(192, 3, 4))
    )
    take = compose(tiny_shelf, reading(changing), "transformer", task="infill", region="2-4")
    assert take.score.metres == changing.metres
    assert {take.score.bar_at(n.onset) for n in take.new_notes} == {1, 2, 3}


@settings(max_examples=40, deadline=None)
@given(
    metres=st.lists(st.sampled_from([(4, 4), (3, 4), (6, 8), (1, 4), (1, 8), (2, 2)]), min_size=2, max_size=4),
    cuts=st.lists(st.integers(3, 200), min_size=3, max_size=3),
    seed=st.integers(0, 99),
)
def test_metres_that_change_anywhere_are_no_trap(tiny_shelf, metres, cuts, seed):
    ticks = [0, *np.cumsum(cuts).tolist()]
    changes = tuple(Metre(tick, *metre) for tick, metre in zip(ticks, metres, strict=False))
    line = Voice(tuple(Note(i * 12, 60 + i % 7, 12) for i in range(60)), "Melody")
    given = Reading(Score((line,), changes), "test", key=Key(0))
    take = compose(tiny_shelf, given, "transformer", task="infill", region=f"1-{given.score.bars}", seed=seed)
    assert max(n.end for n in take.new_notes) <= given.score.bar_start(given.score.bars)
    harmonised = compose(tiny_shelf, given, "transformer", task="harmonise", seed=seed)
    assert harmonised.score.voices[0].notes == line.notes


def test_whole_numbers_are_temperatures_too(tiny_shelf):
    seed = reading(tune(60, 64, 67, 72))
    assert compose(tiny_shelf, seed, temperature=0.9, rhythm_temperature=1) == compose(
        tiny_shelf, seed, temperature=0.9, rhythm_temperature=1.0
    )


def test_a_range_chosen_for_a_choir_narrows_each_voice(tiny_shelf):
    take = compose(tiny_shelf, reading(tune(72, 74, 76, 77)), "transformer", task="harmonise", low=50)
    assert min(note.pitch for note in take.new_notes) >= 50


def test_four_voices_go_on_in_four_voices(tiny_shelf):
    take = compose(tiny_shelf, reading(EIGHT_BARS), "transformer", bars=10)
    assert take.score.bars == 18
    assert [v.notes[: len(o.notes)] for v, o in zip(take.score.voices, EIGHT_BARS.voices, strict=True)] == [
        voice.notes for voice in EIGHT_BARS.voices
    ]
    for voice in take.score.voices:
        assert all(a.end <= b.onset for a, b in pairwise(voice.notes))


def test_a_chorale_is_improvised_in_four_voices(tiny_shelf):
    take = compose(tiny_shelf, None, "transformer", task="improvise", style="chorale", bars=5)
    assert (len(take.score.voices), take.score.bars) == (4, 5)


def test_a_long_piece_is_harmonised_to_its_end(tiny_shelf):
    melody = tune(*[72, 74, 76, 77] * 60)
    take = compose(tiny_shelf, reading(melody), "transformer", task="harmonise")
    assert {take.score.bar_at(note.onset) for note in take.new_notes} == set(range(60))


def test_bars_of_a_polyphonic_take_arrive_one_by_one(tiny_shelf):
    loop = new_writer(reading(EIGHT_BARS), Request(bars=6), tiny_shelf.take("transformer")).write()
    assert [take.bars_written for take in loop] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-4", (2, 3, {0, 1, 2, 3})),
        ("8", (7, 7, {0, 1, 2, 3})),
        ("1-2: Alto, 4", (0, 1, {1, 3})),
        ("tenor", (0, 7, {2})),
    ],
)
def test_a_region_is_read_as_people_write_it(text, expected):
    assert parse_region(text, EIGHT_BARS) == expected


@pytest.mark.parametrize("text", ["0-2", "7-9", "4-3", "", "3-4:violin", "x y z", "1" * 5000, "1:²"])
def test_a_region_that_is_not_there_is_refused(text):
    with pytest.raises(BadRequest, match=r"region|no voice"):
        parse_region(text, EIGHT_BARS)
