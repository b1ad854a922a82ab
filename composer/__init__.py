"""Motif's composer: music in, a network's continuation out.

>>> import composer
>>> takes = composer.compose("tune.mid", composer.Request(bars=8, seed=7))  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from composer.api import compose, critic, models, originality, similar, style
    from composer.errors import ComposerError
    from composer.music import Reading, melody_of, read, write_midi
    from composer.score import Key, Metre, Note, Score, Tempo, Voice
    from composer.shelf import Shelf
    from composer.sound import render, wav_bytes
    from composer.writing import Request, Take

# Loaded at first use: reading a score needs no torch, and importing it takes a second.
_HOMES = {
    "ComposerError": "errors",
    "Reading": "music",
    "melody_of": "music",
    "read": "music",
    "write_midi": "music",
    "Key": "score",
    "Metre": "score",
    "Note": "score",
    "Score": "score",
    "Tempo": "score",
    "Voice": "score",
    "Shelf": "shelf",
    "render": "sound",
    "wav_bytes": "sound",
    "compose": "api",
    "critic": "api",
    "models": "api",
    "originality": "api",
    "similar": "api",
    "style": "api",
    "Request": "writing",
    "Take": "writing",
}

__all__ = [
    "ComposerError",
    "Key",
    "Metre",
    "Note",
    "Reading",
    "Request",
    "Score",
    "Shelf",
    "Take",
    "Tempo",
    "Voice",
    "compose",
    "critic",
    "melody_of",
    "models",
    "originality",
    "read",
    "render",
    "similar",
    "style",
    "wav_bytes",
    "write_midi",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'composer' has no attribute {name!r}")
    return getattr(importlib.import_module(f"composer.{_HOMES[name]}"), name)
