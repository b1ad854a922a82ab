"""What every subcommand prints: one JSON object on standard output with `--json`, lines for people without."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from composer.errors import BadRequest

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else.")]


def answer(values: dict[str, Any], lines: Iterable[str], as_json: bool) -> None:
    """Print a command's answer."""
    if as_json:
        sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines)


def refuse(who: str, flags: Mapping[str, object], instead: str = "leave it out") -> None:
    """BadRequest where one of the flags that `who` has no use for was given: where its value is not nothing."""
    for flag, given in flags.items():
        if given:
            raise BadRequest(f"{who} has no use for {flag}: {instead}.")


def warn(sentence: str) -> None:
    """Tell something on standard error."""
    sys.stderr.write(f"{sentence}\n")
