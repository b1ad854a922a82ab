"""Cards: what a checkpoint says of itself in its file's header, and where checkpoints lie.

Menus are built from headers alone, without PyTorch; `checkpoint` loads the weights.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from composer.errors import BadCheckpoint, quoted
from composer.events.conditions import STYLES
from composer.events.features import SLOT_TABLE, TABLE
from composer.kinds import KINDS
from composer.places import checkpoints_folder

FORMAT = 2
SUFFIX = ".safetensors"
_MOST_LAYERS, _LARGEST = 64, 16_384  # layers, and any other size, that a card may claim
READERS = "readers"  # the folder, beside the writing networks' checkpoints, of the reading networks'


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


def read_card(path: Path, known: Collection[str] = tuple(KINDS)) -> Card:
    """The card of a checkpoint of one of the `known` kinds, from its header alone."""
    try:
        with safe_open(path, "np") as file:
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


def check_note_vocabulary(name: str, card: Card) -> None:
    """Refuse a network where this program would number what it hears otherwise; `name` is its file's."""
    if {key: card.vocabulary.get(key) for key in note_vocabulary()} != note_vocabulary():
        raise BadCheckpoint(
            f"{name} was trained for notes told in another way than this Motif tells them. Train it anew."
        )


def note_vocabulary() -> dict[str, Any]:
    """What a network of notes must agree on with the program that runs it, as cards record it."""
    return {"styles": list(STYLES), "table": TABLE, "slot_table": SLOT_TABLE}


def available(folder: Path | None = None) -> list[Checkpoint]:
    """Every checkpoint of a folder by name, read from headers alone; those that cannot be read are left out."""
    return [found for found in _read(folder or checkpoints_folder()) if isinstance(found, Checkpoint)]


def damaged(folder: Path | None = None) -> list[str]:
    """A sentence on each file of a folder that bears a checkpoint's name and is none."""
    return [str(found) for found in _read(folder or checkpoints_folder()) if isinstance(found, BadCheckpoint)]


def _read(folder: Path) -> Iterator[Checkpoint | BadCheckpoint]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            yield Checkpoint(path, read_card(path))
        except BadCheckpoint as error:
            yield error


def find(name: str, folder: Path | None = None) -> Path:
    """The file of a checkpoint, by name or by path: for who may open any file of this machine."""
    return Path(name) if name.endswith(SUFFIX) else find_name(name, folder)


def find_name(name: str, folder: Path | None = None) -> Path:
    """The file of a checkpoint of the folder, by its name alone; BadCheckpoint for everything else."""
    paths = {path.stem: path for path in sorted((folder or checkpoints_folder()).glob(f"*{SUFFIX}"))}
    if name not in paths:
        raise BadCheckpoint(f"There is no network {quoted(name)} here; there are: {', '.join(paths) or 'none yet'}.")
    return paths[name]


def digest(path: Path) -> str:
    """The first 16 hexadecimal digits of the file's SHA-256: which weights exactly made a take."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
