"""Playing without PyTorch: what the graphs say beside the reference, and rows that do not depend on each other."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from composer.analysis.tunes import load_library
from composer.checkpoint import in_eight_bits, load, read_card
from composer.errors import BadCheckpoint
from composer.events.conditions import Told, Wishes
from composer.events.features import SLOT_TABLE, TABLE, Heard, Listener
from composer.events.rows import DURATION, HEAD_SIZES, MOVE, PITCH, POSITION, VOICE, encode
from composer.kinds import OF_NOTES
from composer.networks import NETWORKS, NoteNetwork, build_network
from composer.networks.notes import HeardBatch
from composer.networks.reference import ReferenceEngine
from composer.places import FOLDER
from composer.playing import Known, RuntimeEngine, Stage, load_engine
from composer.shelf import Shelf
from composer.weights import load_weights
from composer.writing import Request, new_writer
from tests.conftest import reading, tiny_checkpoint, tune


def network_of(name: str, seed: int = 0) -> NoteNetwork:
    torch.manual_seed(seed)
    return build_network(name, asdict(NETWORKS[name][1].tiny())).eval().requires_grad_(False)


def engine_of(network: NoteNetwork, exact: bool = False) -> RuntimeEngine:
    weights = {name: tensor.numpy() for name, tensor in in_eight_bits(network).items()}
    return RuntimeEngine(asdict(network.config), weights, exact)


def shipped(name: str) -> tuple[NoteNetwork, RuntimeEngine]:
    path = FOLDER / f"{name}.safetensors"
    return load(path)[0], load_engine(path, read_card(path))


def rows_heard(rows: int, seed: int) -> Heard:
    """So many rows of anything that may be told."""
    random = np.random.default_rng(seed)
    fields = random.integers(0, TABLE, (rows, 22)).astype(np.int32)
    return Heard(
        fields,
        random.integers(0, SLOT_TABLE, (rows, 8, 5)).astype(np.int32),
        np.cumsum(random.random(rows)).astype(np.float32),
        random.integers(0, 129, (rows, 16)).astype(np.int16),
    )


def part(heard: Heard, first: int, last: int) -> Heard:
    return Heard(*(getattr(heard, name)[first:last] for name in ("fields", "slots", "time", "last")))


@pytest.mark.parametrize("name", OF_NOTES)
def test_in_single_precision_the_graphs_say_what_the_reference_says(name):
    path = FOLDER / f"{name}.safetensors"
    network, heard = load(path)[0], rows_heard(40, 1)
    engine = RuntimeEngine(read_card(path).settings, load_weights(path), exact=True)
    expected = network(HeardBatch.of(heard))[0][0].numpy()
    contexts, _ = engine.contexts(heard)
    np.testing.assert_allclose(contexts, expected, atol=1e-4)
    band, reference = engine.band(), ReferenceEngine(network)
    seat = band.join(engine.hear(part(heard, 0, 25)))
    stepped = [band.step([(seat, part(heard, row, row + 1))])[0] for row in range(25, 40)]
    np.testing.assert_allclose([known.context for known in stepped], expected[25:], atol=1e-4)
    for decision in range(len(HEAD_SIZES)):
        logits = network.head.logits(decision, torch.from_numpy(expected)).numpy()
        np.testing.assert_allclose(band.logits(decision, expected), logits, atol=1e-4)
    for decision in (MOVE, POSITION, VOICE, PITCH):
        ours, theirs = (each.take(decision, 3, stepped[-1]) for each in (engine, reference))
        np.testing.assert_allclose(ours.context, theirs.context, atol=1e-5)


@pytest.mark.parametrize("name", OF_NOTES)
@pytest.mark.parametrize("others", [0, 6, 29])
def test_what_a_row_is_told_does_not_depend_on_its_neighbours(name, others):
    """To the bit, while neighbours come and go."""
    _, engine = shipped(name)
    heard = rows_heard(40, 1)
    memory = engine.hear(part(heard, 0, 20))

    def told(neighbours: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        band = engine.band()
        beside = [band.join(engine.hear(rows_heard(3 + 2 * n, n))) for n in range(neighbours // 2)]
        mine = band.join(memory)
        beside += [band.join(engine.hear(rows_heard(5 + n, n))) for n in range(neighbours - len(beside))]
        contexts, logits = [], []
        for row in range(20, 30):
            others = [(seat, rows_heard(1, 100 * row + seat)) for seat in beside]
            *near, known = band.step([*others, (mine, part(heard, row, row + 1))])
            contexts.append(known.context)
            together = np.stack([each.context for each in (*near, known)])
            logits += [band.logits(decision, together)[-1].copy() for decision in range(len(HEAD_SIZES))]
            if row % 4 == 0 and beside:
                band.leave(beside.pop(0))
            if row % 5 == 0 and neighbours:
                beside.append(band.join(memory))
        return contexts, logits

    alone, among = told(0), told(others)
    assert all(np.array_equal(a, b) for a, b in zip(alone[0], among[0], strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(alone[1], among[1], strict=True))


def surprise(rows: np.ndarray, last: np.ndarray, contexts: np.ndarray, engine) -> float:
    """Nats of rows (N, 7) that follow contexts (N, C), as an engine spells them; notes only."""
    nats, known, band = 0.0, contexts, engine.band()
    for decision in (MOVE, POSITION, VOICE, PITCH, DURATION):
        logits = band.logits(decision, known).astype(np.float64)
        values = rows[:, decision]
        top = logits.max(1)
        nats += float((top + np.log(np.exp(logits - top[:, None]).sum(1)) - logits[np.arange(len(rows)), values]).sum())
        if decision != DURATION:
            each = zip(values.tolist(), known, last, strict=True)
            known = np.stack([engine.take(decision, v, Known(context, voices)).context for v, context, voices in each])
    return nats


@pytest.mark.parametrize("name", OF_NOTES)
def test_eight_bits_lose_no_thousandth_of_the_likelihood(name):
    network, engine = shipped(name)
    reference, lost, whole = ReferenceEngine(network), 0.0, 0.0
    for learned in load_library().tunes[::60][:8]:
        bars, rows = encode(learned.score)
        rows = np.array([row for row in rows if row[MOVE] < 8])
        heard = Listener(Told(), Wishes(), bars).read(rows[:-1])
        ours, _ = engine.contexts(heard)
        theirs = network(HeardBatch.of(heard))[0][0].numpy()
        nats = surprise(rows[1:], heard.last, theirs, reference)
        lost += surprise(rows[1:], heard.last, ours, engine) - nats
        whole += nats
    assert abs(lost) < 0.001 * whole


@pytest.mark.parametrize("name", OF_NOTES)
def test_tiny_networks_are_played_too(name):
    network, heard = network_of(name), rows_heard(12, 3)
    expected = network(HeardBatch.of(heard))[0][0].numpy()
    for exact, most in ((True, 0.05), (False, 0.1)):  # the weights themselves are in eight bits
        np.testing.assert_allclose(engine_of(network, exact).contexts(heard)[0], expected, atol=most)


@pytest.mark.parametrize("name", OF_NOTES)
def test_the_reference_writes_through_the_same_loop(name, tmp_path, monkeypatch):
    shelved = Shelf(tmp_path).open(str(tiny_checkpoint(tmp_path, name)))
    request = Request(bars=3, temperature=0.0, rhythm_temperature=0.0)
    exact = RuntimeEngine(shelved.card.settings, load_weights(shelved.path), exact=True)
    takes = []
    for engine in (exact, ReferenceEngine(shelved.network)):
        monkeypatch.setitem(shelved._made, "engine", engine)
        monkeypatch.setitem(shelved._made, "stage", Stage(engine))
        takes.append(new_writer(reading(tune(60, 64, 67, 72)), request, shelved).finish())
    assert takes[0] == takes[1]
    assert takes[0].bars_written == 3


@pytest.mark.parametrize("name", OF_NOTES)
def test_weights_that_do_not_fit_are_refused(name, tmp_path):
    path = tiny_checkpoint(tmp_path, name)
    card, weights = read_card(path), load_weights(path)
    lacking = {key: value for key, value in weights.items() if key != "norm.weight"}
    misshapen = {**weights, "head.out.0.bias": weights["head.out.0.bias"][:-1]}
    for broken in (lacking, misshapen, {**weights, "more.weight": weights["norm.weight"]}):
        save_file(broken, path)
        with pytest.raises(BadCheckpoint, match="do not fit"):
            load_engine(path, card)
