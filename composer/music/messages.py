"""What a reading process and its asker say to each other: JSON and bytes, each after its length in four bytes."""

from __future__ import annotations

import json
from typing import IO, Any

from composer.music.compact import from_plain, to_plain
from composer.music.reading import Reading
from composer.score import Key

Message = dict[str, Any]  # plain values, as JSON has them


def send(pipe: IO[bytes], message: Message, data: bytes = b"") -> None:
    """Write a message and bytes that go with it."""
    text = json.dumps(message).encode()
    pipe.write(len(text).to_bytes(4, "big") + text + len(data).to_bytes(4, "big") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[Message, bytes]:
    """Read a message and its bytes; EOFError where the other side has ended."""
    text = _exactly(pipe, int.from_bytes(_exactly(pipe, 4), "big"))
    return json.loads(text), _exactly(pipe, int.from_bytes(_exactly(pipe, 4), "big"))


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def plain_reading(reading: Reading) -> Message:
    """A reading as plain values."""
    return {
        "score": to_plain(reading.score),
        "source": reading.source,
        "key": str(reading.key) if reading.key else None,
        "remarks": reading.remarks,
        "recipe": reading.recipe,
        "tracks": reading.tracks,
        "style": reading.style,
    }


def reading_of(values: Message) -> Reading:
    """The reading of `plain_reading`'s values."""
    return Reading(
        from_plain(values["score"]),
        values["source"],
        Key.parse(values["key"]) if values["key"] else None,
        tuple(values["remarks"]),
        values["recipe"],
        tuple(values["tracks"]),
        values["style"],
    )
