"""The readers on tunes made here: likeness, library, taste, counting and the ear."""

from __future__ import annotations

import json
import lzma
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from composer.analysis.counts import COUNTS, PITCHES, TIMELESS, counts_of, texture_of
from composer.analysis.cues import CUES, METRE, SIZES, cues_of, without
from composer.analysis.ear import EarConfig, Ears
from composer.analysis.likeness import Index, Likeness, LikenessConfig, points_of
from composer.analysis.listeners import Listeners
from composer.analysis.readers import READERS, StyleReader, likeness_reader, style_reader
from composer.analysis.similar import index_of, likest
from composer.analysis.style import guess_style
from composer.analysis.taste import SIZE, by_taste, traits_of
from composer.analysis.tunes import load_library
from composer.analysis.windows import BARS, PLACES, curves_of
from composer.checkpoint import Card, available, save
from composer.cli import main
from composer.data.corpus import Piece
from composer.errors import BadCheckpoint, BadRequest, NoTrainingMusic
from composer.evaluation.likeness import Found, fragments, measure_fragments, network_judge, ngram_judge, rank_of
from composer.evaluation.styles import Told, calibration_error
from composer.music import write_midi
from composer.networks import count_parameters
from composer.score import Key, Metre, Note, Score, Voice
from composer.train.likeness import LikenessLesson, train_likeness
from composer.train.ornaments import ornamented
from composer.train.styles import StyleLesson, heard, labelled, logits_of, style_of, train_ears
from tests.conftest import tune

REEL = tuple(66 + (p * 7) % 12 for p in range(64))


def a_tune(seed: int, kind: str = "reel", bars: int = 8) -> Score:
    """A random walk in eighths: a reel in 4/4, a jig in 6/8, or a lied in quarters."""
    metre, wait = {"reel": (Metre(), 12), "jig": (Metre(0, 6, 8), 12), "lied": (Metre(0, 3, 4), 24)}[kind]
    random = np.random.default_rng(seed)
    count = bars * metre.bar_ticks // wait
    pitches = 67 + np.clip(np.cumsum(random.integers(-3, 4, count)), -12, 12)
    notes = tuple(Note(wait * i, int(pitch), wait) for i, pitch in enumerate(pitches))
    return Score((Voice(notes, "Melody"),), (metre,), title=f"{kind} {seed}")


def up(score: Score, semitones: int) -> Score:
    (voice,) = score.voices
    return score.with_voices([replace(voice, notes=tuple(replace(n, pitch=n.pitch + semitones) for n in voice.notes))])


def test_cues_do_not_depend_on_the_key():
    score = a_tune(1)
    notes, higher = score.voices[0].notes, up(score, 5).voices[0].notes
    cues = cues_of(notes, Metre())
    assert cues.shape == (len(notes), len(CUES))
    assert (cues == cues_of(higher, Metre())).all()
    assert (cues.min(0) >= 0).all()
    assert (cues.max(0) < SIZES).all()
    assert (cues_of(notes, None)[:, list(METRE)] == 0).all()
    assert (without(cues, METRE)[:, list(METRE)] == 0).all()
    assert (without(cues, METRE)[:, 0] == cues[:, 0]).all()


def test_counts_do_not_depend_on_the_key_and_leave_out_an_unknown_metre():
    score = a_tune(2, "jig")
    counts = counts_of(score.voices[0].notes, score.metres[0], score)
    assert counts.shape == (COUNTS,)
    assert np.allclose(counts, counts_of(up(score, 3).voices[0].notes, score.metres[0], up(score, 3)))
    unknown = counts_of(score.voices[0].notes, None)
    assert np.isnan(unknown[TIMELESS:]).all()
    assert (unknown[:TIMELESS] == counts[:TIMELESS]).all()
    assert counts_of(score.voices[0].notes[:1], None)[PITCHES - 1] == 0


def test_a_texture_is_counted_by_hand():
    melody = Voice((Note(0, 72, 24), Note(24, 74, 24)), "Melody")
    bass = Voice((Note(0, 48, 48),), "Bass")
    voices, begun, together, sounding, apart, moving = texture_of(Score((melody, bass)))
    assert (voices, begun, together, sounding) == (2, 1.5, 0.5, 2)
    assert apart == pytest.approx((24 + 26) / 2)
    assert moving == pytest.approx((1 + 0.5) / 2)
    assert (texture_of(Score((melody,)))[:4] == (1, 1, 0, 1)).all()


