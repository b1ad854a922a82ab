"""Several parts gone on with, as a DAW exports them: each keeps its role, whatever network writes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bench.daw import faults
from composer.music import Reading, read
from composer.music.quantise import is_loose, on_the_beat
from composer.score import ChordSymbol, Key, Note, Score, Voice
from tests.conftest import compose, reading, tune
from tests.daw_files import FILES, daw_file


@pytest.mark.parametrize("number", range(FILES))
def test_every_part_of_a_daw_file_keeps_sounding_its_register_and_its_density(tiny_shelf, number):
    given = read(daw_file(number))
    take = compose(tiny_shelf, given, "transformer", seed=number)
    assert not list(faults(take, given.score))
    assert any("drums do not go on" in remark for remark in take.remarks)


def test_parts_are_heard_on_the_beat_and_kept_as_they_were_played(tiny_shelf):
    random = np.random.default_rng(3)
    early_or_late = [int(random.integers(-1, 2)) for _ in range(32)]
    lead = tuple(Note(max(0, 12 * i + off), 72 + i % 5, 11) for i, off in enumerate(early_or_late))
    bass = tuple(Note(max(0, 24 * i + early_or_late[i]), 40 + i % 3, 22) for i in range(16))
    given = Reading(Score((Voice(lead, "Lead"), Voice(bass, "Bass"))), "played", Key(0))
    assert is_loose(lead)
    assert not is_loose(on_the_beat(lead))
    take = compose(tiny_shelf, given, "transformer")
    assert take.score.voices[0].notes[: len(lead)] == lead
    assert take.new_from == 384
    assert not is_loose([note for voice, note in take.new if voice == 0])


def test_what_was_written_is_on_the_beat_already():
    notes = tune(60, 62, 64, 65, duration=8).notes
    assert not is_loose(notes)
    assert list(on_the_beat(notes)) == notes


def test_played_notes_do_not_overlap_themselves_on_the_beat():
    random = np.random.default_rng(0)
    played = sorted(Note(max(0, 12 * i + int(random.integers(-2, 3))), 60, 13) for i in range(40))
    written = on_the_beat(played)
    assert all(a.end <= b.onset for a, b in pairwise(written))


@pytest.mark.parametrize("seed", range(3))
def test_chords_keep_their_places_and_their_thickness(tiny_shelf, seed):
    chords = tuple(Note(48 * i, pitch, 46) for i in range(8) for pitch in (60, 64, 67))
    lead = tune(*[72, 74, 76, 77] * 4).notes
    given = replace(reading(Score((Voice(tuple(lead), "Lead"), Voice(chords, "Keys")))), key=Key(0))
    take = compose(tiny_shelf, given, "transformer", bars=4, seed=seed)
    end = take.score.bar_start(take.score.bars - 1) + 48
    struck: dict[int, list[Note]] = {}
    for voice, note in take.new:
        if voice == 1 and note.onset < end:
            struck.setdefault(note.onset, []).append(note)
    assert len(struck) >= 6
    assert all(onset % 48 == 0 for onset in struck)
    assert all(len(chord) == 3 and len({note.end for note in chord}) == 1 for chord in struck.values())


def test_a_seed_with_chord_symbols_goes_on(tiny_shelf):
    score = tune(60, 62, 64, 65, 67, 65, 64, 62)
    given = reading(replace(score, chords=(ChordSymbol(0, 0), ChordSymbol(96, 7, "7"))))
    assert given.score.chords
    for seed in range(6):
        assert compose(tiny_shelf, given, "transformer", bars=3, seed=seed, rhythm_temperature=5.0).new_notes
