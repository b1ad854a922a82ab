"""The program: its subcommands, and the one place where errors become sentences and exit status 2.

A subcommand is imported when it is called: who asks for help or writes a take does not wait for what trains.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from composer.cli.output import warn
from composer.errors import ComposerError

# The root of typer's own errors, which has moved between click and typer itself.
_UsageError: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")

# The subcommands: each is the function of its name in the module of its name, and says of itself in its first line …
COMMANDS = {
    "compose": "Go on from a seed (or from nothing), and write each take as MIDI and WAV.",
    "read": "Tell what was read from a file, repaired and dropped.",
    "style": "Tell the likeliest styles of a melody, and the bars that speak for the first.",
    "similar": "Name the library's tunes that are most like a melody, in any key and at any speed.",
    "originality": "Find the longest passage of a file, in any key and at any speed, in the music that was learned.",
    "critic": "Let the GAN's critic say how well a take follows from its seed, whoever or whatever wrote it.",
    "reach": "Tell how much moving one note of the past, so many notes back, changes the chances of the next pitch.",
    "models": "List every checkpoint: network, tasks, parameters, corpus, licence, figures.",
    "data": "Read a folder of music once and keep it in one file, which `composer train --data` takes in its place.",
    "train": "Train a network on your own music; stop it at any moment and go on with --resume.",
    "evaluate": "Measure a network on held-out pieces; without --data, tell what its card says.",
    "benchmark": "Reproduce a published benchmark, or measure speed: our figures beside the published ones.",
    "fingerprints": "Take fingerprints of a corpus, for `composer originality`: only hashes with piece and place.",
    "library": "Build the library of tunes from the collections in music21's wheel; takes about ten minutes.",
    "fuzz": "Have damaged and hostile files read; exits with 1 if one is neither read nor refused in words.",
}


class _Commands(TyperGroup):
    """The subcommands by name; what is known of them without importing them is what `--help` prints."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What is listed."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """What is called."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and command_of(name), rest


def command_of(name: str) -> Any:
    """A subcommand, imported."""
    single = typer.Typer(add_completion=False)
    single.command(name)(getattr(importlib.import_module(f"composer.cli.{name}"), name))
    return typer.main.get_command(single)


app = typer.Typer(
    name="composer",
    cls=_Commands,
    help="Compose with neural networks: a few bars go in, and the piece goes on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _composer() -> None:
    """Take what every subcommand takes: nothing."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program; exits with 0, or with 2 and one sentence on standard error."""
    # One note at a time, two threads wait for each other more than they work; read by PyTorch when it is imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
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
