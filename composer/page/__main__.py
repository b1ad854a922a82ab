"""`motif`, or `python -m composer.page`: the command that opens the page."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from composer.errors import ComposerError

app = typer.Typer(name="motif", add_completion=False, pretty_exceptions_enable=False)


@app.command()
def motif(
    host: Annotated[
        str | None,
        typer.Option(help="The address to listen at; 0.0.0.0 for every one (default: this machine alone)."),
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port to listen at (default: the first free one from 7860).")
    ] = None,
    browse: Annotated[bool, typer.Option("--browse", help="Open the page in this machine's browser.")] = False,
    settings: Annotated[
        bool, typer.Option("--settings", help="Print the table of all settings of the server, and leave.")
    ] = False,
) -> None:
    """Open Motif's page: give it a tune, and a neural network writes what comes next.

    What a server may be set to stands in variables MOTIF_…: see --settings.
    """
    from composer.page.serving.host import Host, table  # and below, Gradio and PyTorch: help does not wait for them

    if settings:
        sys.stdout.write(table())
        return
    chosen = Host.of(os.environ)
    from composer.page.app import serve

    serve(chosen, host, port, browse)


def main() -> None:
    """Run the command; exits with 2 and one sentence on standard error where a setting is wrong."""
    try:
        app()
    except ComposerError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
