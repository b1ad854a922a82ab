"""Gradio's queue with turns by visitor: nothing begins that nobody listens to, and no session holds every place.

What was pressed waits apart until its session opens the stream that tells of it; what nobody has listened to for
`UNHEARD` seconds is forgotten.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import fastapi
import gradio as gr
from gradio.block_function import BlockFunction
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Event, Queue
from gradio.server_messages import EventMessage, ProcessCompletedMessage

from composer.page.serving.metrics import Press
from composer.page.serving.turns import Rounds, Visitor

UNHEARD = 20.0  # seconds
_EACH_OTHER = 20  # presses of one session that may wait for each thing other than a place to write
_MOST_UNHEARD = 200  # of all sessions
_MANY = "You have pressed a great deal at once. Wait for what is being made, then press again."
_FULL = "Many people are composing here just now. Please press again in a minute."


class Listeners:
    """Which sessions have a stream open, and whom to tell when one opens its first."""

    def __init__(self, on_come: Callable[[str], None] = lambda session: None) -> None:
        self._open: Counter[str] = Counter()
        self._on_come = on_come

    def __contains__(self, session: str) -> bool:
        return self._open[session] > 0

    def come(self, session: str) -> None:
        """A session opens a stream."""
        self._open[session] += 1
        self._on_come(session)

    def go(self, session: str) -> None:
        """It closes one."""
        self._open[session] -= 1
        if self._open[session] <= 0:
            del self._open[session]


class FairQueue(Queue):
    """The queue. It takes the place of the one that a page was given."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self.listeners = Listeners(self._heard)
        self.each = 2  # presses of one session that may wait for a place to write
        self.on_press: list[Callable[[Press], None]] = []  # who is told of each press that has ended
        self._completed: dict[str, bool] = {}  # whether it went well, of each press that is worked on
        self._unheard: list[tuple[float, Event]] = []
        self._rounds: dict[str, Rounds[Event]] = {}

    @classmethod
    def for_page(cls, page: gr.Blocks, each: int = 2) -> FairQueue:
        """The page's queue, of the same size, with turns; `each` presses of a session may wait for a place to write."""
        old = page._queue
        queue = cls(
            live_updates=old.live_updates,
            concurrency_count=old.max_thread_count,
            update_intervals=old.update_intervals,
            max_size=old.max_size,
            blocks=page,
            default_concurrency_limit=old.default_concurrency_limit,
        )
        queue.each = each
        return queue

    @property
    def working(self) -> int:
        """How many presses are worked on."""
        return sum(len(job) for job in self.active_jobs if job)

    def send_message(self, event: Event, event_message: EventMessage) -> None:
        """Tell a visitor's page how its press is doing."""
        if isinstance(event_message, ProcessCompletedMessage):
            self._completed[event._id] = event_message.success
        super().send_message(event, event_message)

    async def process_events(self, events: list[Event], batch: bool, begin_time: float, fn: BlockFunction) -> None:
        """Work on presses until they have ended, however that is."""
        began = time.monotonic()
        try:
            await super().process_events(events, batch, begin_time, fn)
        finally:
            for event in events:
                outcome = {True: "done", False: "failed", None: "left"}[self._completed.pop(event._id, None)]
                press = Press(str(fn.api_name), outcome, began - event.enqueue_time, time.monotonic() - began)
                for told in self.on_press:
                    told(press)

    async def push(self, body: PredictBodyInternal, request: fastapi.Request, username: str | None) -> Any:
        """Take a press, or refuse it with a sentence."""
        self._forget_unheard()
        refusal = self._refusal(body)
        if refusal:
            return False, refusal, "queue_full"
        answer = await super().push(body, request, username)
        if not answer[0]:
            return answer
        event = self.event_ids_to_events.get(str(answer[1]))
        waiting = self.event_queue_per_concurrency_id[event.concurrency_id].queue if event else []
        if event in waiting and event.session_hash not in self.listeners:
            waiting.remove(event)
            self._unheard.append((time.monotonic(), event))
        return answer

    def _refusal(self, body: PredictBodyInternal) -> str | None:
        if self.max_size is not None and len(self) >= self.max_size:
            return _FULL
        fn = self.blocks.fns.get(body.fn_index) if body.fn_index is not None else None
        if fn is None or body.session_hash is None:
            return None
        held = self.event_queue_per_concurrency_id.get(fn.concurrency_id)
        waiting = [*(held.queue if held else []), *(event for _, event in self._unheard)]
        mine = sum(e.session_hash == body.session_hash and e.concurrency_id == fn.concurrency_id for e in waiting)
        return _MANY if mine >= (self.each if fn.concurrency_id == "writing" else _EACH_OTHER) else None

    def _heard(self, session: str) -> None:
        """A session listens: what it pressed may begin."""
        for entry in [entry for entry in self._unheard if entry[1].session_hash == session]:
            self._unheard.remove(entry)
            self.event_queue_per_concurrency_id[entry[1].concurrency_id].queue.append(entry[1])

    def _forget_unheard(self) -> None:
        old = time.monotonic() - UNHEARD
        spare = max(0, len(self._unheard) - _MOST_UNHEARD + 1)  # who means to listen does so within a blink
        for entry in [entry for n, entry in enumerate(self._unheard) if n < spare or entry[0] < old]:
            self._unheard.remove(entry)
            event = entry[1]
            self.event_ids_to_events.pop(event._id, None)
            self.pending_event_ids_session.get(event.session_hash, set()).discard(event._id)
            if not self.pending_event_ids_session.get(event.session_hash):
                self.pending_event_ids_session.pop(event.session_hash, None)
                self.pending_messages_per_session.pop(event.session_hash, None)

    def get_events(self) -> tuple[list[Event], bool, str] | None:
        """What begins next: of each kind, whoever's turn it is; one press a session at a time."""
        working = {(e.concurrency_id, _visitor(e)) for job in self.active_jobs if job for e in job}
        for kind, waiting in self.event_queue_per_concurrency_id.items():
            limit = waiting.concurrency_limit
            if not waiting.queue or (limit is not None and waiting.current_concurrency >= limit):
                continue
            able = [(_visitor(e), e) for e in waiting.queue if (kind, _visitor(e)) not in working]
            if able:
                rounds = self._rounds.setdefault(kind, Rounds())
                event = rounds.order(able)[0]
                waiting.queue.remove(event)
                rounds.had(_visitor(event))
                return [event], False, kind
        return None


def _visitor(event: Event) -> Visitor:
    client = event.request.client
    return Visitor(client.host if client else "", event.session_hash)
