"""The lines that notation needs for notes that overlap."""

from __future__ import annotations

from composer.score import Note


def lines_of(notes: tuple[Note, ...]) -> list[list[list[Note]]]:
    """The fewest lines in which no note overlaps the next; notes struck and released together make a chord."""
    chords: dict[tuple[int, int], list[Note]] = {}
    for note in notes:
        chords.setdefault((note.onset, -note.duration), []).append(note)
    lines: list[list[list[Note]]] = []
    for (onset, _), together in sorted(chords.items()):
        free = next((line for line in lines if line[-1][0].end <= onset), None)
        if free is None:
            lines.append([together])
        else:
            free.append(together)
    return lines or [[]]
