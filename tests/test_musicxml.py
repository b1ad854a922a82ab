"""What is written as notation is read back as it was, spelled as musicians spell it, and can be engraved."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from composer.music import engrave, read, write_musicxml
from composer.music.midi import without_overlaps
from composer.music.spelling import spelled
from composer.score import Key, Metre, Note, Score, Tempo, Voice
from tests.conftest import SEEDS, tune


def bare(score: Score) -> list[list[tuple[int, int, int]]]:
    return [[(n.onset, n.pitch, n.duration) for n in voice.notes] for voice in score.voices]


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.abc")), ids=lambda path: path.stem)
def test_the_gallery_comes_back_as_it_was(path):
    score = read(path).score
    back = read(write_musicxml(score)).score
    assert bare(back) == bare(score)
    assert (back.metres, back.tempos, back.title) == (score.metres, score.tempos, score.title)


@pytest.mark.parametrize("number", range(12))
def test_any_music_comes_back_as_it_was(number):
    score = _random_score(np.random.default_rng(number))
    back = read(write_musicxml(score)).score
    assert bare(back) == bare(score)
    assert back.metres == score.metres


def _random_score(random: np.random.Generator) -> Score:
    """Voices with chords, triplets and overlapping notes, across bar lines."""
    voices = []
    for name in ("One", "Two")[: random.integers(1, 3)]:
        onsets = [0, *(24 * random.integers(0, 12, 11) + random.choice([0, 3, 4, 6, 8, 9, 12, 16, 18], 11)).tolist()]
        lengths = random.choice([3, 4, 5, 6, 8, 12, 16, 18, 24, 36, 48, 72, 96], 12).tolist()
        notes = [
            Note(onset, int(random.integers(48, 80)), length) for onset, length in zip(onsets, lengths, strict=True)
        ]
        voices.append(Voice(without_overlaps(notes), name, int(random.integers(0, 100))))
    return Score(tuple(voices), (Metre(0, *[(4, 4), (3, 4), (6, 8), (5, 4)][random.integers(0, 4)]),))


def test_overlapping_notes_and_ties_come_back():
    piano = Voice((Note(0, 48, 144), Note(0, 60, 24), Note(24, 64, 8), Note(32, 65, 8), Note(40, 67, 56)), "Piano", 0)
    flute = Voice((Note(0, 72, 180), Note(180, 74, 12)), "Flute", 73)
    score = Score((flute, piano), (Metre(0, 3, 4),), (Tempo.from_bpm(96),), Key(5))
    back = read(write_musicxml(score)).score
    assert bare(back) == bare(score)
    assert [(v.name, v.program) for v in back.voices] == [("Flute", 73), ("Piano", 0)]


@pytest.mark.parametrize(
    ("key", "pitch", "name"),
    [
        ("D major", 66, "F#4"),
        ("Db major", 66, "G-4"),
        ("F major", 70, "B-4"),
        ("A minor", 68, "G#4"),
        ("C minor", 71, "B4"),
        ("C minor", 68, "A-4"),
        ("E major", 63, "D#4"),
        ("Cb major", 71, "B4"),
        ("F# major", 65, "E#4"),
        ("Gb major", 59, "B3"),
    ],
)
def test_pitches_are_spelled_in_the_key(key, pitch, name):
    assert "{}{}".format(*spelled(pitch, Key.parse(key))) == name


def test_every_pitch_in_every_key_keeps_its_sound():
    from music21.pitch import Pitch

    for key in [Key(tonic, mode) for tonic in range(12) for mode in ("major", "minor")]:
        assert [
            Pitch(name, octave=octave).midi for name, octave in (spelled(pitch, key) for pitch in range(128))
        ] == list(range(128))


def test_a_staff_a_voice_is_engraved_in_one_picture():
    score = tune(60, 62, 64, 65, 67, 69, 71, 72)
    picture = ET.fromstring(engrave(score.with_voices([*score.voices, *score.voices]), 600).svg)
    classes = [element.get("class") for element in picture.iter()]
    assert (classes.count("note"), classes.count("staff")) == (16, 4)
    assert picture.tag.endswith("svg")


@pytest.mark.parametrize("number", range(12))
def test_every_note_of_the_picture_knows_when_it_sounds(number):
    score = _random_score(np.random.default_rng(number))
    engraving = engrave(score, 800)
    shown = {element.get("id") for element in ET.fromstring(engraving.svg).iter() if element.get("class") == "note"}
    assert {name for _, _, name in engraving.notes} == shown
    begun, ended = ({times[at] for times in engraving.notes} for at in (0, 1))
    notes = [note for voice in score.voices for note in voice.notes]
    assert {note.onset for note in notes} <= begun
    assert {note.onset + note.duration for note in notes} <= ended


def test_pictures_are_made_in_any_thread():
    """A page answers each visitor in a thread of its own."""
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(engrave, tune(60, 62), 600).result() == engrave(tune(60, 62), 600)
