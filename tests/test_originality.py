from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from composer.analysis.fingerprints import FOLDER, Fingerprints, Known, load_fingerprints
from composer.analysis.limit import SHORTEST, MatchLimit
from composer.analysis.matching import closest, longest_exact, rows_of
from composer.analysis.ngrams import NOTES, Line, hashes, interval_code, lines_of, pace_code, stretches, winnowed
from composer.analysis.originality import Memory, receipt_of
from composer.analysis.yardstick import measured, percentile, quantile
from composer.cli import main
from composer.data.corpus import Piece
from composer.errors import BadCheckpoint, BadRequest, NoTrainingMusic
from composer.evaluation.copying import copying
from composer.music import Reading, write_midi
from composer.score import Metre, Note, Score, Voice
from composer.shelf import Shelf
from composer.train.fingerprints import take_fingerprints
from composer.writing import Request, new_writer
from tests.conftest import tiny_checkpoint, tune

LILT = (24, 12, 12, 24, 36, 12)  # ticks


def line(pitches, waits=(24,), stretch=1, up=0) -> Line:
    """Notes of these pitches, each as long as its wait; `stretch` times slower, `up` semitones higher."""
    waits = [waits[i % len(waits)] * stretch for i in range(len(pitches))]
    notes = [
        Note(onset, pitch + up, wait)
        for onset, pitch, wait in zip(np.cumsum([0, *waits[:-1]]).tolist(), pitches, waits, strict=True)
    ]
    return lines_of(Score((Voice(tuple(notes)),)))[0]


def random_pitches(number: int, seed: int) -> list[int]:
    return [int(p) for p in np.random.default_rng(seed).integers(55, 80, number)]


def known(*pieces: list[int], waits=LILT) -> Fingerprints:
    music = [(Known(f"Tune {i}", "book"), [line(pitches, waits)]) for i, pitches in enumerate(pieces)]
    return Fingerprints.of(music, melodies=True)


def truly_longest(one: Line, two: Line) -> int:
    """The longest row that two lines share note for note, by comparing every place with every other."""
    spelled = []
    for found in (one, two):
        waits = np.maximum(1, np.diff(found.onsets))
        spelled.append((interval_code(np.diff(found.pitches)).tolist(), pace_code(waits[:-1], waits[1:]).tolist()))
    (a, ra), (b, rb) = spelled
    best = 1 if len(one) and len(two) else 0
    for i in range(len(a)):
        for j in range(len(b)):
            k = 0
            while i + k < len(a) and j + k < len(b) and a[i + k] == b[j + k]:
                if k and ra[i + k - 1] != rb[j + k - 1]:
                    break
                k += 1
            best = max(best, k + 1 if k else 1)
    return best


def test_an_ngram_is_the_same_in_any_key_and_at_any_speed():
    tune = [60, 62, 64, 65, 67, 69, 71]
    assert len(hashes(line(tune, LILT))) == len(tune) - NOTES + 1
    assert (hashes(line(tune, LILT)) == hashes(line(tune, LILT, stretch=2, up=3))).all()
    assert (hashes(line(tune, LILT)) != hashes(line(tune, (24,)))).all()
    assert (hashes(line(tune, LILT)) != hashes(line([60, 62, 64, 66, 67, 68, 72], LILT))).all()


def test_winnowing_keeps_one_of_every_three_neighbours():
    kept = winnowed(np.array([9, 1, 8, 7, 6, 5, 2, 2, 9], np.uint32), 3)
    assert kept.tolist() == [1, 4, 5, 6, 7]
    assert winnowed(np.array([4, 3], np.uint32), 3).tolist() == [1]
    assert winnowed(np.zeros(0, np.uint32), 3).tolist() == []


