"""What is drawn in the browser, as a seed; whatever a browser sends, it is music or refused in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from composer.errors import UnreadableMusic
from composer.music import read, write_midi
from composer.page.editor.drawing import blank_seed, drawing, drawn
from composer.page.seeds.seeds import Seed
from composer.score import Key, Note, Score, Tempo, Voice

FLUTE = Voice((Note(0, 67, 24, 60), Note(24, 69, 24, 70), Note(48, 71, 48, 90)), "Flute", 73)
DRUMS = Voice((Note(0, 36, 6, 100), Note(48, 38, 6, 100)), "Kit", 0, True)


@pytest.fixture
def seed() -> Seed:
    score = Score((FLUTE, DRUMS), tempos=(Tempo.from_bpm(90), Tempo.from_bpm(60, 48)), key=Key.parse("G major"))
    return Seed(read(write_midi(score)), "Test")


def edited(seed: Seed, **changes: Any) -> dict[str, Any]:
    return {**drawing(seed), "edition": 1, **changes}


def note(onset: int, pitch: int, duration: int, **more: int) -> dict[str, Any]:
    return {"onset": onset, "pitch": pitch, "duration": duration, "voice": 0, "velocity": 80, **more}


def test_what_is_not_changed_stays_as_it_was_read(seed):
    assert drawn(drawing(seed), seed) is seed
    assert drawn(edited(seed), seed) is seed


def test_changed_notes_keep_all_else(seed):
    value = edited(seed)
    value["notes"] = [*value["notes"][1:], note(96, 74, 24)]
    after = drawn(value, seed).reading
    flute, drums = after.score.voices
    assert flute.notes == (Note(24, 69, 24, 70), Note(48, 71, 48, 90), Note(96, 74, 24, 80))
    assert (flute.name, flute.program, drums.notes) == ("Flute", 73, DRUMS.notes)
    assert after.score.tempos == seed.reading.score.tempos
    assert (after.source, str(after.key)) == ("MIDI, changed", "G major")


def test_a_drawing_of_the_seed_before_is_not_taken(seed):
    other = replace(seed, mark="another")
    assert drawn(edited(seed, notes=[]), other) is other


def test_metre_tempo_and_key_are_changed(seed):
    after = drawn(edited(seed, metre="3/4", tempo=132, key="E minor"), seed).reading
    assert (str(after.score.metres[0]), round(after.score.tempos[0].bpm), len(after.score.tempos)) == ("3/4", 132, 1)
    assert str(after.key) == str(after.score.key) == "E minor"


def test_notes_on_one_pitch_do_not_overlap(seed):
    after = drawn(edited(seed, notes=[note(0, 60, 48), note(24, 60, 24)]), seed).reading
    assert after.score.voices[0].notes == (Note(0, 60, 24), Note(24, 60, 24))


def test_an_empty_roll_is_drawn_on():
    seed = blank_seed("6/8", 100, 4)
    assert drawing(seed)["room"] == 4
    value = {**drawing(seed), "edition": 3, "notes": [note(0, 62, 36), note(36, 65, 36), note(72, 69, 72)]}
    after = drawn(value, seed).reading
    assert (after.score.bars, str(after.score.metres[0]), after.source) == (2, "6/8", "drawn")
    assert str(after.key) == "D minor"  # as the notes say


def test_a_voice_is_added():
    seed = blank_seed("4/4", 100, 4)
    value = {**drawing(seed), "edition": 1, "notes": [note(0, 72, 24), note(0, 48, 96, voice=1)]}
    value["parts"] = [*value["parts"], {"name": "Voice 2", "program": 42, "drum": False}]
    after = drawn(value, seed).reading
    assert [(v.name, v.program, len(v.notes)) for v in after.score.voices] == [("Melody", 0, 1), ("Voice 2", 42, 1)]
    assert after.tracks == ("Melody", "Voice 2")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"notes": "x"}, "takes up to 20000 notes"),
        ({"notes": [{}]}, "no note or voice"),
        ({"notes": [7]}, "no note or voice"),
        ({"notes": [note(-1, 60, 24)]}, "no note or voice"),
        ({"notes": [note(0, 128, 24)]}, "no note or voice"),
        ({"notes": [note(0, 60, 0)]}, "no note or voice"),
        ({"notes": [note(0, 60, True)]}, "no note or voice"),
        ({"notes": [note(0, 60, 24) | {"velocity": 1.5}]}, "no note or voice"),
        ({"notes": [note(0, 60, 24, voice=5)]}, "voice 6"),
        ({"notes": [note(700_000, 60, 24)]}, "takes up to 1000 bars"),
        ({"parts": []}, "voices"),
        ({"parts": [{"name": 3, "program": 0}, {}]}, "no note or voice"),
        ({"metre": "4/3"}, "'4/3' is not one like"),
        ({"metre": "0/4"}, "is not one like"),
        ({"tempo": 0}, "from 20 to 400"),
        ({"tempo": float("nan")}, "from 20 to 400"),
        ({"tempo": "fast"}, "from 20 to 400"),
        ({"key": "H dur"}, "is not a key"),
    ],
)
def test_what_is_no_music_is_refused_in_words(seed, change, words):
    with pytest.raises(UnreadableMusic, match=words):
        drawn(edited(seed, **change), seed)


def test_whatever_else_a_browser_sends_changes_nothing(seed):
    for value in (None, 3, "x", [], {}, {"of": seed.mark}):
        assert drawn(value, seed) is seed