def pieces(number: int = 30, kinds: tuple[str, ...] = ("reel", "jig", "lied")) -> list[Piece]:
    splits = ("train", "train", "train", "valid", "test")
    return [
        Piece(a_tune(100 * k + i, kind), splits[i % 5], f"{kind} {i}", "ours", "PD", kind, a_tune(0, kind).metres[0])
        for k, kind in enumerate(kinds)
        for i in range(number)
    ]


def test_labels_are_merged_looked_up_and_doubted():
    piece = pieces(1)[0]
    assert style_of(replace(piece, style="carolan")) == "air"
    assert style_of(replace(piece, style=None, name="The Old Waltz")) == "waltz"
    assert style_of(replace(piece, style=None, name="Waltzing Matilda")) is None
    assert style_of(replace(piece, source="nottingham", name="Knick-Knack")) is None
    assert style_of(replace(piece, source="nottingham", name="Drummer's Reel")) == "reel"
    assert style_of(replace(piece, style="hornpipe", name="The Drummer's Reel")) is None
    assert style_of(replace(piece, style="air", name="The Soldier's March")) == "air"
    assert style_of(replace(piece, style=None, name="Marche des Marseillois")) == "march"
    assert style_of(replace(piece, style="air", name="Royals Quick Step")) is None
    assert style_of(replace(piece, style="march", source="oneills_1903", name="The High Cauled Cap")) is None
    assert style_of(replace(piece, style="slide", name="", metre=Metre(0, 12, 8))) == "jig"
    assert style_of(replace(piece, style="jig", name="", metre=Metre(0, 9, 8))) == "slip jig"
    assert style_of(replace(piece, style="jig", name="", metre=Metre())) is None
    assert style_of(replace(piece, style="polka", name="", metre=Metre(0, 3, 4))) is None
    with pytest.raises(NoTrainingMusic, match="Only 0 styles have 31 pieces"):
        labelled(pieces(30), fewest=31)


@pytest.fixture(scope="module")
def ear() -> StyleReader:
    """An ear that learned three styles in some seconds."""
    styles, named = labelled(pieces(20), fewest=10)
    lesson = StyleLesson(minutes=0.03, batch=16, learning_rate=1e-2, average=0.9)
    trained, temperature = train_ears(heard(named, styles, passages=1), EarConfig.tiny(), lesson)
    return StyleReader(trained, styles, temperature, _card("style", asdict(trained.config), trained))


def _card(network: str, settings, module, **vocabulary) -> Card:
    return Card(network, settings, vocabulary, count_parameters(module))


def test_the_ear_learns_to_tell_styles_apart(ear):
    _, named = labelled(pieces(), fewest=10)
    test = [example for example in heard(named, ear.styles) if example.split == "test"]
    told = logits_of(ear.ears, test).argmax(1).tolist()
    assert np.mean(np.array(told) == [example.style for example in test]) > 0.8


def test_a_guess_names_styles_and_the_bars_that_spoke(ear):
    guess = guess_style(a_tune(999, "jig"), ear)
    assert guess.styles[0][0] == "jig"
    assert sum(share for _, share in guess.styles) == pytest.approx(1)
    assert sorted(bar for bar, _ in guess.bars) == list(range(8))
    assert [lost for _, lost in guess.bars] == sorted((lost for _, lost in guess.bars), reverse=True)
    assert guess.sentences[0].startswith("Sounds like: ")
    assert guess.to_json()["styles"][0]["style"] == "jig"
    assert guess_style(tune(60), ear).bars == ()


def test_padding_tells_the_ear_nothing(ear):
    short, long = (heard([piece], ear.styles)[0] for piece in (pieces(1)[0], pieces(1, ("jig",))[0]))
    short = replace(short, cues=short.cues[:20])
    alone, beside = logits_of(ear.ears, [short]), logits_of(ear.ears, [short, long])
    torch.testing.assert_close(alone[0], beside[0])


def test_macro_f1_and_calibration_by_hand():
    told = Told.of(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 3)
    assert told.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert told.right == 0.75
    rare = Told.of(np.array([0] * 5 + [1]), np.array([0] * 6), 2)
    assert rare.macro_f1 == pytest.approx(10 / 11)
    assert rare.macro_f1_of_all == pytest.approx(5 / 11)
    sure = np.log(np.array([[0.95, 0.05], [0.95, 0.05]]))
    assert calibration_error(sure, np.array([0, 1])) == pytest.approx(0.45)


