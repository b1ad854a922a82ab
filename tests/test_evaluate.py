"""Counts worked out by hand, and a classifier that can be fooled and cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import composer
from composer.data.corpus import Piece
from composer.data.prepared import Prepared, prepare
from composer.errors import NoTrainingMusic
from composer.evaluation.chorale import faults
from composer.evaluation.classifier import tell_apart
from composer.evaluation.markov import MarkovLikelihood, markov_likelihood, markov_shelved, spelled
from composer.evaluation.mimicry import mimicry
from composer.evaluation.pictures import draw_distributions
from composer.evaluation.ranges import Range
from composer.evaluation.report import Report, compared_with_people
from composer.evaluation.statistics import STATISTICS, Passage, statistics
from composer.evaluation.trials import TRIED, serves, trials
from composer.events.features import TABLE
from composer.score import Metre, Note, Score, Voice
from composer.writing import Request
from tests.conftest import tune


def counted(*pitches: int, duration: int = 24) -> dict[str, float]:
    score = tune(*pitches, duration=duration)
    return dict(zip(STATISTICS, statistics(Passage.cut(score, [0], 0, score.bars)).tolist(), strict=True))


def test_statistics_are_those_of_a_hand_count():
    found = counted(60, 62, 64, 64, 60, 62, 64, 64)  # the same bar twice
    assert found["notes a bar"] == 4
    assert found["pitch-class entropy"] == pytest.approx(1.5)  # shares 1/4, 1/4, 1/2
    assert found["scale consistency"] == 1
    assert found["groove consistency"] == 1
    assert found["mean interval"] == pytest.approx((2 + 2 + 0 + 4 + 2 + 2 + 0) / 7)
    assert found["steps"] == pytest.approx(4 / 7)
    assert found["repeats"] == pytest.approx(2 / 7)
    assert (found["range"], found["mean duration"], found["duration entropy"]) == (4, 24, 0)
    assert found["repeated bars"] == 0.5


def test_a_bar_of_the_seed_played_again_higher_is_a_repeated_bar():
    passage = Passage.cut(tune(60, 62, 64, 60, 65, 67, 69, 65), [0], 1, 1)
    assert dict(zip(STATISTICS, statistics(passage), strict=True))["repeated bars"] == 1


def test_chords_are_counted_by_voice():
    upper = Voice(tuple(Note(24 * i, pitch, 24) for i in range(4) for pitch in (72 + i, 76 + i)))
    lower = Voice((Note(0, 48, 96),))
    found = dict(zip(STATISTICS, statistics(Passage.cut(Score((upper, lower)), [0, 1], 0, 1)), strict=True))
    assert found["polyphony"] == 3
    assert found["notes a bar"] == 9
    assert (found["mean interval"], found["range"]) == (1, 79 - 48)  # of the highest notes


def test_a_passage_without_notes_counts_nothing():
    assert not statistics(Passage.cut(tune(60, 62, 64, 65), [0], 1, 1)).any()


def test_a_classifier_tells_what_differs_and_is_fooled_by_what_does_not():
    random = np.random.default_rng(0)
    human, twin, other = (random.normal(shift, 1, (200, 4)) for shift in (0, 0, 2))
    assert tell_apart(other, human).value > 0.9
    fooled = tell_apart(twin, human)
    assert fooled.low < 0.5 < fooled.high


NAMES = ("Soprano", "Alto", "Tenor", "Bass")


def choir(*chords: tuple[int, int, int, int]) -> Score:
    return Score(tuple(Voice(tuple(Note(24 * i, c[v], 24) for i, c in enumerate(chords)), NAMES[v]) for v in range(4)))


def test_faults_are_those_of_a_teacher():
    good = faults([choir((72, 67, 64, 48), (71, 67, 62, 55))])  # C to G, the bass against the others
    assert (good.parallels, good.crossings, good.range, good.chords) == (0, 0, 0, 1)
    fifths = faults([choir((72, 67, 60, 48), (74, 69, 62, 50))])  # everything a step up
    per = 100 / 8
    # Octaves between soprano, tenor and bass (three pairs), fifths of the alto over tenor and bass (two).
    assert fifths.parallels == pytest.approx(5 * per)
    crossed = faults([choir((60, 65, 57, 48), (60, 65, 57, 48))])
    assert crossed.crossings == pytest.approx(per)
    assert faults([choir((60, 60, 60, 30))]).range == pytest.approx(100 / 4)
    assert faults([choir((72, 71, 70, 69))]).chords == 0


SCALE = [60, 62, 64, 65, 67, 65, 64, 62]
TUNES = [Piece(tune(*[p + i % 5 for p in SCALE * 8]), "test", style="reel", metre=Metre()) for i in range(24)]


def test_takes_are_compared_with_what_people_wrote(tiny_shelf, tmp_path):
    asked = trials("continue", TUNES, Request())
    assert len(asked) == 24
    assert asked[3].seed.score.bars == 8
    assert asked[3].human.notes == [n for n in TUNES[3].score.notes if 768 <= n.onset < 1536]
    found = mimicry("continue", tiny_shelf.take("rnn"), asked)
    assert found.takes == 24
    assert found.told_apart.value > 0.9  # random weights fool nobody
    people = {name: row["people"].value for name, row in found.measures.items() if "people" in row}
    assert (people["bars_in_seed"], people["bars_returning"], people["hammered"]) == (1, 0.75, 0)  # two bars in turn
    assert found.measures["distinct_of_30"]["network"].value == 30
    assert {"silent_voice", "ends_on_triad"}.isdisjoint(found.measures)  # of melodies there is nothing to say
    plain = found.figures()
    assert plain["takes"] == 24
    assert plain["told_apart_people"]["people"].keys() == {"value", "low", "high"}
    assert draw_distributions(found, "rnn", tmp_path / "new").stat().st_size > 10_000
    with pytest.raises(NoTrainingMusic, match="Only 5"):
        mimicry("continue", tiny_shelf.take("rnn"), asked[:5])


def test_a_markov_chain_writes_through_the_same_loop(tiny_shelf, monkeypatch):
    monkeypatch.setattr("composer.evaluation.mimicry.PRESSES", 2)
    chain = markov_shelved(ready(TUNES), 6)
    asked = trials("continue", TUNES, Request(scale="none"))
    found = mimicry("continue", tiny_shelf.take("rnn"), asked, chain)
    assert found.measures["told_apart"].keys() == {"network", "markov"}
    bars = {who: values[:, STATISTICS.index("notes a bar")] for who, values in found.counted.items()}
    assert abs(np.median(bars["markov"]) - np.median(bars["people"])) < 1


def ready(pieces: list[Piece]) -> list[Prepared]:
    return [found for piece in pieces if (found := prepare(piece))]


def test_the_markov_chain_has_the_probabilities_worked_out_by_hand():
    (piece,) = ready([Piece(tune(*[60] * 16), "train", metre=Metre())])
    text = spelled(piece).tolist()
    assert len(text) == 4 * 16 + 1  # four decisions a note, and the end
    chances = markov_shelved([piece], 1).network.head.chances
    # A pitch is always followed by the one duration: seen 16 times, so (16 + uniform) / 17 after (counts of all) …
    pitch, duration = text[2], text[3]
    share = (16 + len(set(text)) / TABLE) / (len(text) + len(set(text)))  # of this duration, whatever stands before
    assert chances([pitch])[duration] == pytest.approx((16 + share) / 17)
    assert chances([pitch]).sum() == pytest.approx(1)


def test_more_context_helps_the_markov_chain_on_a_periodic_tune():
    scale = [60, 62, 64, 65, 67, 69, 71, 72]
    pieces = ready([Piece(tune(*(scale[i % 4 :] + scale[::-1]) * 2), "train", metre=Metre()) for i in range(12)])
    found = markov_likelihood(pieces[:8], pieces[8:10], pieces[10:])
    assert found.order > 1
    assert found.per_note.low <= found.per_note.value <= found.per_note.high < 2


def song() -> Piece:
    voice = Voice(tuple(Note(96 + 24 * i, 70 + i % 3, 24) for i in range(40)), "Voice")
    hands = [Voice(tuple(Note(48 * i, low + p, 48) for i in range(24) for p in (0, 4)), n) for n, low in HANDS]
    return Piece(Score((voice, *hands)), "test", style="lied", metre=Metre())


HANDS = (("RH", 60), ("LH", 40))


def test_where_pieces_are_few_their_later_bars_serve_too():
    long = Piece(tune(*[p + i % 5 for i, p in enumerate(SCALE * 12)]), "test", style="reel", metre=Metre())  # 24 bars
    first, second, later = trials("continue", [long, TUNES[0]], Request(), most=9)
    assert [trial.request.seed for trial in (first, second, later)] == [0, 1, 2]
    assert later.seed.score.notes == [replace(n, onset=n.onset - 768) for n in first.human.notes]
    assert later.key == first.key


@pytest.mark.parametrize("task", TRIED)
def test_every_task_has_trials_whose_takes_lie_where_people_wrote(tiny_shelf, task):
    four = choir(*[(72, 67, 64, 48)] * (8 if task == "harmonise" else 32))
    pieces = [Piece(four, "test", style=style) for style in ("chorale", "quartet")]
    piano = Piece(song().score.with_voices(song().score.voices[1:]), "test", style="piano")
    (trial,) = trials(task, [*pieces, piano, song(), TUNES[0]], Request(), most=1)
    assert serves(task, tiny_shelf.take("transformer").network)
    assert serves(task, tiny_shelf.take("rnn").network) == (task in ("continue", "improvise"))
    (take,) = composer.compose(trial.seed, trial.request, "transformer", tiny_shelf)
    passage = trial.passage(take)
    assert (passage.bars, passage.bar_ticks, passage.start) == (trial.human.bars, 96, trial.human.start)
    assert len(passage.voices) == len(trial.human.voices)
    assert set(take.new_notes) & set(passage.notes)
    assert statistics(passage).shape == statistics(trial.human).shape == (len(STATISTICS),)


def test_faults_of_harmonisations_stand_beside_those_of_people(tiny_shelf, monkeypatch):
    monkeypatch.setattr("composer.evaluation.mimicry.PRESSES", 2)
    bach = [Piece(choir(*[(72, 67, 64, 48), (71, 67, 62, 55)] * 4), "test", style="chorale")] * 20
    (found,) = compared_with_people(tiny_shelf.take("transformer"), bach, Request(), 20)
    assert (found.task, found.takes) == ("harmonise", 20)
    report = Report("test", 20, None, MarkovLikelihood(6, Range(1, 1, 1)), (found,))
    assert report.harmonised is not None
    ours, people = report.harmonised
    assert (people.parallels, people.chords) == (0, 1)
    assert ours.chords < 0.9
    assert found.measures["cadence"]["people"].value == 0  # it stops on the dominant
    assert found.measures["ends_on_triad"]["people"].value == 1
