"""What is told of the music to come: endings hold by a mask in any network, the rest is told and refused in words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from composer.errors import BadRequest
from composer.evaluation.measures import is_chord, last_chord, longest_run
from composer.events.conditions import RELATIONS
from composer.events.rows import Bars
from composer.music import Reading
from composer.score import Key, Metre, Note, Score, Voice
from composer.tasks.region import Region
from composer.writing import Request, new_writer
from composer.writing.drafters.notes import NoteDrafter
from composer.writing.row_voices import MOST_RUNNING
from tests.conftest import EIGHT_BARS, compose, reading, tune

IN_D = tune(62, 64, 66, 67, 69, 66, 64, 62, 69, 67, 66, 64, 62, 61, 62, 62)
NOTE_NETWORKS = ("rnn", "lstm", "transformer")


@pytest.mark.parametrize("name", NOTE_NETWORKS)
@pytest.mark.parametrize("seed", range(4))
def test_a_melody_ends_on_the_tonic_unless_asked_otherwise(tiny_shelf, name, seed):
    given = reading(IN_D)
    assert given.key == Key(2, "major")
    take = compose(tiny_shelf, given, name, bars=3, seed=seed)
    assert take.new_notes[-1].pitch % 12 == 2
    opened = compose(tiny_shelf, given, name, bars=3, seed=seed, ending="open")
    assert opened.new_notes[-1].pitch % 12 in (9, 1, 4)  # of the chord of A


@pytest.mark.parametrize("seed", range(4))
def test_a_harmonisation_closes_under_the_last_note_of_the_melody(tiny_shelf, seed):
    given = reading(tune(60, 62, 64, 65, 67, 65, 64, 62, 60, 60, 60, 60))
    take = compose(tiny_shelf, given, "transformer", task="harmonise", seed=seed)
    last = given.score.notes[-1].onset
    sounding = [[n.pitch for n in voice.notes if n.end > last] for voice in take.score.voices]
    assert {pitch % 12 for line in sounding for pitch in line} <= {0, 4, 7}
    assert {pitch % 12 for pitch in sounding[1]} <= {4}  # the third, which makes it a chord
    assert sounding[-1]
    assert {pitch % 12 for pitch in sounding[-1]} == {0}


@pytest.mark.parametrize("seed", range(4))
def test_voices_under_a_melody_begin_and_end_with_it_and_never_rest(tiny_shelf, seed):
    notes = tuple(Note(72 + 24 * i, pitch, 24) for i, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 62, 60)))
    take = compose(tiny_shelf, reading(Score((Voice(notes),))), "transformer", task="harmonise", seed=seed)
    end = take.score.voices[0].end
    for voice in take.score.voices[1:]:
        assert voice.notes[0].onset == 72
        assert all(a.end == b.onset for a, b in pairwise(voice.notes)), voice.name
        assert voice.end == end
    assert len({voice.notes[-1].onset for voice in take.score.voices}) == 1  # the last chord is struck once


def test_a_long_melody_closes_on_a_note_that_is_held_over_the_last_bar_line(tiny_shelf):
    pitches = [60 + (7 * i) % 12 for i in range(40 * 8 - 2)]
    notes = (*tune(*pitches, duration=12).notes, Note(len(pitches) * 12, 72, 120))
    given = replace(reading(Score((Voice(notes),))), key=Key(0))
    take = compose(tiny_shelf, given, "transformer", task="harmonise", rhythm_temperature=3.0)
    assert {(voice.notes[-1].onset, voice.end) for voice in take.score.voices} == {(notes[-1].onset, notes[-1].end)}


@pytest.mark.parametrize("before", [67, 71, 62, 65])
@pytest.mark.parametrize("key", [Key(0), Key(0, "minor")])
def test_a_harmonisation_comes_to_its_tonic_from_the_dominant_where_the_melody_allows(tiny_shelf, before, key):
    given = replace(reading(tune(60, 67, 65, 67, 72, 67, before, 60, duration=48)), key=key)
    for seed in range(3):
        take = compose(tiny_shelf, given, "transformer", task="harmonise", seed=seed)
        close = given.score.notes[-1].onset
        sounding = {n.pitch % 12 for voice in take.score.voices for n in voice.notes if n.onset < close <= n.end}
        bass = [n for n in take.score.voices[-1].notes if n.end == close]
        assert 11 in sounding
        assert [n.pitch % 12 for n in bass] == [7]


@pytest.mark.parametrize("last", [62, 65, 69, 71])
def test_a_melody_that_ends_off_the_tonic_chord_gets_a_triad_that_has_its_note(tiny_shelf, last):
    given = replace(reading(tune(60, 64, 67, 72, 67, 64, 62, last)), key=Key(0))
    for seed in range(3):
        take = compose(tiny_shelf, given, "transformer", task="harmonise", seed=seed)
        assert is_chord(last_chord(take.score)), last_chord(take.score)


@pytest.mark.parametrize("name", NOTE_NETWORKS)
@pytest.mark.parametrize(
    ("metre", "closes"), [((4, 4), 48), ((3, 4), 24), ((2, 4), 24), ((6, 8), 36), ((9, 8), 36), ((2, 2), 48)]
)
def test_the_last_bar_closes_from_its_middle_on_a_note_of_some_length(tiny_shelf, name, metre, closes):
    given = reading(tune(*[60, 62, 64, 65, 67, 65, 64, 62] * 6, metre=metre))
    for seed in range(2):
        take = compose(tiny_shelf, given, name, bars=2, seed=seed)
        bar = take.score.bar_start(take.score.bars - 1)
        for note in take.new_notes:
            if note.onset >= bar + closes:
                assert note.pitch % 12 == given.key.tonic
                assert note.duration >= 24
        assert take.new_notes[-1].end > bar + closes


@pytest.mark.parametrize("seed", range(4))
def test_no_pitch_is_hammered_where_the_seed_does_not(tiny_shelf, seed):
    settings = {"temperature": 0.0, "rhythm_temperature": 5.0, "seed": seed, "bars": 4}
    take = compose(tiny_shelf, reading(IN_D), "rnn", **settings)
    last = take.score.bar_start(take.score.bars - 1)
    assert longest_run(tuple(note for note in take.new_notes if note.onset < last)) <= MOST_RUNNING
    drummed = compose(tiny_shelf, reading(tune(*[62] * 16)), "rnn", **settings)
    assert drummed.new_notes


def test_what_is_filled_in_before_more_music_does_not_close(tiny_shelf):
    endings = {
        compose(tiny_shelf, reading(IN_D), "transformer", task="infill", region="2", seed=s).new_notes[-1].pitch % 12
        for s in range(8)
    }
    assert len(endings) > 1


def _answers(tiny_shelf, **settings) -> dict[int, tuple[int, int]]:
    bound = new_writer(reading(EIGHT_BARS), Request(**settings), tiny_shelf.take("transformer"))
    assert isinstance(bound.drafter, NoteDrafter)
    lines = Bars.of(bound.plan.view(bound.plan.score), bound.plan.region.last_bar + 1)
    return dict(bound.drafter._wishes(lines, bound.plan.region).answers)


NEW, SAME = (1 + RELATIONS.index(name) for name in ("new", "same"))


def test_where_a_letter_comes_again_its_phrase_returns(tiny_shelf):
    found = _answers(tiny_shelf, bars=8, form="AABA")
    assert [found[bar][0] for bar in range(8, 16)] == [NEW, NEW, SAME, SAME, NEW, NEW, SAME, SAME]
    assert [found[bar][1] for bar in (10, 11, 14, 15)] == [2, 2, 6, 6]


@pytest.mark.parametrize(("returns", "bars"), [("new", 0), ("a little", 1), ("much", 4), ("echo", 6)])
def test_so_many_bars_of_the_seed_return(tiny_shelf, returns, bars):
    found = _answers(tiny_shelf, bars=8, returns=returns)
    assert sum(relation == SAME for relation, _ in found.values()) == bars
    assert {back for relation, back in found.values() if relation == SAME} <= {8}


@pytest.mark.parametrize(
    "settings", [{"returns": "all"}, {"busy": "frantic"}, {"ending": "fade"}, {"form": "aab"}, {"form": "A" * 17}]
)
def test_wishes_that_nobody_can_meet_are_refused(settings):
    with pytest.raises(BadRequest):
        Request(**settings)


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_a_network_of_points_says_that_it_cannot_be_told(tiny_shelf, name):
    with pytest.raises(BadRequest, match=f"{name} cannot be told of busy and form"):
        new_writer(reading(IN_D), Request(busy="calm", form="AB"), tiny_shelf.take(name))


@pytest.mark.parametrize("name", NOTE_NETWORKS)
def test_a_wish_changes_what_is_written(tiny_shelf, name):
    takes = [
        compose(tiny_shelf, reading(IN_D), name, bars=4, temperature=1.0, rhythm_temperature=1.0, top_p=1.0, busy=busy)
        for busy in (None, "very calm", "very busy")
    ]
    assert len({tuple(take.new_notes) for take in takes}) == 3


def test_a_dance_brings_its_metre_and_says_so(tiny_shelf):
    take = compose(tiny_shelf, reading(IN_D), "lstm", task="improvise", style="jig", bars=2)
    assert str(take.score.metres[0]) == "6/8"
    assert "A jig is in 6/8" in take.remarks[0]


def test_a_lock_to_another_key_says_what_it_does(tiny_shelf):
    take = compose(tiny_shelf, reading(IN_D), "lstm", bars=2, scale="Eb minor")
    assert any("holds the new notes to" in remark for remark in take.remarks), take.remarks


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["chorale", "song", "piano", "quartet"])
def test_no_voice_of_an_improvised_ensemble_is_silent_for_two_bars(tiny_shelf, kind, seed):
    take = compose(tiny_shelf, None, "transformer", task="improvise", kind=kind, bars=6, seed=seed)
    region = Region.of_bars(take.score, 0, 5, frozenset({0}))
    for voice in take.score.voices:
        heard = np.zeros(6, bool)
        for note in voice.notes:
            heard[take.score.bar_at(note.onset) : take.score.bar_at(note.end - 1) + 1] = True
        assert not (~heard[:-1] & ~heard[1:])[: region.last_bar].any(), voice.name


@pytest.mark.parametrize("name", NOTE_NETWORKS)
@pytest.mark.parametrize("metre", [(4, 4), (3, 4), (6, 8), (2, 4), (3, 8)])
def test_an_improvisation_does_not_begin_with_silence(tiny_shelf, name, metre):
    for seed in range(4):
        nothing = Reading(Score((), (Metre(0, *metre),)), "nothing")
        take = compose(tiny_shelf, nothing, name, task="improvise", kind="melody", bars=2, seed=seed)
        assert take.new_notes[0].onset < Metre(0, *metre).bar_ticks / 2
