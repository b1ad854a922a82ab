"""What Gradio holds of sessions: a bounded number, those whose page is closed given up first."""

from __future__ import annotations

from contextvars import ContextVar

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

from composer.page.serving.queue import Listeners

# Set by the guard while a question between presses is answered, or a press put into the queue: neither needs anything
# of its session, and building one takes as long as twenty answers. What is begun later builds it.
QUESTION: ContextVar[bool] = ContextVar("question", default=False)
MOST = 400  # sessions, of about half a megabyte each


class Sessions(StateHolder):
    """The holder. `pages` are the sessions whose page is open: made-up ones take no place from them."""

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.pages = Listeners()
        self.set_blocks(blocks)
        self.capacity = MOST
        self._untouched = SessionState(blocks)

    def __getitem__(self, session_id: str) -> SessionState:
        """What is held of a session; for a question of one that nothing is held of, the page as it begins."""
        if QUESTION.get() and session_id not in self.session_data:
            return self._untouched
        held: SessionState = super().__getitem__(session_id)
        return held

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
