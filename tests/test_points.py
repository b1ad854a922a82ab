"""Vary, morph, restore, answer: tiny networks with random weights keep every promise of form."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from composer.data.examples import Telling
from composer.data.phrases import PhraseSource
from composer.data.piece import Piece
from composer.data.prepared import Prepared, prepare
from composer.errors import BadRequest
from composer.evaluation.answers import Spread, distinct
from composer.evaluation.points import phrases_of, restoration, smoothness
from composer.events.phrase import phrase_notes
from composer.networks import build_network
from composer.networks.gan import Gan, GanConfig
from composer.networks.latent import Notes
from composer.networks.vae import Vae, VaeConfig
from composer.score import Key, Note, Score
from composer.tasks.points import between, pack, unpack, way
from composer.tasks.restoring import restored
from composer.training.answers import AnswerObjective, _generator_loss, frechet
from composer.training.landscape import fit_gaussians, principal_axes
from composer.training.phrases import PhraseObjective, measure_bound
from composer.training.run import Run, TrainingConfig
from composer.training.successions import Successions
from composer.writing import Recipe, Request, fingerprint, new_writer
from composer.writing.critic import follows
from composer.writing.transposition import move_score
from tests.conftest import compose, reading, tune

_TOLD = Telling(left=True)
SCALE = tune(67, 69, 71, 72, 74, 76, 78, 79)  # two bars in G
ARPEGGIO = tune(60, 64, 67, 72, 67, 64, 60, 60)


def notes(score: Score) -> list[Note]:
    return [replace(note, velocity=80) for note in score.notes]


def morph(shelf, a: Score, b: Score, **settings):
    bound = new_writer(reading(a), Request(task="morph", **settings), shelf.take("vae"), reading(b))
    *_, take = bound.write()
    return take


# Varying


def test_an_amount_of_nought_gives_the_melody_back(tiny_shelf):
    take = compose(tiny_shelf, reading(SCALE), "vae", task="vary", amount=0)
    assert notes(take.score) == SCALE.notes
    assert take.bars_written == 2


def test_more_than_nought_changes_it_within_its_bars_and_key(tiny_shelf):
    take = compose(tiny_shelf, reading(SCALE), "vae", task="vary", amount=0.8, seed=1)
    assert notes(take.score) != SCALE.notes
    assert take.score.bars == 2
    assert {note.pitch % 12 for note in take.score.notes} <= Key.parse("G major").pitch_classes


def test_the_way_to_a_stranger_begins_here_ends_there_and_never_turns_back():
    ways = [way(amount / 100) for amount in range(101)]
    assert (ways[0], ways[-1]) == (0, 1)
    assert all(a < b for a, b in pairwise(ways))


def test_the_tracks_beside_a_varied_melody_stay(tiny_shelf):
    bass = replace(tune(43, 50, duration=96).voices[0], name="Bass")
    both = SCALE.with_voices([*SCALE.voices, bass])
    take = compose(tiny_shelf, reading(both), "vae", task="vary", amount=0.5)
    assert [(n.onset, n.pitch) for n in take.score.voices[1].notes] == [(0, 43), (96, 50)]


def test_bars_of_rest_stay_bars_of_rest(tiny_shelf):
    line = (*SCALE.voices[0].notes, Note(480, 67, 24))  # bar 5; bars 3 and 4 are silent
    score = SCALE.with_voices([replace(SCALE.voices[0], notes=line)])
    take = compose(tiny_shelf, reading(score), "vae", task="vary", amount=0.7)
    assert not {2, 3} & {take.score.bar_at(note.onset) for note in take.new_notes}
    assert take.bars_written == take.score.bars


# Morphing


@pytest.mark.parametrize("steps", [1, 4])
def test_a_morph_begins_with_one_melody_and_ends_with_the_other_in_its_key(tiny_shelf, steps):
    take = morph(tiny_shelf, SCALE, ARPEGGIO, steps=steps)
    assert notes(take.score)[:8] == SCALE.notes
    assert take.score.bars == 2 * (steps + 2)
    assert take.bars_written == 2 * steps
    ending = [(n.onset - 192 * (steps + 1), n.pitch) for n in take.score.notes[-8:]]
    assert ending == [(n.onset, n.pitch - 5) for n in ARPEGGIO.notes]  # from C into G, the nearer way


def test_a_morph_goes_over_the_whole_of_both_melodies(tiny_shelf):
    long = tune(*[67, 69, 71, 72, 74, 76, 78, 79] * 3)  # six bars
    take = morph(tiny_shelf, long, ARPEGGIO, steps=3)
    assert notes(take.score)[:24] == long.notes
    assert take.bars_written == 6 * 3
    assert take.score.bars == 6 * 5
    ending = [(n.onset - 96 * 24, n.pitch) for n in take.score.notes if n.onset >= 96 * 24]
    assert ending == [(n.onset + 192 * k, n.pitch - 5) for k in range(3) for n in ARPEGGIO.notes]  # again and again


def test_long_melodies_are_morphed_as_far_as_there_is_room(tiny_shelf):
    take = morph(tiny_shelf, tune(*[67, 69, 71, 72] * 40), ARPEGGIO, steps=8)
    assert take.bars_written == 8 * 8
    assert "first 8 bars" in take.remarks[-1]


def test_a_melody_in_another_metre_is_reached_in_the_first_ones(tiny_shelf):
    take = morph(tiny_shelf, SCALE, tune(60, 64, 67, 72, duration=12, metre=(6, 8)), steps=2)
    assert [str(metre) for metre in take.score.metres] == ["4/4"]
    assert take.score.bars == 2 * (2 + 2)
    assert "4/4" in take.remarks[-1]


def test_morphing_needs_two_melodies(tiny_shelf):
    with pytest.raises(BadRequest, match="two seeds"):
        compose(tiny_shelf, reading(SCALE), "vae", task="morph")


def test_a_recipe_remembers_both_melodies_and_makes_the_morph_again(tiny_shelf):
    take = morph(tiny_shelf, SCALE, ARPEGGIO, steps=2, seed=5)
    recipe = Recipe.from_json(take.recipe.to_json())
    assert recipe.parent == f"{fingerprint(reading(SCALE).score)}+{fingerprint(reading(ARPEGGIO).score)}"
    bound = new_writer(reading(SCALE), recipe.request, tiny_shelf.take("vae"), reading(ARPEGGIO))
    *_, again = bound.write()
    assert again == take


# Restoring


def test_restoring_counts_what_came_back_and_its_bytes(tiny_shelf):
    take = compose(tiny_shelf, reading(SCALE), "vae", task="restore")
    share = restored(SCALE.notes, notes(take.score))
    assert take.figures == {"notes restored": share, "bytes of points": 8, "bytes of notes": 24}
    assert f"{share:.0%} of 8 notes" in take.remarks[-1]
    assert "came back through" in take.remarks[-1]


def test_what_is_restored_is_counted_of_the_longer():
    assert restored(SCALE.notes, SCALE.notes) == 1
    assert restored(SCALE.notes, SCALE.notes[:4]) == 0.5
    assert restored(SCALE.notes[:4], SCALE.notes) == 0.5


def test_a_packed_point_is_near():
    point = np.random.default_rng(0).standard_normal(64).astype(np.float32)
    assert len(pack(point)) == 64
    assert np.abs(unpack(pack(point)) - point).max() <= 1 / 64


def test_the_way_between_two_points_ends_at_both_and_keeps_their_length():
    a, b = np.eye(2, 4, dtype=np.float32) * 3
    assert np.allclose(between(a, b, 0), a)
    assert np.allclose(between(a, b, 1), b)
    assert np.linalg.norm(between(a, b, 0.5)) == pytest.approx(3)


def test_a_tune_and_its_transposition_are_one_point(tiny_shelf):
    higher = SCALE.with_voices(
        [replace(v, notes=tuple(replace(n, pitch=n.pitch + 2) for n in v.notes)) for v in SCALE.voices]
    )
    one, other = (
        compose(tiny_shelf, reading(score), "vae", task="vary", amount=0.6, scale="none") for score in (SCALE, higher)
    )
    assert [n.pitch + 2 for n in one.new_notes] == [n.pitch for n in other.new_notes]


# Answering


def test_other_noise_is_another_answer_and_the_same_noise_the_same(tiny_shelf):
    answers = [compose(tiny_shelf, reading(SCALE), "gan", bars=4, seed=seed).new_notes for seed in (1, 2, 1)]
    assert answers[0] != answers[1]
    assert answers[0] == answers[2]


def test_the_critic_ranks_among_real_successions(tiny_shelf):
    network = tiny_shelf.take("gan").network
    assert isinstance(network, Gan)
    past, points = torch.randn(50, 2, network.latent), torch.randn(50, network.latent)
    people, strangers = network.follows(past, points)
    for shares in (people, strangers):
        assert ((shares >= 0) & (shares <= 1)).all()
    marks = network.judge(past, points)
    assert (people[marks.argsort()].diff() >= 0).all()  # who is marked higher ranks no lower


def test_only_the_last_phrases_are_minded(tiny_shelf):
    network = tiny_shelf.take("gan").network
    past, noise = torch.randn(1, 5, network.latent), torch.randn(1, network.noise)
    assert torch.equal(network.imagine(past, noise), network.imagine(past[:, -network.config.past :], noise))


def after(score: Score, *pitches: int) -> Score:
    """The score with a phrase in quarters after its two bars."""
    more = tuple(Note(192 + 24 * i, pitch, 24) for i, pitch in enumerate(pitches))
    return score.with_voices([replace(score.voices[0], notes=(*score.voices[0].notes, *more))])


def test_a_take_is_heard_the_same_with_its_seed_and_without_and_in_every_key(tiny_shelf):
    more = (67, 71, 74, 71, 67, 66, 67, 67)
    shelved, seed, take = tiny_shelf.take("gan"), reading(SCALE), reading(after(SCALE, *more))
    together, apart = (follows(seed, heard, shelved) for heard in (take, reading(tune(*more))))
    higher = [reading(move_score(score, 3)) for score in (SCALE, take.score)]
    assert together == apart == follows(*higher, shelved)
    assert [phrase.bar for phrase in together.phrases] == [3]


def test_the_critic_marks_from_the_first_bar_that_differs_as_long_as_the_seed_is_in_its_ear(tiny_shelf):
    long = after(after(SCALE, 60, 62, 64, 65, 67, 65, 64, 62), *[67] * 8)
    answer = tuple(Note(384 + 24 * i, 60 + i % 5, 24) for i in range(24))
    take = long.with_voices([replace(long.voices[0], notes=(*long.voices[0].notes, *answer))])
    found = follows(reading(long), reading(take), tiny_shelf.take("gan"))
    assert [phrase.bar for phrase in found.phrases] == [5, 7]  # the tiny critic minds two phrases
    assert found.people == sum(phrase.people for phrase in found.phrases) / 2


def test_a_take_that_adds_nothing_and_a_network_without_a_critic_are_told(tiny_shelf):
    with pytest.raises(BadRequest, match="adds none"):
        follows(reading(SCALE), reading(SCALE), tiny_shelf.take("gan"))
    with pytest.raises(BadRequest, match="only a gan"):
        follows(reading(SCALE), reading(ARPEGGIO), tiny_shelf.take("vae"))


# Hearing and learning


def test_what_is_heard_of_a_phrase_is_where_its_notes_are_and_what():
    heard = phrase_notes(tune(60, 62, 64, 65, 67, 69, 71, 72).notes, 0, 96)
    assert heard.when.tolist() == [i / 8 for i in range(8)]
    assert heard.places.tolist() == [0, 24, 48, 72, 192, 216, 240, 264]
    assert heard.pitches.tolist() == [60, 62, 64, 65, 67, 69, 71, 72]


def test_padding_is_not_heard(tiny_shelf):
    network = tiny_shelf.take("vae").network
    phrases = [phrase_notes(tune(*pitches).notes, 0, 96) for pitches in ((60, 62, 64), (60, 62, 64, 65, 67))]
    alone, together = network.encode(Notes.of(phrases[:1]))[0], network.encode(Notes.of(phrases))[0][:1]
    torch.testing.assert_close(alone, together)


def test_bars_that_no_point_stands_for_are_refused(tiny_shelf):
    with pytest.raises(BadRequest, match="up to 8"):
        compose(tiny_shelf, reading(tune(60, 62, 64, metre=(12, 4))), "vae", task="vary")


def pieces() -> list[Piece]:
    random = np.random.default_rng(0)
    tunes = [tune(*(60 + random.choice([0, 2, 4, 5, 7], 16)).tolist()) for _ in range(12)]
    return [Piece(t, "valid" if i > 9 else "train", metre=t.metres[0]) for i, t in enumerate(tunes)]


def prepared(split: str) -> list[Prepared]:
    return [ready for piece in pieces() if piece.split == split and (ready := prepare(piece))]


def test_a_phrase_to_learn_from_is_what_its_point_hears():
    source = PhraseSource(prepared("train"))
    assert [phrase.bar for phrase in source.phrases[:4]] == [0, 1, 2, 0]
    (found,) = source.held_out(1)
    asked = found.example.rows[found.example.asked]
    assert asked[:-1, 3].tolist() == found.notes.pitches.tolist()  # all but the end
    again = source.example(source.phrases[1], 1, replace(_TOLD, shift=12))
    assert (again.begins, again.lasts) == (4, 8)
    assert (again.notes.pitches == source.notes(source.phrases[1]).pitches + 12).all()


def test_what_lies_before_a_gap_is_not_before():
    source = PhraseSource(prepared("train"))
    assert source.before(2)[:3].tolist() == [[-1, -1], [-1, -1], [-1, 0]]


def _successions(latent: int) -> Successions:
    random = torch.Generator().manual_seed(0)
    means = torch.randn(20, latent, generator=random)
    before = np.stack([np.arange(-2, 18), np.arange(-1, 19)], 1)
    groups = np.stack([np.arange(20), np.full(20, 96)], 1)
    return Successions(means, torch.ones_like(means), np.maximum(before, -1), groups)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    torch.manual_seed(0)
    source = PhraseSource(prepared("train"))
    objective = PhraseObjective(source, PhraseSource(prepared("valid")), size=8, most=8)
    config = TrainingConfig(steps=60, warmup=2, learning_rate=0.02, measure_every=60)
    run = Run(Vae(VaeConfig.tiny()), objective, tmp_path_factory.mktemp("vae") / "vae.run.safetensors", config)
    before = measure_bound(run.network, objective.valid).reconstruction
    run.train()
    return run, before


def test_the_bound_falls_in_training(trained):
    run, before = trained
    assert measure_bound(run.network, run.objective.valid).reconstruction < before - 10  # nats a phrase


def test_generator_and_critic_are_trained_at_their_paces_and_the_autoencoder_stays(trained, tmp_path):
    run, _ = trained
    vae = run.network.eval()
    settings = {"hidden": 8, "past": 2, "vae": vae.config}
    train, valid = (Successions.of(vae, PhraseSource(prepared(split)), 2) for split in ("train", "valid"))
    objective = AnswerObjective(train, valid, vae, size=8)
    network = Gan(GanConfig(**settings))
    objective.prepare(network)
    config = TrainingConfig(
        steps=3, warmup=1, learning_rate=0.02, momentum=(0.0, 0.99), weight_decay=0.0, paces={"generator": 0.1}
    )
    duel = Run(network, objective, tmp_path / "gan.run.safetensors", config)
    before = {name: weight.clone() for name, weight in network.named_parameters()}
    duel.train()
    moved = {name: float((weight - before[name]).detach().abs().max()) for name, weight in network.named_parameters()}
    assert all(far == 0 for name, far in moved.items() if name.startswith("vae."))
    assert 0 < moved["generator.4.weight"] < moved["critic.4.weight"]
    objective.complete(network)
    assert (network.marks.diff() >= 0).all()
    assert objective.measure(network, "cpu")["answers"] > 0
    again = Run(Gan(GanConfig(**settings)), objective, tmp_path / "gan.run.safetensors", config)
    objective.prepare(again.network)
    again.resume()
    assert again.progress.step == 3


def test_the_critic_learns_nothing_from_the_generators_loss():
    network = build_network("gan", {"hidden": 8, "past": 2, "vae": VaeConfig.tiny()})
    objective = AnswerObjective.__new__(AnswerObjective)
    objective.train, objective.vae, objective.size = _successions(network.latent), network.vae, 8
    (batch, *_) = objective.pool(np.random.default_rng(0))
    told = torch.zeros(8, network.config.past * (network.latent + 1))
    _generator_loss(network, batch, told).backward()
    assert all(weight.grad is None for weight in network.critic.parameters())
    assert any(weight.grad.abs().sum() > 0 for weight in network.generator.parameters())


def test_gaussians_are_found_where_points_are():
    random = torch.Generator().manual_seed(0)
    clouds = [torch.randn(800, 3, generator=random) * 0.3 + centre for centre in (-4.0, 4.0)]
    found = fit_gaussians(torch.cat(clouds), 2)
    assert sorted(round(float(mean[0])) for mean in found.means) == [-4, 4]
    assert found.weights.tolist() == pytest.approx([0.5, 0.5], abs=0.05)


def test_the_map_shows_the_direction_of_most_difference():
    points = torch.randn(500, 4, generator=torch.Generator().manual_seed(0)) * torch.tensor([0.1, 5.0, 0.1, 1.0])
    _, axes = principal_axes(points)
    assert abs(float(axes[0, 1])) > 0.99


# Measures


def test_the_distance_between_a_cloud_and_itself_is_nought():
    points = torch.randn(400, 5, generator=torch.Generator().manual_seed(0))
    assert frechet(points, points) == pytest.approx(0, abs=1e-6)
    assert frechet(points, points + 2) == pytest.approx(20, rel=1e-3)


def test_a_collapsed_network_covers_little():
    real = torch.randn(300, 4, generator=torch.Generator().manual_seed(0))
    good, collapsed = Spread.of(real, real.flip(0) + 1e-3), Spread.of(real, real[:1].expand(300, -1))
    assert good.coverage > 0.99
    assert collapsed.coverage < 0.1


def test_figures_of_points_are_measured(tiny_shelf):
    phrases = phrases_of(pieces(), 4)
    found = restoration(tiny_shelf.take("vae"), phrases, 1.0)
    assert 0 <= found.notes <= 1
    assert 0 <= found.decisions <= 1
    assert 0 <= smoothness(tiny_shelf.take("vae"), phrases[:2]) <= 1
    assert 0 < distinct(tiny_shelf.take("gan"), phrases[:1], 1.0) <= 1
