"""What comes from outside is bounded where it enters: nothing takes time or room beyond its own length."""

import unicodedata

import pytest

from composer.errors import BadRequest, ComposerError, UnreadableMusic, quoted
from composer.music import clean, engrave, from_plain, to_plain, write_abc, write_midi, write_musicxml
from composer.page.editor.drawing import drawing, drawn
from composer.page.roll.roll import View, picture
from composer.page.seeds.seeds import Seed
from composer.page.settings.controls import _tempo, _whole
from composer.page.takes.making import file_name
from composer.page.takes.session import seed_from
from composer.score import Key, Metre, Note, Score, Tempo, Voice
from composer.writing import Request
from tests.conftest import tune
from tests.steps import steps

MARKS = "a" + "\u0300\u0316" * 40_000
CONTROL = ["a\0b", "a\x01b", "a\ufffeb", "a\ud800b", "a\u2028b", "\x1b[31m"]


def plain(**changes):
    return {**to_plain(tune(60, 62)), **changes}


@pytest.mark.parametrize("text", ["C" + " " * 40_000 + "x", " " * 40_000 + "x", "C major" + " " * 40_000 + "x"])
def test_a_long_key_is_refused_without_trying_it_in_every_way(text):
    with pytest.raises(ValueError, match="is not a key") as refusal:
        Key.parse(text)
    assert len(str(refusal.value)) < 120  # what was matched is not longer than what is told
    with pytest.raises(UnreadableMusic):
        from_plain(plain(key=text))


def test_a_key_may_stand_among_spaces():
    assert Key.parse("  F# minor \n") == Key(6, "minor")


def test_titles_are_cut_wherever_a_score_enters(monkeypatch):
    composed, normalize = [0], unicodedata.normalize
    monkeypatch.setattr(
        unicodedata, "normalize", lambda form, text: composed.append(len(text)) or normalize(form, text)
    )
    score = from_plain(plain(title=MARKS, composer=MARKS, key_name=MARKS))
    names = (score.title, score.composer, score.key_name)
    assert max(map(len, names)) <= 200
    seed = seed_from({"score": plain(), "title": MARKS, "source": MARKS, "key": None, "style": MARKS})
    assert max(map(len, (seed.title, seed.reading.source, seed.reading.style))) <= 200
    assert file_name(Request(seed=1), MARKS).startswith("a")
    assert clean(MARKS)
    # Composing a row of marks takes time in its square, in C, where nobody else is served meanwhile.
    assert 0 < max(composed) <= 400


@pytest.mark.parametrize("name", CONTROL)
def test_what_no_file_can_hold_is_not_let_in_by_a_name(name):
    brought = plain()
    brought["title"] = brought["voices"][0]["name"] = name
    score = from_plain(brought)
    assert engrave(score, 800).notes
    for write in (write_musicxml, write_midi, write_abc):
        assert write(score)
    seed = Seed(seed_from({"score": brought, "title": name, "source": name, "key": None, "style": None}).reading, "x")
    value = {**drawing(seed), "edition": 1, "key": "G major"}
    value["parts"][0]["name"] = name
    changed = drawn(value, seed).reading
    assert write_musicxml(changed.score)
    "".join([*changed.tracks, seed.title]).encode()  # no lone surrogate


def test_many_changes_of_tempo_and_metre_are_shown_in_a_time_that_grows_with_their_number():
    few, many = (_changing(number) for number in (100, 1_000))
    assert steps(picture, many, View()) < 20 * steps(picture, few, View())


def test_where_bars_and_seconds_stand_after_many_changes():
    score = _changing(4)  # 2/4 and 4/4 by turns, each a bar long
    assert [score.bar_start(bar) for bar in range(6)] == [0, 48, 144, 192, 288, 384]
    assert [score.bar_at(tick) for tick in (0, 47, 48, 143, 144, 300, 383, 384)] == [0, 0, 1, 1, 2, 4, 4, 5]
    assert score.seconds_at(192) == pytest.approx(0.5 * 8)
    assert [str(score.metre_at(tick)) for tick in (0, 48, 500)] == ["2/4", "4/4", "4/4"]


def test_a_bar_that_a_change_of_metre_cuts_short_counts():
    score = Score((), (Metre(0, 4, 4), Metre(120, 3, 4)))
    assert [score.bar_at(tick) for tick in (0, 95, 96, 119, 120, 192)] == [0, 0, 1, 1, 2, 3]
    assert [score.bar_start(bar) for bar in range(4)] == [0, 96, 120, 192]


def _changing(number):
    metres, tick = [], 0
    for index in range(number):
        metres.append(Metre(tick, 2 if index % 2 == 0 else 4, 4))
        tick += metres[-1].bar_ticks
    tempos = tuple(Tempo(24 * index, 500_000) for index in range(number))
    return Score((Voice((Note(0, 60, tick),)),), tuple(metres), tempos)


@pytest.mark.parametrize("name", ["metres", "tempos", "chords"])
def test_more_changes_than_a_piece_can_have_are_refused(name):
    changes = {"metres": [[96 * n, 4, 4] for n in range(1_001)], "tempos": [[n, 500_000] for n in range(1_001)]}
    with pytest.raises(UnreadableMusic):
        from_plain(plain(**{name: changes.get(name, [[n, 0, "", 0] for n in range(1_001)])}))


@pytest.mark.parametrize(
    "settings",
    [{"task": "x" * 10**6}, {"seed": "9" * 10**6}, {"temperature": [0] * 10**6}, {"form": "A" * 10**6}],
)
def test_what_was_sent_is_quoted_short(settings):
    with pytest.raises(BadRequest) as refusal:
        Request(**settings)
    assert len(str(refusal.value)) < 300


def test_unknown_settings_are_named_short():
    with pytest.raises(BadRequest) as refusal:
        Request.from_json({f"setting {number}": 1 for number in range(10_000)})
    assert len(str(refusal.value)) < 300


def test_quoting_keeps_short_values_as_they_are():
    assert (quoted("x"), quoted(3), quoted(None), quoted([1])) == ("'x'", "3", "None", "[1]")
    assert quoted("y" * 50) == "'" + "y" * 40 + "…'"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e308, 0.5, [3], "3", True])
def test_a_number_that_is_none_is_told(value):
    with pytest.raises(ComposerError, match="must be a whole number"):
        _whole("first bar", value)


def test_a_tempo_may_be_no_list():
    with pytest.raises(ComposerError, match="must be a number"):
        _tempo(["120"], 24)
