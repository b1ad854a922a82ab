"""Looking inside: the chances are the network's, a branch keeps what stands before it, and trunks tell the truth."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
import torch

from composer.classroom.chances import Chances, entropy, softmax
from composer.classroom.looking import Turn, branched, look
from composer.errors import BadRequest
from composer.events.rows import DURATION, MOVE, PITCH, POSITION, decisions_of
from composer.networks import NETWORKS, build_network
from composer.networks.attention import AttentionTrunk, rotation
from composer.networks.notes import HeardBatch
from composer.shelf import Shelf
from composer.writing import Request, new_writer
from tests.conftest import reading, tiny_checkpoint, tune

NAMES = ("rnn", "lstm", "transformer", "vae", "gan")
SEED = tune(60, 62, 64, 65, 67, 65, 64, 62)
REQUEST = Request(bars=4, seed=5, temperature=0.8, rhythm_temperature=0.7)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    for name in NAMES:
        tiny_checkpoint(folder, name)
    return Shelf(folder)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_looked_at_is_the_take_that_is_written(name, shelf):
    seen = look(reading(SEED), REQUEST, shelf.take(name))
    plain = new_writer(reading(SEED), REQUEST, shelf.take(name)).finish()
    assert seen.take.new == plain.new
    for step in seen.steps:
        assert [each.decision for each in step.decided] == list(decisions_of(step.row[MOVE]))
        assert all(step.row[each.decision] == each.value for each in step.decided)
        assert all(each.value in each.left for each in step.decided)


@pytest.mark.parametrize("name", ["rnn", "lstm", "transformer"])
def test_chances_are_the_softmax_of_what_the_network_says(name, shelf):
    """Beside PyTorch's network itself, hearing the same rows from the beginning, decision by decision."""
    seen, shelved = look(reading(SEED), REQUEST, shelf.take(name)), shelf.take(name)
    contexts, _ = shelved.network(HeardBatch.of(seen.parts[0]))
    for step in (step for step in seen.steps if step.part == 0):
        context = contexts[0, step.heard - 1]
        last = torch.from_numpy(seen.parts[0].last[step.heard - 1].astype(np.int64))
        for each in step.decided:
            for temperature in (0.5, 1.0, 2.0):
                expected = (shelved.network.head.logits(each.decision, context).double() / temperature).softmax(-1)
                found = Chances.of(each.logits, each.left, temperature, 0.9)
                # The engine's weights are those of the file, in eight bits, as are its activations.
                np.testing.assert_allclose(found.heated, expected.detach().numpy(), atol=0.02)
            if each.decision != DURATION and each.decision < DURATION:
                context = shelved.network.head.take(each.decision, torch.tensor(each.value), context, last)


@pytest.mark.parametrize("temperature", [0.0, 0.3, 1.0, 2.5])
def test_chances_sum_to_one_at_every_stage(temperature, shelf):
    for step in look(reading(SEED), REQUEST, shelf.take("lstm")).steps:
        for each in step.decided:
            found = Chances.of(each.logits, each.left, temperature, 0.8)
            for stage in (found.network, found.heated, found.masked, found.kept):
                assert stage.sum() == pytest.approx(1)
                assert (stage >= 0).all()
            closed = np.setdiff1d(np.arange(len(each.logits)), each.left)
            assert not found.masked[closed].any()
            assert not found.kept[found.masked == 0].any()


def test_the_temperature_divides_differences_of_logits():
    logits = np.array([0.0, 1.0, 3.0])
    hot, cold = softmax(logits, 2.0), softmax(logits, 0.5)
    np.testing.assert_allclose(np.log(hot[2] / hot[0]), 3 / 2)
    np.testing.assert_allclose(np.log(cold[2] / cold[0]), 3 / 0.5)
    assert entropy(np.full(8, 1 / 8)) == pytest.approx(3)


