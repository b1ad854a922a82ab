"""Taking the melody out of a score: one line, one note at a time."""

from __future__ import annotations

import re
from dataclasses import replace

from composer.errors import BadRequest, UnreadableMusic
from composer.music.reading import Reading
from composer.score import Note, Score, Voice

_MELODIC_NAMES = re.compile(
    r"melod|vocal|voice|lead|sing|sopran|cantus|violin\s*(i|1)?\b|flute|fiddle|right|\brh\b|tune|solo", re.IGNORECASE
)
_OTHER_NAMES = re.compile(r"bass|left|\blh\b|drum|accomp|chord|pad|harmon|tenor|alto", re.IGNORECASE)


def melody_of(reading: Reading, track: int | None = None) -> Reading:
    """The reading with one monophonic voice, and a remark on how it was found.

    `track` (from 1) names the voice to take; without it name, range and monophony decide, and where all voices have
    chords the highest notes are followed (the skyline).
    """
    score = reading.score
    index = _chosen(score, track)
    voice = score.voices[index]
    line = skyline(voice.notes)
    remarks = []
    if len(score.voices) > 1:
        how = "as you chose" if track is not None else "the most melodic of them"
        remarks.append(f"The melody is track {index + 1}{_named(voice)} of {len(score.voices)}, {how}.")
    if len(line) < len(voice.notes):
        remarks.append(f"Where notes sounded together the highest was kept: {len(line)} of {len(voice.notes)} notes.")
    if not line:
        raise UnreadableMusic(f"Track {index + 1} holds no notes. Choose another track.")
    melody = replace(voice, notes=line, is_drum=False)
    return replace(reading.remarking(*remarks), score=score.with_voices([melody]))


def _chosen(score: Score, track: int | None) -> int:
    if track is not None:
        if not 1 <= track <= len(score.voices):
            raise BadRequest(f"There is no track {track}; this file has tracks 1 to {len(score.voices)}.")
        if score.voices[track - 1].is_drum:
            raise BadRequest(f"Track {track} is drums and has no melody. Choose another track.")
        return track - 1
    tuned = [i for i, voice in enumerate(score.voices) if voice.notes and not voice.is_drum]
    if not tuned:
        raise UnreadableMusic("There are only drums in this file, and no melody to go on from. Bring one with notes.")
    bars = max(1, score.bars)
    return max(tuned, key=lambda i: (_melodiousness(score.voices[i], bars), -i))


def _melodiousness(voice: Voice, bars: int) -> float:
    """How much a voice looks like the tune: 0 … about 4."""
    alone = len(skyline(voice.notes)) / len(voice.notes)
    height = sum(note.pitch for note in voice.notes) / len(voice.notes)
    present = min(1.0, len(voice.notes) / (4 * bars))
    named = 1.0 if _MELODIC_NAMES.search(voice.name) else -1.0 if _OTHER_NAMES.search(voice.name) else 0.0
    return named + alone + present + max(0.0, min(1.0, (height - 40) / 40))


def skyline(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """One note at a time: the highest of each onset, cut where the next begins."""
    if not notes:
        return ()
    highest: dict[int, Note] = {}
    for note in notes:
        if note.onset not in highest or note.pitch > highest[note.onset].pitch:
            highest[note.onset] = note
    line = [highest[onset] for onset in sorted(highest)]
    ends = [following.onset for following in line[1:]] + [max(note.end for note in line)]
    return tuple(
        replace(note, duration=min(note.duration, max(1, end - note.onset)))
        for note, end in zip(line, ends, strict=True)
    )


def _named(voice: Voice) -> str:
    return f" ({voice.name})" if voice.name else ""
