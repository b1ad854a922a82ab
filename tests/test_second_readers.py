"""What Motif writes is read by other programs as it was: lytk reads all three formats, music21 MusicXML and MIDI."""

from __future__ import annotations

import io
from collections.abc import Callable

import lytk
import mido
import numpy as np
import pytest

from composer.music import read, write_abc, write_midi, write_musicxml
from composer.score import ChordSymbol, Key, KeyChange, Metre, Note, Score, Tempo, Voice
from tests.conftest import SEEDS
from tests.test_musicxml import _random_score

Played = list[tuple[int, int, int]]

_CHANGING = Score(
    (
        Voice(tuple(Note(24 * i, 67 + (0, 2, 4, 5, 7)[i % 5], 24) for i in range(14)), "Tune", 73),
        Voice((Note(0, 43, 96), Note(96, 50, 48), Note(144, 48, 72), Note(216, 43, 120)), "Bass", 32),
    ),
    (Metre(0, 4, 4), Metre(192, 6, 8)),
    (Tempo.from_bpm(96), Tempo.from_bpm(120, 192, 36)),
    Key(7),
    "Changes",
    (ChordSymbol(0, 7), ChordSymbol(96, 2, "7"), ChordSymbol(192, 0, "m7", 7)),
    "Somebody",
    key_changes=(KeyChange(192, Key(5)),),
)
_SCORES = {
    **{path.stem: read(path).score for path in sorted(SEEDS.glob("*.abc"))},
    **{f"random {number}": _random_score(np.random.default_rng(number)) for number in (3, 5)},
    "key, metre and tempo change": _CHANGING,
}


def played(score: Score) -> Played:
    """What sounds, of all voices, from the first onset on."""
    notes = sorted((note.onset, note.pitch, note.duration) for note in score.notes)
    return [(onset - notes[0][0], pitch, duration) for onset, pitch, duration in notes]


def by_lytk(score: lytk.Score) -> Played:
    """What sounds of lytk's score, by the MIDI file it makes of it."""
    file = mido.MidiFile(file=io.BytesIO(lytk.to_midi_bytes(score)))
    notes, sounding = [], {}
    for number, track in enumerate(file.tracks):
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding[number, message.note] = now
            elif message.type in ("note_on", "note_off"):
                onset = sounding.pop((number, message.note))
                begin, end = (round(24 * tick / file.ticks_per_beat) for tick in (onset, now))
                notes.append((begin, message.note, end - begin))
    return sorted((onset - min(notes)[0], pitch, long) for onset, pitch, long in notes)


_WRITTEN: dict[str, Callable[[Score], Played]] = {
    "MIDI": lambda score: by_lytk(lytk.from_midi_bytes(write_midi(score))),
    "MusicXML": lambda score: by_lytk(lytk.from_musicxml_bytes(write_musicxml(score))),
    "ABC": lambda score: by_lytk(lytk.from_abc_string(write_abc(score))),
}


# What falls between the divisions of a beat lytk moves, where it makes notation of MIDI.
_PAIRS = [(name, kind) for name in _SCORES for kind in _WRITTEN if kind != "MIDI" or "random" not in name]


@pytest.mark.parametrize(("name", "kind"), _PAIRS)
def test_lytk_reads_what_is_written(name, kind):
    assert _WRITTEN[kind](_SCORES[name]) == played(_SCORES[name])


@pytest.mark.parametrize("name", ["minuet_in_g", "sakura", "key, metre and tempo change"])
@pytest.mark.parametrize("kind", ["musicxml", "midi"])
def test_music21_reads_what_is_written(name, kind):
    from music21 import converter

    score = _SCORES[name]
    data = write_musicxml(score) if kind == "musicxml" else write_midi(score)
    found = converter.parse(data, format=kind)
    notes: Played = []
    for element in found.stripTies().flatten().notes:
        if "ChordSymbol" not in element.classes and "NoChord" not in element.classes:
            onset, long = (round(24 * float(x)) for x in (element.offset, element.quarterLength))
            notes += [(onset, pitch.midi, long) for pitch in element.pitches]
    begin = min(onset for onset, _, _ in notes)
    assert sorted((onset - begin, pitch, long) for onset, pitch, long in notes) == played(score)


def test_a_composer_stands_beside_motif_in_notation():
    from music21 import converter

    found = converter.parse(write_musicxml(_CHANGING), format="musicxml")
    assert (found.metadata.composer, found.metadata.arranger) == ("Somebody", "Motif")
    assert [str(key.sharps) for key in found.parts[0].flatten().getElementsByClass("KeySignature")] == ["1", "-1"]
    assert "C:Somebody" in write_abc(_CHANGING)
    for data in (write_midi(_CHANGING), write_musicxml(_CHANGING), write_abc(_CHANGING).encode()):
        back = read(data).score
        assert (back.composer, back.chords, back.metres) == ("Somebody", _CHANGING.chords, _CHANGING.metres)
        assert [(tempo.tick, tempo.beat) for tempo in back.tempos] == [(0, 24), (192, 36)]
        assert back.key_changes == _CHANGING.key_changes
