"""The program: its subcommands, and the one place where errors become sentences and exit status 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import torch
import typer

from composer.cli import (
    benchmark,
    compose,
    critic,
    data,
    evaluate,
    fingerprints,
    fuzz,
    library,
    models,
    originality,
    read,
    similar,
    style,
    train,
)
from composer.cli.output import warn
from composer.errors import ComposerError

# The root of typer's own errors, which has moved between click and typer itself.
_UsageError: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")

app = typer.Typer(
    name="composer",
    help="Compose with neural networks: a few bars go in, and the piece goes on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _module in (
    compose,
    read,
    style,
    similar,
    originality,
    critic,
    models,
    data,
    train,
    evaluate,
    benchmark,
    fingerprints,
    library,
    fuzz,
):
    app.command()(getattr(_module, _module.__name__.rpartition(".")[2]))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program; exits with 0, or with 2 and one sentence on standard error."""
    torch.set_num_threads(1)  # one token at a time, two threads wait for each other more than they work
    try:
        status = app(arguments, standalone_mode=False)
    except ComposerError as error:
        warn(str(error))
        sys.exit(2)
    except _UsageError as error:
        warn(error.format_message())
        sys.exit(2)
    except OSError as error:  # a file or folder of the visitor's that cannot be written
        warn(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}. Choose another place.")
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        warn("Stopped.")
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
