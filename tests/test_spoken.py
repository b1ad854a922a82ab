"""A score in words, bar by bar."""

from __future__ import annotations

from composer.music.spoken import bars_in_words, length_in_words, pitch_in_words
from composer.score import Key, Metre, Note, Score, Voice


def test_notes_and_rests_of_one_voice():
    line = Voice((Note(0, 60, 24), Note(24, 62, 12), Note(48, 64, 48), Note(96, 65, 8), Note(104, 67, 8)))
    assert bars_in_words(Score((line,))) == [
        "Bar 1: C4 quarter, D4 eighth, eighth rest, E4 half.",
        "Bar 2: F4 triplet eighth, G4 triplet eighth, 80 ticks rest.",
    ]


def test_a_note_over_the_bar_line_is_held():
    line = Voice((Note(48, 60, 72), Note(192, 62, 96)))
    assert bars_in_words(Score((line,))) == [
        "Bar 1: half rest, C4 half into the next bar.",
        "Bar 2: C4 held, dotted half rest.",
        "Bar 3: D4 whole.",
    ]


def test_voices_are_named_and_drums_left_out():
    high, low = Voice((Note(0, 72, 72),), "Flute"), Voice((Note(0, 48, 36), Note(0, 52, 36)), "")
    drums = Voice((Note(0, 36, 6),), "Kit", 0, True)
    assert bars_in_words(Score((high, drums, low), (Metre(0, 3, 4),))) == [
        "Bar 1, Flute: C5 dotted half.",
        "Bar 1, Track 3: C3+E3 dotted quarter, dotted quarter rest.",
    ]


def test_black_keys_are_spelled_by_the_key():
    assert pitch_in_words(61) == "C♯4"
    assert pitch_in_words(61, Key.parse("Ab major")) == "D♭4"
    assert pitch_in_words(70, Key.parse("D minor")) == "B♭4"
    assert pitch_in_words(66, Key.parse("E minor")) == "F♯4"


def test_lengths():
    assert [length_in_words(ticks) for ticks in (96, 36, 3, 30)] == [
        "whole",
        "dotted quarter",
        "thirty-second",
        "30 ticks",
    ]


def test_nothing_is_said_of_nothing():
    assert bars_in_words(Score()) == []
