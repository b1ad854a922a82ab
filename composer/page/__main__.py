"""`motif`, or `python -m composer.page`: the command that opens the page."""

from __future__ import annotations

from typing import Annotated

import typer

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
) -> None:
    """Open Motif's page: give it a tune, and a neural network writes what comes next.

    GRADIO_SERVER_NAME and GRADIO_SERVER_PORT say the same for who starts it by a script.
    """
    from composer.page.app import serve  # Gradio and PyTorch: who asks for help does not wait for them

    serve(host, port, browse)


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
