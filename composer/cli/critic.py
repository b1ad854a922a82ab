"""`composer critic`: how well a take follows from its seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from composer.api import critic as judge
from composer.cli.models import FolderOption
from composer.cli.output import JsonFlag, answer
from composer.cli.read import TrackOption
from composer.places import FOLDER
from composer.shelf import Shelf


def critic(
    seed: Annotated[Path, typer.Argument(metavar="SEED", help="A MIDI, MusicXML or ABC file: what went before.")],
    take: Annotated[Path, typer.Argument(metavar="TAKE", help="What anyone made of it, with the seed or without.")],
    model: Annotated[str, typer.Option(help="The gan (name or file) whose critic listens.")] = "gan",
    track: TrackOption = None,
    checkpoints: FolderOption = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Let the GAN's critic say how well a take follows from its seed, whoever or whatever wrote it.

    The figure is a rank: of 100 held-out phrases that people wrote next, how many the critic marked lower.
    """
    verdict = judge(seed, take, model, track, Shelf(checkpoints))
    bars = [
        f"  bars {mark.bar}-{mark.bar + 1}: above {mark.people:.0%} of what people wrote next, "
        f"{mark.strangers:.0%} of phrases from elsewhere"
        for mark in verdict.phrases
    ]
    answer({"seed": str(seed), "take": str(take), **verdict.to_json()}, [verdict.sentence, *bars], as_json)
