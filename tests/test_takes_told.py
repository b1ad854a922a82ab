"""What the page says and marks of a take: bars, repeats, what a redone take inherits, what it is morphed into."""

from __future__ import annotations

from dataclasses import replace

import pytest

from composer.music import Reading
from composer.music.front import read_here
from composer.music.key import key_of
from composer.page.handlers.second import new_part
from composer.page.handlers.told import told_of_take
from composer.page.roll.roll import View
from composer.page.seeds.seeds import Seed, seed_of_tune
from composer.page.takes.critic import _repeating
from composer.page.takes.making import Wish, growing_take, writer_of
from composer.page.takes.session import Frame, entry, score_from, with_parents_notes
from composer.score import Key, Metre, Note, Score, Tempo, Voice
from composer.writing import Recipe, Request, Take

BAR = 96


def line(*pitches: int, start: int = 0) -> tuple[Note, ...]:
    return tuple(Note(start + 24 * i, pitch, 24) for i, pitch in enumerate(pitches))


def taken(given: tuple[Note, ...], new: tuple[Note, ...], **asked: object) -> Take:
    request = Request(**{"bars": 1, **asked})
    score = Score((Voice((*given, *new)),))
    return Take(score, tuple((0, note) for note in new), BAR, Recipe("lstm", "", request, ""), 1)


SEED = Seed(Reading(Score((Voice(line(60, 62, 64, 65)),)), "drawn"), "Four")


def test_a_take_is_told_with_as_many_bars_as_its_writer_writes(tiny_shelf):
    ode, jig = (seed_of_tune(name) for name in ("ode_to_joy", "kesh_jig"))
    wish = Wish(Request(task="morph", steps=1), "vae", second=jig)
    writer = writer_of(tiny_shelf, ode.reading, wish)
    *_, take = growing_take(writer, wish, 0)
    assert writer.bars == take.bars_written > 8  # the jig's bars are shorter: it is written anew too
    headline, _ = told_of_take(take, ode, writer.bars)
    assert headline.startswith(f"{writer.bars} bars, ")
    assert told_of_take(take, ode)[0] == headline  # a take that was sent
    stopped = replace(take, bars_written=3)
    assert told_of_take(stopped, ode, writer.bars)[0].startswith(f"3 of {writer.bars} bars, ")


def test_what_a_take_has_added_is_what_one_morphs_into():
    take = taken(line(60, 62, 64, 65), line(72, 71, 69, 67, start=BAR))
    assert [(n.onset, n.pitch) for n in new_part(take).score.notes] == [(0, 72), (24, 71), (48, 69), (72, 67)]
    improvised = taken((), line(72, 71), task="improvise")
    assert new_part(improvised) is improvised


def test_a_score_from_a_bar_on_keeps_metre_tempo_and_what_follows():
    metres, tempos = (Metre(0, 4, 4), Metre(BAR, 3, 4)), (Tempo(0, 500_000), Tempo(2 * BAR, 400_000))
    score = Score((Voice(line(*range(60, 72))),), metres, tempos)
    later = score_from(score, 1)
    assert later.metres == (Metre(0, 3, 4),)
    assert later.tempos == (Tempo(0, 500_000), Tempo(BAR, 400_000))
    assert [n.pitch for n in later.notes] == list(range(64, 72))


def test_a_redone_take_keeps_as_new_what_the_one_before_it_had_written():
    parent = taken(line(60, 62, 64, 65), line(72, 71, 69, 67, start=BAR))
    redone = taken((*line(60, 62, 64, 65), *line(72, 71, start=BAR)), line(76, 77, start=BAR + 48))
    frame = Frame(SEED, View(), "parent", inherited=parent.new)
    assert sorted(n.pitch for _, n in with_parents_notes(redone, frame).new) == [71, 72, 76, 77]
    made = entry(redone, frame, "", [])
    assert sorted(pitch for _, _, pitch, _ in made["fresh"]) == [71, 72, 76, 77]
    assert sorted(note["pitch"] for note in made["picture"]["notes"] if note["new"]) == [71, 72, 76, 77]


def test_the_critic_is_told_of_where_a_take_repeats_its_seed():
    again = taken(line(60, 62, 64, 65), line(60, 62, 64, 65, start=BAR))
    assert _repeating(again, SEED) == [
        "But 1 of its 1 new bars repeat bars of the seed, and what repeats follows well."
    ]
    other = taken(line(60, 62, 64, 65), line(72, 71, 69, 67, start=BAR))
    assert _repeating(other, SEED) == []


@pytest.mark.parametrize(
    ("source", "key"), [("K:Bm\n", Key(11, "minor")), ("K:Em\n", Key(4, "minor")), ("K:Eb\n", Key(3))]
)
def test_a_key_that_the_file_names_is_the_key_however_chromatic_the_music(source, key):
    tune = f"X:1\nT:Chromatic\nM:4/4\nL:1/8\n{source}=c^c=d^d=e=f^f=g|^g=a^a=b=c'^c'=d'^d'|\n"
    assert read_here(tune.encode()).key == key


def test_a_signature_of_midi_must_still_be_borne_out():
    chromatic = Score((Voice(line(*range(60, 72))),), key=Key(3))
    assert key_of(chromatic) != Key(3)
    assert key_of(chromatic, named=True) == Key(3)