def test_curves_are_the_same_in_any_key_and_metre_unit():
    score = a_tune(5)
    curves, bars = curves_of(score)
    assert curves.shape == (8 - BARS + 1, BARS * PLACES)
    assert bars.tolist() == [0, 1, 2, 3, 4]
    assert np.allclose(curves, curves_of(up(score, 4))[0], atol=1e-5)
    assert np.allclose(curves.mean(1), 0, atol=1e-5)
    slow = Score((Voice(tuple(Note(2 * n.onset, n.pitch, 2 * n.duration) for n in score.notes)),), (Metre(0, 4, 2),))
    assert np.allclose(curves, curves_of(slow)[0], atol=1e-5)
    assert len(curves_of(tune(60, 62))[0]) == 1
    assert len(curves_of(Score((Voice(),)))[0]) == 0


def test_ornaments_keep_the_length_and_change_the_notes():
    notes = a_tune(6).voices[0].notes
    played = ornamented(notes, np.random.default_rng(0))
    assert played != notes
    assert played[0].onset == 0
    assert max(n.end for n in played) == notes[-1].end
    assert all(a.end <= b.onset for a, b in pairwise(played))
    assert min(n.duration for n in played) > 0


def test_likeness_finds_ornamented_fragments_better_than_rows_of_intervals():
    melodies = pieces(40)
    lesson = LikenessLesson(minutes=0.03, batch=64, pairs=600)
    network = train_likeness([p for p in melodies if p.split == "train"], LikenessConfig(), lesson)
    asked = fragments(melodies, 40)
    families = [str(number) for number in range(len(melodies))]
    ours = measure_fragments(network_judge(network, melodies), asked, families)
    rows = measure_fragments(ngram_judge(melodies), asked, families)
    assert ours.mrr > rows.mrr
    assert ours.recall_at_10 > 0.8


def test_ranks_share_the_middle_of_equals():
    assert rank_of(np.array([0.9, 0.5, 0.5, 0.5]), [2]) == 3
    assert rank_of(np.array([0.9, 0.5]), [1], left_out=0) == 1
    assert Found.of([1, 2, 20]) == Found(3, pytest.approx((1 + 0.5 + 0.05) / 3), pytest.approx(2 / 3))


