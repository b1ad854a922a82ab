"""Reading and writing files: exact round trips, and a sentence for everything that is not music."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import mido
import pytest
from hypothesis import given, settings

from composer.errors import BadRequest, UnreadableMusic
from composer.music import LIMITS, estimate_key, melody_of, read, read_all, write_midi
from composer.music.home_key import home_shift
from composer.music.key import key_of
from composer.score import Key, Metre, Note, Score, Tempo, Voice
from tests.conftest import tune
from tests.strategies import scores


@settings(max_examples=60, deadline=None)
@given(scores())
def test_what_is_written_is_read_back(score):
    assert read(write_midi(score)).score == score


def test_triplets_and_32nds_survive():
    score = Score((Voice((Note(0, 60, 8), Note(8, 62, 8), Note(16, 64, 8), Note(24, 65, 3), Note(27, 67, 3)), "T"),))
    assert read(write_midi(score)).score == score


def test_the_recipe_travels_in_the_file():
    recipe = {"motif": 1, "request": {"seed": 7, "style": "réel"}}
    assert read(write_midi(tune(60), recipe)).recipe == recipe


def test_a_performance_off_the_grid_is_quantised_and_said_so():
    track = mido.MidiTrack()
    for wait in (7, 115, 127):
        track.append(mido.Message("note_on", note=60, velocity=90, time=wait))
        track.append(mido.Message("note_off", note=60, time=110))
    reading = read(_midi(track))
    assert [note.onset for note in reading.score.notes] == [0, 12, 23]
    assert any("moved to the nearest" in remark for remark in reading.remarks)


def test_notes_never_switched_off_are_kept_and_said_so():
    track = mido.MidiTrack(
        [mido.Message("note_on", note=60, velocity=90), mido.Message("note_on", note=64, velocity=90)]
    )
    reading = read(_midi(track))
    assert [note.pitch for note in reading.score.notes] == [60, 64]
    assert any("never switched off" in remark for remark in reading.remarks)


def test_tempo_and_metre_on_a_later_track_count():
    conductor = mido.MidiTrack([mido.MetaMessage("track_name", name="first")])
    track = mido.MidiTrack(
        [
            mido.MetaMessage("set_tempo", tempo=400_000),
            mido.MetaMessage("time_signature", numerator=6, denominator=8),
            mido.Message("note_on", note=60, velocity=90, time=480),
            mido.Message("note_off", note=60, time=480),
        ]
    )
    score = read(_midi(conductor, track)).score
    assert (score.tempos, score.metres) == ((Tempo(0, 400_000),), (Metre(0, 6, 8),))
    assert score.notes == [Note(24, 60, 24, 90)]


def test_impossible_tempos_are_left_out_and_said_so():
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=0), *_one_note()])
    reading = read(_midi(track))
    assert reading.score.tempos == (Tempo(),)
    assert any("impossible" in remark for remark in reading.remarks)


def test_empty_bars_at_the_beginning_are_left_out():
    score = Score((Voice((Note(192, 60, 24),), "T"),))
    reading = read(write_midi(score))
    assert reading.score.notes == [Note(0, 60, 24)]
    assert any("2 empty bars" in remark for remark in reading.remarks)


def test_a_riff_wrapped_file_is_read():
    midi = write_midi(tune(60, 62))
    wrapped = b"RIFF" + struct.pack("<I", len(midi) + 12) + b"RMIDdata" + struct.pack("<I", len(midi)) + midi
    assert read(wrapped).score == tune(60, 62)


def test_the_content_decides_and_not_the_name(tmp_path):
    path = tmp_path / "tune.abc"
    path.write_bytes(write_midi(tune(60)))
    assert read(path).source == "MIDI"


_GOOD = write_midi(tune(60, 62, 64))
_BROKEN = {
    "empty": (b"", "empty"),
    "not music": (b"hello, world" * 9, "not a file of music"),
    "header only": (_GOOD[:14], "no tracks|damaged"),
    "cut in the header": (_GOOD[:9], "cut off"),
    "cut in a track": (_GOOD[:-9], "damaged"),
    "no notes": (write_midi(Score()), "no notes"),
    "drums alone": (write_midi(Score((Voice((Note(0, 36, 12),), is_drum=True),))), "only drums"),
    "type 2": (_GOOD[:8] + b"\0\2" + _GOOD[10:], "type-2"),
    "type 9": (_GOOD[:8] + b"\0\t" + _GOOD[10:], "type 9"),
    "film frames": (_GOOD[:12] + b"\xe7\x28" + _GOOD[14:], "film frames"),
    "no time in a quarter": (_GOOD[:12] + b"\0\0" + _GOOD[14:], "no time"),
    "MIDI 2.0": (b"SMF2CLIP" + bytes(40), "MIDI 2.0"),
    "a recording": (b"RIFF\0\0\0\0WAVEfmt " + bytes(40), "sound recording"),
    "an MP3": (b"ID3\4" + bytes(40), "sound recording"),
    "RIFF without MIDI": (b"RIFF\0\0\0\0RMIDdata" + bytes(40), "none in it"),
    "XML that is no score": (b"<?xml version='1.0'?><html/>", "could not be understood|no notes"),
    "cut XML": (b"<?xml version='1.0'?><score-partwise><part", "could not be understood"),
    "XML with entities": (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "entities"),
    "an archive without a score": (b"PK\3\4" + bytes(30), "damaged"),
    "ABC without notes": (b"X:1\nT:nothing\nK:C\n", "no notes"),
    "too long": (b"MThd" + bytes(LIMITS["bytes"]), f"takes up to {LIMITS['bytes']}"),
}


@pytest.mark.parametrize("case", _BROKEN)
def test_what_is_not_music_is_refused_in_words(case):
    data, words = _BROKEN[case]
    with pytest.raises(UnreadableMusic, match=words):
        read(data)


@pytest.mark.parametrize("seconds", [1, 3])
def test_hours_of_declared_silence_are_refused_at_once(seconds):
    end = mido.Message("note_off", note=60, time=0x0FFFFFFF // seconds)
    began = time.process_time()
    with pytest.raises(UnreadableMusic, match=r"takes up to 1000 bars|damaged"):
        read(_midi(mido.MidiTrack([mido.Message("note_on", note=60, velocity=9), end]), ticks_per_beat=1))
    assert time.process_time() - began < 1


def test_too_many_notes_are_refused_with_the_number():
    notes = [m for _ in range(LIMITS["notes"] + 1) for m in _one_note(time=1)]
    with pytest.raises(UnreadableMusic, match=f"has {LIMITS['notes'] + 1} notes"):
        read(_midi(mido.MidiTrack(notes)))


def test_a_slow_piece_is_refused_by_its_seconds():
    score = Score((Voice(tuple(Note(96 * bar, 60, 96) for bar in range(300)), "T"),), tempos=(Tempo.from_bpm(30),))
    with pytest.raises(UnreadableMusic, match="lasts 2400 seconds"):
        read(write_midi(score))


def test_a_zip_bomb_is_refused_unopened():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("score.xml", b" " * 50_000_000)
    with pytest.raises(UnreadableMusic, match="over 8000000 bytes"):
        read(buffer.getvalue())


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UnreadableMusic, match=r"nothing\.mid could not be opened"):
        read(tmp_path / "nothing.mid")


ABC = b"X:1\nT:Two bars\nR:reel\nM:3/4\nL:1/4\nQ:1/4=90\nK:Dm\nD F A|(3G/A/G/ ^F2|]\n"


def test_abc_is_read_with_its_style_metre_tempo_and_key():
    reading = read(ABC)
    assert [(n.onset, n.pitch, n.duration) for n in reading.score.notes] == [
        (0, 62, 24),
        (24, 65, 24),
        (48, 69, 24),
        (72, 67, 8),
        (80, 69, 8),
        (88, 67, 8),
        (96, 66, 48),
    ]
    assert (reading.style, str(reading.score.metres[0]), reading.score.title) == ("reel", "3/4", "Two bars")
    assert round(reading.score.tempos[0].bpm) == 90
    assert reading.score.key == Key(2, "minor")


@pytest.mark.parametrize(
    ("abc", "pitches"),
    [
        ("^F F F|F", [66, 66, 66, 65]),  # to the end of the bar
        ("^F f F|", [66, 77, 66]),  # in its octave
        ("^F =F F|", [66, 65, 65]),
        ('"F#m"F [^CE] C|', [65, 61, 64, 61]),  # not from a chord's name; from a chord, though
        ("F[K:G]F|", [65, 66]),
    ],
)
def test_abc_accidentals_hold_to_the_end_of_the_bar(abc, pitches):
    score = read(f"X:1\nM:4/4\nL:1/4\nK:C\n{abc}\n".encode()).score
    assert [note.pitch for note in score.notes] == pitches


def test_abc_rests_of_whole_bars_take_their_time():
    score = read(b"X:1\nM:3/4\nL:1/4\nK:C\nC3|Z2|D3|]\n").score
    assert [note.onset for note in score.notes] == [0, 216]


def test_abc_without_a_number_is_a_tune():
    assert len(read(b"T:hello\nK:C\nCDEF|\n").score.notes) == 4


def test_a_note_struck_again_while_sounding_ends_there_and_is_told():
    on, off = (mido.Message(kind, note=60, velocity=90) for kind in ("note_on", "note_off"))
    times = [(on, 360), (on, 36), (off, 12), (off, 24)]
    reading = read(_midi(mido.MidiTrack([message.copy(time=time) for message, time in times]), ticks_per_beat=24))
    assert [(n.onset % 96, n.duration) for n in reading.score.notes] == [(72, 36), (12, 36)]
    assert any("struck again" in remark for remark in reading.remarks)


def test_a_pick_up_is_moved_behind_rests():
    reading = read(b"X:1\nM:4/4\nL:1/4\nK:C\nG|c d e f|g4|]\n")
    assert [note.onset for note in reading.score.notes][:3] == [72, 96, 120]
    assert any("pick-up" in remark for remark in reading.remarks)


def test_a_tune_book_gives_its_first_tune_and_all_of_them(tmp_path):
    path = tmp_path / "book.abc"
    path.write_bytes(ABC + b"\n" + ABC.replace(b"X:1", b"X:2").replace(b"Two bars", b"Again"))
    assert any("first of the 2 tunes" in remark for remark in read(path).remarks)
    assert [reading.score.title for reading in read_all(path)] == ["Two bars", "Again"]


MUSICXML = b"""<?xml version="1.0"?>
<score-partwise version="3.1">
<part-list><score-part id="P1"><part-name>Flute</part-name></score-part></part-list>
<part id="P1">
<measure number="1">
<attributes><divisions>2</divisions><key><fifths>1</fifths></key>
<time><beats>2</beats><beat-type>4</beat-type></time></attributes>
<note><pitch><step>G</step><octave>4</octave></pitch><duration>2</duration></note>
<note><pitch><step>B</step><octave>4</octave></pitch><duration>2</duration><tie type="start"/></note>
</measure>
<measure number="2">
<note><pitch><step>B</step><octave>4</octave></pitch><duration>2</duration><tie type="stop"/></note>
<note><chord/><pitch><step>D</step><octave>5</octave></pitch><duration>2</duration></note>
</measure>
</part>
</score-partwise>"""


def test_musicxml_is_read_with_ties_joined():
    score = read(MUSICXML).score
    assert (score.voices[0].name, str(score.metres[0]), score.key) == ("Flute", "2/4", Key(7))
    assert {(n.onset, n.pitch) for n in score.notes} >= {(0, 67), (24, 71)}


def test_the_melody_is_found_by_name_range_and_monophony():
    bass = Voice(tuple(Note(i * 24, 40, 24) for i in range(8)), "Bass")
    chords = Voice(tuple(Note(i * 48, p, 48) for i in range(4) for p in (60, 64, 67)), "Piano")
    lead = Voice(tuple(Note(i * 24, 72 + i, 24) for i in range(8)), "Voice")
    reading = melody_of(read(write_midi(Score((bass, chords, lead)))))
    assert reading.score.voices == (lead,)
    assert any("track 3 (Voice) of 3" in remark for remark in reading.remarks)


def test_the_visitor_can_choose_the_track():
    score = Score((Voice((Note(0, 72, 24),), "Lead"), Voice((Note(0, 40, 24),), "Bass")))
    assert melody_of(read(write_midi(score)), 2).score.notes == [Note(0, 40, 24)]
    with pytest.raises(BadRequest, match="no track 3"):
        melody_of(read(write_midi(score)), 3)


def test_of_chords_the_highest_notes_are_followed():
    score = Score((Voice((Note(0, 60, 48), Note(0, 67, 48), Note(24, 64, 24)), "Piano"),))
    reading = melody_of(read(write_midi(score)))
    assert reading.score.notes == [Note(0, 67, 24), Note(24, 64, 24)]
    assert any("2 of 3 notes" in remark for remark in reading.remarks)


@pytest.mark.parametrize(
    ("pitches", "key"), [((60, 62, 64, 65, 67, 67, 60), Key(0)), ((69, 71, 72, 74, 76, 68, 69, 69), Key(9, "minor"))]
)
def test_the_key_is_heard(pitches, key):
    assert estimate_key(tune(*pitches).notes) == key


def _one_note(time: int = 0) -> list[mido.Message]:
    return [mido.Message("note_on", note=60, velocity=90, time=time), mido.Message("note_off", note=60, time=120)]


def _midi(*tracks: mido.MidiTrack, ticks_per_beat: int = 480) -> bytes:
    file = mido.MidiFile(type=1, ticks_per_beat=ticks_per_beat)
    file.tracks.extend(tracks)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def test_a_long_last_note_speaks_for_its_key():
    notes = [Note(24 * i, pitch, 24) for i, pitch in enumerate((62, 64, 65, 67, 69, 67, 65, 64))]
    assert key_of(Score((Voice((*notes, Note(192, 62, 96))),))) == Key(2, "minor")
    assert key_of(Score((Voice((*notes, Note(192, 65, 96))),))) == Key(5, "major")


def test_home_is_the_keys_where_a_melody_lies_on_the_white_keys_in_more_ways_than_one():
    notes = tune(71, 73, 74, 76, 78, 76, 74, 73, 71).notes  # B minor without G, which might be sharp
    assert home_shift(notes, Key(11, "minor")) == -2
    assert home_shift(tune(60, 62, 64, 65, 67, 69, 71, 72).notes, Key(6)) == 0  # a key that the notes are not in
