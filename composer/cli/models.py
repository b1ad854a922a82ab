"""`composer models`: every checkpoint there is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from composer.card import Checkpoint, available, damaged
from composer.cli.output import JsonFlag, answer
from composer.kinds import KINDS
from composer.places import CHECKPOINTS_VARIABLE, FOLDER

FolderOption = Annotated[
    Path,
    typer.Option("--checkpoints", help="The folder of checkpoints.", envvar=CHECKPOINTS_VARIABLE, show_default=False),
]


def models(checkpoints: FolderOption = FOLDER, as_json: JsonFlag = False) -> None:
    """List every checkpoint: network, tasks, parameters, corpus, licence, figures."""
    found = available(checkpoints)
    lines = [line for checkpoint in found for line in _lines(checkpoint)]
    troubles = damaged(checkpoints)
    lines += troubles
    answer(
        {"models": [_values(c) for c in found], "troubles": troubles},
        lines or [f"There is no checkpoint in {checkpoints}."],
        as_json,
    )


def _values(checkpoint: Checkpoint) -> dict[str, Any]:
    card = checkpoint.card
    return {
        "name": checkpoint.name,
        "network": card.network,
        "tasks": list(KINDS[card.network].tasks),
        "parameters": card.parameters,
        "corpus": card.corpus,
        "licence": card.licence,
        "trained": card.trained,
        "figures": dict(card.figures),
    }


def _lines(checkpoint: Checkpoint) -> list[str]:
    card = checkpoint.card
    kind = KINDS[card.network]
    figures = ", ".join(f"{name} {value:g}" for name, value in card.figures.items())
    return [
        f"{checkpoint.name}: {kind.summary}",
        f"  {card.parameters:,} parameters; tasks: {', '.join(kind.tasks)}; trained {card.trained}",
        f"  {figures}",
    ]
