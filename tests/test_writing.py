"""The loop, its masks and its promises, on tiny networks with random weights: rules must not lean on training."""

from __future__ import annotations

from collections import deque
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import BadRequest
from composer.events import Vocabulary
from composer.music import Reading, read, write_midi
from composer.networks import NETWORKS
from composer.score import Key, Metre, Note, Score, Tempo, Voice
from composer.writing import Commission, Recipe, Request, Take, blank
from composer.writing.region import Region, parse_region
from composer.writing.sampling import Sampling, draw, keep_top_p, probabilities
from tests.conftest import tune

V = Vocabulary()


def reading(score: Score) -> Reading:
    return read(write_midi(score))


def compose(shelf, given: Reading | None, name: str = "lstm", take: int = 0, **settings) -> Take:
    return deque(Commission(given, Request(**settings), shelf.take(name)).write(take), maxlen=1).pop()


# Logits to tokens


def test_masked_tokens_have_no_chance_and_the_rest_is_renormalised():
    logits = np.log([0.5, 0.3, 0.2])
    shares = probabilities(logits, np.array([False, True, True]), Sampling(np.ones(3), 1.0))
    np.testing.assert_allclose(shares, [0, 0.6, 0.4])


def test_the_mask_comes_before_top_p():
    # Were top-p first, the likeliest token alone would be kept, and the mask would leave nothing.
    shares = probabilities(np.log([0.9, 0.06, 0.04]), np.array([False, True, True]), Sampling(np.ones(3), 0.5))
    np.testing.assert_allclose(shares, [0, 1, 0])


def test_temperature_two_halves_the_logits():
    shares = probabilities(np.array([0.0, 2.0]), np.ones(2, bool), Sampling(np.full(2, 2.0), 1.0))
    np.testing.assert_allclose(shares[1] / shares[0], np.e)


def test_temperature_nought_takes_the_likeliest():
    sampling = Sampling.of(V, 0, 0, 1.0)
    logits = np.zeros(V.size)
    logits[V.pitch + 60] = 0.1
    assert probabilities(logits, np.ones(V.size, bool), sampling)[V.pitch + 60] == pytest.approx(1)


def test_pitches_and_rhythm_have_temperatures_of_their_own():
    sampling = Sampling.of(V, 0.5, 2.0, 1.0)
    assert {sampling.temperatures[V.pitch], sampling.temperatures[V.duration - 1]} == {0.5}
    assert {sampling.temperatures[t] for t in (V.END, V.BAR, V.position, V.duration)} == {2.0}


@pytest.mark.parametrize(("top_p", "kept"), [(0.5, [1, 0, 0]), (0.51, [0.625, 0.375, 0]), (1.0, [0.5, 0.3, 0.2])])
def test_top_p_keeps_the_fewest_likeliest(top_p, kept):
    np.testing.assert_allclose(keep_top_p(np.array([0.5, 0.3, 0.2]), top_p), kept)


def test_draws_follow_the_shares():
    random = np.random.default_rng(0)
    drawn = np.bincount([draw(np.array([0.2, 0, 0.8]), random) for _ in range(4000)], minlength=3) / 4000
    np.testing.assert_allclose(drawn, [0.2, 0, 0.8], atol=0.03)


# Where the writing begins and ends


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
    commission = Commission(seed, Request(bars=3), tiny_shelf.take("lstm"))
    loops = [commission.write(take) for take in range(3)]
    last: dict[int, Take] = {}
    while loops_left := [i for i, loop in enumerate(loops) if loop is not None]:
        for i in loops_left:
            take = next(loops[i], None)
            last[i] = take or last[i]
            loops[i] = loops[i] if take else None
    assert [last[i] for i in range(3)] == [compose(tiny_shelf, seed, bars=3, take=i) for i in range(3)]


def test_bars_arrive_one_by_one_and_stopping_is_closing(tiny_shelf):
    seed = reading(tune(60, 62, 64, 65))
    loop = Commission(seed, Request(bars=5, seed=3), tiny_shelf.take("rnn")).write()
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
    again = Commission(seed, recipe.request, tiny_shelf.take(recipe.checkpoint))
    assert deque(again.write(), maxlen=1).pop() == take


# Several voices


def choir(*tops: int) -> Score:
    """Four voices in parallel, a note a beat: hard on the ear, easy to count."""
    names = ("Soprano", "Alto", "Tenor", "Bass")
    voices = [
        Voice(tuple(Note(i * 24, top - 5 * v, 24) for i, top in enumerate(tops)), name) for v, name in enumerate(names)
    ]
    return Score(tuple(voices))


EIGHT_BARS = choir(*[72, 74, 76, 77] * 8)


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
    first = next(Commission(reading(EIGHT_BARS), asked, tiny_shelf.take("transformer")).write())
    assert first.bars_written == 1
    reached = max(note.end for note in first.new_notes)
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
    loop = Commission(reading(EIGHT_BARS), Request(bars=6), tiny_shelf.take("transformer")).write()
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


# Refusals


def test_a_melody_network_cannot_harmonise(tiny_shelf):
    with pytest.raises(BadRequest, match="lstm cannot harmonise; it can continue, improvise"):
        compose(tiny_shelf, reading(tune(60)), "lstm", task="harmonise")


def test_freezing_everything_leaves_nothing_to_write(tiny_shelf):
    with pytest.raises(BadRequest, match="frozen"):
        compose(tiny_shelf, reading(EIGHT_BARS), "transformer", task="harmonise", freeze=("alto", "tenor", "bass"))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"bars": 0}, "bars must be a whole number from 1 to 64, not 0"),
        ({"bars": 2.5}, "whole number"),
        ({"bars": True}, "whole number"),
        ({"temperature": float("nan")}, "temperature must be a number"),
        ({"temperature": -0.1}, "from 0 to 5"),
        ({"top_p": 0}, "top-p"),
        ({"takes": 9}, "takes"),
        ({"seed": -1}, "seed"),
        ({"scale": "H"}, "scale"),
        ({"low": 70, "high": 60}, "Swap"),
        ({"task": "dance"}, "no task 'dance'"),
        ({"task": "infill"}, "needs a region"),
        ({"bars": None}, "whole number"),
        ({"region": 5}, "not the name"),
        ({"freeze": [1]}, "not the name"),
        ({"track": "1"}, "track"),
    ],
)
def test_a_wrong_setting_is_quoted(settings, words):
    with pytest.raises(BadRequest, match=words):
        Request(**settings)


def test_a_range_without_a_note_of_the_scale_is_refused(tiny_shelf):
    with pytest.raises(BadRequest, match="Widen the range"):
        compose(tiny_shelf, reading(tune(60)), scale="C major", low=61, high=61)


def test_an_unknown_style_is_refused_with_those_there_are(tiny_shelf):
    with pytest.raises(BadRequest, match="no style 'dubstep'; there are: reel, jig"):
        compose(tiny_shelf, reading(tune(60)), style="dubstep")


def test_going_on_from_nothing_is_refused(tiny_shelf):
    with pytest.raises(BadRequest, match="no seed"):
        compose(tiny_shelf, None)


def test_a_recipe_with_unknown_settings_is_refused():
    with pytest.raises(BadRequest, match="swing"):
        Request.from_json({"swing": 0.5})
