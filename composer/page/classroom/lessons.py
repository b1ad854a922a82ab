"""What goes on inside of a take, as plain values for the browser; and what rooms are asked.

Nothing is remembered of a take: it is written once more from its seed, settings and turns, which come with every
question. Long rows of numbers travel as base64: logits as 16-bit whole numbers of 1/256 nat below the highest of their
decision, shares and values of layers as bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from composer.classroom.looking import Look, Turn, look
from composer.errors import BadRequest
from composer.events.features import FIELDS, OFFSETS
from composer.events.rows import CHORD_MOVE, DECISIONS, DURATIONS, MOVE
from composer.kinds import OF_NOTES
from composer.networks import NoteNetwork
from composer.networks.notes import HeardBatch
from composer.page.classroom.comparing import given_of, request_of, shown, sounding
from composer.page.classroom.rooms import Rooms
from composer.page.seeds.seeds import Seed
from composer.page.takes.answers import Answer, Asked, Question, answering
from composer.page.takes.session import seed_from
from composer.page.wire import (
    Lesson,
    LessonLayer,
    RoomCode,
    RoomKey,
    RoomNames,
    RoomRound,
    RoomVote,
    checked,
)
from composer.shelf import Shelf
from composer.sound import Wanted

_STEP = 256  # of a nat
_PITCH, _MOVE = (list(FIELDS).index(name) for name in ("pitch", "move"))


@dataclass(frozen=True)
class Lessons:
    """Answers about takes of the shelf's networks."""

    shelf: Shelf

    def questions(self) -> list[Question]:
        """What a browser may ask, by the functions' names."""

        @answering("looking")
        def look_inside(asked: Asked, wanted: Wanted) -> Answer:
            lesson = checked(Lesson, asked)
            seed, seen = self._look(lesson)
            answer = {**shown(seen.take, seed, lesson.network), "steps": steps_told(seen), "home": seen.home}
            answer["durations"] = list(DURATIONS)
            card = self.shelf.take(lesson.network).card
            answer["layers"] = card.settings["layers"] if card.network in OF_NOTES else 0
            return answer

        @answering("looking")
        def take_sound(asked: Asked, wanted: Wanted) -> Answer:
            return sounding(self._look(checked(Lesson, asked))[1].take)

        @answering("looking")
        def layer_inside(asked: Asked, wanted: Wanted) -> Answer:
            lesson = checked(LessonLayer, asked)
            _, seen = self._look(lesson)
            shelved = self.shelf.take(lesson.network)
            network = shelved.network
            if shelved.card.network not in OF_NOTES or not isinstance(network, NoteNetwork):
                raise BadRequest(f"{lesson.network} writes from points, and has no such layers to look into.")
            return layer_told(seen, network, lesson.layer)

        return [look_inside, take_sound, layer_inside]

    def _look(self, lesson: Lesson) -> tuple[Seed, Look]:
        seed = given_of(seed_from(lesson.seed), 0)
        turns = [Turn(turn.row, turn.decision, turn.value) for turn in lesson.turns]
        return seed, look(seed.reading, request_of(lesson), self.shelf.take(lesson.network), turns)


def steps_told(seen: Look) -> list[dict[str, Any]]:
    """Every row of a take that is a note, with the chances of its decisions; pitches are those that sound."""
    notes = iter(seen.take.new_notes)
    told = []
    for number, step in enumerate(seen.steps):
        is_note = step.row[MOVE] < CHORD_MOVE
        note = next(notes, None) if is_note else None
        told.append(
            {
                "row": number,
                "note": [note.onset, note.pitch, note.duration] if note else None,
                "surprise": round(step.surprise, 3),
                "entropy": round(step.entropy, 3),
                "decided": [
                    {
                        "name": DECISIONS[each.decision],
                        "decision": each.decision,
                        "logits": packed_logits(each.logits),
                        "left": ranges(each.left),
                        "value": each.value,
                    }
                    for each in step.decided
                ],
            }
        )
    return told


