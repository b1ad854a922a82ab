"""MusicXML as notation programs write it: what is played, what is kept, and in which packings it comes."""

from __future__ import annotations

import io
import zipfile

import pytest

from composer.errors import UnreadableMusic
from composer.music import Reading, read
from composer.score import Key, Metre, Note, Tempo

TIME = "<time><beats>{}</beats><beat-type>4</beat-type></time>"
ATTRIBUTES = f"<attributes><divisions>2</divisions>{TIME.format(4)}</attributes>"


def note(step: str, quarters: float = 4, extra: str = "", octave: int = 4) -> str:
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{pitch}<duration>{int(2 * quarters)}</duration>{extra}</note>"


def score(*parts: list[str], definitions: str = "", head: str = "") -> str:
    """A document of parts, each a list of measures' contents; the first gets divisions and a metre."""
    listed = definitions or "".join(
        f'<score-part id="P{n}"><part-name>P{n}</part-name></score-part>' for n in range(len(parts))
    )
    text = f'<?xml version="1.0"?><score-partwise>{head}<part-list>{listed}</part-list>'
    for number, measures in enumerate(parts):
        bars = [f"<measure>{ATTRIBUTES if at == 0 else ''}{body}</measure>" for at, body in enumerate(measures)]
        text += f'<part id="P{number}">{"".join(bars)}</part>'
    return f"{text}</score-partwise>"


def xml(*parts: list[str], **rest: str) -> Reading:
    return read(score(*parts, **rest).encode())


def letters(reading: Reading, voice: int = 0) -> str:
    return "".join("C?D?EF?G?A?B"[n.pitch % 12] for n in reading.score.voices[voice].notes)


BEGIN = '<barline location="left"><repeat direction="forward"/></barline>'
AGAIN = '<barline location="right"><repeat direction="backward"/></barline>'
C, D, E, F, G = (note(step) for step in "CDEFG")


def ending(number: str, body: str, repeat: str = "") -> str:
    left = f'<barline location="left"><ending number="{number}" type="start"/></barline>'
    return f'{left}{body}<barline location="right"><ending number="{number}" type="stop"/>{repeat}</barline>'


BACK = '<repeat direction="backward"/>'
SEGNO = '<direction><direction-type><segno/></direction-type><sound segno="1"/></direction>'


def words(text: str) -> str:
    return f"<direction><direction-type><words>{text}</words></direction-type></direction>"


@pytest.mark.parametrize(
    ("measures", "played"),
    [
        ([C, D + AGAIN, E], "CDCDE"),
        ([C + AGAIN, D + AGAIN], "CCDD"),
        ([BEGIN + C, ending("1", D, BACK), ending("2", E), F], "CDCEF"),
        ([C, ending("1, 2", D, BACK), ending("3", E)], "CDCDCE"),
        ([C + AGAIN.replace("/>", ' times="4"/>', 1), D], "CCCCD"),
        ([C, D + '<sound fine="yes"/>', E + '<sound dacapo="yes"/>'], "CDECD"),
        ([C, D + words("Fine"), E + words("D.C. al Fine")], "CDECD"),
        ([C, SEGNO + D + words("To Coda"), E + words("D.S. al Coda"), '<sound coda="1"/>' + F], "CDEDF"),
        (
            [C, '<sound segno="1"/>' + D + '<sound tocoda="1"/>', E + '<sound dalsegno="1"/>', '<sound coda="1"/>' + F],
            "CDEDF",
        ),
        (
            [
                C,
                BEGIN + SEGNO + D + words("To Coda"),
                ending("1", E, BACK),
                ending("2", F + words("D.S.")),
                '<sound coda="1"/>' + G,
            ],
            "CDEDFDG",
        ),
    ],
)
def test_repeats_and_jumps_are_played(measures, played):
    assert letters(xml(measures)) == played


def test_a_jump_in_one_part_is_one_of_the_piece():
    reading = xml([C, D + words("Fine"), E + words("D.C. al Fine")], [G, F, E])
    assert (letters(reading), letters(reading, 1)) == ("CDECD", "GFEGF")
    reading = xml([BEGIN + C, ending("1", D, BACK), ending("2", E)], [G, F, C])
    assert (letters(reading), letters(reading, 1)) == ("CDCE", "GFGC")


def test_a_million_repeats_are_refused():
    with pytest.raises(UnreadableMusic, match="more than 1000 bars"):
        xml([BEGIN + C + '<barline><repeat direction="backward" times="99"/></barline>'] * 20)


def test_parts_wait_for_each_other_at_bar_lines():
    short = xml([C, note("D", 2), E], [C, D, E]).score
    assert [n.onset for n in short.voices[0].notes] == [0, 96, 192]
    first = xml([note("C", 3), D], [C, D])
    assert ([n.onset for n in first.score.voices[0].notes], first.remarks) == ([0, 96], ())
    empty = xml([C, "", E], [C, D, E]).score
    assert [n.onset for n in empty.voices[0].notes] == [0, 192]


