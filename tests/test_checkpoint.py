import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from safetensors.torch import load_file, save_file

from composer.checkpoint import (
    Card,
    available,
    digest,
    find,
    in_eight_bits,
    in_single_precision,
    load,
    read_card,
    save,
    with_weights,
)
from composer.errors import BadCheckpoint
from composer.networks import NETWORKS, build_network
from composer.page.settings.menu import Menu
from composer.playing import load_engine
from composer.shelf import Shelf
from tests.conftest import tiny_checkpoint


def altered(path, tensors=None, **card):
    """The checkpoint with other weights or other entries in its card."""
    values = json.loads(json.dumps(vars(read_card(path)), default=dict)) | card
    save_file(tensors or load_file(path), path, {"card": json.dumps(values)})
    return path


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_comes_back_as_it_was_saved(tmp_path, name):
    path = tiny_checkpoint(tmp_path, name)
    network, card = load(path)
    weights = in_single_precision(load_file(path))
    assert all(torch.equal(tensor, weights[key]) for key, tensor in network.state_dict().items())
    assert card.network == name
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert not network.training


def test_eight_bits_keep_what_a_network_learned_to_a_hundredth(tmp_path):
    torch.manual_seed(0)
    network = build_network("lstm")
    kept = in_single_precision(in_eight_bits(network))
    for name, tensor in network.state_dict().items():
        assert (kept[name] - tensor).abs().max() <= max(0.005 * tensor.abs().max(), 1e-3), name
    path = tmp_path / "lstm.safetensors"
    save(path, network, Card("lstm", {}, {}, 1))
    assert path.stat().st_size < 1.1 * sum(tensor.numel() for tensor in network.state_dict().values())


def test_a_menu_is_read_from_headers(tmp_path):
    tiny_checkpoint(tmp_path, "rnn")
    tiny_checkpoint(tmp_path, "lstm")
    assert [checkpoint.name for checkpoint in available(tmp_path)] == ["lstm", "rnn"]


@pytest.mark.parametrize("content", [b"", b"pickle", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_foreign_file_is_refused(tmp_path, content):
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    with pytest.raises(BadCheckpoint, match="not a checkpoint of Motif"):
        read_card(path)


def test_missing_weights_are_refused(tmp_path):
    path = tiny_checkpoint(tmp_path, "lstm")
    tensors = load_file(path)
    tensors.popitem()
    with pytest.raises(BadCheckpoint, match="do not fit"):
        load(altered(path, tensors))


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ({"format": 99}, "newer Motif"),
        ({"network": "oracle"}, "'oracle'"),
        ({"vocabulary": {"styles": ["reel"], "voices": 8, "size": 9}}, "told in another way"),
        ({"vocabulary": {}}, "told in another way"),
        ({"settings": {"hidden": 5}}, "do not fit"),
        ({"settings": {"wings": 2}}, "do not fit"),
    ],
)
def test_a_card_that_lies_is_refused(tmp_path, card, words):
    with pytest.raises(BadCheckpoint, match=words):
        load(altered(tiny_checkpoint(tmp_path, "lstm"), **card))


def test_a_name_that_is_not_there_is_told_with_those_that_are(tmp_path):
    tiny_checkpoint(tmp_path, "lstm")
    with pytest.raises(BadCheckpoint, match="'gru' here; there are: lstm"):
        find("gru", tmp_path)


def test_the_shelf_loads_once_and_anew_when_the_file_changes(tmp_path):
    path = tiny_checkpoint(tmp_path, "rnn")
    shelf = Shelf(tmp_path)
    first = shelf.take("rnn")
    assert shelf.take("rnn") is first
    tiny_checkpoint(tmp_path, "rnn", seed=1)
    assert shelf.take("rnn").digest == digest(path) != first.digest


def lying(path, **settings):
    """A file of two bytes whose card claims a network of any size."""
    values = json.loads(json.dumps(vars(read_card(path)), default=dict))
    values["settings"] |= settings
    save_file({"x": torch.zeros(1, dtype=torch.float16)}, path, {"card": json.dumps(values)})
    return path


@pytest.mark.parametrize("settings", [{"hidden": 8_000}, {"hidden": 16_000, "channels": 16_000}, {"layers": 60}])
def test_a_card_that_claims_a_large_network_takes_no_memory(tmp_path, settings):
    path = lying(tiny_checkpoint(tmp_path, "lstm"), **settings)
    made: list[torch.device] = []

    def make():
        network = build_network("lstm", dict(read_card(path).settings))
        made.append(next(network.parameters()).device)
        return network

    with pytest.raises(BadCheckpoint, match="do not fit"):
        with_weights(path, make)
    assert [device.type for device in made] == ["meta"]  # shapes alone: not one number of it was there


