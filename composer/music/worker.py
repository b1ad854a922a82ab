"""The process in which files are read and scores engraved: `python -m composer.music.worker`, spoken to through pipes.

It ends when nobody speaks to it any more. Its memory is bounded where the system can do so, and it leaves the
processor to others first as far as its argument (a niceness) says.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from composer.errors import UnreadableMusic
from composer.music.compact import score_of
from composer.music.engraving import engrave, engrave_pages
from composer.music.front import read_here, tunes_here
from composer.music.limits import READ_MEGABYTES
from composer.music.messages import Message, plain_reading, receive, send
from composer.music.musicxml import write_musicxml
from composer.music.recording import samples_of
from composer.score import Note


def main() -> None:
    """Answer one request after the other: what was asked for, a sentence, or how it failed."""
    ask, answer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints says nothing to the asker
    _bound_memory()
    with contextlib.suppress(OSError, AttributeError):
        os.nice(int(sys.argv[1]))
    send(answer, {"ready": True})
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            request, data = receive(ask)
            _alarm(2 * round(request["seconds"]), request.get("processor", 0))
            send(answer, *_answer(request, data))
            _alarm(0, 0)


def _answer(request: Message, data: bytes) -> tuple[Message, bytes]:
    try:
        return _ANSWERS[request["asked"]](request, data)
    except UnreadableMusic as refusal:
        return {"refused": str(refusal)}, b""
    except MemoryError:
        return {"refused": f"Reading this file takes more than {READ_MEGABYTES} MB of memory. Bring a part of it."}, b""
    except Exception:
        return {"failed": traceback.format_exc()}, b""


def _reading(request: Message, data: bytes) -> tuple[Message, bytes]:
    return {"reading": plain_reading(read_here(data, request["tune"]))}, b""


def _tunes(request: Message, data: bytes) -> tuple[Message, bytes]:
    return {"tunes": tunes_here(data)}, b""


def _samples(request: Message, data: bytes) -> tuple[Message, bytes]:
    with _silenced():
        return {}, samples_of(data).tobytes()


def _musicxml(request: Message, data: bytes) -> tuple[Message, bytes]:
    new = [(voice, Note(*note)) for voice, *note in request["new"]]
    return {}, write_musicxml(score_of(json.loads(data)), new)


def _engraving(request: Message, data: bytes) -> tuple[Message, bytes]:
    engraving = engrave(score_of(json.loads(data)), request["width"])
    return {"notes": engraving.notes, "heads": engraving.heads}, engraving.svg.encode()


def _pages(request: Message, data: bytes) -> tuple[Message, bytes]:
    return {}, json.dumps(engrave_pages(score_of(json.loads(data)))).encode()


_ANSWERS = {
    "reading": _reading,
    "tunes": _tunes,
    "samples": _samples,
    "musicxml": _musicxml,
    "engraving": _engraving,
    "pages": _pages,
}


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """Nothing reaches the log: decoders written in C tell there of every damaged byte."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _alarm(seconds: int, processor: float) -> None:
    """End this process by then, should its asker no longer be there to do so; 0 takes it back.

    `processor` are seconds of the processor: what has to wait for others does not lose by it.
    """
    with contextlib.suppress(AttributeError):
        signal.alarm(seconds)
        signal.setitimer(signal.ITIMER_PROF, processor)


def _bound_memory() -> None:
    """Allow so much beyond what Python and its libraries have taken by now."""
    with contextlib.suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most = now + READ_MEGABYTES * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