def test_a_short_first_bar_is_a_pick_up():
    reading = xml([note("G", 1), C])
    assert [n.onset for n in reading.score.notes] == [72, 96]
    assert any("pick-up" in remark for remark in reading.remarks)


def test_pitches_are_read_as_they_sound():
    moved = "<attributes><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic>{}</transpose></attributes>"
    key = "<attributes><key><fifths>2</fifths></key></attributes>"
    clarinet = xml([moved.format("") + key + D + note("E"), D], [C, D])
    assert [n.pitch for n in clarinet.score.voices[0].notes][:2] == [60, 62]
    assert clarinet.score.key == Key(0)
    bass = xml([moved.format("<octave-change>-1</octave-change>").replace("-2", "0") + C, D])
    assert [n.pitch for n in bass.score.notes] == [48, 50]


def test_drums_are_kept_apart():
    hit = "<note><unpitched/><duration>2</duration><instrument id='I'/></note>"
    midi = (
        "<midi-instrument id='I'><midi-channel>10</midi-channel><midi-unpitched>37</midi-unpitched></midi-instrument>"
    )
    flute = '<score-part id="P0"><part-name>Flute</part-name></score-part>'
    kit = f'{flute}<score-part id="P1"><part-name>Kit</part-name>{midi}</score-part>'
    voices = xml([C], [hit * 4], definitions=kit).score.voices
    assert [(v.name, v.is_drum) for v in voices] == [("Flute", False), ("Kit", True)]
    assert voices[1].notes[0] == Note(0, 36, 24)
    clapped = xml([note("C", 1) + "<note><unpitched/><duration>2</duration></note>" + note("D", 2)]).score
    assert [n.onset for n in clapped.voices[0].notes] == [0, 48]
    with pytest.raises(UnreadableMusic, match="only drums"):
        xml([hit * 4])


def test_grace_and_cue_notes_are_left_out_and_told():
    reading = xml(
        [note("A", 0, "<grace/>").replace("<duration>0</duration>", "") + note("C", 2) + note("D", 2, "<cue/>"), E]
    )
    assert letters(reading) == "CE"
    assert [r for r in reading.remarks if "grace" in r or "cue" in r] == list(reading.remarks)


def test_ties_are_joined_across_voices_and_endings():
    start, stop = '<tie type="start"/>', '<tie type="stop"/>'
    tied = xml([note("C", 4, start), note("C", 2, stop) + note("C", 2)]).score
    assert [(n.onset, n.duration) for n in tied.notes] == [(0, 144), (144, 48)]
    both = xml(
        [BEGIN + note("C", 4, start), ending("1", note("C", 4, stop), BACK), ending("2", note("C", 4, stop))]
    ).score
    assert [(n.onset, n.duration) for n in both.notes] == [(0, 192), (192, 192)]


@pytest.mark.parametrize(
    ("mark", "tempo", "words_"),
    [
        ('<sound tempo="90"/>', 90, "90 quarters"),
        (
            "<metronome><beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>112</per-minute></metronome>",
            168,
            "112 dotted quarters",
        ),
        ("<metronome><beat-unit>half</beat-unit><per-minute>c. 60</per-minute></metronome>", 120, "60 halves"),
    ],
)
def test_tempos_keep_their_beat(mark, tempo, words_):
    body = mark if mark.startswith("<sound") else f"<direction><direction-type>{mark}</direction-type></direction>"
    reading = xml([body + C])
    assert (round(reading.score.tempos[0].bpm), words_ in reading.summary()) == (tempo, True)


def test_a_metric_relation_sets_the_tempo():
    relation = (
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit>quarter</beat-unit>"
        "<beat-unit-dot/></metronome></direction-type></direction>"
    )
    assert xml(['<sound tempo="90"/>' + C, relation + D]).score.tempos == (Tempo.from_bpm(90), Tempo.from_bpm(135, 96))


def test_metres_of_several_numbers():
    two = ATTRIBUTES.replace(
        TIME.format(4), "<time><beats>2</beats><beat-type>4</beat-type><beats>3</beats><beat-type>8</beat-type></time>"
    )
    assert xml([two + note("C", 3.5)]).score.metres == (Metre(0, 7, 8),)
    with_sum = ATTRIBUTES.replace(">4<", ">3+4<", 1).replace("<beat-type>4", "<beat-type>8")
    assert xml([with_sum + note("C", 3.5)]).score.metres == (Metre(0, 7, 8),)


def test_what_the_file_says_is_kept():
    head = (
        "<work><work-title>Étude</work-title></work><identification><creator type='composer'>F. C.</creator>"
        "</identification>"
    )
    harmony = (
        "<harmony><root><root-step>F</root-step><root-alter>1</root-alter></root><kind>half-diminished</kind>"
        "<bass><bass-step>A</bass-step></bass></harmony>"
    )
    dorian = "<attributes><key><fifths>0</fifths><mode>dorian</mode></key></attributes>"
    kept = read(
        score(
            [
                dorian
                + harmony
                + "<direction><direction-type><dynamics><ff/></dynamics></direction-type></direction>"
                + C
            ],
            head=head,
        ).encode("utf-16")
    ).score
    assert (kept.title, kept.composer, kept.key_name, kept.key) == ("Étude", "F. C.", "D dorian", Key(2, "minor"))
    assert [str(chord) for chord in kept.chords] == ["F#m7b5/A"]
    assert kept.notes[0].velocity == 112


