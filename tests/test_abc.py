"""ABC: what people write, read as it sounds; and scores written as ABC, read back as they were."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings

from composer.errors import UnreadableMusic
from composer.events.chords import QUALITIES
from composer.music import Reading, read, read_all, tunes_of, write_abc, write_midi, write_musicxml
from composer.music.chordnames import chord_named
from composer.music.key import key_of
from composer.music.spelling import spelled
from composer.score import ChordSymbol, Key, Metre, Note, Score, Tempo, Voice
from tests.conftest import SEEDS
from tests.strategies import scores
from tests.test_musicxml import _random_score, bare

_HEAD = "M:4/4\nL:1/4\nK:C"


def abc(body: str, head: str = _HEAD) -> Reading:
    return read(f"X:1\nT:t\n{head}\n{body}\n".encode())


def letters(reading: Reading, voice: int = 0) -> str:
    """The names of a voice's notes without their octaves, "c#" for C sharp."""
    names = ("c", "c#", "d", "d#", "e", "f", "f#", "g", "g#", "a", "a#", "b")
    return " ".join(names[note.pitch % 12] for note in reading.score.voices[voice].notes)


@pytest.mark.parametrize(
    ("body", "played"),
    [
        ("|:C4|D4:|", "c d c d"),
        ("C4|D4:|E4|F4:|", "c d c d e f e f"),  # back to the end of the repeat before
        ("|:C4|1 D4:|2 E4|]", "c d c e"),
        ("C4|[1 D4:|[2 E4||F4|]", "c d c e f"),
        ("|:C4|1 D4:|2 E4:|3 F4|]", "c d c e c f"),
        ("|:C4|[1-2 D4:|[3 E4|]", "c d c d c e"),
        ("|:C4|1,3 D4:|2,4 E4:|F4|]", "c d c e c d c e f"),
        ("|:C4|1 D4:|\n|2 E4:|F4|]", "c d c e f"),  # the last ending is often closed as the first
        ("|:C4|1 D4|E4:|2 F4|G4||A4|]", "c d e c f g a"),  # endings of two bars
        ("|::C4::|D4|]", "c c c d"),
        ("C4::D4:|:E4:||:F4:||", "c c d d e e f f"),
        ("C4:|]D4|]", "c c d"),
        ("|:C4|D4!D.C.!|]", "c d c d"),
        ("C4!fine!|D4!D.C.alfine!|]", "c d c"),
        ("!segno!C4|D4!dacoda!|E4!D.S.alcoda!|!coda!F4|]", "c d e c d f"),
        ("P:A\nC4|\nP:B\n|:D4:|", "c d d"),
        ("G:|\nA::\nC4|]", "g g a a c"),  # no fields, though a letter and a colon begin the line
    ],
)
def test_repeats_are_played(body, played):
    assert letters(abc(body)) == played


def test_the_order_of_parts_is_followed():
    assert letters(abc("P:A\n|:C4:|\nP:B\nD4|]", f"P:AB2A\n{_HEAD}")) == "c c d d c c"
    assert letters(abc("P:A\nC4|\nP:B\nD4|]", f"P:(AB)2\n{_HEAD}")) == "c d c d"


@pytest.mark.parametrize(
    "body",
    [
        "V:1\nCDEF|GABc|\nV:2\nC,4|G,4|",
        "V:1\nCDEF|\nV:2\nC,4|\nV:1\nGABc|\nV:2\nG,4|",
        "[V:1]CDEF|[V:2]C,4|\n[V:1]GABc|[V:2]G,4|",
        "V: high\nCDEF|GABc|\nV: low\nC,4|G,4|",
        "V:1 % the tune\nCDEF|GABc|\nV:2\nx4|G,4|\nV:2",
    ],
)
def test_voices_sound_together_however_they_are_written(body):
    score = abc(body).score
    assert [(n.onset, n.pitch) for n in score.voices[0].notes][:5] == [
        (24 * i, p) for i, p in enumerate([60, 62, 64, 65, 67])
    ]
    assert score.voices[1].notes[-1] == Note(96, 55, 96)


