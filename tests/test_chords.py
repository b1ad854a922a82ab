"""Several notes a voice: piano textures and accompaniment, on a tiny network with random weights."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.errors import BadRequest
from composer.score import Key, Metre, Note, Score, Voice
from composer.tasks.ensembles import kind_of, polyphony
from composer.writing import ENSEMBLES, KINDS
from tests.conftest import compose, reading, tune


def most_at_once(notes: tuple[Note, ...]) -> int:
    return max((sum(other.onset <= note.onset < other.end for other in notes) for note in notes), default=0)


def chords(*roots: int, beats: int = 1) -> tuple[Note, ...]:
    return tuple(Note(i * 24 * beats, root + third, 24 * beats) for i, root in enumerate(roots) for third in (0, 4, 7))


PIANO = Score((Voice(chords(60, 65, 67, 60), "RH"), Voice(tuple(Note(i * 24, 40 + i, 24) for i in range(4)), "LH")))


def test_a_line_is_a_line_though_it_doubles_a_note():
    line = tune(*range(60, 84)).voices[0].notes
    assert polyphony(line) == 1
    assert polyphony((*line, Note(0, 48, 24))) == 1
    assert polyphony(chords(60, 65)) == 3
    assert polyphony(tuple(Note(0, pitch, 24) for pitch in range(40, 60))) == 6


_METRES = st.sampled_from([(4, 4), (3, 4), (6, 8), (3, 8)])
_ROOTS = st.lists(st.integers(40, 80), min_size=1, max_size=8)


def check(notes: tuple[Note, ...], most: int) -> None:
    assert most_at_once(notes) <= most
    assert len({(n.onset, n.pitch) for n in notes}) == len(notes)
    assert all(not (a.pitch == b.pitch and a.onset < b.onset < a.end) for a in notes for b in notes)


@settings(max_examples=50, deadline=None)
@given(roots=_ROOTS, beats=st.integers(1, 5), metre=_METRES, seed=st.integers(0, 2**31 - 1))
def test_chords_never_sound_a_pitch_twice_nor_more_notes_than_the_seed(tiny_shelf, roots, beats, metre, seed):
    right = Voice(chords(*roots, beats=beats), "RH")
    left = Voice(tuple(Note(i * 24 * beats, 36 + i, 24 * beats) for i in range(len(roots))), "LH")
    given = reading(Score((right, left), (Metre(0, *metre),)))
    take = compose(tiny_shelf, given, "transformer", bars=3, seed=seed, scale="none", temperature=3.0)
    assert take.score.bars == given.score.bars + 3
    for voice, most in zip(take.score.voices, (3, 1), strict=True):
        check(tuple(n for n in voice.notes if n.onset >= take.new_from), most)


@settings(max_examples=50, deadline=None)
@given(roots=_ROOTS, metre=_METRES, span=st.integers(0, 3), seed=st.integers(0, 2**31 - 1))
def test_a_narrow_range_is_never_a_trap(tiny_shelf, roots, metre, span, seed):
    given = reading(Score((Voice(chords(*roots), "Piano"),), (Metre(0, *metre),)))
    asked = {"low": 60, "high": 60 + span, "scale": "none", "rhythm_temperature": 5.0, "top_p": 1.0}
    take = compose(tiny_shelf, given, "transformer", bars=4, seed=seed, **asked)
    new = tuple(n for n in take.score.voices[0].notes if n.onset >= take.new_from)
    check(new, 3)
    assert {n.pitch for n in new} <= set(range(60, 61 + span))
    assert {take.score.bar_at(n.onset) for n in new} >= set(range(given.score.bars, given.score.bars + 4))


def test_chords_are_written_where_there_were_chords(tiny_shelf):
    take = compose(tiny_shelf, reading(PIANO), "transformer", bars=8, seed=1)
    new = tuple(n for n in take.score.voices[0].notes if n.onset >= take.new_from)
    assert 2 <= most_at_once(new) <= 3
    assert not take.remarks


def test_one_hand_is_written_anew_under_the_other(tiny_shelf):
    piece = Score((Voice(chords(*[60, 65, 67, 60] * 3), "RH"), Voice(tune(*[40, 43] * 6).voices[0].notes, "LH")))
    take = compose(tiny_shelf, reading(piece), "transformer", task="infill", region="2:rh")
    assert take.score.voices[1].notes == piece.voices[1].notes
    assert [n for n in take.score.voices[0].notes if not 96 <= n.onset < 192] == [
        n for n in piece.voices[0].notes if not 96 <= n.onset < 192
    ]


def test_an_accompaniment_leaves_the_melody_and_plays_under_all_of_it(tiny_shelf):
    melody = tune(*[72, 74, 76, 77] * 6, metre=(3, 4))
    take = compose(tiny_shelf, reading(melody), "transformer", task="accompany", scale="C major")
    assert [voice.name for voice in take.score.voices] == ["Voice", "Piano RH", "Piano LH"]
    assert take.score.voices[0].notes == melody.voices[0].notes
    assert {take.score.bar_at(note.onset) for note in take.new_notes} == set(range(melody.bars))
    assert all(note.pitch % 12 in Key(0).pitch_classes for note in take.new_notes)
    for voice, part in zip(take.score.voices[1:], ENSEMBLES["song"].parts[1:], strict=True):
        assert most_at_once(voice.notes) <= part.most
        assert all(part.low <= note.pitch <= part.high for note in voice.notes)


def test_a_frozen_left_hand_stays_under_a_new_right_hand(tiny_shelf):
    left = Voice(chords(40, 43, 40, 43), "Piano LH")
    seed = Score((tune(72, 74, 76, 77).voices[0], left))
    take = compose(tiny_shelf, reading(seed), "transformer", task="accompany", track=1, freeze=("piano lh",))
    assert take.score.voices[2].notes == left.notes
    assert {voice for voice, _ in take.new} == {1}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_improvised_for_its_ensemble(tiny_shelf, kind):
    take = compose(tiny_shelf, None, "transformer", task="improvise", kind=kind, bars=3)
    parts = ENSEMBLES[kind].parts
    assert [(voice.name, voice.program) for voice in take.score.voices] == [(p.name, p.program) for p in parts]
    assert take.score.bars == 3
    for voice, part in zip(take.score.voices, parts, strict=True):
        assert most_at_once(voice.notes) <= part.most


def test_a_style_has_its_ensemble_unless_another_is_asked_for(tiny_shelf):
    assert [kind_of(style) for style in ("hymn", "lied", "quartet", "reel", None)] == [
        "chorale",
        "song",
        "quartet",
        "melody",
        "melody",
    ]
    take = compose(tiny_shelf, None, "transformer", task="improvise", kind="melody", style="hymn", bars=2)
    assert len(take.score.voices) == 1


def test_a_melody_network_improvises_no_quartet(tiny_shelf):
    with pytest.raises(BadRequest, match="writes melodies"):
        compose(tiny_shelf, None, "lstm", task="improvise", kind="quartet")
