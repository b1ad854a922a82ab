"""The command line: `composer …`, the same as `python -m composer`."""

from composer.cli.main import main

__all__ = ["main"]
