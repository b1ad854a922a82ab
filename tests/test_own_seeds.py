"""A visitor's own seeds: which of them are kept when another takes their place, and under which names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composer.music import Reading
from composer.page.handlers.keeping import _own_from, _to_keep
from composer.page.seeds.own import Own, all_choices, as_edited, with_own
from composer.page.seeds.seeds import FIRST, Seed, seed_of_tune, tune_choices
from composer.score import Note, Score, Voice


def drawn(*pitches: int) -> Seed:
    notes = tuple(Note(24 * i, pitch, 24) for i, pitch in enumerate(pitches))
    return Seed(Reading(Score((Voice(notes, "Melody"),)), "drawn", tracks=("Melody",)), "Your tune")


def test_a_gallery_tune_as_it_was_and_an_empty_roll_are_no_work_of_the_visitors():
    assert as_edited((), seed_of_tune("sakura")) == ((), None)
    empty = drawn()
    assert as_edited(with_own((), "Your tune", empty), empty) == ((), None)


def test_a_changed_gallery_tune_becomes_the_visitors_under_a_mark_of_its_own():
    tune = seed_of_tune("sakura")
    changed = replace(tune, reading=replace(tune.reading, score=replace(tune.reading.score, title="Mine")))
    own, mine = as_edited((), changed)
    assert own == (mine,)
    assert mine.label == "Your tune · Sakura"
    assert mine.seed.mark != tune.mark  # so that the tune as it was can be chosen beside it


def test_the_last_strokes_are_kept():
    before, after = drawn(60), drawn(60, 62)
    own, mine = as_edited(with_own((), "Your tune", before), replace(after, mark=before.mark))
    assert mine.label == "Your tune"
    assert len(own[0].seed.reading.score.notes) == 2


def test_labels_differ_and_the_oldest_makes_way():
    own: tuple[Own, ...] = ()
    for pitch in range(60, 70):
        own = with_own(own, "Your tune", drawn(pitch))
    assert len(own) == 6
    assert len({each.label for each in own}) == 6
    assert own[0].seed.reading.score.notes[0].pitch == 69
    assert all_choices(own)[6:] == tune_choices()


@pytest.mark.parametrize("now", [True, False])
def test_the_browser_keeps_them_and_gives_them_back(now):
    first, second = drawn(60, 62), drawn(64)
    own = with_own(with_own((), "Your tune", first), "Your humming", second)
    seed = first if now else seed_of_tune("sakura")
    back, mine, tune = _own_from(_to_keep(seed, own))
    assert [(each.label, each.seed.reading.score) for each in back] == [
        ("Your humming", second.reading.score),
        ("Your tune", first.reading.score),
    ]
    assert (mine is not None, tune) == (now, None if now else "sakura")


def test_nothing_is_kept_of_a_page_as_it_began_and_what_an_older_page_kept_is_read():
    assert _to_keep(seed_of_tune(FIRST), ()) is None
    from composer.page.takes.session import plain_seed

    own, mine, _ = _own_from(plain_seed(drawn(60)))
    assert mine is own[0]
    assert mine.label == "Your file · Your tune"
