"""Gradio's page, with the values of its components told in words where a browser sends what they cannot hold."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState

from composer.page.serving.told import told_of_error

_log = logging.getLogger(__name__)
_LONGEST = 200  # letters of what is told
_NOT_HELD = "What the page sent is nothing that its controls can hold. Reload the page and try again."


class Page(gr.Blocks):
    """The page: a wrong choice is the browser's fault, told without a traceback and cut to a line."""

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: list[Any], state: SessionState | None, explicit_call: bool = False
    ) -> list[Any]:
        """What components make of the values that a browser sent."""
        try:
            values: list[Any] = await super().preprocess_data(block_fn, inputs, state, explicit_call)
            return values
        except gr.Error as error:
            told = str(error.message)
            raise gr.Error(told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…", print_exception=False) from None
        except OSError as error:
            raise gr.Error(told_of_error(error), print_exception=False) from None
        except Exception as error:
            _log.warning("values that no control holds: %s", type(error).__name__)
            raise gr.Error(_NOT_HELD, print_exception=False) from None
