"""What a visitor is told when something goes wrong: the one place where errors become sentences."""

from __future__ import annotations

import logging

from composer.errors import ComposerError
from composer.page.serving.folder import FULL, is_full

APOLOGY = "Something went wrong on our side, and it has been written down. Please try again."
_log = logging.getLogger(__name__)


def told_of_error(error: Exception) -> str:
    """Our own sentence, a word of the full disk, or for a bug an apology, with its traceback in the log."""
    if isinstance(error, ComposerError):
        return str(error)
    if isinstance(error, OSError) and is_full(error):
        _log.warning("the disk is full")
        return FULL
    _log.error("something failed", exc_info=error)
    return APOLOGY
