"""The seed's notes that did not come back when a melody was varied or restored: shown beside what was written."""

from __future__ import annotations

from typing import Any

from composer.music import skyline
from composer.page.seeds.seeds import Seed
from composer.writing import Take


def with_lost(picture: dict[str, Any], take: Take, seed: Seed) -> dict[str, Any]:
    """A take's picture with the notes, under `lost`, that its seed has and it has not, as far as it was written.

    For takes that are the seed's melody written anew.
    """
    if not take.new:
        return picture
    voice = take.new[0][0]
    end = take.score.bar_start(take.score.bar_at(take.new_from) + take.bars_written)
    back = {(note.onset, note.pitch, note.duration) for note in take.score.voices[voice].notes}
    lost = [
        {"onset": note.onset, "pitch": note.pitch, "duration": note.duration}
        for note in skyline(seed.reading.score.voices[voice].notes)
        if note.onset < end and (note.onset, note.pitch, note.duration) not in back
    ]
    return {**picture, "lost": lost}
