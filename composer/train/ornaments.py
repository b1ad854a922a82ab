"""A melody as another player would have it: transposed, ornamented, simplified here and there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from composer.score import Note

ORNAMENTED, LEFT_OUT, CHANGED = 0.25, 0.1, 0.05  # shares of notes


def ornamented(notes: tuple[Note, ...], random: np.random.Generator) -> tuple[Note, ...]:
    """The notes, one at a time, in another key: a quarter of them divided, some left out, some a step off."""
    up = int(random.integers(-5, 7))
    played: list[Note] = []
    for note, following in zip(notes, (*notes[1:], None), strict=True):
        drawn = random.random()
        moved = replace(note, pitch=min(127, max(0, note.pitch + up)))
        if drawn < ORNAMENTED and note.duration >= 6:
            played += _divided(moved, None if following is None else following.pitch + up, random)
        elif drawn < ORNAMENTED + LEFT_OUT and played:
            played[-1] = replace(played[-1], duration=note.end - played[-1].onset)
        elif drawn < ORNAMENTED + LEFT_OUT + CHANGED:
            played.append(replace(moved, pitch=min(127, moved.pitch + int(random.choice([-2, -1, 1, 2])))))
        else:
            played.append(moved)
    return tuple(played)


def _divided(note: Note, following: int | None, random: np.random.Generator) -> list[Note]:
    """A turn to the neighbour and back, the same note twice, or a passing note to the one that follows."""
    half, quarter = note.duration // 2, note.duration // 4
    step = int(random.choice([-2, -1, 1, 2]))
    neighbour = min(127, max(0, note.pitch + step))
    kind = random.integers(3)
    if kind == 0:
        middle = replace(note, onset=note.onset + quarter, pitch=neighbour, duration=max(1, quarter))
        rest = note.onset + 2 * max(1, quarter)
        return [replace(note, duration=max(1, quarter)), middle, replace(note, onset=rest, duration=note.end - rest)]
    if kind == 1 or following is None:
        return [replace(note, duration=half), replace(note, onset=note.onset + half, duration=note.duration - half)]
    passing = (note.pitch + following) // 2 if abs(note.pitch - following) > 1 else neighbour
    second = replace(note, onset=note.onset + half, pitch=min(127, max(0, passing)), duration=note.duration - half)
    return [replace(note, duration=half), second]
