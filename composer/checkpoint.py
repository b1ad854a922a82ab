"""Checkpoints: one safetensors file a network, weights and a JSON card in its header, no pickle anywhere.

The file holds the tensors of the network's `state_dict` under their own names, and one metadata entry, `card`, whose
fields are those of `Card`. Learned matrices are in eight bits, a scale a row (`NAME scale`); all else, and networks of
tokens, are in half precision. Menus are built from headers alone; weights are loaded strictly, into single precision.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from composer.card import (
    FORMAT,
    SUFFIX,
    Card,
    Checkpoint,
    available,
    check_note_vocabulary,
    damaged,
    digest,
    find,
    find_name,
    note_vocabulary,
    read_card,
)
from composer.errors import BadCheckpoint
from composer.kinds import KINDS
from composer.networks import (
    TOKEN_NETWORKS,
    EventSizes,
    Network,
    WritingNetwork,
    build_network,
    build_token_network,
    to_dtype,
)
from composer.weights import SCALE

__all__ = [  # what is known without PyTorch lies in `card`, and is offered here too
    "FORMAT",
    "SUFFIX",
    "Card",
    "Checkpoint",
    "available",
    "damaged",
    "digest",
    "find",
    "find_name",
    "in_eight_bits",
    "load",
    "load_token_network",
    "note_vocabulary",
    "read_card",
    "save",
    "with_weights",
]

Module = TypeVar("Module", bound=nn.Module)


def save(path: Path, network: nn.Module, card: Card) -> None:
    """Write a checkpoint whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    whole = isinstance(network, WritingNetwork) or card.network not in KINDS
    tensors = to_dtype(network, torch.float16) if whole else in_eight_bits(network)
    save_file(tensors, part, {"card": json.dumps(asdict(card))})
    part.replace(path)


def in_eight_bits(network: nn.Module) -> dict[str, Tensor]:
    """Learned matrices (R, …) as whole numbers from −127 to 127 with a scale a row, all else in half precision."""
    tensors: dict[str, Tensor] = {}
    learned = {name for name, _ in network.named_parameters()}
    for name, tensor in network.state_dict().items():
        if tensor.dim() < 2 or name not in learned:
            tensors[name] = tensor.detach().half().contiguous()
            continue
        rows = tensor.detach().float().flatten(1)
        scale = (rows.abs().amax(1, keepdim=True) / 127).clamp(min=1e-8)
        tensors[name] = (rows / scale).round().to(torch.int8).view(tensor.shape).contiguous()
        tensors[name + SCALE] = scale
    return tensors


def in_single_precision(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a file as networks take them."""
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name.endswith(SCALE):
            continue
        scale = tensors.get(name + SCALE)
        whole = tensor.float()
        found[name] = whole if scale is None else whole * scale.view(-1, *([1] * (whole.dim() - 1)))
    return found


def load(path: Path) -> tuple[Network, Card]:
    """The network, ready to write, with its card; refused where this program would number what it hears otherwise.

    Refuses missing, extra and misshapen weights.
    """
    card = read_card(path)
    check_note_vocabulary(path.name, card)
    return with_weights(path, lambda: build_network(card.network, dict(card.settings))), card


def load_token_network(path: Path, sizes: EventSizes) -> tuple[WritingNetwork, Card]:
    """The network for events of given sizes, and its card. Refuses missing, extra and misshapen weights."""
    card = read_card(path, tuple(TOKEN_NETWORKS))
    return with_weights(path, lambda: build_token_network(card.network, sizes, dict(card.settings))), card


def with_weights(path: Path, make: Callable[[], Module]) -> Module:
    """A network that is made, frozen, with the weights of a file. Refuses missing, extra and misshapen weights.

    Shapes are compared on a network without memory first: what a card claims takes none before the file bears it out.
    """
    try:
        with torch.device("meta"):
            claimed = {name: tuple(tensor.shape) for name, tensor in make().state_dict().items()}
        if claimed != _shapes(path):
            raise ValueError("weights of other names or shapes")
        network = make()
        network.load_state_dict(in_single_precision(load_file(path)), strict=True)
    except (RuntimeError, TypeError, ValueError, SafetensorError, OSError) as error:
        raise BadCheckpoint(f"{path.name}'s weights do not fit the network its card names. Train it anew.") from error
    return network.eval().requires_grad_(False)


def _shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of every tensor of a file but the scales of matrices, from its header."""
    with safe_open(path, "np") as file:
        names = [name for name in file.keys() if not name.endswith(SCALE)]  # noqa: SIM118 (it is no dict)
        return {name: tuple(file.get_slice(name).get_shape()) for name in names}
