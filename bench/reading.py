"""What reading costs: good files in a process of their own and here, hostile ones, and a Compose beside them.

    python -m bench.reading [--model lstm] [--rounds 7]

Hostile files are those of findings that held the page for minutes when it read with other libraries, and the dearest
that the limits allow. "Beside" is one Compose of a bar while two threads have hostile files read without a pause.
"""

from __future__ import annotations

import argparse
import io
import statistics
import struct
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import composer
from composer.errors import UnreadableMusic
from composer.music import read, write_midi, write_musicxml
from composer.music.front import read_here
from composer.shelf import Shelf

_ABC = "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n"
_NOTE = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>"
_XML = (
    "<score-partwise><part-list><score-part id='P'/></part-list><part id='P'><measure>{}</measure></part>"
    "</score-partwise>"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="lstm")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    read(write_midi(read_here(_good()["a tune, ABC"]).score))  # the first starts the process
    print("good files, milliseconds: here, in a process of its own")
    for name, data in _good().items():
        here, there = (_median(lambda: f(data), 5 * asked.rounds) * 1000 for f in (read_here, read))  # noqa: B023
        print(f"  {name:40} {here:7.1f} {there:7.1f}")
    print("hostile files, seconds until answered")
    for name, data in _hostile().items():
        began = time.perf_counter()
        try:
            said = f"read: {read(data).summary()}"
        except UnreadableMusic as refusal:
            said = str(refusal)
        print(f"  {name:40} {time.perf_counter() - began:7.2f}  {said[:90]}")
    seed, shelf = read(_good()["a tune, ABC"]), Shelf()
    request = composer.Request(task="vary", seed=7) if asked.model == "vae" else composer.Request(bars=1, seed=7)

    def press() -> None:
        composer.compose(seed, request, asked.model, shelf)

    press()
    alone = _median(press, asked.rounds)
    stop = threading.Event()
    attackers = [threading.Thread(target=_attack, args=(stop, list(_hostile().values()))) for _ in range(2)]
    for attacker in attackers:
        attacker.start()
    beside = _median(press, asked.rounds)
    stop.set()
    for attacker in attackers:
        attacker.join()
    print(f"one bar composed: alone {alone:.3f} s, beside hostile files {beside:.3f} s, {beside / alone:.2f} times")


def _median(do: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _attack(stop: threading.Event, files: list[bytes]) -> None:
    while not stop.is_set():
        for data in files:
            try:
                read(data)
            except UnreadableMusic:
                continue
            if stop.is_set():
                return


def _good() -> dict[str, bytes]:
    tune = (Path(__file__).parents[1] / "composer" / "page" / "seeds" / "gallery" / "minuet_in_g.abc").read_bytes()
    score = read_here(tune).score
    return {
        "a tune, ABC": tune,
        "the same, MIDI": write_midi(score),
        "the same, MusicXML": write_musicxml(score),
        "2,400 notes, MIDI": write_midi(score.with_voices(score.voices * max(1, 2_400 // len(score.notes)))),
    }


def _hostile() -> dict[str, bytes]:
    return dict(_files())


def _files() -> Iterator[tuple[str, bytes]]:
    yield "a note of 99,999 eighths", f"{_ABC}a99999|bcd|".encode()
    yield "rests of 64 bars, 300 times", f"{_ABC}a|{'Z64|' * 300}".encode()
    yield "endings within endings", f"{_ABC}{'|:abcd|1 abcd:|2 abcd:|3 abcd:|4 abcd:|' * 200}".encode()
    yield "28,000 open brackets", f"{_ABC}{'[' * 28_000}".encode()
    yield "a megabyte of notes, ABC", f"{_ABC}{'abcd|' * 190_000}".encode()
    yield "19,900 notes, ABC", f"{_ABC}{'[ab]c/d/e//f//|' * 3_300}".encode()
    yield (
        "bars of 999,999,999 beats",
        _XML.format(
            "<attributes><time><beats>999999999</beats><beat-type>4</beat-type></time></attributes>" + _NOTE
        ).encode(),
    )
    yield (
        "20 repeats of 99 times",
        _XML.format(
            ("</measure><measure>").join([f"{_NOTE}<barline><repeat direction='backward' times='99'/></barline>"] * 20)
        ).encode(),
    )
    yield "'ending' 11,000 times in a tag", _XML.format(f"<print x='{'ending ' * 11_000}'/>{_NOTE}").encode()
    yield "290,000 elements, packed", _packed(_XML.format("<accent/>" * 290_000 + _NOTE))
    yield "800,000 elements, packed", _packed(_XML.format("<accent/>" * 800_000 + _NOTE))
    yield "19,900 notes, MusicXML, packed", _packed(_XML.format("</measure><measure>".join([_NOTE * 40] * 497)))
    changes = b"".join(b"\1\xff\x51\3" + struct.pack(">I", 400_000 + i % 2 * 9_000)[1:] for i in range(120_000))
    yield "120,000 tempos, MIDI", _midi(b"\0\x90\x3c\x50\x60\x80\x3c\0" + changes)
    yield (
        "a megabyte of controllers, MIDI",
        _midi(b"\0\xb0\7\1" + b"\0\7\1" * 330_000 + b"\0\x90\x3c\x50\x60\x80\x3c\0"),
    )


def _packed(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("score.xml", text)
    return buffer.getvalue()


def _midi(body: bytes) -> bytes:
    body += b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">I", len(body)) + body


if __name__ == "__main__":
    main()
