"""What every subcommand prints: one JSON object on standard output with `--json`, lines for people without."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else.")]


def answer(values: dict[str, Any], lines: Iterable[str], as_json: bool) -> None:
    """Print a command's answer."""
    if as_json:
        sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines)


def warn(sentence: str) -> None:
    """Tell something on standard error."""
    sys.stderr.write(f"{sentence}\n")
