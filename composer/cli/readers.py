"""Training and measuring the reading networks: what `composer train` and `composer evaluate` do for them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from composer.analysis.ear import EarConfig, Ears
from composer.analysis.likeness import Likeness, LikenessConfig
from composer.analysis.readers import likeness_reader, style_reader
from composer.card import READERS, Card, read_card
from composer.checkpoint import save
from composer.cli.output import answer, warn
from composer.data.corpus import Piece, load_corpora, melody_piece, select
from composer.errors import BadRequest
from composer.evaluation.likeness import (
    Found,
    fragments,
    measure_fragments,
    measure_variants,
    network_judge,
    ngram_judge,
)
from composer.evaluation.styles import style_report
from composer.networks import count_parameters
from composer.train.likeness import LikenessLesson, train_likeness
from composer.train.styles import StyleLesson, heard, labelled, train_ears

KINDS = ("style", "likeness")
_ASKED, _VARIANTS = 300, 100  # fragments and held-out tunes that likeness is measured on


def train_reader(kind: str, data: Iterable[str], out: Path, minutes: float, seed: int, as_json: bool) -> None:
    """Train a reader on labelled pieces; how well it does is told by `composer evaluate`."""
    pieces = load_corpora(data, report=warn)
    command = f"composer train {kind} --minutes {minutes:g}"
    network: Ears | Likeness
    if kind == "style":
        styles, named = labelled(pieces)
        config = EarConfig(len(styles))
        network, temperature = train_ears(
            heard(named, styles, passages=3), config, StyleLesson(minutes, seed=seed), warn
        )
        about = {"styles": list(styles), "temperature": round(temperature, 3)}
        pieces = named
    else:
        pieces = [melody_piece(piece) for piece in pieces]
        network = train_likeness(select(pieces, "train"), LikenessConfig(), LikenessLesson(minutes, seed=seed), warn)
        about = {}
    card = Card(
        network=kind,
        settings=asdict(network.config),
        vocabulary=about,
        parameters=count_parameters(network),
        corpus=", ".join(sorted({piece.source for piece in pieces if piece.source})),
        licence="; ".join(sorted({piece.licence for piece in pieces if piece.licence})),
        pieces=len(select(pieces, "train")),
        trained=time.strftime("%Y-%m-%d"),
        command=command,
    )
    save(out, network, card)
    answer({"checkpoint": str(out), "pieces": card.pieces, **about}, [f"{out}: {kind}, {card.pieces} pieces"], as_json)


def evaluate_reader(
    kind: str, data: list[str] | None, checkpoints: Path, picture: Path | None, into_card: bool, as_json: bool
) -> None:
    """Measure a reader beside its baseline; without data, tell what its card says."""
    path = checkpoints / READERS / f"{kind}.safetensors"
    network: Any = style_reader(checkpoints).ears if kind == "style" else likeness_reader(checkpoints)
    card = read_card(path, KINDS)
    figures = dict(card.figures)
    if data:
        figures = _measured(kind, load_corpora(data, report=warn), checkpoints, picture)
        if into_card:
            save(path, network, replace(card, figures={**card.figures, **figures}))
    elif picture:
        raise BadRequest("A picture needs pieces to measure on. Name them with --data.")
    told = "card" if data is None else ", ".join(Path(path).name for path in data)
    lines = [f"{kind}, {told}:", *(f"  {name}: {value:g}" for name, value in figures.items())]
    answer({"model": kind, "network": kind, "from": told, "figures": figures}, lines, as_json)


def _measured(kind: str, pieces: Sequence[Piece], checkpoints: Path, picture: Path | None) -> dict[str, float]:
    if kind == "style":
        report = style_report(style_reader(checkpoints), pieces)
        if picture:
            report.draw(picture)
        return report.figures()
    pieces = [piece for piece in map(melody_piece, pieces) if piece.score.voices[0].notes]
    families = [piece.family or str(number) for number, piece in enumerate(pieces)]
    asked = fragments(pieces, _ASKED)
    if not asked:
        raise BadRequest("No held-out melody has four bars with eight notes. Name another corpus.")
    figures: dict[str, float] = {"melodies": len(pieces)}
    judges = {"": network_judge(likeness_reader(checkpoints), pieces), "n-gram ": ngram_judge(pieces)}
    for name, judge in judges.items():
        figures |= _found(f"{name}fragments", measure_fragments(judge, asked, families))
        if len(set(families)) < len(families):
            figures |= _found(f"{name}variants", measure_variants(judge, pieces, families, _VARIANTS))
    return figures


def _found(name: str, found: Found) -> dict[str, float]:
    return {
        f"{name} MRR": round(found.mrr, 4),
        f"{name} recall at 10": round(found.recall_at_10, 4),
        f"{name} asked": found.queries,
    }