def test_a_transposed_slowed_passage_is_found_named_and_placed():
    tunes = [random_pitches(64, seed) for seed in range(20)]
    copied = tunes[7][16:40]
    take = line([*random_pitches(12, 99), *copied, *random_pitches(12, 98)], LILT, stretch=2, up=4)
    fingerprints = known(*tunes, waits=(24,))
    take = line([*random_pitches(12, 99), *copied, *random_pitches(12, 98)], (48,), up=4)
    match = longest_exact(take, fingerprints, rows_of(take, fingerprints))
    assert match is not None
    assert match.piece == Known("Tune 7", "book")
    assert 24 - 4 <= match.notes <= 24
    assert 12 <= match.start <= 14
    assert match.piece_bar == (16 + match.start - 12) // 4  # four quarters a bar
    assert (match.bar, match.first) == (match.start * 48 // 96, match.start * 48)


def test_a_close_match_passes_over_changed_and_added_notes():
    original = random_pitches(48, 3)
    changed = [*original[:15], original[15] + 1, *original[16:30], 81, *original[30:]]
    take = line(changed)
    fingerprints = known(original, random_pitches(48, 4), waits=(24,))
    rows = rows_of(take, fingerprints)
    exact, close = longest_exact(take, fingerprints, rows), closest(take, fingerprints, rows)
    assert exact is not None
    assert close is not None
    assert close.piece.name == "Tune 0"
    assert exact.notes <= 18 < 36 <= close.notes <= close.span <= 49


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("Poor Old Womanpolka The", "cre_breathnach", "“The Poor Old Woman (polka)” (Ceol Rince na hÉireann)"),
        ("Mrs Galvins Fancyhpipe", "cre_breathnach", "“Mrs Galvins Fancy (hornpipe)” (Ceol Rince na hÉireann)"),
        ("Dillons Reel", "", "“Dillons Reel”"),
        ("Cloone Hornpipe., The", "oneills_1903", "“The Cloone Hornpipe” (O’Neill 1903)"),
        ("CATCH CLUB -- JIG", "ryans_mammoth_1883", "“Catch Club, Jig” (Ryan 1883)"),
        ("Dichterliebe, Op.48/3 Die Rose", "mine", "“Dichterliebe, Op.48: 3 Die Rose” (mine)"),
        ("jsb_train_038", "jsb_chorales", "“Chorale 38 (train split)” (Bach chorales)"),
    ],
)
def test_pieces_are_named_as_people_say(name, source, said):
    assert Known(name, source).said == said


def test_nothing_is_found_where_nothing_is_shared():
    take, fingerprints = line(random_pitches(40, 1)), known(random_pitches(40, 2))
    receipt = receipt_of([take], Memory(((fingerprints, None),)))
    assert (receipt.exact, receipt.close, receipt.notes, receipt.pieces) == (None, None, 40, 1)
    assert receipt.sentences[0] == "No 6 notes in a row stand in any of the 1 pieces learned from."


pitch_rows = st.lists(st.integers(60, 63), min_size=1, max_size=40)  # few pitches, so that much is shared


