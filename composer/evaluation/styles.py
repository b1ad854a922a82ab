"""How well the ear tells styles apart, beside a plain classifier that counts, on families it has not heard.

Macro-F1 weighs every style the same, however rare. Of a style with a handful of held-out pieces it says nothing, so it
is told without such styles and with them. ECE is the expected calibration error (Guo et al. 2017): how far the
probabilities told are from the share that is right, over ten classes of certainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from composer.analysis.counts import PITCHES
from composer.analysis.cues import METRE, RHYTHM
from composer.analysis.readers import StyleReader
from composer.data.corpus import Piece, select
from composer.errors import BadRequest
from composer.train.styles import heard, labelled, logits_of

_BINS = 10
_FEWEST_ASKED = 5  # held-out pieces of a style: of two, one piece more or less would move its F1 by a third

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What a classifier told of some pieces: macro-F1 (of styles often asked about; of all), share right, each F1."""

    macro_f1: float
    macro_f1_of_all: float
    right: float
    f1: tuple[float, ...]

    @classmethod
    def of(cls, truth: Ints, told: Ints, styles: int) -> Told:
        """Compare what was told (N,) with the truth; styles that are asked about nowhere do not count."""
        f1 = []
        for style in range(styles):
            both = int(((truth == style) & (told == style)).sum())
            either = int((truth == style).sum() + (told == style).sum())
            f1.append(2 * both / either if either else float("nan"))
        counts = np.bincount(truth, minlength=styles)
        asked = [f1[style] for style in range(styles) if counts[style]]
        often = [f1[style] for style in range(styles) if counts[style] >= _FEWEST_ASKED] or asked
        return cls(float(np.mean(often)), float(np.mean(asked)), float((truth == told).mean()), tuple(f1))


@dataclass(frozen=True)
class StyleReport:
    """The ear and the baseline on one split."""

    split: str
    styles: tuple[str, ...]
    counts: tuple[int, ...]  # pieces of each style
    ear: Told
    melody_alone: Told
    without_metre: Told
    pitches_only: Told
    baseline: Told
    baseline_pitches_only: Told
    ece: float
    confusion: Ints  # (S, S): rows are the truth

    def figures(self) -> dict[str, float]:
        """The figures as a card keeps them."""
        return {
            f"{self.split} macro-F1": round(self.ear.macro_f1, 4),
            f"{self.split} macro-F1 with rare styles": round(self.ear.macro_f1_of_all, 4),
            f"{self.split} right": round(self.ear.right, 4),
            f"{self.split} macro-F1 by the melody alone": round(self.melody_alone.macro_f1, 4),
            f"{self.split} macro-F1 without metre": round(self.without_metre.macro_f1, 4),
            f"{self.split} macro-F1 by pitches only": round(self.pitches_only.macro_f1, 4),
            f"{self.split} baseline macro-F1": round(self.baseline.macro_f1, 4),
            f"{self.split} baseline macro-F1 with rare styles": round(self.baseline.macro_f1_of_all, 4),
            f"{self.split} baseline right": round(self.baseline.right, 4),
            f"{self.split} baseline macro-F1 by pitches only": round(self.baseline_pitches_only.macro_f1, 4),
            f"{self.split} ECE": round(self.ece, 4),
            **{f"{self.split} F1 {s} ({n})": round(self.ear.f1[i], 3) for i, (s, n) in enumerate(self._counted())},
        }

    def _counted(self) -> Sequence[tuple[str, int]]:
        return list(zip(self.styles, self.counts, strict=True))

    def draw(self, path: Path) -> None:
        """The confusion matrix as a picture: of each style, the share told as each other."""
        shares = self.confusion / np.maximum(1, self.confusion.sum(1, keepdims=True))
        figure = Figure(figsize=(7.5, 6.5), layout="constrained")
        axes = figure.add_subplot()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        names = [f"{style} ({count})" for style, count in self._counted()]
        axes.set_xticks(range(len(names)), self.styles, rotation=45, ha="right")
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel("told")
        axes.set_ylabel("labelled")
        for row, column in np.argwhere(self.confusion > 0):
            ink = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, str(self.confusion[row, column]), ha="center", va="center", color=ink)
        figure.savefig(path, dpi=110)


def style_report(reader: StyleReader, pieces: Sequence[Piece], split: str = "test") -> StyleReport:
    """Measure the reader on one split of labelled pieces; the baseline learns from their train split."""
    _, named = labelled(pieces, fewest=1)
    named = [piece for piece in named if piece.style in reader.styles]
    asked = select(named, split)
    if not asked:
        raise BadRequest(f"There is no piece in the {split} split with a style the reader knows. Name another corpus.")
    examples = heard(asked, reader.styles)
    truth = np.array([example.style for example in examples])
    alone = [example.alone() for example in examples]
    logits = {
        name: logits_of(reader.ears, asked_of, hidden).double().numpy() / reader.temperature
        for name, asked_of, hidden in (
            ("all", examples, ()),
            ("alone", alone, ()),
            ("metre", alone, METRE),
            ("pitches", alone, (*RHYTHM, *METRE)),
        )
    }
    told = {name: found.argmax(1) for name, found in logits.items()}
    size = len(reader.styles)
    counted, by_pitch = (_baseline(named, asked, reader.styles, rhythm) for rhythm in (True, False))
    return StyleReport(
        split=split,
        styles=reader.styles,
        counts=tuple(np.bincount(truth, minlength=size).tolist()),
        ear=Told.of(truth, told["all"], size),
        melody_alone=Told.of(truth, told["alone"], size),
        without_metre=Told.of(truth, told["metre"], size),
        pitches_only=Told.of(truth, told["pitches"], size),
        baseline=Told.of(truth, counted, size),
        baseline_pitches_only=Told.of(truth, by_pitch, size),
        ece=calibration_error(logits["all"], truth),
        confusion=np.bincount(truth * size + told["all"], minlength=size**2).reshape(size, size),
    )


def calibration_error(logits: Floats, truth: Ints) -> float:
    """The expected calibration error of logits (N, S)."""
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    certain, right = shares.max(1), shares.argmax(1) == truth
    bins = np.minimum((certain * _BINS).astype(int), _BINS - 1)
    return float(
        sum(abs(certain[bins == b].sum() - right[bins == b].sum()) for b in np.unique(bins)) / max(1, len(truth))
    )


def _baseline(named: Sequence[Piece], asked: Sequence[Piece], styles: tuple[str, ...], rhythm: bool) -> Ints:
    """What the better of two plain classifiers tells, chosen on the valid split."""
    try:
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError as error:
        raise BadRequest(
            "The baseline needs scikit-learn. Install it with 'pip install motif-composer[dev]'."
        ) from error

    def counted(pieces: Sequence[Piece]) -> tuple[Floats, Ints]:
        examples = heard(pieces, styles)
        rows = np.nan_to_num([example.counts for example in examples])[:, : None if rhythm else PITCHES]
        return rows, np.array([example.style for example in examples])

    train, valid = counted(select(named, "train")), counted(select(named, "valid"))
    tried: list[Any] = [
        ExtraTreesClassifier(400, class_weight="balanced", min_samples_leaf=2, random_state=0),
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, class_weight="balanced")),
    ]
    for classifier in tried:
        classifier.fit(*train)
    best = max(tried, key=lambda c: Told.of(valid[1], c.predict(valid[0]), len(styles)).macro_f1)
    told: Ints = best.predict(counted(asked)[0])
    return told
