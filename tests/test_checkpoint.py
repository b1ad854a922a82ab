import json

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
)
from composer.errors import BadCheckpoint
from composer.networks import NETWORKS, build_network
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


def test_a_card_has_every_field_a_menu_shows():
    assert {"network", "parameters", "corpus", "licence", "figures", "trained"} <= set(Card.__dataclass_fields__)
