"""`composer evaluate`: figures of a network beside the Markov baseline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from composer.card import find
from composer.checkpoint import save
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer, refuse
from composer.cli.readers import evaluate_reader
from composer.data.corpus import load_corpora
from composer.errors import BadRequest
from composer.evaluation import PointReport, Report, report_on, report_on_points
from composer.evaluation.copying import copying
from composer.evaluation.mimicry import FEWEST, Mimicry
from composer.evaluation.pictures import draw_distributions
from composer.evaluation.report import MOST
from composer.networks.latent import LatentNetwork
from composer.places import FOLDER
from composer.shelf import Shelf, Shelved
from composer.writing import Request

READING = {"style": "style", "similar": "likeness", "likeness": "likeness"}


def evaluate(
    model: Annotated[str, typer.Argument(help="A checkpoint's name or file, or a reader: style or similar.")],
    data: Annotated[
        list[str] | None, typer.Option(help="The corpus it was trained on: a folder, or a .jsonl(.xz); repeatable.")
    ] = None,
    split: Annotated[str, typer.Option(help="test or valid.")] = "test",
    takes: Annotated[
        bool, typer.Option("--takes", help="Also measure takes of every task beside what people wrote.")
    ] = False,
    most: Annotated[int, typer.Option(min=FEWEST, help="How many takes a task at most; only with --takes.")] = MOST,
    only_takes: Annotated[
        bool, typer.Option("--only-takes", help="Only the takes; without the likelihood, which takes long.")
    ] = False,
    pictures: Annotated[
        Path | None, typer.Option(help="A folder for pictures of the distributions; only with --takes.")
    ] = None,
    label: Annotated[str, typer.Option(help="A word before each figure's name, such as choirs.")] = "",
    into_card: Annotated[
        bool, typer.Option("--into-card", help="Write the figures into the checkpoint's card.")
    ] = False,
    copies: Annotated[
        bool, typer.Option("--copies", help="Instead: how long 100 takes copy what was learned, beside people.")
    ] = False,
    picture: Annotated[Path | None, typer.Option(help="Of style: draw the confusion matrix there.")] = None,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Measure a network on held-out pieces; without --data, tell what its card says."""
    shown = {"--split": split != "test", "--label": label, "--pictures": pictures}
    taken = {"--takes": takes, "--only-takes": only_takes, "--most": most != MOST}
    if model in READING:
        refuse(f"Measuring {model}", {**taken, **shown, "--copies": copies})
        refuse(f"Measuring {model}", {"--picture": picture and READING[model] != "style"})
        evaluate_reader(READING[model], data, checkpoints, picture, into_card, as_json)
        return
    if split not in ("test", "valid"):
        raise BadRequest(f"--split {split} is neither test nor valid.")
    refuse(f"Measuring {model}", {"--picture": picture}, "it draws the style reader's confusions")
    if copies:
        refuse("Measuring copies", {**taken, **shown})
    elif not data:
        refuse("The card", {**taken, **shown, "--into-card": into_card}, "name the music to measure on with --data")
    elif not (takes or only_takes):
        refuse("Measuring without takes", {"--most": taken["--most"], "--pictures": pictures}, "add --takes")
    shelved = Shelf(checkpoints).open(model)
    if copies:
        _copies(shelved, data or [], find(model, checkpoints) if into_card else None, as_json)
        return
    found: Report | PointReport | None = None
    if data:
        request = Request() if takes or only_takes else None
        if isinstance(shelved.network, LatentNetwork):
            found = report_on_points(shelved, data, split, request, most)
        else:
            found = report_on(shelved, data, split, request, most, nats=not only_takes)
        names = ", ".join(Path(path).name for path in data)
        figures, source = found.figures(), f"{found.pieces} pieces of the {split} split of {names}"
        figures = {f"{label} {name}".strip(): value for name, value in figures.items()}
        if into_card:
            card = replace(shelved.card, figures={**shelved.card.figures, **figures})
            save(find(model, checkpoints), shelved.network, card)
    else:
        figures, source = dict(shelved.card.figures), "card"
    values: dict[str, object] = {"model": shelved.name, "network": shelved.card.network, "from": source}
    values["figures"] = figures
    lines = [f"{shelved.name}, {source}:", *(f"  {name}: {value:g}" for name, value in figures.items())]
    if isinstance(found, Report):
        values |= found.ranges()
    compared = found.mimicry if found else ()
    if compared:
        values["takes"] = {each.task: each.figures() for each in compared}
        lines += [line for each in compared for line in _table(each)]
    if compared and pictures:
        drawn = [str(draw_distributions(each, shelved.name, pictures)) for each in compared]
        values["pictures"] = drawn
        lines += drawn
    answer(values, lines, as_json)


def _copies(shelved: Shelved, data: list[str], card: Path | None, as_json: bool) -> None:
    """Tell how long takes copy what their network learned from, beside how much people's own tunes share."""
    if not data:
        raise BadRequest("Measuring copies needs held-out music to go on from. Name it with --data.")
    figures = copying(shelved, load_corpora(data), Request()).figures()
    if card:
        told = {f"copies: {name}": value for name, value in figures.items()}
        save(card, shelved.network, replace(shelved.card, figures={**shelved.card.figures, **told}))
    values = {"model": shelved.name, "network": shelved.card.network, "copies": figures}
    lines = [f"{shelved.name}, notes in a row as learned from:", *(f"  {k}: {v:g}" for k, v in figures.items())]
    answer(values, lines, as_json)


def _table(found: Mimicry) -> list[str]:
    """A task's measures with their ranges: of the network's takes, of people's music, and of the baseline's takes."""
    whose = [who for who in ("network", "people", "markov") if any(who in row for row in found.measures.values())]
    rows = [(name, *(str(row.get(who, "")) for who in whose)) for name, row in found.measures.items()]
    rows = [(f"{found.task}, {found.takes} takes", *whose), *rows]
    return ["  " + f"{name:30}" + "".join(f"{value:>22}" for value in values) for name, *values in rows]
