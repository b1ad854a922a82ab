"""Tune books read by Motif and by a second reader, lytk (PyPI), and the tunes whose notes differ.

    python -m bench.tunebooks FOLDER

What only one of them knows is put the same way for both: the order of parts (P:) and grace notes are left out, and
chords between plus signs, as ABC had them before version 1.6, stand in brackets.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import lytk

from composer.errors import UnreadableMusic
from composer.music.abc import abc_tunes
from composer.music.abc.book import abc_text
from composer.music.front import read_here
from composer.score import Score

_OLD_CHORD = re.compile(r"\+((?:[\^_=]{0,2}[A-Ga-g][,']*[\d/]*[ \t]*-?[ \t]*){2,})\+(?:\\\n)?")
_GRACE = re.compile(r"\{[^}]*\}")


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    tunes = [
        (f"{path.stem}: {tune.splitlines()[0]} {_title(tune)}", tune)
        for path in sorted(asked.folder.rglob("*.abc"))
        for tune in abc_tunes(abc_text(path.read_bytes()))
    ]
    refused = equal = 0
    for name, tune in tunes:
        try:
            read_here(tune.encode())
        except UnreadableMusic as refusal:
            refused += 1
            print(f"refused: {name}: {refusal}")
            continue
        plain = "\n".join(line for line in _GRACE.sub("", tune).split("\n") if not line.startswith("P:"))
        first, second = read_here(plain.encode()).score, _second(_OLD_CHORD.sub(r"[\1]", plain))
        if second is not None and _notes(first) == _notes(second):
            equal += 1
        else:
            print(f"differs: {name}: {len(first.notes)} notes, {len(second.notes) if second else 'not read'}")
    print(f"{len(tunes)} tunes, {refused} refused, {equal} equal ({equal / len(tunes):.1%})")


def _title(tune: str) -> str:
    return next((line[2:].strip() for line in tune.splitlines() if line.startswith("T:")), "")


def _second(tune: str) -> Score | None:
    try:
        return read_here(lytk.to_midi_bytes(lytk.from_abc_string(tune))).score
    except (lytk.LytkError, UnreadableMusic):
        return None


def _notes(score: Score) -> list[tuple[int, int, int]]:
    begin = score.notes[0].onset
    return [(note.onset - begin, note.pitch, note.duration) for note in score.notes]


if __name__ == "__main__":
    main()
