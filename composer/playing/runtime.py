"""Networks of notes in ONNX Runtime: one engine for every trunk, and the bands of each kind of trunk.

Axes: B seats, T rows, C channels, N heads, R room for rows, D width of a head, L layers, H hidden width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidGraph, RuntimeException

from composer.card import Card, check_note_vocabulary
from composer.errors import BadCheckpoint
from composer.events.features import FIELDS, SLOT_FIELDS, SLOTS, Heard
from composer.events.rows import DURATION, HEAD_SIZES, MOVE, PITCH, POSITION, VOICE
from composer.kinds import OF_POINTS
from composer.playing.engine import Band, Begun, Floats, Known, Memory
from composer.playing.graph import Graph, Weights
from composer.playing.trunks import add_attention, add_head, add_recurrence, state_names
from composer.weights import load_weights

_ROW_BASE, _TIME_BASE = 10_000.0, 1_000.0  # as in `networks.attention`
_ROOM = 64  # rows by which the cache grows


class RuntimeEngine:
    """A network from the tensors of its checkpoint. `exact` computes in single precision throughout."""

    def __init__(self, settings: Mapping[str, Any], weights: Weights, exact: bool = False) -> None:
        self.settings, self._attends = dict(settings), "heads" in settings
        graphs = [Graph(weights, exact) for _ in range(1 + len(HEAD_SIZES))]
        trunk, *heads = graphs
        outputs = (add_attention if self._attends else add_recurrence)(trunk, self.settings)
        self._trunk = trunk.session(outputs)
        self._heads = [head.session(add_head(head, d, self.settings["channels"])) for d, head in enumerate(heads)]
        self._taken = {d: heads[d].single(f"head.taken.{d}") for d in (MOVE, POSITION, VOICE, PITCH)}
        self._last_pitch = heads[VOICE].single("head.last_pitch")
        self._kept = () if self._attends else state_names(self.settings, weights)
        if unknown := set(weights) - {name for graph in graphs for name in graph.used}:
            raise ValueError(f"weights that nothing uses: {', '.join(sorted(unknown))}")

    def hear(self, heard: Heard, begun: Begun | None = None) -> Memory:
        """See `Engine.hear`."""
        contexts, state = self.contexts(heard, begun)
        return Memory(Known(contexts[-1], heard.last[-1]), state)

    def contexts(self, heard: Heard, begun: Begun | None = None) -> tuple[Floats, Any]:
        """What is known after each row of a prompt (T, C), and the state after the last."""
        if self._attends:
            before = begun[0][0].shape[2] if begun else 0
            step = _AttentionStep(self._trunk, self.settings, 1, len(heard), before + len(heard))
            for cache, place in zip(step.caches, [each for pair in begun or () for each in pair], strict=False):
                cache[:, :, :before] = place
            contexts = step.run([heard], np.full(1, before, np.int32))
            return contexts[0], step.caches
        shape = (self.settings["layers"], 1, self.settings["hidden"])
        state = {name: np.zeros(shape, np.float32) for name in self._kept}
        contexts = np.empty((len(heard), self.settings["channels"]), np.float32)
        for row in range(len(heard)):
            contexts[row], state = _recurrent_step(self._trunk, heard.fields[row][None], heard.slots[row][None], state)
        return contexts, state

    def band(self) -> Band:
        """See `Engine.band`."""
        seats = _AttentionSeats(self._trunk, self.settings) if self._attends else _RecurrentSeats(self._trunk)
        return _RuntimeBand(seats, self._heads)

    def take(self, decision: int, value: int, known: Known) -> Known:
        """See `Engine.take`."""
        assert decision != DURATION, "nothing follows a duration"
        context = known.context + self._taken[decision][value]
        if decision == VOICE:
            context += self._last_pitch[known.last[value]]
        return Known(context, known.last)


PLAYED = ("rnn", "lstm", "transformer", "vae", "gan")  # kinds whose trunk there is a graph of
_SPELLING = ("embedding.", "trunk.", "norm.", "head.")  # what the names of weights begin with that spell notes
_UNFIT = (KeyError, ValueError, Fail, InvalidArgument, InvalidGraph, RuntimeException)


def load_engine(path: Path, card: Card) -> RuntimeEngine:
    """The network in a file, ready to play. Refuses missing, extra and misshapen weights."""
    check_note_vocabulary(path.name, card)
    try:
        settings, weights = card.settings, load_weights(path)
        if card.network == "gan":  # its autoencoder spells
            settings = settings["vae"]
            weights = {name.removeprefix("vae."): each for name, each in weights.items() if name.startswith("vae.")}
        if card.network in OF_POINTS:
            weights = {name: each for name, each in weights.items() if name.startswith(_SPELLING)}
        return RuntimeEngine(settings, weights)
    except _UNFIT as error:
        raise BadCheckpoint(f"{path.name}'s weights do not fit the network its card names. Train it anew.") from error


def _speeds(half: int) -> Floats:
    """By how much the pairs of a head (2, D / 2) turn from row to row, and from quarter to quarter."""
    steps = np.arange(half, dtype=np.float32) / np.float32(half)
    return np.stack([np.float32(_ROW_BASE) ** -steps, np.float32(2 * np.pi) * np.float32(_TIME_BASE) ** -steps])


class _RuntimeBand:
    """Seats of either kind of trunk, and the head with memory bound to it for so many rows at once."""

    def __init__(self, seats: _AttentionSeats | _RecurrentSeats, heads: Sequence[onnxruntime.InferenceSession]) -> None:
        self.join, self.leave, self.step = seats.join, seats.leave, seats.step
        self._heads = heads
        self._bound: dict[tuple[int, int], tuple[Any, Floats, Floats]] = {}

    def logits(self, decision: int, contexts: Sequence[Floats]) -> Floats:
        """See `Band.logits`."""
        key = decision, len(contexts)
        if key not in self._bound:
            asked = np.empty((len(contexts), len(contexts[0])), np.float32)
            answered = np.empty((len(contexts), HEAD_SIZES[decision]), np.float32)
            binding = self._heads[decision].io_binding()
            binding.bind_cpu_input("context", asked)
            binding.bind_output("logits", "cpu", 0, np.float32, answered.shape, answered.ctypes.data)
            self._bound[key] = binding, asked, answered
        binding, asked, answered = self._bound[key]
        for row, context in enumerate(contexts):
            asked[row] = context
        self._heads[decision].run_with_iobinding(binding)
        return answered


class _AttentionStep:
    """The Transformer's trunk with memory bound to it: T rows more for each of B seats, room for R rows in all."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        settings: Mapping[str, Any],
        seats: int,
        rows: int,
        room: int,
        caches: Sequence[Floats] | None = None,
    ) -> None:
        self.session, self.settings, self.rows = session, settings, rows
        heads, channels = settings["heads"], settings["channels"]
        shape = (seats, heads, room, channels // heads)
        self.caches = caches or [np.zeros(shape, np.float32) for _ in range(2 * settings["layers"])]
        angles = max(2 * seats * rows, 2 * heads)
        self._inputs: dict[str, np.ndarray[Any, Any]] = {
            "fields": np.zeros((seats, rows, len(FIELDS)), np.int32),
            "slots": np.zeros((seats, rows, SLOTS, len(SLOT_FIELDS)), np.int32),
            "cos": np.zeros((angles, shape[3] // 2), np.float32),
            "sin": np.zeros((angles, shape[3] // 2), np.float32),
            "turned": _turned(seats * rows, heads),
            "heard": np.zeros(seats, np.int32),
            "most": np.zeros((), np.int32),
        }
        self._context = np.zeros((seats, rows, channels), np.float32)
        self._turns = np.zeros((seats * rows, 2, 1), np.float32)  # number and onset of each row
        self._speeds = _speeds(shape[3] // 2)
        self._binding = self._bind(seats)

    def _bind(self, seats: int) -> Any:
        binding = self.session.io_binding()
        for name, array in self._inputs.items():
            binding.bind_cpu_input(name, array)
        for number, cache in enumerate(self.caches):
            name = f"{('keys', 'values')[number % 2]} %s{number // 2}"
            place = ("cpu", 0, np.float32, (seats, *cache.shape[1:]), cache.ctypes.data)
            binding.bind_input(name % "", *place)
            binding.bind_output(name % "after ", *place)
        context = self._context
        binding.bind_output("context", "cpu", 0, np.float32, context.shape, context.ctypes.data)
        return binding

    def run(self, heard: Sequence[Heard], lengths: np.ndarray[Any, Any]) -> Floats:
        """What is known (B, T, C), until it is run again, after the next rows of seats that have heard so many (B,)."""
        inputs, rows = self._inputs, self.rows
        for seat, more in enumerate(heard):
            inputs["fields"][seat], inputs["slots"][seat] = more.fields, more.slots
            place = slice(seat * rows, (seat + 1) * rows)
            self._turns[place, 0, 0] = np.arange(lengths[seat], lengths[seat] + rows)
            self._turns[place, 1, 0] = more.time
        angles = (self._turns * self._speeds).reshape(-1, self._speeds.shape[1])
        np.cos(angles, inputs["cos"][: len(angles)])
        np.sin(angles, inputs["sin"][: len(angles)])
        inputs["heard"][:] = lengths + rows - 1
        inputs["most"][...] = lengths.max() + rows
        self.session.run_with_iobinding(self._binding)
        return self._context


def _turned(places: int, heads: int) -> np.ndarray[Any, Any]:
    """Which angle each head of queries, then of keys, turns by (places, 2 N): half by the row, half by the onset."""
    first = 2 * np.arange(places, dtype=np.int32)[:, None]
    one = np.concatenate([np.zeros(heads // 2, np.int32), np.ones(heads - heads // 2, np.int32)])
    return first + np.concatenate([one, one])


class _AttentionSeats:
    """Seats of a Transformer: row b of every cache is a seat's, the seats in use before all others."""

    def __init__(self, session: onnxruntime.InferenceSession, settings: Mapping[str, Any]) -> None:
        self._session, self._settings = session, settings
        self._seats: list[int] = []  # which seat each row is
        self._lengths: list[int] = []
        self._next = 0
        self._caches: list[Floats] = []
        self._step: _AttentionStep | None = None

    def join(self, memory: Memory) -> int:
        """See `Band.join`."""
        length, row = memory.state[0].shape[2], len(self._seats)
        self._make_room(row + 1, length + 1)
        for cache, heard in zip(self._caches, memory.state, strict=True):
            cache[row, :, :length] = heard[0]
        self._seats.append(self._next)
        self._lengths.append(length)
        self._next += 1
        self._step = None
        return self._seats[-1]

    def leave(self, seat: int) -> None:
        """See `Band.leave`."""
        row, last = self._seats.index(seat), len(self._seats) - 1
        if row != last:
            for cache in self._caches:
                cache[row, :, : self._lengths[last]] = cache[last, :, : self._lengths[last]]
            self._seats[row], self._lengths[row] = self._seats[last], self._lengths[last]
        self._seats.pop()
        self._lengths.pop()
        self._step = None
        if not self._seats:
            self._caches = []

    def step(self, heard: Sequence[tuple[int, Heard]]) -> list[Known]:
        """See `Band.step`."""
        told = dict(heard)
        assert sorted(told) == sorted(self._seats), "every seat hears a row"
        self._make_room(len(self._seats), max(self._lengths) + 1)
        if self._step is None:
            room = self._caches[0].shape[2]
            self._step = _AttentionStep(self._session, self._settings, len(self._seats), 1, room, self._caches)
        lengths = np.array(self._lengths, np.int32)
        contexts = self._step.run([told[seat] for seat in self._seats], lengths).copy()
        self._lengths = [length + 1 for length in self._lengths]
        found = {seat: Known(contexts[row, 0], told[seat].last[0]) for row, seat in enumerate(self._seats)}
        return [found[seat] for seat, _ in heard]

    def _make_room(self, seats: int, rows: int) -> None:
        """Caches for so many seats and rows at least; what they hold is kept."""
        held, room = self._caches[0].shape[:3:2] if self._caches else (0, 0)
        if seats <= held and rows <= room:
            return
        heads = self._settings["heads"]
        grown = max(held, 1)
        while grown < seats:
            grown *= 2
        shape = (grown, heads, max(room, -(-rows // _ROOM) * _ROOM), self._settings["channels"] // heads)
        caches = [np.empty(shape, np.float32) for _ in range(2 * self._settings["layers"])]
        for old, new in zip(self._caches, caches, strict=False):
            new[:held, :, :room] = old
        self._caches, self._step = caches, None


def _recurrent_step(
    session: onnxruntime.InferenceSession, fields: np.ndarray[Any, Any], slots: np.ndarray[Any, Any], state: Any
) -> tuple[Floats, Any]:
    """One row more for every seat: fields (B, F) and slots (B, S, K) to contexts (B, C) and the state after them."""
    context, *after = session.run(None, {"fields": fields[:, None], "slots": slots[:, None], **state})
    return context, dict(zip(state, after, strict=True))


class _RecurrentSeats:
    """Seats of a recurrent network: row b of its state (L, B, H) is a seat's."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._seats: list[int] = []
        self._next = 0
        self._state: dict[str, Floats] = {}

    def join(self, memory: Memory) -> int:
        """See `Band.join`."""
        for name, heard in memory.state.items():
            self._state[name] = np.concatenate([self._state[name], heard], 1) if self._seats else heard
        self._seats.append(self._next)
        self._next += 1
        return self._seats[-1]

    def leave(self, seat: int) -> None:
        """See `Band.leave`."""
        row = self._seats.index(seat)
        self._seats.pop(row)
        self._state = {name: np.delete(held, row, 1) for name, held in self._state.items()}

    def step(self, heard: Sequence[tuple[int, Heard]]) -> list[Known]:
        """See `Band.step`."""
        told = dict(heard)
        assert sorted(told) == sorted(self._seats), "every seat hears a row"
        rows = [told[seat] for seat in self._seats]
        fields, slots = (np.concatenate(parts) for parts in ([h.fields for h in rows], [h.slots for h in rows]))
        contexts, self._state = _recurrent_step(self._session, fields, slots, self._state)
        found = {seat: Known(contexts[row], told[seat].last[0]) for row, seat in enumerate(self._seats)}
        return [found[seat] for seat, _ in heard]
