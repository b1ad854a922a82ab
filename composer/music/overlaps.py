"""Notes of one pitch that overlap, as no instrument of MIDI can play them."""

from __future__ import annotations

from collections.abc import Iterable

from composer.score import Note


def without_overlaps(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes with each pitch cut where it is struck again, and one of any struck twice at once (the longest)."""
    by_pitch: dict[int, list[Note]] = {}
    for note in sorted(notes, key=lambda n: (n.onset, n.pitch, -n.duration)):
        line = by_pitch.setdefault(note.pitch, [])
        if line and line[-1].onset == note.onset:
            continue
        if line and line[-1].end > note.onset:
            last = line[-1]
            line[-1] = Note(last.onset, last.pitch, note.onset - last.onset, last.velocity)
        line.append(note)
    return tuple(sorted(note for line in by_pitch.values() for note in line))
