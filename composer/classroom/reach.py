"""How far back a change of the past changes the next note: one curve a network.

In a tune of the library one note that stands so many notes back is moved by a whole tone, and everything is heard anew.
What is compared is the chance of each pitch of the next note, whose place is known: half the sum of the differences
(total variation), from 0, nothing changed, to 1. Part of that reach is the network's memory, and part what every
network is told: the notes that stood there 1, 2, 4, 8 and 16 bars ago (`events.features`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from composer.analysis.tunes import Library
from composer.classroom.likelihood import Spelled, spelled
from composer.events.rows import MOVE, PITCH, POSITION, VOICE
from composer.networks import NoteNetwork
from composer.networks.notes import HeardBatch

BACK = (1, 2, 4, 8, 16, 32, 64)  # notes
_TONE = 2  # semitones
_PLACES = 4  # of each tune


@dataclass(frozen=True)
class Reach:
    """Notes back, and how much the next pitch's chances change on average: the mean of `places` places a distance."""

    back: tuple[int, ...]
    changed: tuple[float, ...]
    places: int


@torch.inference_mode()
def reach(network: NoteNetwork, library: Library, tunes: int = 12) -> Reach:
    """Measure on so many tunes of a library, each with enough notes; nought where there are none."""
    enough = [tune for tune in library.tunes if len(tune.score.voices[0].notes) > max(BACK) + _PLACES]
    found: dict[int, list[float]] = {back: [] for back in BACK}
    for tune in enough[:: max(1, len(enough) // tunes)][:tunes]:
        told = spelled(tune.reading())
        if told is None:
            continue
        places = np.linspace(max(BACK), len(told.rows) - 1, _PLACES).astype(int)
        before = [_pitches(network, told, place) for place in places]
        for place, shares in zip(places, before, strict=True):
            for back in BACK:
                after = _pitches(network, told.with_pitch(int(place) - back, _TONE), place)
                found[back].append(float((after - shares).abs().sum() / 2))
    count = len(found[BACK[0]])
    return Reach(BACK, tuple(float(np.mean(found[back])) if count else 0.0 for back in BACK), count)


def _pitches(network: NoteNetwork, told: Spelled, place: int) -> Tensor:
    """The chance of each pitch (128,) of the note at a place, its bar, position and voice known."""
    heard = told.heard(place)
    contexts, _ = network(HeardBatch.of(heard))
    context, last = contexts[0, -1], torch.from_numpy(heard.last[-1].astype(np.int64))
    row: Sequence[int] = told.rows[place].tolist()
    for decision in (MOVE, POSITION, VOICE):
        context = network.head.take(decision, torch.tensor(row[decision]), context, last)
    return network.head.logits(PITCH, context).softmax(-1)