def test_voices_have_names_programs_and_octaves():
    head = f'V:1 name="Flute" clef=treble\nV:2 nm="Double Bass" clef=bass octave=-1\n{_HEAD}'
    score = abc("V:1\n%%MIDI program 73\nC4|\nV:2\n%%MIDI program 43\nC4|", head).score
    assert [(v.name, v.program, v.notes[0].pitch) for v in score.voices] == [("Flute", 73, 60), ("Double Bass", 43, 48)]


def test_an_overlay_sounds_with_its_bar():
    assert abc("CDEF & G,4|GABc|]").score.notes[:2] == [Note(0, 55, 96), Note(0, 60, 24)]


def test_a_key_of_one_voice_is_not_that_of_the_next():
    assert letters(abc("V:1\nF[K:D]F3|\nV:2\nF4|"), 1) == "f"


@pytest.mark.parametrize(
    ("key", "scale", "tonic"),
    [
        ("D", "c# d e f# g a b", Key(2)),
        ("Am", "c d e f g a b", Key(9, "minor")),
        ("Ador", "c d e f# g a b", Key(9, "minor")),
        ("G mixolydian", "c d e f g a b", Key(7)),
        ("Bloc", "c d e f g a b", Key(11, "minor")),
        ("F lydian clef=bass", "c d e f g a b", Key(5)),
        ("Ebmin", "b c# d# f f# g# a#", Key(3, "minor")),
        ("HP", "c# d e f# g a b", Key(9)),
        ("D exp _b ^f", "c d e f# g a a#", Key(2)),
        ("D =c", "c d e f# g a b", Key(2)),
        ("none", "c d e f g a b", None),
    ],
)
def test_keys_and_modes(key, scale, tonic):
    reading = abc("CDEFGAB|", f"M:7/4\nL:1/4\nK:{key}")
    assert (letters(reading), reading.score.key) == (scale, tonic)


def test_a_mode_keeps_its_name():
    assert abc("CDEF|", "L:1/4\nK:Ddor").score.key_name == "D dorian"
    assert "D dorian" in abc("CDEF|", "L:1/4\nK:Ddor").summary()


@pytest.mark.parametrize(
    ("text", "metre"),
    [("C|", "2/2"), ("2+3+2/8", "7/8"), ("(2+3)/8", "5/8"), ("2/4+3/8", "7/8"), ("none", "4/4"), ("0/0", "4/4")],
)
def test_metres(text, metre):
    assert str(abc("C2|", f"M:{text}\nL:1/4\nK:C").score.metres[0]) == metre


def test_metres_change_at_bar_lines():
    for body in ("CDE|[M:2/4]FG|AB|]", "CDE[M:2/4]|FG|AB|]", "CDE|\nM:2/4\nFG|AB|]"):
        assert abc(body, "M:3/4\nL:1/4\nK:C").score.metres == (Metre(0, 3, 4), Metre(72, 2, 4))


@pytest.mark.parametrize(
    ("text", "tempo", "words"),
    [
        ("1/4=90", 90, "90 quarters"),
        (" 1/4 = 90 ", 90, "90 quarters"),
        ("3/8=112", 168, "112 dotted quarters"),
        ('"Allegro" 1/2=60', 120, "60 halves"),
        ("1/4=ca. 100", 100, "100 quarters"),
        ("1/8 1/4=40", 60, "40 dotted quarters"),
        ("100", 50, "100 eighths"),  # counts units of length
        ("C3=40", 60, "40 dotted quarters"),
        ('"Andante"', 120, "120 quarters"),
    ],
)
def test_tempos_keep_their_beat(text, tempo, words):
    reading = abc("C2|", f"L:1/8\nQ:{text}\nK:C")
    assert (round(reading.score.tempos[0].bpm), words in reading.summary()) == (tempo, True)