def other_pitch(seen, row: int) -> Turn | None:
    """A pitch that could have been drawn at a row instead, if there is one."""
    for each in seen.steps[row].decided:
        others = [int(value) for value in each.left if value != each.value]
        if each.decision == PITCH and others:
            return Turn(row, PITCH, others[len(others) // 2])
    return None


@pytest.mark.parametrize("name", NAMES)
def test_a_branch_keeps_everything_before_it(name, shelf):
    seen = look(reading(SEED), REQUEST, shelf.take(name))
    turn = next(found for row in range(len(seen.steps) // 2, len(seen.steps)) if (found := other_pitch(seen, row)))
    other = look(reading(SEED), REQUEST, shelf.take(name), [turn])
    assert [step.row for step in other.steps[: turn.row]] == [step.row for step in seen.steps[: turn.row]]
    before, after = seen.steps[turn.row].row, other.steps[turn.row].row
    assert before[:PITCH] == after[:PITCH]
    assert after[PITCH] == turn.value
    notes = sum(step.row[MOVE] < 8 for step in seen.steps[: turn.row])
    assert other.take.new_notes[:notes] == seen.take.new_notes[:notes]
    given = [note for note in seen.take.score.notes if note.onset < seen.take.new_from]
    assert [note for note in other.take.score.notes if note.onset < other.take.new_from] == given


def test_a_branch_of_a_branch_keeps_the_earlier_turn(shelf):
    first = Turn(3, PITCH, 64)
    assert branched([first], Turn(6, PITCH, 60)) == (first, Turn(6, PITCH, 60))
    assert branched([first, Turn(6, PITCH, 60)], Turn(3, POSITION, 0)) == (Turn(3, POSITION, 0),)
    assert branched([first], Turn(3, PITCH, 62)) == (Turn(3, PITCH, 62),)


def test_what_a_mask_closed_cannot_be_chosen(shelf):
    with pytest.raises(BadRequest, match="closed here"):
        look(reading(SEED), REQUEST, shelf.take("lstm"), [Turn(2, PITCH, 0)])
    with pytest.raises(BadRequest, match="no such note"):
        look(reading(SEED), REQUEST, shelf.take("lstm"), [Turn(900, PITCH, 60)])


def test_surprise_is_that_of_the_whole_row(shelf):
    step = look(reading(SEED), REQUEST, shelf.take("rnn")).steps[1]
    chance = np.prod([softmax(each.logits)[each.value] for each in step.decided])
    assert step.surprise == pytest.approx(-np.log2(chance))


def heard_by(shelf, name):
    torch.manual_seed(0)
    network = build_network(name, asdict(NETWORKS[name][1].tiny())).eval().requires_grad_(False)
    return network, HeardBatch.of(look(reading(SEED), REQUEST, shelf.take(name)).parts[0])


def test_attention_is_what_the_blocks_do(shelf):
    network, heard = heard_by(shelf, "transformer")
    weights = network.inside(heard).attention
    layers, heads, rows, _ = weights.shape
    assert (layers, heads, rows) == (2, 2, heard.fields.shape[1])
    torch.testing.assert_close(weights.sum(-1), torch.ones(layers, heads, rows))
    assert not weights.triu(1).any()
    trunk = network.trunk
    assert isinstance(trunk, AttentionTrunk)
    attention, x = trunk.blocks[0].attention, trunk.blocks[0].before_attention(network.embedding(heard))
    values = attention.query_key_value(x).view(rows, 3, heads, -1)[:, 2].transpose(0, 1)
    mine = attention.out((weights[0] @ values).transpose(0, 1).reshape(1, rows, -1))
    theirs, _ = attention(x, rotation(0, heard.time, heads, trunk.turned), None)
    torch.testing.assert_close(mine, theirs, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", ["rnn", "lstm"])
def test_hidden_values_are_the_cores(name, shelf):
    network, heard = heard_by(shelf, name)
    inside = network.inside(heard)
    expected, _ = network.trunk.core(network.embedding(heard))
    torch.testing.assert_close(inside.hidden[-1], expected[0], atol=1e-5, rtol=1e-4)
    assert set(inside.gates) == ({"input", "forget", "output"} if name == "lstm" else set())
    for gate in inside.gates.values():
        assert gate.shape == inside.hidden.shape
        assert ((gate >= 0) & (gate <= 1)).all()
