"""Cards: what a checkpoint says of itself in its file's header, and where checkpoints lie.

Menus are built from headers alone, without PyTorch; `checkpoint` loads the weights.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from composer.errors import BadCheckpoint
from composer.events.conditions import STYLES
from composer.events.features import SLOT_TABLE, TABLE
from composer.kinds import KINDS

FORMAT = 2
SUFFIX = ".safetensors"
READERS = "readers"  # the folder, beside the writing networks' checkpoints, of the reading networks'
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


def read_card(path: Path, known: Collection[str] = tuple(KINDS)) -> Card:
    """The card of a checkpoint of one of the `known` kinds, from its header alone."""
    try:
        with safe_open(path, "np") as file:
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


def check_note_vocabulary(name: str, card: Card) -> None:
    """Refuse a network where this program would number what it hears otherwise; `name` is its file's."""
    if {key: card.vocabulary.get(key) for key in note_vocabulary()} != note_vocabulary():
        raise BadCheckpoint(
            f"{name} was trained for notes told in another way than this Motif tells them. Train it anew."
        )


def note_vocabulary() -> dict[str, Any]:
    """What a network of notes must agree on with the program that runs it, as cards record it."""
    return {"styles": list(STYLES), "table": TABLE, "slot_table": SLOT_TABLE}


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
