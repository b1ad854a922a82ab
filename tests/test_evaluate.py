"""Counts worked out by hand, and a classifier that can be fooled and cannot."""

from __future__ import annotations

import numpy as np
import pytest

from composer.errors import NoTrainingMusic
from composer.evaluate.chorale import faults, harmonisations
from composer.evaluate.classifier import tell_apart
from composer.evaluate.mimicry import mimicry
from composer.evaluate.statistics import STATISTICS, overlap, statistics
from composer.score import Metre, Note, Score, Voice
from composer.train.corpus import Piece
from composer.writing import Request
from tests.conftest import tune


def counted(*pitches: int, duration: int = 24) -> dict[str, float]:
    notes = tune(*pitches, duration=duration).notes
    bars = -(-len(pitches) * duration // 96)
    return dict(zip(STATISTICS, statistics(notes, [], 0, 96, bars).tolist(), strict=True))


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
    seed, higher = tune(60, 62, 64, 60).notes, [Note(96 + 24 * i, p, 24) for i, p in enumerate((65, 67, 69, 65))]
    assert dict(zip(STATISTICS, statistics(higher, seed, 96, 96, 1), strict=True))["repeated bars"] == 1


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


def test_takes_are_compared_with_what_people_wrote(tiny_shelf):
    scale = [60, 62, 64, 65, 67, 65, 64, 62]
    pieces = [Piece(tune(*[p + i % 5 for p in scale * 8]), "test", style="reel", metre=Metre()) for i in range(24)]
    found = mimicry(tiny_shelf.take("rnn"), pieces, Request())
    assert found.takes == 24
    assert found.classifier.share > 0.9  # random weights fool nobody
    with pytest.raises(NoTrainingMusic, match="Only 5"):
        mimicry(tiny_shelf.take("rnn"), pieces[:5], Request())


def test_chorales_are_harmonised_beside_bach(tiny_shelf):
    bach = choir(*[(72, 67, 64, 48), (71, 67, 62, 55)] * 8)
    ours, his = harmonisations(tiny_shelf.take("transformer"), [Piece(bach, "test", style="chorale")], Request())
    assert (his.parallels, his.chords) == (0, 1)
    assert ours.chords < 0.9
