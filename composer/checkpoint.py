"""Checkpoints: one safetensors file a network, weights and a JSON card in its header, no pickle anywhere.

The file holds the tensors of the network's `state_dict` under their own names, and one metadata entry, `card`, whose
fields are those of `Card`. Learned matrices are in eight bits, a scale a row (`NAME scale`); all else, and networks of
tokens, are in half precision. Menus are built from headers alone; weights are loaded strictly, into single precision.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from composer.errors import BadCheckpoint, quoted
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
_MOST_LAYERS, _LARGEST = 64, 16_384  # layers, and any other size, that a card may claim
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
        card = _checked(Card(**{f.name: values[f.name] for f in fields(Card)}))
    except FileNotFoundError as error:
        raise BadCheckpoint(f"There is no checkpoint {path}. `composer models` lists those there are.") from error
    except (SafetensorError, OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadCheckpoint(
            f"{path.name} is not a checkpoint of Motif, or it is damaged. Train or copy it anew."
        ) from error
    if card.network not in known:
        raise BadCheckpoint(f"{path.name} holds a network {quoted(card.network)}, and not {' or '.join(known)}.")
    return card


_WORDS = ("network", "corpus", "licence", "trained", "command")
_MAPS = ("settings", "vocabulary", "figures", "traces")


def _checked(card: Card) -> Card:
    """The card, if what menus show of it is of the right kind; TypeError or ValueError otherwise."""
    right = all(isinstance(getattr(card, name), str) for name in _WORDS)
    right &= all(isinstance(getattr(card, name), dict) for name in _MAPS)
    right &= all(_is_whole(getattr(card, name), 2**40) for name in ("parameters", "pieces"))
    if not right or not all(_is_number(value) for value in card.figures.values()):
        raise TypeError("a field of the card is of the wrong kind")
    styles = card.vocabulary.get("styles", [])
    if not isinstance(styles, list) or not all(isinstance(style, str) for style in styles):
        raise TypeError("styles are no list of names")
    _check_settings(card.settings)
    return card


def _check_settings(settings: Mapping[str, Any]) -> None:
    """Refuse sizes that no network of ours has, before anything of such a size is made."""
    for name, value in settings.items():
        if isinstance(value, dict):
            _check_settings(value)
        elif not _is_number(value) or abs(value) > (_MOST_LAYERS if name.endswith("layers") else _LARGEST):
            raise ValueError(f"{name} is {str(value)[:20]}")


def _is_whole(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


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
    with safe_open(path, "pt") as file:
        names = [name for name in file.keys() if not name.endswith(_SCALE)]  # noqa: SIM118 (it is no dict)
        return {name: tuple(file.get_slice(name).get_shape()) for name in names}


def available(folder: Path = FOLDER) -> list[Checkpoint]:
    """Every checkpoint of a folder by name, read from headers alone; those that cannot be read are left out."""
    return [found for found in _read(folder) if isinstance(found, Checkpoint)]


def damaged(folder: Path = FOLDER) -> list[str]:
    """A sentence on each file of a folder that bears a checkpoint's name and is none."""
    return [str(found) for found in _read(folder) if isinstance(found, BadCheckpoint)]


def _read(folder: Path) -> Iterator[Checkpoint | BadCheckpoint]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            yield Checkpoint(path, read_card(path))
        except BadCheckpoint as error:
            yield error


def find(name: str, folder: Path = FOLDER) -> Path:
    """The file of a checkpoint, by name or by path: for who may open any file of this machine."""
    return Path(name) if name.endswith(SUFFIX) else find_name(name, folder)


def find_name(name: str, folder: Path = FOLDER) -> Path:
    """The file of a checkpoint of the folder, by its name alone; BadCheckpoint for everything else."""
    paths = {path.stem: path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    if name not in paths:
        raise BadCheckpoint(f"There is no network {quoted(name)} here; there are: {', '.join(paths) or 'none yet'}.")
    return paths[name]


def digest(path: Path) -> str:
    """The first 16 hexadecimal digits of the file's SHA-256: which weights exactly made a take."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