def test_tempos_change_where_they_stand():
    assert abc("CD[Q:1/4=60]EF|").score.tempos == (Tempo(), Tempo.from_bpm(60, 48))


@pytest.mark.parametrize(
    ("body", "lengths"),
    [
        ("(3CDE F3|", [16, 16, 16, 72]),
        ("(5CDEFG|", [10, 9, 10, 9, 10]),
        ("(3:2:4C2D/E/F|", [32, 8, 8, 16]),
        ("(3{d}CDE F3|", [16, 16, 16, 72]),
        ("C>D E<F|", [36, 12, 12, 36]),
        ("C>>D E2|", [42, 6, 48]),
        ("C>{g}D E2|", [36, 12, 48]),
        ('C>.D E<"Am"F|', [36, 12, 12, 36]),
        ("C>z E2|", [36, 48]),
        ("C/D//E3/2 F/4G4/3|", [12, 6, 36, 6, 32]),
        ("[C2E2]>[DF]2|", [72, 72, 24, 24]),
    ],
)
def test_lengths(body, lengths):
    assert [note.duration for note in abc(body).score.voices[0].notes] == lengths


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ("C4-|C4|", [(0, 60, 192)]),
        ("^F2 F2-|F2 F2|", [(0, 66, 48), (48, 66, 96), (144, 65, 48)]),
        ("C2-D2|", [(0, 60, 48), (48, 62, 48)]),
        ("(C2 C2)|", [(0, 60, 48), (48, 60, 48)]),
        ("[CE]2-[CE]2|", [(0, 60, 96), (0, 64, 96)]),
        ("[C-E]2[CE]2|", [(0, 60, 96), (0, 64, 48), (48, 64, 48)]),
        ("C2.-C2|", [(0, 60, 96)]),
        ("|:C4-|1 C4:|2 C4|]", [(0, 60, 192), (192, 60, 192)]),
    ],
)
def test_ties(body, notes):
    assert [(n.onset, n.pitch, n.duration) for n in abc(body).score.notes] == notes


@pytest.mark.parametrize(
    "body",
    [
        "!trill!C HD ~E TF|",
        '"^a bad edge"C "_b"D "1"E ">f"F|',
        "{ga}C{[ce]}D {/f}E F|",
        "+fermata+C D +trill+E F|",
        "C D [r:a bad edge]E F|\nr:another bad edge",
        "CD!something that nobody knows!EF|",
        "C y D y4 E F % a bad edge",
        "CD!EF!|",
        "CD$EF|\n%%begintext\nA cabbage\n%%endtext\nw:a bad edge\n",
        "CDEF|\n\nHere ends the tune, and a good one it was.",
    ],
)
def test_what_is_no_note_is_none(body):
    assert letters(abc(body)) == "c d e f"


def test_old_chords_between_plus_signs():
    assert [note.pitch for note in abc("+CEG+D3|").score.notes] == [60, 64, 67, 62]


def test_rests_of_all_kinds():
    assert [note.onset for note in abc("C4|X2|D4|Z|E2 z F|x3 G|]").score.notes] == [0, 288, 480, 552, 648]


def test_the_header_of_a_file_holds_for_its_tunes(tmp_path):
    path = tmp_path / "book.abc"
    path.write_bytes(
        "M:3/4\nL:1/4\nC:Trad.\n\nX:1\nT:Été\nK:G\nDEF|\n\nX:7\nT:Autre\nM:2/4\nK:C\nCD|\n".encode("latin-1")
    )
    first, second = read_all(path)
    assert [str(r.score.metres[0]) for r in (first, second)] == ["3/4", "2/4"]
    assert (first.score.title, first.score.composer) == ("Été", "Trad.")
    assert read(path, tune=7).score == read(path, tune="autre").score == second.score
    with pytest.raises(UnreadableMusic, match="no tune 'nowhere' among the 2"):
        read(path, tune="nowhere")


