"""`composer evaluate`: figures of a network beside the Markov baseline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from composer.checkpoint import FOLDER, find, save
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer
from composer.errors import BadRequest
from composer.evaluate import likelihood_report
from composer.evaluate.mimicry import Mimicry
from composer.shelf import Shelf
from composer.writing import Request


def evaluate(
    model: Annotated[str, typer.Argument(help="A checkpoint's name or file.")],
    data: Annotated[
        list[Path] | None, typer.Option(help="The corpus it was trained on: a folder, or a .jsonl(.xz); repeatable.")
    ] = None,
    split: Annotated[str, typer.Option(help="test or valid.")] = "test",
    takes: Annotated[bool, typer.Option("--takes", help="Also compare 200 takes with people's continuations.")] = False,
    label: Annotated[str, typer.Option(help="A word before each figure's name, such as choirs.")] = "",
    into_card: Annotated[
        bool, typer.Option("--into-card", help="Write the figures into the checkpoint's card.")
    ] = False,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Measure a network on held-out pieces, beside the Markov baseline; without --data, tell what its card says."""
    if split not in ("test", "valid"):
        raise BadRequest(f"--split {split} is neither test nor valid.")
    shelved = Shelf(checkpoints).take(model)
    report = None
    if data:
        report = likelihood_report(
            shelved, data, split, Request(temperature=0.9, rhythm_temperature=0.9) if takes else None
        )
        figures, source = (
            report.figures(),
            f"{report.pieces} pieces of the {split} split of {', '.join(p.name for p in data)}",
        )
        figures = {f"{label} {name}".strip(): value for name, value in figures.items()}
        if into_card:
            card = replace(shelved.card, figures={**shelved.card.figures, **figures})
            save(find(model, checkpoints), shelved.network, card)
    else:
        figures, source = dict(shelved.card.figures), "card"
    values = {"model": shelved.name, "network": shelved.card.network, "from": source, "figures": figures}
    lines = [f"{shelved.name}, {source}:", *(f"  {name}: {value:g}" for name, value in figures.items())]
    if report and report.mimicry:
        values["takes"] = report.mimicry.figures()
        lines += _mimicry_lines(report.mimicry)
    answer(values, lines, as_json)


def _mimicry_lines(found: Mimicry) -> list[str]:
    """The table of statistics: overlap of the takes' distribution with people's, and of people's with people's."""
    told, ideal = found.classifier, found.human_classifier
    return [
        f"{found.takes} takes of 8 bars beside people's: overlap of distributions (people with people)",
        *(f"  {name}: {share:.2f} ({found.human_overlaps[name]:.2f})" for name, share in found.overlaps.items()),
        f"  a classifier tells takes from people's in {told.share:.0%} ({told.low:.0%} to {told.high:.0%}) of cases; "
        f"people's from people's in {ideal.share:.0%}; 50% is chance",
    ]
