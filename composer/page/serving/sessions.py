"""What Gradio holds of sessions: a bounded number, those whose page is closed given up first."""

from __future__ import annotations

from contextvars import ContextVar
from copy import copy
from datetime import datetime
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

from composer.page.serving.queue import Listeners

# Set by the guard while a question between presses is answered, or a press put into the queue: neither needs anything
# of its session, and building one takes as long as twenty answers. What is begun later builds it.
QUESTION: ContextVar[bool] = ContextVar("question", default=False)


class Session(SessionState):
    """What is held of one session: its states, and the components that were changed for it.

    Gradio keeps beside that how the whole page looks to the session, for links that this page does not offer. Made of
    every component anew it takes a third of a newcomer's first press, and holds every take a second time.
    """

    def begun(self, blocks: gr.Blocks) -> Session:
        """Another session that has just begun; this one must be untouched."""
        session = copy(self)
        session.blocks_config = copy(blocks.default_config)
        # The one that `__setitem__` asks for how a component looks.
        session.blocks_config.config_for_block = lambda *_: {}  # type: ignore[method-assign]
        session.config_values, session.state_data, session._state_ttl = {}, {}, {}
        return session

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass


class Sessions(StateHolder):
    """The holder. `pages` are the sessions whose page is open: made-up ones take no place from them."""

    def __init__(self, blocks: gr.Blocks, most: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.pages = Listeners()
        self.set_blocks(blocks)
        self.capacity = most
        self._untouched = Session(blocks)

    def __getitem__(self, session_id: str) -> SessionState:
        """What is held of a session; for a question of one that nothing is held of, the page as it begins."""
        if QUESTION.get() and session_id not in self.session_data:
            return self._untouched
        if session_id not in self.session_data:
            self.session_data[session_id] = self._untouched.begun(self.blocks)
        self.update(session_id)
        self.time_last_used[session_id] = datetime.now()
        return self.session_data[session_id]

    def update(self, session_id: str) -> None:
        """Note that a session was used, and give up another as long as there are too many."""
        with self.lock:
            if session_id in self.session_data:
                self.session_data.move_to_end(session_id)
            while len(self.session_data) > self.capacity:
                others = [name for name in self.session_data if name != session_id]
                closed = next((name for name in others if name not in self.pages), others[0])
                del self.session_data[closed]
                self.time_last_used.pop(closed, None)
