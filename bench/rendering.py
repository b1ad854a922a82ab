"""How fast a piece is rendered, against the fluidsynth program on the same file and font.

    python bench/rendering.py tests/data/ode_to_joy_two_tracks.mid [--runs 7]

Prints the median ratio of wall times, ours a render in a running program (the font kept), theirs `fluidsynth -F`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from composer.music import read
from composer.sound import find_font, render


def main() -> None:
    """Time both in turn and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("midi", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    score = read(asked.midi).score
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "fluidsynth",
            "-ni",
            "-q",
            "-r",
            "44100",
            "-F",
            f"{folder}/out.wav",
            str(find_font()),
            str(asked.midi),
        ]
        render(score)
        ratios = [
            _seconds(lambda: subprocess.run(command, check=True, capture_output=True)) / _seconds(lambda: render(score))
            for _ in range(asked.runs)
        ]
    print(f"{asked.midi.name}: Motif renders {statistics.median(ratios):.1f} times as fast as fluidsynth -F")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
