"""One voice: the loop, its masks and its promises, on tiny networks with random weights."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.music import read, write_midi
from composer.networks import NETWORKS
from composer.score import Key, Metre, Note, Score, Tempo, Voice
from composer.tasks.region import Region
from composer.writing import Recipe, Request, Take, blank, new_writer
from tests.conftest import compose, reading, tune


@pytest.mark.parametrize(
    ("score", "start", "first_bar", "last_bar"),
    [
        (tune(60, 62, 64, 65), 96, 1, 2),  # a full bar: from the next
        (tune(60), 24, 0, 2),  # one note: from the second beat, then two whole bars
        (tune(60, duration=30), 48, 0, 2),  # rounded up to a beat
        (tune(60, duration=12, metre=(6, 8)), 36, 0, 2),  # a dotted beat
        (Score(), 0, 0, 1),
    ],
)
def test_the_region_begins_on_the_beat_after_the_seed(score, start, first_bar, last_bar):
    region = Region.after(score, 2)
    assert (region.start, region.first_bar, region.last_bar) == (start, first_bar, last_bar)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("metre", [(4, 4), (6, 8), (9, 8), (3, 8), (2, 2), (5, 4), (7, 8)])
def test_a_take_is_the_seed_untouched_and_then_the_bars_asked_for(tiny_shelf, name, metre):
    seed = reading(tune(60, 62, 64, 65, 67, metre=metre))
    take = compose(tiny_shelf, seed, name, bars=3, seed=5)
    given = len(seed.score.notes)
    assert list(take.score.notes[:given]) == seed.score.notes
    assert take.score.bars == seed.score.bars + 3
    assert take.bars_written == 3
    assert take.score.metres == seed.score.metres
    bars = {take.score.bar_at(note.onset) for note in take.new_notes}
    assert bars >= set(range(seed.score.bars, seed.score.bars + 3))


_REQUESTS = st.builds(
    dict,
    bars=st.integers(1, 4),
    temperature=st.sampled_from([0.0, 0.7, 1.5, 5.0]),
    rhythm_temperature=st.sampled_from([0.0, 1.0, 5.0]),
    top_p=st.sampled_from([0.2, 0.95, 1.0]),
    scale=st.sampled_from(["G major", "Bb minor", "none"]),
    low=st.integers(40, 60),
    high=st.integers(62, 90),
    seed=st.integers(0, 2**31 - 1),
)
_SEEDS = st.tuples(
    st.lists(st.integers(30, 100), min_size=1, max_size=9),
    st.integers(1, 100),
    st.sampled_from([(4, 4), (3, 4), (6, 8), (12, 8), (3, 8), (1, 4), (4, 2)]),
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(NETWORKS)), seed=_SEEDS, asked=_REQUESTS)
def test_no_rule_is_ever_broken(tiny_shelf, name, seed, asked):
    pitches, duration, metre = seed
    score = tune(*pitches, duration=duration, metre=metre)
    take = compose(tiny_shelf, reading(score), name, **asked)
    key = None if asked["scale"] == "none" else Key.parse(asked["scale"])
    region = Region.after(score, asked["bars"])
    new = take.new_notes
    assert [n for n in take.score.notes if n.onset < region.start] == score.notes
    assert all(asked["low"] <= n.pitch <= asked["high"] for n in new)
    assert all(key is None or n.pitch % 12 in key.pitch_classes for n in new)
    assert all(region.start <= n.onset and n.end <= region.end for n in new)
    assert all(a.end <= b.onset for a, b in pairwise(new))
    first_whole = region.last_bar - asked["bars"] + 1
    assert {take.score.bar_at(n.onset) for n in new} >= set(range(first_whole, region.last_bar + 1))


def test_the_scale_is_by_itself_the_seeds_key(tiny_shelf):
    seed = reading(tune(62, 64, 66, 67, 69, 71, 73, 74, 62, 69, 62))
    take = compose(tiny_shelf, seed, bars=8, temperature=5.0)
    assert {n.pitch % 12 for n in take.new_notes} <= Key(2).pitch_classes


def test_other_tracks_stay_and_the_melody_goes_on_after_all_of_them(tiny_shelf):
    lead = Voice((Note(0, 72, 24), Note(24, 74, 24)), "Lead", 73)
    bass = Voice((Note(0, 40, 192),), "Bass", 32)
    take = compose(tiny_shelf, reading(Score((bass, lead))), bars=2)
    assert take.score.voices[0] == bass
    assert take.score.voices[1].notes[:2] == lead.notes
    assert min(note.onset for note in take.new_notes) >= 192
    assert take.remarks


def test_a_seed_of_one_note_and_one_of_two_hundred_bars_both_work(tiny_shelf):
    assert compose(tiny_shelf, reading(tune(60)), bars=2).score.bars == 3
    assert compose(tiny_shelf, reading(tune(*[60, 62, 64, 65] * 200)), bars=2).score.bars == 202


def test_improvising_needs_no_seed(tiny_shelf):
    take = compose(tiny_shelf, None, task="improvise", bars=4)
    assert (take.score.bars, take.new_from) == (4, 0)
    waltz = compose(tiny_shelf, blank(Metre(0, 3, 4), 90), task="improvise", bars=4)
    assert (str(waltz.score.metres[0]), waltz.score.tempos) == ("3/4", (Tempo.from_bpm(90),))
    assert waltz.score.bars == 4
    from_a_tune = compose(tiny_shelf, reading(tune(62, 66, 69, 62, metre=(6, 8))), task="improvise", bars=2)
    assert (from_a_tune.new_from, str(from_a_tune.score.metres[0]), from_a_tune.score.bars) == (0, "6/8", 2)


# The same request, the same notes


def test_the_same_request_gives_the_same_notes_and_another_seed_others(tiny_shelf):
    seed = reading(tune(60, 64, 67, 72))
    assert compose(tiny_shelf, seed, seed=7) == compose(tiny_shelf, seed, seed=7)
    assert compose(tiny_shelf, seed, seed=7).score != compose(tiny_shelf, seed, seed=8).score


def test_take_two_is_the_first_take_of_the_next_seed(tiny_shelf):
    seed = reading(tune(60, 64, 67, 72))
    assert compose(tiny_shelf, seed, seed=7, take=1) == compose(tiny_shelf, seed, seed=8)


def test_takes_written_at_once_are_those_written_alone(tiny_shelf):
    seed = reading(tune(60, 64, 67, 72))
    bound = new_writer(seed, Request(bars=3), tiny_shelf.take("lstm"))
    loops = [bound.write(take) for take in range(3)]
    last: dict[int, Take] = {}
    while loops_left := [i for i, loop in enumerate(loops) if loop is not None]:
        for i in loops_left:
            take = next(loops[i], None)
            last[i] = take or last[i]
            loops[i] = loops[i] if take else None
    assert [last[i] for i in range(3)] == [compose(tiny_shelf, seed, bars=3, take=i) for i in range(3)]


def test_bars_arrive_one_by_one_and_stopping_is_closing(tiny_shelf):
    seed = reading(tune(60, 62, 64, 65))
    loop = new_writer(seed, Request(bars=5, seed=3), tiny_shelf.take("rnn")).write()
    grown = list(islice(loop, 2))
    loop.close()
    assert [take.bars_written for take in grown] == [1, 2]
    assert grown[1].score.voices[0].notes[: len(grown[0].score.voices[0].notes)] == grown[0].score.voices[0].notes
    whole = compose(tiny_shelf, seed, "rnn", bars=5, seed=3)
    assert whole.score.voices[0].notes[: len(grown[1].score.voices[0].notes)] == grown[1].score.voices[0].notes


def test_a_recipe_makes_the_take_again(tiny_shelf):
    seed = reading(tune(60, 64, 67, 72))
    take = compose(tiny_shelf, seed, take=2, temperature=1.3, seed=11)
    kept = read(write_midi(take.score, take.recipe.to_json())).recipe
    recipe = Recipe.from_json(kept)
    assert recipe == take.recipe
    again = new_writer(seed, recipe.request, tiny_shelf.take(recipe.checkpoint))
    assert again.finish() == take
