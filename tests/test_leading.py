"""Voices led by the rules of harmony, on a tiny network with random weights that knows none of them."""

from __future__ import annotations

import pytest

from composer.errors import BadRequest
from composer.evaluation.chorale import faults
from composer.score import Note
from composer.writing import Request
from composer.writing.voice_leading import VoiceLeading
from tests.conftest import EIGHT_BARS, choir, compose, reading, tune

MOVING = choir(*[72, 74, 76, 77, 79, 77, 76, 74] * 4)


def faulty(known: dict[int, list[Note]], voice: int, now: int) -> set[int]:
    return set(VoiceLeading(known).faulty(voice, now).nonzero()[0].tolist())


def test_octaves_in_parallel_are_forbidden_and_in_contrary_motion_are_not():
    up = {0: [Note(0, 72, 24), Note(24, 74, 24)], 1: [Note(0, 60, 24)]}
    assert faulty(up, 1, 24) == {62, 74} | set(range(75, 128))  # the octave below, and everything above the soprano
    down = {0: [Note(0, 72, 24), Note(24, 71, 24)], 1: [Note(0, 60, 24)]}
    assert 59 in faulty(down, 1, 24)
    assert not {61, 62, 63} & faulty(down, 1, 24)


def test_fifths_count_across_the_octave_and_a_voice_that_stays_makes_none():
    moving = {0: [Note(0, 79, 24), Note(24, 81, 24)], 1: [Note(0, 60, 24)]}  # a twelfth
    assert {62, 74} <= faulty(moving, 1, 24)
    staying = {0: [Note(0, 79, 48)], 1: [Note(0, 60, 24)]}
    assert faulty(staying, 1, 24) == set(range(80, 128))


def test_a_voice_stays_between_its_neighbours():
    between = {0: [Note(0, 72, 24)], 1: [], 2: [Note(0, 55, 24)]}
    assert faulty(between, 1, 0) == {*range(55), *range(73, 128)}


def test_voices_written_by_chance_break_hardly_a_rule(tiny_shelf):
    # Two voices of a moving choir are written anew: chance alone would often move them alike.
    asked = {"task": "infill", "region": "1-8:alto,tenor", "style": "chorale", "temperature": 0.0, "top_p": 1.0}
    led, free = (
        faults(
            compose(tiny_shelf, reading(MOVING), "transformer", strict=strict, seed=seed, **asked).score
            for seed in range(3)
        )
        for strict in (True, False)
    )
    assert led.crossings + led.parallels < 0.3 * (free.crossings + free.parallels)


@pytest.mark.parametrize("seed", range(5))
def test_all_voices_begin_together(tiny_shelf, seed):
    take = compose(tiny_shelf, reading(tune(72, 74, 76)), "transformer", task="harmonise", seed=seed)
    assert [voice.notes[0].onset for voice in take.score.voices[1:]] == [take.new_notes[0].onset] * 3


def test_other_styles_are_led_as_they_like(tiny_shelf):
    asked = {"task": "infill", "region": "3-4", "style": "quartet"}
    takes = [compose(tiny_shelf, reading(EIGHT_BARS), "transformer", strict=s, **asked) for s in (True, False)]
    assert takes[0].score == takes[1].score


def test_strict_is_yes_or_no():
    with pytest.raises(BadRequest, match="yes or no"):
        Request(strict=1)  # type: ignore[arg-type]
