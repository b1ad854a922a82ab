"""Damaged and hostile files by the thousand: what a reader may meet, made from a seed, and what it did with them.

Two ways to make a file: a good one that is damaged, or one by a grammar.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from composer.errors import UnreadableMusic
from composer.music import pool
from composer.music.front import read
from composer.music.fuzz.damage import damaged, good_files
from composer.music.fuzz.grammars import abc_by_grammar, midi_by_grammar, xml_by_grammar
from composer.music.fuzz.recordings import recording_by_grammar
from composer.music.limits import READ_SECONDS, RECORDING
from composer.music.recording import RATE

_GRAMMARS = {
    "MIDI": midi_by_grammar,
    "ABC": abc_by_grammar,
    "MusicXML": xml_by_grammar,
    "audio": recording_by_grammar,
}
KINDS = tuple(_GRAMMARS)


@dataclass
class Outcome:
    """What became of a number of files."""

    cases: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0  # seconds of wall time
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every file was read or refused in words, and in time."""
        return not self.faults


def fuzz(cases: int, seed: int, report: Callable[[int], None] = lambda count: None) -> Outcome:
    """Have so many files read, the same for the same seed. `report` hears after each how many are done."""
    outcome = Outcome()
    for number, (name, data) in enumerate(files(cases, seed), 1):
        _try(name, data, outcome, "(audio" in name)
        report(number)
    return outcome


def files(cases: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The names and bytes of so many files; each depends on the seed and its own number alone."""
    for number in range(cases):
        source = random.Random(f"{seed}/{number}")
        kind = KINDS[number % len(KINDS)]
        way = "grammar" if number // len(KINDS) % 2 else "damage"
        data = _GRAMMARS[kind](source) if way == "grammar" else damaged(source, source.choice(good_files(kind)))
        yield f"case {number} of seed {seed} ({kind}, {way})", data


def _try(name: str, data: bytes, outcome: Outcome, is_audio: bool) -> None:
    outcome.cases += 1
    began = time.perf_counter()
    try:
        is_right = _decoded(data) if is_audio else _read(data)
    except UnreadableMusic as refusal:
        outcome.refused += 1
        if not str(refusal).strip():
            outcome.faults.append(f"{name}: refused without a word")
        elif "takes longer than" in str(refusal):
            outcome.faults.append(f"{name}: no answer in time or memory")
    except Exception as error:
        outcome.faults.append(f"{name}: {type(error).__name__}: {str(error).strip().splitlines()[-1:]}")
    else:
        outcome.read += 1
        if not is_right:
            outcome.faults.append(f"{name}: read, but not as notes or samples")
    seconds = time.perf_counter() - began
    outcome.slowest = max(outcome.slowest, seconds)
    if seconds > READ_SECONDS:
        outcome.faults.append(f"{name}: took {seconds:.1f} s")


def _read(data: bytes) -> bool:
    """Whether a file's notes are notes; UnreadableMusic where it is refused."""
    notes = read(data).score.notes
    return bool(notes) and all(n.onset >= 0 and n.duration >= 1 and 0 <= n.pitch < 128 for n in notes)


def _decoded(data: bytes) -> bool:
    """Whether a recording's samples are some; what they are tuned to needs no foreign file any more."""
    samples = pool.samples(data)
    return 0 < len(samples) <= 2 * RATE * RECORDING["seconds"] and len(samples) % 2 == 0
