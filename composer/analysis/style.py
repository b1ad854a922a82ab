"""What a melody is: its likeliest styles, and the bars that speak for the first.

The ear knows some dozen styles of European tunes and nothing else: whatever it is given, it names the nearest of these.
A bar speaks for a style as far as its odds fall when the bar is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from composer.analysis.counts import ALONE, counts_of, texture_of
from composer.analysis.cues import MOST_NOTES, cues_of
from composer.analysis.readers import StyleReader
from composer.score import Score

_MOST_BARS = 32  # that are asked about
_TELLING = 3  # bars that are named


@dataclass(frozen=True)
class Guess:
    """Styles with their probabilities, the likeliest first, and (bar from 0, logits lost without it), best first."""

    styles: tuple[tuple[str, float], ...]
    bars: tuple[tuple[int, float], ...]

    @property
    def sentences(self) -> list[str]:
        """The guess in words."""
        told = [f"{share:.0%} {style}" for style, share in self.styles[:3] if share >= 0.01]
        speaking = sorted(bar + 1 for bar, lost in self.bars[:_TELLING] if lost > 0)
        sentences = [f"Sounds like: {', '.join(told)}."]
        if speaking:
            bars = ", ".join(map(str, speaking))
            sentences.append(f"Bar{'s' if len(speaking) > 1 else ''} {bars} spoke for it most.")
        known = ", ".join(sorted(style for style, _ in self.styles))
        return [*sentences, f"It only knows these: {known}."]

    def to_json(self) -> dict[str, Any]:
        """Plain values; bars from 1."""
        return {
            "styles": [{"style": style, "probability": round(share, 4)} for style, share in self.styles],
            "bars": [{"bar": bar + 1, "weight": round(lost, 4)} for bar, lost in self.bars],
            "sentences": self.sentences,
        }


def guess_style(score: Score, reader: StyleReader, bars_known: bool = True, piece: Score | None = None) -> Guess:
    """The style of a melody (the score's first voice, one note at a time), and of the piece around it where known."""
    notes = score.voices[0].notes[:MOST_NOTES]
    metre = score.metres[0] if bars_known else None
    cues = cues_of(notes, metre)
    bars = np.array([score.bar_at(note.onset) for note in notes])
    asked = np.unique(bars)[:_MOST_BARS] if len(np.unique(bars)) > 1 else np.zeros(0, np.int64)
    told = np.stack([np.ones(len(notes), bool), *(bars != bar for bar in asked)])  # (1 + bars, T)
    with torch.inference_mode():
        batch = torch.from_numpy(cues).expand(len(told), -1, -1)
        heard = [[note for note, there in zip(notes, row, strict=True) if there] for row in told]
        counts = np.array([counts_of(part, metre) for part in heard])
        counts[:, ALONE:] = np.nan if piece is None else texture_of(piece)
        counted = torch.from_numpy(counts.astype(np.float32))
        logits = reader.ears(batch, torch.from_numpy(told), counted).double().numpy() / reader.temperature
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    order = np.argsort(-shares[0], kind="stable")
    odds = np.log(shares[:, order[0]] / (1 - shares[:, order[0]] + 1e-12) + 1e-12)
    lost = sorted(zip(asked.tolist(), (odds[0] - odds[1:]).tolist(), strict=True), key=lambda pair: -pair[1])
    return Guess(tuple((reader.styles[i], float(shares[0, i])) for i in order), tuple(lost))
