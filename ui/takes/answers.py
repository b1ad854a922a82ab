"""Answering what a browser asks between presses: with values, or with a sentence where it goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from composer.errors import ComposerError

Answer = dict[str, Any]
Asked = Mapping[str, Any]

_log = logging.getLogger(__name__)
_APOLOGY = "Something went wrong on our side, and it has been written down. Please try again."


def answering(run: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """Answer {"error": sentence} where it goes wrong: what a browser sends may be anything."""

    @wraps(run)
    def told(asked: Asked) -> Answer:
        try:
            return run(asked)
        except ComposerError as error:
            return {"error": str(error)}
        except Exception:
            _log.exception("an answer failed")
            return {"error": _APOLOGY}

    return told
