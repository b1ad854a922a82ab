"""`composer fuzz`: thousands of damaged and hostile files, read or refused in words, and in time."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer
from tqdm import tqdm

from composer.cli.output import JsonFlag, answer, warn
from composer.music.limits import READ_MEGABYTES, READ_SECONDS


def fuzz(
    cases: Annotated[int, typer.Option(min=1, help="How many files.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same files.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Have damaged and hostile files read; exits with 1 if one is neither read nor refused in words."""
    from composer.music.fuzz import fuzz as tried

    began = time.perf_counter()
    with tqdm(total=cases, unit="file", disable=not sys.stderr.isatty()) as bar:
        outcome = tried(cases, seed, lambda number: bar.update(number - bar.n))
    seconds = time.perf_counter() - began
    for fault in outcome.faults[:50]:
        warn(fault)
    values = {
        "cases": outcome.cases,
        "read": outcome.read,
        "refused": outcome.refused,
        "faults": outcome.faults,
        "slowest": round(outcome.slowest, 3),
        "seconds": round(seconds, 1),
    }
    lines = (
        f"{outcome.cases} files in {seconds:.0f} s: {outcome.read} read, {outcome.refused} refused in words, "
        f"{len(outcome.faults)} faults",
        f"The slowest took {outcome.slowest:.2f} s; {READ_SECONDS:.0f} s and {READ_MEGABYTES} MB are allowed.",
    )
    answer(values, lines, as_json)
    if not outcome.holds:
        raise typer.Exit(1)
