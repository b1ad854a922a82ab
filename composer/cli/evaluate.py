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
from composer.shelf import Shelf


def evaluate(
    model: Annotated[str, typer.Argument(help="A checkpoint's name or file.")],
    data: Annotated[
        list[Path] | None, typer.Option(help="The corpus it was trained on: a folder, or a .jsonl(.xz); repeatable.")
    ] = None,
    split: Annotated[str, typer.Option(help="test or valid.")] = "test",
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
    if not data:
        figures, source = dict(shelved.card.figures), "card"
    else:
        report = likelihood_report(shelved, data, split)
        figures, source = (
            report.figures(),
            f"{report.pieces} pieces of the {split} split of {', '.join(path.name for path in data)}",
        )
        if into_card:
            card = replace(shelved.card, figures={**shelved.card.figures, **figures})
            save(find(model, checkpoints), shelved.network, card)
    values = {"model": shelved.name, "network": shelved.card.network, "from": source, "figures": figures}
    answer(
        values, [f"{shelved.name}, {source}:", *(f"  {name}: {value:g}" for name, value in figures.items())], as_json
    )