@pytest.mark.parametrize("settings", [{"hidden": 20_000}, {"layers": 65}, {"channels": 1e400}, {"heads": "8"}])
def test_a_card_that_claims_a_size_beyond_all_is_refused_at_its_header(tmp_path, settings):
    with pytest.raises(BadCheckpoint, match="not a checkpoint of Motif"):
        read_card(lying(tiny_checkpoint(tmp_path, "transformer"), **settings))


def test_the_shelf_opens_nothing_but_the_names_of_its_folder(tmp_path):
    folder, elsewhere = tmp_path / "checkpoints", tmp_path / "uploads"
    folder.mkdir()
    tiny_checkpoint(folder, "lstm")
    sent = tiny_checkpoint(elsewhere, "rnn")
    shelf = Shelf(folder)
    assert shelf.open(str(sent)).name == "rnn"  # the command line may
    names = [str(sent), "../uploads/rnn", "../checkpoints/lstm", "lstm.safetensors", "", "lstm\0", "x" * 5_000]
    told = {_refusal(shelf, name)[-20:] for name in names}
    assert told == {_refusal(shelf, "nowhere")[-20:]}  # the same, whatever is there
    assert max(len(_refusal(shelf, name)) for name in names) < 200


def _refusal(shelf, name):
    with pytest.raises(BadCheckpoint) as refusal:
        shelf.take(name)
    return str(refusal.value)


def test_who_wants_a_network_does_not_wait_for_another_that_is_loading(tmp_path, monkeypatch):
    tiny_checkpoint(tmp_path, "lstm")
    tiny_checkpoint(tmp_path, "rnn")
    begun, go_on = threading.Event(), threading.Event()

    def slow(path, card):
        if path.stem == "rnn":
            begun.set()
            go_on.wait(60)
        return load_engine(path, card)

    monkeypatch.setattr("composer.shelf.load_engine", slow)
    shelf = Shelf(tmp_path)
    with ThreadPoolExecutor() as visitors:
        slowly = visitors.submit(shelf.take, "rnn")
        assert begun.wait(60)
        assert visitors.submit(shelf.take, "lstm").result(60).name == "lstm"
        assert not slowly.done()
        go_on.set()
        assert slowly.result(60).name == "rnn"


def test_the_shelf_keeps_a_bounded_number(tmp_path):
    for name in ("lstm", "rnn", "transformer"):
        tiny_checkpoint(tmp_path, name)
    shelf = Shelf(tmp_path, most=2)
    first, last = shelf.take("lstm"), [shelf.take(name) for name in ("rnn", "transformer")]
    assert shelf.take("transformer") is last[1]
    assert shelf.take("lstm") is not first


WRONG = [
    *({"parameters": wrong} for wrong in ("many", -1, True, 1.5, None, [1])),
    *({"figures": wrong} for wrong in ([], {"nats": "low"}, {"nats": None}, "none")),
    *({"vocabulary": wrong} for wrong in ([], {"styles": 3}, {"styles": [1]}, {"styles": "reel"})),
    *({"settings": wrong} for wrong in ([], {"hidden": None}, "all")),
    *({"pieces": "all"}, {"corpus": 7}, {"network": ["lstm"]}, {"traces": []}),
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_one_damaged_file_takes_nothing_away_but_itself(tmp_path, wrong):
    tiny_checkpoint(tmp_path, "rnn")
    (tmp_path / "bad").mkdir()
    altered(tiny_checkpoint(tmp_path / "bad", "lstm"), **wrong).rename(tmp_path / "lstm.safetensors")
    assert_only("rnn", tmp_path)


@pytest.mark.parametrize("kind", ["cut", "empty", "foreign", "folder", "dangling"])
def test_whatever_bears_a_checkpoint_s_name_the_others_stay(tmp_path, kind):
    whole = tiny_checkpoint(tmp_path, "rnn").read_bytes()
    path = tmp_path / "bad.safetensors"
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    else:
        path.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "foreign": b"PK\3\4" * 100}[kind])
    assert_only("rnn", tmp_path)


def assert_only(name, folder):
    """The menu has that network, and says what is wrong with the other file."""
    menu = Menu.of(Shelf(folder))
    assert menu.names == [name]
    assert len(menu.choices) == 1
    assert menu.styles
    (trouble,) = menu.troubles
    assert ".safetensors" in trouble


def test_a_card_has_every_field_a_menu_shows():
    assert {"network", "parameters", "corpus", "licence", "figures", "trained"} <= set(Card.__dataclass_fields__)
