"""The reading networks' files: safetensors with a card, beside the writing networks' but in a folder of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from composer.analysis.ear import EarConfig, Ears
from composer.analysis.likeness import Likeness, LikenessConfig
from composer.card import READERS, Card, read_card
from composer.checkpoint import with_weights
from composer.errors import BadCheckpoint


@dataclass(frozen=True)
class StyleReader:
    """The networks that hear styles; `temperature` divides its logits, so that its certainty is true."""

    ears: Ears
    styles: tuple[str, ...]
    temperature: float
    card: Card


def style_reader(checkpoints: Path) -> StyleReader:
    """The style reader beside a folder of checkpoints; `listeners` holds it."""
    return _style(_present(checkpoints / READERS / "style.safetensors"))


def likeness_reader(checkpoints: Path) -> Likeness:
    """The likeness reader, likewise."""
    path = _present(checkpoints / READERS / "likeness.safetensors")
    card = read_card(path, ("likeness",))
    return with_weights(path, lambda: Likeness(LikenessConfig(**card.settings)))


def _present(path: Path) -> Path:
    """The file; BadCheckpoint with the way to it where there is none."""
    if not path.exists():
        raise BadCheckpoint(f"There is no reader {path}. Train it with 'composer train {path.stem}'.")
    return path


def _style(path: Path) -> StyleReader:
    card = read_card(path, ("style",))
    try:
        styles, temperature = tuple(card.vocabulary["styles"]), float(card.vocabulary["temperature"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadCheckpoint(f"{path.name}'s card does not name its styles. Train it anew.") from error
    return StyleReader(with_weights(path, lambda: Ears(EarConfig(**card.settings))), styles, temperature, card)
