"""What is told of the music to come: endings hold by a mask in any network, the rest is told and refused in words."""

from __future__ import annotations

import numpy as np
import pytest

from composer.errors import BadRequest
from composer.events.conditions import RELATIONS
from composer.events.rows import Bars
from composer.score import Key
from composer.writing import Request, new_writer
from composer.writing.note_writer import NoteWriter
from composer.writing.region import Region
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


def test_what_is_filled_in_before_more_music_does_not_close(tiny_shelf):
    endings = {
        compose(tiny_shelf, reading(IN_D), "transformer", task="infill", region="2", seed=s).new_notes[-1].pitch % 12
        for s in range(8)
    }
    assert len(endings) > 1


def _answers(tiny_shelf, **settings) -> dict[int, tuple[int, int]]:
    bound = new_writer(reading(EIGHT_BARS), Request(**settings), tiny_shelf.take("transformer"))
    assert isinstance(bound, NoteWriter)
    lines = Bars.of(bound.plan.view(bound.plan.score), bound.plan.region.last_bar + 1)
    return dict(bound._wishes(lines, bound.plan.region).answers)


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