PLAIN = score([C, D], head="<work><work-title>茉莉花 Étude</work-title></work>")


@pytest.mark.parametrize(
    ("charset", "said"),
    [
        *(("utf-8", None), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-8", "UTF-16")),
        *(("gb18030", "GB2312"), ("gb18030", "GBK")),
    ],
)
def test_encodings(charset, said):
    declared = f'<?xml version="1.0" encoding="{said}"?>' if said else ""
    assert read(PLAIN.replace('<?xml version="1.0"?>', declared).encode(charset)).score.title == "茉莉花 Étude"


def test_latin_1_declared_and_not():
    text = PLAIN.replace("茉莉花 ", "")
    for declaration in ('<?xml version="1.0" encoding="ISO-8859-1"?>', '<?xml version="1.0" encoding="UTF-8"?>'):
        assert read(text.replace('<?xml version="1.0"?>', declaration).encode("latin-1")).score.title == "Étude"


CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


@pytest.mark.parametrize(
    "files",
    [
        {"score.xml": PLAIN},
        {"mimetype": "x", "META-INF/container.xml": CONTAINER.format("a/s.musicxml"), "a/s.musicxml": PLAIN},
        {"other.xml": "<notes/>", "META-INF/container.xml": CONTAINER.format("s.mxml"), "s.mxml": PLAIN},
        {"META-INF\\container.xml": CONTAINER.format("s.xml"), "s.xml": PLAIN},
        {"META-INF/container.xml": CONTAINER.format("lost.xml"), "notes.xml": "<notes/>", "s.xml": PLAIN},
        {"__MACOSX/._s.xml": "\0\5", "._s.xml": "\0\5", "s.xml": PLAIN},
    ],
)
def test_archives_of_every_packer(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    assert letters(read(buffer.getvalue())) == "CD"


def test_timewise_is_read_as_partwise():
    partwise = xml([C, D], [E, F]).score
    turned = "".join(
        f'<measure><part id="P0">{first}{a}</part><part id="P1">{first}{b}</part></measure>'
        for first, a, b in [(ATTRIBUTES, C, E), ("", D, F)]
    )
    listed = "".join(f'<score-part id="P{n}"><part-name>P{n}</part-name></score-part>' for n in (0, 1))
    text = f"<score-timewise><part-list>{listed}</part-list>{turned}</score-timewise>"
    assert read(text.encode()).score == partwise


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<museScore version='4'/>", "MuseScore's own file"),
        (b"<mei xmlns='http://www.music-encoding.org/ns/mei'/>", "MEI"),
        (b"<opus/>", "opus"),
        (b"**kern\n4c\n*-\n", "Humdrum"),
        (b'\\version "2.24.0"\n{ c\'4 }\n', "LilyPond"),
        (b"\x18FICHIER GUITAR PRO v5.00", "Guitar Pro"),
        (b"%PDF-1.7\n", "PDF"),
    ],
)
def test_other_formats_are_told_by_name(data, said):
    with pytest.raises(UnreadableMusic, match=said):
        read(data)


def test_musescores_own_archive_is_told_by_name():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("piece.mscx", "<museScore/>")
    with pytest.raises(UnreadableMusic, match="Export, MusicXML"):
        read(buffer.getvalue())


@pytest.mark.parametrize(
    "body",
    [
        "<attributes><time><beats>999999999</beats><beat-type>4</beat-type></time></attributes>",
        "<attributes><key><fifths>1000000</fifths></key></attributes>",
        "<attributes>" + "<key><fifths>1</fifths></key>" * 20_000 + "</attributes>",
        f"<attributes><time><beats>{'1+' * 3000}1</beats><beat-type>4</beat-type></time></attributes>",
        "<direction><direction-type><words>" + "ending " * 12_000 + "</words></direction-type></direction>",
        "<attributes><staves>300</staves></attributes>",
        *(f"<{name}/>" * 50_000 for name in ("accent", "sound", "print", "credit", "slur")),
    ],
)
def test_dear_values_cost_nothing(body):
    assert letters(xml([body + C])) == "C"


def test_quarter_tones_are_told():
    note = "<note><pitch><step>C</step><alter>0.5</alter><octave>4</octave></pitch><duration>4</duration></note>"
    document = (
        "<score-partwise><part-list><score-part id='P'/></part-list><part id='P'><measure>"
        f"<attributes><divisions>1</divisions></attributes>{note}</measure></part></score-partwise>"
    )
    assert "1 quarter tone was moved to the nearest half tone." in read(document.encode()).remarks
