"""Files as a DAW exports them, gone on with: whether each part keeps sounding, its register and its density.

    python -m bench.daw [--model transformer] [--takes 10]

Of ten files of three to six parts (`tests/daw_files.py`): in how many takes a part is silent in half of the bars or
more, its median pitch lies over an octave from what it was, or its notes a bar are not between half and one and a half
times what they were. Drums are left out: no network writes them, which the take says.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import torch
from tqdm import tqdm

from composer.evaluation.ranges import wilson
from composer.music import read
from composer.score import Score
from composer.shelf import Shelf
from composer.writing import Request, Take, new_writer
from tests.daw_files import FILES, daw_file

BARS = 8
_OCTAVE = 12  # semitones


def faults(take: Take, seed: Score) -> Iterator[tuple[str, str]]:
    """What is wrong with a take of eight bars, each with the name of the part."""
    first = take.score.bar_at(take.new_from)
    bars = take.score.bars - first
    for index, voice in enumerate(seed.voices):
        if voice.is_drum or not voice.notes:
            continue
        new = [note for part, note in take.new if part == index]
        sounding = {
            bar for note in new for bar in range(take.score.bar_at(note.onset), take.score.bar_at(note.end - 1) + 1)
        }
        if 2 * len(sounding) <= bars:
            yield "silent", voice.name
            continue
        if abs(median(n.pitch for n in new) - median(n.pitch for n in voice.notes)) > _OCTAVE:
            yield "register", voice.name
        share = (len(new) / bars) / (len(voice.notes) / seed.bars)
        if not 0.5 <= share <= 1.5:
            yield "density", f"{voice.name} {share:.2f}"


def main() -> None:
    """Write the takes, count, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="transformer")
    parser.add_argument("--checkpoints", type=Path, help="another folder of checkpoints")
    parser.add_argument("--takes", type=int, default=10)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    shelved = (Shelf(asked.checkpoints) if asked.checkpoints else Shelf()).take(asked.model)
    found: Counter[str] = Counter()
    wrong = takes = 0
    for number in tqdm(range(FILES), unit="file"):
        reading = read(daw_file(number))
        writer = new_writer(reading, Request(bars=BARS, seed=100 * number), shelved)
        for take in range(asked.takes):
            faulty = list(faults(writer.finish(take), reading.score))
            found.update(f"{kind}: {part.split()[0]}" for kind, part in faulty)
            wrong += bool(faulty)
            takes += 1
            if faulty:
                tqdm.write(f"file {number + 1}, take {take}: {faulty}")
    print(f"{shelved.name}: {takes - wrong} of {takes} takes are right; wrong {wilson(wrong, takes)}")
    for fault, count in found.most_common():
        print(f"  {fault}: {count}")


if __name__ == "__main__":
    main()