def test_the_index_takes_the_nearest_of_each_melody():
    index = Index.of([np.array([[1, 0], [0, 1]], np.float32), np.array([[-1, 0]], np.float32)])
    assert index.likeness(np.array([[0, 1], [1, 0]], np.float32)).tolist() == [1, -0.5]
    assert points_of(Likeness(LikenessConfig.tiny()), np.zeros((0, 48), np.float32)).shape == (0, 8)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "tunes.jsonl.xz"
    rows = []
    for number in range(12):
        score = a_tune(number, "jig" if number % 2 else "reel")
        notes = [[n.pitch, n.onset, n.duration] for n in score.notes]
        about = {"id": f"t{number}", "title": score.title, "source": "ours", "style": None, "key": "G major"}
        rows.append({**about, "meter": str(score.metres[0]), "notes": notes})
    with lzma.open(path, "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_the_library_reads_what_it_holds(library, tmp_path):
    tunes = load_library(library).tunes
    assert [found.name for found in tunes[:2]] == ["t0", "t1"]
    assert tunes[1].score.notes == a_tune(1, "jig").notes
    assert tunes[1].reading().key == Key(7)
    assert tunes[0].label == "reel 0 (tune, ours)"
    with pytest.raises(BadRequest, match="There is no library"):
        load_library(tmp_path / "none.jsonl.xz")
    (tmp_path / "bad.jsonl.xz").write_bytes(b"no")
    with pytest.raises(BadRequest, match="not a library"):
        load_library(tmp_path / "bad.jsonl.xz")


def test_the_same_tune_in_another_key_is_the_most_similar(library):
    torch.manual_seed(0)
    network = Likeness(LikenessConfig.tiny()).eval()
    tunes = load_library(library)
    found = likest(up(a_tune(3, "jig"), 4), tunes, index_of(tunes, network), network, most=3)
    assert found[0].tune.name == "t3"
    assert found[0].likeness == pytest.approx(1, abs=1e-4)
    assert len(found) == 3
    assert found[0].likeness >= found[1].likeness >= found[2].likeness


def test_what_listens_is_loaded_once_and_anew_when_it_changes(library, tmp_path):
    ears, config = Listeners(tmp_path, library), LikenessConfig.tiny()
    path = tmp_path / READERS / "likeness.safetensors"
    save(path, Likeness(config), _card("likeness", asdict(config), Likeness(config)))
    with ThreadPoolExecutor(4) as visitors:
        points = list(visitors.map(lambda _: ears.points(), range(4)))
    assert all(found is points[0] for found in points)
    assert ears.tunes() is ears.tunes()
    save(path, Likeness(config), _card("likeness", asdict(config), Likeness(config)))
    os.utime(path, ns=(1, 1))
    assert ears.points() is not points[0]
    with pytest.raises(BadCheckpoint, match="There is no reader"):
        ears.style()


def test_the_commands_answer(library, ear, tmp_path, capsys):
    folder = tmp_path / "checkpoints"
    save(
        folder / READERS / "style.safetensors",
        ear.ears,
        replace(ear.card, vocabulary={"styles": list(ear.styles), "temperature": ear.temperature}),
    )
    network = Likeness(LikenessConfig.tiny())
    save(folder / READERS / "likeness.safetensors", network, _card("likeness", asdict(network.config), network))
    file = tmp_path / "jig.mid"
    file.write_bytes(write_midi(a_tune(3, "jig")))
    options = ["--checkpoints", str(folder), "--json"]
    for arguments in (["style", str(file)], ["similar", str(file), "--library", str(library), "--most", "2"]):
        with pytest.raises(SystemExit, match="0"):
            main([*arguments, *options])
    style, found = map(json.loads, capsys.readouterr().out.splitlines())
    assert style["styles"][0]["style"] == "jig"
    assert found["tunes"][0]["name"] == "t3"
    assert available(folder) == []  # readers are no writing networks


def test_a_reader_must_be_there_and_fit(tmp_path):
    with pytest.raises(BadCheckpoint, match="Train it with 'composer train style'"):
        style_reader(tmp_path)
    network = Likeness(LikenessConfig.tiny())
    save(tmp_path / READERS / "style.safetensors", network, _card("likeness", asdict(network.config), network))
    with pytest.raises(BadCheckpoint, match="and not style"):
        style_reader(tmp_path)
    save(tmp_path / READERS / "likeness.safetensors", network, _card("likeness", {"hidden": 20, "points": 8}, network))
    with pytest.raises(BadCheckpoint, match="do not fit"):
        likeness_reader(tmp_path)


def test_taste_puts_what_is_like_the_liked_first_and_says_why():
    lively, calm = a_tune(1, "reel"), a_tune(2, "lied")
    candidates = [traits_of(a_tune(10 + i, kind)) for i, kind in enumerate(("lied", "reel", "lied", "reel"))]
    assert candidates[0].shape == (SIZE,)
    choices = by_taste([traits_of(lively)], [traits_of(calm)], candidates)
    assert {choice.number for choice in choices[:2]} == {1, 3}
    assert choices[0].why.endswith("like what you liked")
    turned = by_taste([traits_of(calm)], [traits_of(lively)], candidates)
    assert {choice.number for choice in turned[:2]} == {0, 2}
    fast, slow = (traits_of(tune(*range(60, 76), duration=duration)) for duration in (6, 24))
    first = by_taste([], [fast], [fast, slow])[0]
    assert (first.number, first.why) == (1, "calm, unlike what you disliked")


def test_without_likes_the_order_stays():
    candidates = [traits_of(a_tune(i)) for i in range(3)]
    assert [choice.number for choice in by_taste([], [], candidates)] == [0, 1, 2]
    assert by_taste([candidates[0]], [], []) == []


def test_traits_do_not_depend_on_the_key_but_on_the_mode():
    score = a_tune(4)
    assert np.allclose(traits_of(score), traits_of(up(score, 5)))
    assert traits_of(score, Key(0, "minor"))[8] > traits_of(score, Key(0, "major"))[8]
    assert np.isfinite(traits_of(tune(60))).all()


def test_an_ear_starts_as_its_config_says():
    assert Ears(EarConfig.tiny(5)).each[0].out.out_features == 5
    with pytest.raises(ValueError, match="make no ear"):
        EarConfig(1)