def test_chord_symbols_are_kept():
    chords = abc('"Am7"C2 "^slow""D/F#"D2|"N.C."E2 "Gsus"F2|"C9"G4|').score.chords
    assert [str(chord) for chord in chords] == ["Am7", "D/F#", "N.C.", "Gsus4", "C7"]
    assert [chord.onset for chord in chords] == [0, 48, 96, 144, 192]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(
            ("Cmaj7", "Cmaj7"),
            ("C△", "Cmaj7"),
            ("Bbm7b5", "Bbm7b5"),
            ("Bø", "Bm7b5"),
            ("F#°7", "F#dim7"),
            ("A+", "Aaug"),
        ),
        *(("Gm(maj7)", "Gm"), ("Hm", "Bm"), ("B♭", "Bb"), ("Dm6/9", "Dm6"), ("G7/b", "G7/B"), ("(A7)", "A7")),
        *(
            ("Fine", None),
            ("rit.", None),
            ("D.C.", None),
            ("1.", None),
            ("Allegro", None),
            ("", None),
            ("C" * 99, None),
        ),
    ],
)
def test_names_of_chords(name, told):
    chord = chord_named(name)
    assert (None if chord is None else str(chord)) == told
    assert chord is None or chord.quality in QUALITIES


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a999999|", "longer than 64 whole notes"),
        ("z88888|", "longer than 64 whole notes"),
        ("Z64|" * 300, "more than 1000 bars"),
        ("|:C4:|" * 600, "more than 1000 bars"),
    ],
)
def test_what_would_never_end_is_refused(text, words):
    with pytest.raises(UnreadableMusic, match=words):
        abc(text)


def test_parts_that_would_never_end_are_refused():
    with pytest.raises(UnreadableMusic, match="Motif takes up to"):
        abc("P:A\nC4|\nP:B\nD4|", f"P:{'((A9)9)99' * 9}B\n{_HEAD}")


# Written ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.abc")), ids=lambda path: path.stem)
def test_the_gallery_comes_back_as_it_was(path):
    score = read(path).score
    assert read(write_abc(score).encode()).score == score


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.abc")), ids=lambda path: path.stem)
def test_a_second_reader_hears_the_same(path):
    from music21 import converter, harmony
    from music21.pitch import Pitch

    score = read(path).score
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        heard = converter.parseData(write_abc(score), format="abc").stripTies().flatten().notes
    # It does not hold an accidental to the end of the bar; so pitches are compared by their letters' places alone.
    notes = [
        (float(n.offset), p.diatonicNoteNum) for n in heard if not isinstance(n, harmony.Harmony) for p in n.pitches
    ]
    key = score.key or key_of(score)
    ours = [(note.onset / 24, Pitch("{}{}".format(*spelled(note.pitch, key))).diatonicNoteNum) for note in score.notes]
    assert sorted(notes) == [pytest.approx(note) for note in sorted(ours)]


@pytest.mark.parametrize("number", range(12))
def test_overlapping_music_comes_back_as_it_was(number):
    score = _random_score(np.random.default_rng(number))
    assert bare(read(write_abc(score).encode()).score) == bare(score)


@settings(max_examples=60, deadline=None)
@given(scores())
def test_any_score_comes_back_as_it_was(score):
    back = read(write_abc(score).encode()).score
    assert bare(back) == bare(score)
    assert [voice.program for voice in back.voices] == [voice.program for voice in score.voices]


def test_all_that_a_score_holds_comes_back():
    score = Score(
        (
            Voice((Note(0, 60, 96), Note(96, 62, 144), Note(240, 64, 48)), "Flute", 73),
            Voice((Note(0, 36, 12),), "Drums", is_drum=True),
        ),
        (Metre(), Metre(96, 3, 4)),
        (Tempo.from_bpm(168, 0, 36), Tempo.from_bpm(91.3, 132)),
        Key(2),
        'A "title" of 100 % & more',
        (ChordSymbol(0, 2, "m7"), ChordSymbol(30, 7, "", 11), ChordSymbol(250)),
        "J. S. Bach",
    )
    back = read(write_abc(score).encode()).score
    assert back == score
    assert [tempo.beat for tempo in back.tempos] == [36, 24]


