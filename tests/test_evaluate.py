"""Counts worked out by hand, and a classifier that can be fooled and cannot."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import composer
from composer.data.corpus import Piece
from composer.errors import NoTrainingMusic
from composer.evaluate.chorale import faults, harmonisations
from composer.evaluate.classifier import tell_apart
from composer.evaluate.markov import markov_shelved
from composer.evaluate.mimicry import mimicry
from composer.evaluate.pictures import draw_distributions
from composer.evaluate.statistics import STATISTICS, Passage, overlap, statistics
from composer.evaluate.trials import TRIED, trials
from composer.events import Vocabulary
from composer.score import Metre, Note, Score, Voice
from composer.train.windows import to_sequence
from composer.writing import Request
from tests.conftest import tune

V = Vocabulary()


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


def test_overlap_is_one_for_the_same_and_nought_for_strangers():
    values = np.linspace(0, 1, 50)
    assert overlap(values, values) == pytest.approx(1)
    assert overlap(values, values + 5) == pytest.approx(0)


def test_a_classifier_tells_what_differs_and_is_fooled_by_what_does_not():
    random = np.random.default_rng(0)
    human, twin, other = (random.normal(shift, 1, (200, 4)) for shift in (0, 0, 2))
    assert tell_apart(other, human).share > 0.9
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
    assert (found.takes, found.markov) == (24, None)
    assert found.network.classifier.share > 0.9  # random weights fool nobody
    assert draw_distributions(found, "rnn", tmp_path / "new").stat().st_size > 10_000
    with pytest.raises(NoTrainingMusic, match="Only 5"):
        mimicry("continue", tiny_shelf.take("rnn"), asked[:5])


def test_a_markov_chain_writes_through_the_same_loop(tiny_shelf):
    chain = markov_shelved([to_sequence(piece, V) for piece in TUNES], 6, V)
    asked = trials("continue", TUNES, Request(scale="none"))
    found = mimicry("continue", tiny_shelf.take("rnn"), asked, chain)
    assert found.markov is not None
    assert found.markov.overlaps["notes a bar"] > 0.5 > found.network.overlaps["notes a bar"]
    logits, _ = chain.network(torch.tensor([[V.START, V.style]]), torch.zeros(1, 2, 5, dtype=torch.int64))
    np.testing.assert_allclose(logits[0].exp().sum(-1), 1)


def song() -> Piece:
    voice = Voice(tuple(Note(96 + 24 * i, 70 + i % 3, 24) for i in range(40)), "Voice")
    hands = [Voice(tuple(Note(48 * i, low + p, 48) for i in range(24) for p in (0, 4)), n) for n, low in HANDS]
    return Piece(Score((voice, *hands)), "test", style="lied", metre=Metre())


HANDS = (("RH", 60), ("LH", 40))


@pytest.mark.parametrize("task", TRIED)
def test_every_task_has_trials_whose_takes_lie_where_people_wrote(tiny_shelf, task):
    chorale = Piece(choir(*[(72, 67, 64, 48)] * 8), "test", style="chorale")
    (trial,) = trials(task, [chorale, song(), TUNES[0]], Request(), most=1)
    (take,) = composer.compose(trial.seed, trial.request, "transformer", tiny_shelf)
    passage = trial.passage(take)
    assert (passage.bars, passage.bar_ticks, passage.start) == (trial.human.bars, 96, trial.human.start)
    assert len(passage.voices) == len(trial.human.voices)
    assert set(take.new_notes) & set(passage.notes)
    assert statistics(passage).shape == statistics(trial.human).shape == (len(STATISTICS),)


def test_chorales_are_harmonised_beside_bach(tiny_shelf):
    bach = choir(*[(72, 67, 64, 48), (71, 67, 62, 55)] * 8)
    ours, his = harmonisations(tiny_shelf.take("transformer"), [Piece(bach, "test", style="chorale")], Request())
    assert (his.parallels, his.chords) == (0, 1)
    assert ours.chords < 0.9