def layer_told(seen: Look, network: NoteNetwork, layer: int) -> Answer:
    """What went on in a layer before each row of the take was written: attention by head, or values and gates."""
    rows: list[dict[str, Any]] = []
    insides = [network.inside(HeardBatch.of(heard)) for heard in seen.parts]
    places = [places_of(seen, part) for part in range(len(seen.parts))]
    for step in seen.steps:
        inside, before = insides[step.part], step.heard - 1
        row: dict[str, Any] = {"part": step.part}
        if inside.attention is not None:
            weights = inside.attention[_within(layer, len(inside.attention)), :, before, : before + 1].numpy()
            row["heads"] = [packed_bytes(255 * head) for head in weights]
        if inside.hidden is not None:
            row["hidden"] = packed_bytes(
                127.5 + 127.5 * inside.hidden[_within(layer, len(inside.hidden)), before].numpy()
            )
            row["gates"] = {
                name: packed_bytes(255 * gate[layer, before].numpy()) for name, gate in inside.gates.items()
            }
        rows.append(row)
    return {"layer": layer, "rows": rows, "places": places}


def _within(layer: int, layers: int) -> int:
    if layer >= layers:
        raise BadRequest(f"There is no layer {layer + 1}; this network has {layers}.")
    return layer


def places_of(seen: Look, part: int) -> list[list[int] | None]:
    """Where the rows that were heard stand: onset in ticks and pitch as it sounds; None for what is no note."""
    heard, found = seen.parts[part], []
    for fields, time in zip(heard.fields, heard.time, strict=True):
        move = int(fields[_MOVE]) - OFFSETS["move"]
        note = 0 <= move < CHORD_MOVE and fields[_PITCH]
        pitch = int(fields[_PITCH]) - OFFSETS["pitch"] - seen.home
        found.append([seen.starts[part] + round(float(time) * 24), pitch] if note else None)
    return found


def packed_logits(logits: npt.NDArray[np.float64]) -> str:
    """Logits (V,) as 16-bit numbers of 1/256 nat, the highest at nought."""
    below = np.clip(np.rint((logits - logits.max()) * _STEP), -32_000, 0).astype("<i2")
    return base64.b64encode(below.tobytes()).decode()


def packed_bytes(values: npt.NDArray[np.floating[Any]]) -> str:
    """Values (H,) from 0 to 255 as bytes."""
    return base64.b64encode(np.clip(np.rint(values), 0, 255).astype(np.uint8).tobytes()).decode()


def ranges(left: Sequence[int] | npt.NDArray[np.int64]) -> list[list[int]]:
    """Rising whole numbers as ranges, first and last of each."""
    found: list[list[int]] = []
    for value in (int(value) for value in left):
        if found and value == found[-1][1] + 1:
            found[-1][1] = value
        else:
            found.append([value, value])
    return found


def room_questions(rooms: Rooms) -> list[Question]:
    """What teachers and pupils may ask of the rooms."""

    @answering("quick")
    def open_room(asked: Asked, wanted: Wanted) -> Answer:
        code, key = rooms.open()
        return {"code": code, "key": key}

    @answering("quick")
    def close_room(asked: Asked, wanted: Wanted) -> Answer:
        sent = checked(RoomKey, asked)
        rooms.close(sent.code, sent.key)
        return {}

    @answering("quick")
    def begin_round(asked: Asked, wanted: Wanted) -> Answer:
        sent = checked(RoomRound, asked)
        return asdict(rooms.ask(sent.code, sent.key, sent.choices, sent.people))

    @answering("quick")
    def tell_names(asked: Asked, wanted: Wanted) -> Answer:
        sent = checked(RoomNames, asked)
        return asdict(rooms.reveal(sent.code, sent.key, tuple(sent.names)))

    @answering("quick")
    def count_votes(asked: Asked, wanted: Wanted) -> Answer:
        sent = checked(RoomKey, asked)
        return asdict(rooms.count(sent.code, sent.key))

    @answering("quick")
    def join_room(asked: Asked, wanted: Wanted) -> Answer:
        return {"key": rooms.join(checked(RoomCode, asked).code)}

    @answering("quick")
    def look_at_round(asked: Asked, wanted: Wanted) -> Answer:
        sent = checked(RoomKey, asked)
        return asdict(rooms.look(sent.code, sent.key))

    @answering("quick")
    def vote(asked: Asked, wanted: Wanted) -> Answer:
        sent = checked(RoomVote, asked)
        return asdict(rooms.vote(sent.code, sent.key, sent.round, sent.keep, sent.guess))

    return [open_room, close_room, begin_round, tell_names, count_votes, join_room, look_at_round, vote]