@settings(deadline=None, max_examples=60)
@given(pitch_rows, pitch_rows, st.sampled_from([(24,), (24, 12, 12), (12, 36)]))
def test_the_longest_row_is_as_long_as_it_is(one, two, waits):
    mine, other = line(one, waits), line(two, waits)
    fingerprints = known(two, waits=waits)
    match = longest_exact(mine, fingerprints, rows_of(mine, fingerprints))
    truth = truly_longest(mine, other)
    assert (match.notes if match else 0) <= truth
    if truth >= NOTES + 2:
        assert match is not None
        assert match.notes >= truth - 4


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(SHORTEST, 24), st.integers(0, 11))
def test_a_limit_holds_against_a_writer_who_copies_all_it_can(seed, most, up):
    waits = LILT if seed % 2 else (24,)
    tunes = [random_pitches(60, seed), [60 + p % 4 for p in random_pitches(60, seed + 1)]]
    fingerprints = known(*tunes, waits=waits)
    limit = MatchLimit(Memory(((fingerprints, None),)), most)
    model = line(tunes[seed % 3 // 2], waits, up=up)
    everything = np.arange(30, 100)
    for onset, pitch in zip(model.onsets.tolist(), model.pitches.tolist(), strict=True):
        forbidden = dict(zip(everything.tolist(), limit.forbidden(onset, everything).tolist(), strict=True))
        limit.add(onset, pitch if not forbidden[pitch] else next(p for p in everything.tolist() if not forbidden[p]))
    written = Line(np.array(limit.onsets), np.array(limit.pitches), np.zeros(len(limit.onsets), np.int64))
    assert max(truly_longest(written, line(pitches, waits)) for pitches in tunes) <= most
    assert truly_longest(written, model) >= most - 4  # and no note is forbidden much too early


def test_of_notes_that_begin_together_the_highest_is_limited():
    original = random_pitches(30, 5)
    fingerprints = known(original, waits=(24,))
    limit = MatchLimit(Memory(((fingerprints, None),)), SHORTEST)
    for number, pitch in enumerate(original[:12]):
        if limit.forbidden(24 * number, np.array([pitch]))[0]:
            limit.add(24 * number, pitch + 1)
            assert not limit.forbidden(24 * number, np.array([pitch]))[0]  # below the highest it makes no row
            limit.add(24 * number, pitch)
            assert limit.pitches[-1] == pitch + 1
            return
        limit.add(24 * number, pitch - 12)
        limit.add(24 * number, pitch)
    raise AssertionError("twelve notes were copied")


def test_a_file_of_fingerprints_comes_back(tmp_path):
    taken = measured(known(*(random_pitches(70, seed) for seed in range(4))), [line(random_pitches(70, 1), LILT)])
    path = tmp_path / "known.safetensors"
    taken.save(path)
    back = load_fingerprints(path)
    assert back.pieces == taken.pieces
    for name in ("hash", "step", "bar", "line", "piece", "voice"):
        assert (getattr(back, name) == getattr(taken, name)).all(), name
    assert (back.yardsticks["exact"] == taken.yardsticks["exact"]).all()
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(BadCheckpoint, match="not a file of fingerprints"):
        load_fingerprints(path)


def test_percentile_and_quantile():
    counts = np.array([0, 10, 0, 10])  # ten matches of one note, ten of three
    assert (percentile(counts, 0), percentile(counts, 1), percentile(counts, 2), percentile(counts, 9)) == (
        *(0.0, 0.25, 0.5),
        0.75,
    )
    assert (quantile(counts, 0.5), quantile(counts, 0.95)) == (1, 3)


def test_the_receipt_compares_with_people(tmp_path):
    shared = random_pitches(12, 0)  # every tune, learned or held out, has these twelve notes
    tunes = [[*random_pitches(30, seed), *shared, *random_pitches(30, seed + 1000)] for seed in range(80)]
    pieces = [
        Piece(tune(*pitches), "test" if number % 2 else "train", f"Tune {number}", "book")
        for number, pitches in enumerate(tunes)
    ]
    fingerprints = take_fingerprints(pieces, melodies=True)
    assert len(fingerprints.pieces) == 40
    memory = Memory(((fingerprints, None),))
    usual = receipt_of(lines_of(tune(*tunes[1])), memory)
    assert usual.usual is not None
    assert 8 <= usual.usual <= 14
    assert usual.sentences[1].startswith("That is within what is usual")
    copied = receipt_of(lines_of(tune(*tunes[0])), memory)
    assert copied.exact is not None
    assert copied.exact.piece.name == "Tune 0"
    assert copied.sentences[1].startswith("That is more than usual")
    assert copied.exact_percentile is not None
    assert usual.exact_percentile is not None
    assert usual.exact_percentile < 0.95 < copied.exact_percentile


LEARNED: dict[str, list[dict[str, Any]]] = {  # what each network has written, as if it had learned it
    "lstm": [{}],
    "transformer": [{}],
    "vae": [{"task": "vary", "amount": 0.8}, {"task": "morph", "steps": 8}],
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Tiny networks, and as if learned by heart: what each of them writes from seed 3."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in LEARNED:
        tiny_checkpoint(folder, name)
        takes = [written(Shelf(folder), name, **changes) for changes in LEARNED[name]]
        lines = [found for take in takes for found in lines_of(take.score.with_voices(new_voices(take)))]
        by_heart = [(Known("Heart", "book"), lines)]
        Fingerprints.of(by_heart, melodies=name != "transformer").save(folder / FOLDER / f"{name}.safetensors")
    return Shelf(folder)


def seed_of(name: str) -> tuple[Reading, Request]:
    score = tune(*(67, 69, 71, 72, 74, 72, 71, 69, 67, 66, 67, 69, 71, 69, 67, 62) * 3)
    task = "harmonise" if name == "transformer" else "continue"
    return Reading(score, "test"), Request(task=task, bars=24, seed=3, scale="none")


def written(shelf: Shelf, name: str, **changes):
    reading, request = seed_of(name)
    second = Reading(tune(*(60, 64, 67, 72, 71, 67, 62, 67)), "test")
    return new_writer(reading, replace(request, **changes), shelf.take(name), second).finish()


def new_voices(take) -> list[Voice]:
    return [Voice(tuple(note for i, note in take.new if i == voice)) for voice in range(len(take.score.voices))]


@pytest.mark.parametrize(("name", "changes"), [(name, each) for name, some in LEARNED.items() for each in some])
def test_what_was_learned_by_heart_is_not_written_over_the_limit(shelf, name, changes):
    free, limited = written(shelf, name, **changes), written(shelf, name, **changes, max_match=12)
    learned = [found for voice in new_voices(free) for found in lines_of(tune().with_voices([voice]))]

    def copied(take):
        lines = [found for voice in new_voices(take) for found in lines_of(tune().with_voices([voice]))]
        return max(truly_longest(mine, other) for mine in lines for other in learned)

    assert copied(free) == max(len(found) for found in learned) > 12
    assert copied(limited) <= 12
    assert limited.recipe.request.max_match == 12


def test_a_range_of_one_note_is_written_all_the_same(shelf):
    free = written(shelf, "lstm", low=67, high=67)
    only = Fingerprints.of([(Known("Drone", ""), lines_of(tune().with_voices(new_voices(free))))], melodies=True)
    shelved = shelf.take("lstm")
    bound = new_writer(
        *_with_limit("lstm", low=67, high=67), replace(shelved, path=Path("nowhere/else"), given=shelved.network)
    )
    vars(bound.shelved)["memory"] = Memory(((only, None),))
    take = bound.finish()
    assert {note.pitch for note in take.new_notes} == {67}
    assert take.bars_written == 24


def _with_limit(name: str, **changes):
    reading, request = seed_of(name)
    return reading, replace(request, max_match=10, **changes)


def test_a_limit_needs_fingerprints_and_sense(tmp_path):
    tiny_checkpoint(tmp_path, "rnn")
    with pytest.raises(BadRequest, match="no fingerprints of what rnn learned from"):
        written(Shelf(tmp_path), "rnn", max_match=12)
    with pytest.raises(BadRequest, match="longest match must be a whole number from 10 to 1000, not 3"):
        Request(max_match=3)


def test_a_network_has_seen_the_sources_its_card_names(tmp_path):
    music = [(Known("A", "ours"), [line(random_pitches(30, 1))]), (Known("B", "theirs"), [line(random_pitches(30, 2))])]
    Fingerprints.of(music, melodies=True).save(tmp_path / FOLDER / "melodies.safetensors")
    inner = [(Known("C", "ours"), [line(random_pitches(30, 3))])]
    Fingerprints.of(inner, melodies=False).save(tmp_path / FOLDER / "choirs.safetensors")

    def names(polyphonic: bool) -> set[str]:
        memory = Memory.of_network(tmp_path / "lstm.safetensors", "ours, others", polyphonic)
        queries = [line(random_pitches(30, seed)) for seed in (1, 2, 3)]
        found = [receipt_of([query], memory).exact for query in queries]
        return {match.piece.name for match in found if match}

    assert names(polyphonic=False) == {"A"}
    assert names(polyphonic=True) == {"A", "C"}
    assert Memory.everything(tmp_path).pieces == 3


def test_the_command_makes_fingerprints_and_finds_a_copy(tmp_path, capsys):
    folder = tmp_path / "music"
    folder.mkdir()
    for number in range(12):
        score = replace(tune(*random_pitches(60, number)), title=f"Tune {number}")
        (folder / f"{number}.mid").write_bytes(write_midi(score))
    out = tmp_path / "checkpoints" / FOLDER / "mine.safetensors"
    with pytest.raises(SystemExit, match="0"):
        main(["fingerprints", "--data", str(folder), "--out", str(out), "--json"])
    learned = {known.name for known in load_fingerprints(out).pieces}
    assert json.loads(capsys.readouterr().out)["pieces"] == len(learned) > 0
    number = next(int(name.removeprefix("Tune ")) for name in sorted(learned))
    copy = tmp_path / "copy.mid"
    slow = [Note(48 * i, p + 4, 48) for i, p in enumerate(random_pitches(60, number))]
    copy.write_bytes(write_midi(Score((Voice(tuple(slow)),), (Metre(),))))
    with pytest.raises(SystemExit, match="0"):
        main(["originality", str(copy), "--checkpoints", str(tmp_path / "checkpoints"), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["exact"]["piece"] == f"Tune {number}"
    assert found["exact"]["notes"] >= 56
    assert (found["exact"]["bar"], found["exact"]["piece_bar"]) == (1, 1)


def test_copies_of_takes_are_told_beside_peoples(shelf):
    tunes = [Piece(tune(*random_pitches(64, seed)), "test", f"Tune {seed}", style="reel") for seed in range(12)]
    known = [Piece(tune(*random_pitches(64, seed)), ("train", "test")[seed % 2]) for seed in range(60)]
    shelved = replace(shelf.take("lstm"))
    vars(shelved)["memory"] = Memory(((take_fingerprints(known, melodies=True), None),))
    found = copying(shelved, tunes, Request(), most=10)
    assert len(found.matches) == 10
    assert found.figures()["takes"] == 10
    assert 0 <= found.figures()["takes within people's 95 %"] <= 1
    with pytest.raises(NoTrainingMusic, match="Only 3 held-out melodies"):
        copying(shelved, tunes[:3], Request())


def test_a_long_line_is_compared_in_stretches_and_its_passages_stand_where_they_do():
    piece = random_pitches(60, 1)
    taken = line([*random_pitches(4_500, 2), *piece, *random_pitches(300, 3)], LILT)
    parts = stretches(taken)
    assert [begin for begin, _ in parts] == [0, 1_740, 3_480]
    assert max(len(part) for _, part in parts) == 2_000  # what is held at once is bounded by this
    assert all(np.array_equal(part.pitches, taken.pitches[b : b + len(part)]) for b, part in parts)
    assert parts[-1][0] + len(parts[-1][1]) == len(taken)
    receipt = receipt_of([taken], Memory(((known(piece), None),)))
    assert receipt.exact.notes >= 56
    assert 4_498 <= receipt.exact.start <= 4_504
