"""Checkpoints: one safetensors file a network, weights and a JSON card in its header, no pickle anywhere.

The file holds the tensors of the network's `state_dict` under their own names, and one metadata entry, `card`, whose
fields are those of `Card`. Learned matrices are in eight bits, a scale a row (`NAME scale`); all else, and networks of
tokens, are in half precision. Menus are built from headers alone; weights are loaded strictly, into single precision.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from composer.errors import BadCheckpoint
from composer.events.conditions import STYLES
from composer.events.features import SLOT_TABLE, TABLE
from composer.networks import (
    NETWORKS,
    TOKEN_NETWORKS,
    EventSizes,
    Network,
    WritingNetwork,
    build_network,
    build_token_network,
    to_dtype,
)

Module = TypeVar("Module", bound=nn.Module)
FORMAT = 2
SUFFIX = ".safetensors"
FOLDER = Path(os.environ.get("MOTIF_CHECKPOINTS") or Path(__file__).resolve().parent.parent / "checkpoints")


@dataclass(frozen=True)
class Card:
    """What a checkpoint says of itself. `figures` are measured: a name to a number, its unit in the name.

    `traces` are what was told while it learned, thinned: a name to pairs of step and value.
    """

    network: str
    settings: Mapping[str, Any]
    vocabulary: Mapping[str, Any]
    parameters: int
    corpus: str = ""
    licence: str = ""
    pieces: int = 0
    trained: str = ""
    command: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    format: int = FORMAT
    traces: Mapping[str, Sequence[tuple[int, float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Checkpoint:
    """A file and its card; `name` is what a visitor calls it."""

    path: Path
    card: Card

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.stem


def save(path: Path, network: nn.Module, card: Card) -> None:
    """Write a checkpoint whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    whole = isinstance(network, WritingNetwork) or card.network not in NETWORKS
    tensors = to_dtype(network, torch.float16) if whole else in_eight_bits(network)
    save_file(tensors, part, {"card": json.dumps(asdict(card))})
    part.replace(path)


_SCALE = " scale"  # follows the name of a matrix in eight bits: the scale (R, 1) of its rows


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
        tensors[name + _SCALE] = scale
    return tensors


def in_single_precision(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a file as networks take them."""
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name.endswith(_SCALE):
            continue
        scale = tensors.get(name + _SCALE)
        whole = tensor.float()
        found[name] = whole if scale is None else whole * scale.view(-1, *([1] * (whole.dim() - 1)))
    return found


def read_card(path: Path, known: Collection[str] = tuple(NETWORKS)) -> Card:
    """The card of a checkpoint of one of the `known` kinds, from its header alone."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
        values = json.loads(metadata["card"])
        if values.get("format", 0) > FORMAT:
            raise BadCheckpoint(f"{path.name} was made by a newer Motif (format {values['format']}). Update Motif.")
        values.setdefault("traces", {})  # older files have none
        card = Card(**{f.name: values[f.name] for f in fields(Card)})
    except FileNotFoundError as error:
        raise BadCheckpoint(f"There is no checkpoint {path}. `composer models` lists those there are.") from error
    except (SafetensorError, OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadCheckpoint(
            f"{path.name} is not a checkpoint of Motif, or it is damaged. Train or copy it anew."
        ) from error
    if card.network not in known:
        raise BadCheckpoint(f"{path.name} holds a network {card.network!r}, and not {' or '.join(known)}.")
    return card


def load(path: Path) -> tuple[Network, Card]:
    """The network, ready to write, with its card; refused where this program would number what it hears otherwise.

    Refuses missing, extra and misshapen weights.
    """
    card = read_card(path)
    if {key: card.vocabulary.get(key) for key in note_vocabulary()} != note_vocabulary():
        raise BadCheckpoint(
            f"{path.name} was trained for notes told in another way than this Motif tells them. Train it anew."
        )
    return with_weights(path, lambda: build_network(card.network, dict(card.settings))), card


def note_vocabulary() -> dict[str, Any]:
    """What a network of notes must agree on with the program that runs it, as cards record it."""
    return {"styles": list(STYLES), "table": TABLE, "slot_table": SLOT_TABLE}


def load_token_network(path: Path, sizes: EventSizes) -> tuple[WritingNetwork, Card]:
    """The network for events of given sizes, and its card. Refuses missing, extra and misshapen weights."""
    card = read_card(path, tuple(TOKEN_NETWORKS))
    return with_weights(path, lambda: build_token_network(card.network, sizes, dict(card.settings))), card


def with_weights(path: Path, make: Callable[[], Module]) -> Module:
    """A network that is made, frozen, with the weights of a file. Refuses missing, extra and misshapen weights."""
    try:
        network = make()
        network.load_state_dict(in_single_precision(load_file(path)), strict=True)
    except (RuntimeError, TypeError, ValueError) as error:
        raise BadCheckpoint(f"{path.name}'s weights do not fit the network its card names. Train it anew.") from error
    return network.eval().requires_grad_(False)


def available(folder: Path = FOLDER) -> list[Checkpoint]:
    """Every checkpoint of a folder by name, read from headers alone. A damaged one is an error, not a gap."""
    return [Checkpoint(path, read_card(path)) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def find(name: str, folder: Path = FOLDER) -> Path:
    """The file of a checkpoint, by name or by path."""
    if name.endswith(SUFFIX):
        return Path(name)
    path = folder / f"{name}{SUFFIX}"
    if not path.exists():
        known = ", ".join(p.stem for p in sorted(folder.glob(f"*{SUFFIX}"))) or "none yet"
        raise BadCheckpoint(f"There is no network {name!r} here; there are: {known}.")
    return path


def digest(path: Path) -> str:
    """The first 16 hexadecimal digits of the file's SHA-256: which weights exactly made a take."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
