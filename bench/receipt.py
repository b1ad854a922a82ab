"""How fast the originality receipt of a 32-bar take is, beside rendering the same take to sound.

    python bench/receipt.py [--runs 15]

Every take is written by a network that comes with Motif and compared with all that this network learned from. Both are
timed in turn, in one program, by its processor time; the first receipt, which sorts the fingerprints, is told apart.
Milliseconds are medians.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import torch

from composer.analysis.ngrams import Line
from composer.analysis.originality import Memory, receipt_of
from composer.music import read
from composer.shelf import Shelf
from composer.sound import render
from composer.writing import Request, Take, new_writer

SEED = Path(__file__).resolve().parent.parent / "tests" / "data" / "kesh_jig.mid"
TAKES = (
    ("lstm", Request(bars=32, seed=7)),
    ("transformer", Request(bars=32, seed=7)),
    ("transformer", Request(task="improvise", kind="chorale", bars=32, seed=7)),
)


def main() -> None:
    """Print a line for each take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    torch.set_num_threads(1)
    shelf = Shelf()
    for name, request in TAKES:
        print(_timed(_take(shelf, name, request), shelf.take(name).memory, runs))


def _timed(take: Take, memory: Memory, runs: int) -> str:
    def receipt() -> object:
        return receipt_of(_lines(take), memory)

    first = _milliseconds(receipt)
    pairs = [(_milliseconds(receipt), _milliseconds(lambda: render(take.score))) for _ in range(runs)]
    ratio = statistics.median(sound / found for found, sound in pairs)
    recipe = take.recipe
    return (
        f"{recipe.checkpoint}, {recipe.request.task}, {take.bars_written} bars, {len(take.new)} notes beside "
        f"{memory.pieces} pieces: receipt in {statistics.median(found for found, _ in pairs):.1f} ms "
        f"(the first {first:.0f}), {ratio:.0f} times as fast as the take's sound"
    )


def _take(shelf: Shelf, name: str, request: Request) -> Take:
    seed = read(SEED) if request.what.needs_seed else None
    return new_writer(seed, request, shelf.take(name)).finish()


def _lines(take: Take) -> list[Line]:
    """What was written, voice by voice, as the page looks at it."""
    voices = sorted({voice for voice, _ in take.new})
    return [Line.of([note for v, note in take.new if v == voice], take.score, voice) for voice in voices]


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main()