def test_the_key_changes_with_the_tune_and_comes_back():
    score = read(b"X:1\nM:2/4\nL:1/4\nK:D\nFF|[K:F]BB|\nK:D\nFF|[K:Em]FF|\n").score
    assert [(score.bar_at(change.tick), str(change.key)) for change in score.key_changes] == [
        (1, "F major"),
        (2, "D major"),
        (3, "E minor"),
    ]
    assert [note.pitch for note in score.notes] == [66, 66, 70, 70, 66, 66, 66, 66]
    for written in (write_abc(score).encode(), write_midi(score), write_musicxml(score)):
        back = read(written).score
        assert (back.key, back.key_changes) == (score.key, score.key_changes)
        assert bare(back) == bare(score)


@pytest.mark.parametrize(
    ("body", "lengths"),
    [
        ("CDE>|FGAB|", [24, 24, 36, 12, 24, 24, 24]),  # broken over a bar line
        ("z>CD>z|", [12, 36]),
        ("C>>D E<<F|", [42, 6, 6, 42]),
        ("C/4/ D3/ E/ F//|", [6, 36, 12, 6]),  # a slash too many says nothing
        ("(3::2C2D2E|", [32, 32, 24]),
        ("(3C D E (3:2:4F/G/AB|", [16, 16, 16, 8, 8, 16, 16]),
        ("{/g}C {gab}D2|", [24, 48]),
        ("[C2E]D2|", [48, 24, 48]),
        ("CyD y2 E|", [24, 24, 24]),
        ("C2-|C2 D|", [96, 24]),
    ],
)
def test_lengths_as_people_write_them(body, lengths):
    assert [note.duration for note in abc(body).score.notes] == lengths


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("|:C4:||:D4:|", "CCDD"),
        ("C4::D4::E4:|", "CCDDEE"),
        ("|::C4::|D4|", "CCCD"),
        ("|:C4|[1-3 D4:|[4 E4|]", "CDCDCDCE"),
        ("|:C4|1,3 D4:|2,4 E4:|F4|", "CDCECDCEF"),
        ("C4|D4!fine!|E4!D.C.!|", "CDECD"),
        ("C4!segno!|D4!fine!|E4!D.S.!|", "CDECD"),
        (".|C4.|D4|", "CD"),
        ("[V:2]C4|", "C"),
    ],
)
def test_bars_are_played_in_their_order(body, names):
    assert letters(abc(body)).split() == list(names.lower())


def test_a_books_tunes_are_told_and_chosen():
    book = b"X:1\nT:Caf\\'e Waltz\nK:G\nG|\n\nX:2\nK:D\nD|\n\nX:30\nT:The Third\nT:another name\nK:A\nA|\n"
    assert tunes_of(book) == [("1", "Café Waltz"), ("2", "X:2"), ("30", "The Third")]
    assert [read(book, which).score.notes[0].pitch for which in (1, "2", "the third", "another name", "third")] == [
        *(67, 62, 69, 69, 69)
    ]
    with pytest.raises(UnreadableMusic, match="no tune '3' among the 3"):
        read(book, 3)
    assert tunes_of(write_midi(read(book).score)) == []


def test_what_motif_wrote_is_marked():
    score = read(b"X:1\nM:2/4\nL:1/4\nK:C\nCD|EF|GA|\n").score
    new = [(0, note) for note in score.notes[2:4]]
    text = write_abc(score, new)
    assert '"^Motif"E2 F2 | "^seed"G2 A2' in text
    assert bare(read(text.encode()).score) == bare(score)
    document = write_musicxml(score, new)
    assert document.count(b'<note color="#B45309"') == 2
    assert bare(read(document).score) == bare(score)
