"""The seed as the editor draws it: a picture whose notes, voices, metre, tempo and key a visitor may change.

The value is a picture of `composer.page.roll.roll` (ticks, 24 a quarter) and beside it

    {"of": "9f3c…", "edition": 0, "room": 8, "metre": "4/4", "tempo": 120.0, "beat": 24, "key": "G major",
     "parts": [{"name": "Flute", "program": 73, "drum": false}],
     "notes": [{…, "velocity": 80}]}

`of` names the seed it was drawn from: what the browser sends after another seed was put on the page is out of date.
`tempo` is in quarters a minute, `beat` what it is shown in, in ticks.
`room` is how many bars are shown at least. The browser may send anything, so everything in it is checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from composer.errors import UnreadableMusic, quoted
from composer.music import LIMITS, Reading, clean, estimate_key
from composer.music.humming import hear
from composer.music.midi import without_overlaps
from composer.page.roll.roll import Picture, View, picture
from composer.page.seeds.seeds import Seed
from composer.score import DEFAULT_VELOCITY, Key, Metre, Note, Score, Tempo, Voice
from composer.writing import Take

_ROOM = 4  # bars shown at least
_MOST_VOICES = 16
_LONGEST_NAME = 60  # letters of a voice's name
_SLOWEST, _FASTEST = 20, 400  # quarters a minute
_BEATS = (12, 24, 36, 48)  # ticks: what a tempo may count


def drawing(seed: Seed, take: Take | None = None) -> Picture:
    """The editor's value for a seed; the notes that `take` wrote are marked as new."""
    score = seed.reading.score
    value = picture(score, View(None), take)
    velocities = {(i, n.onset, n.pitch): n.velocity for i, v in enumerate(score.voices) for n in v.notes}
    for note in value["notes"]:
        note["velocity"] = velocities[note["voice"], note["onset"], note["pitch"]]
    return {
        **value,
        "new_from": None,  # the notes alone are marked: what is drawn may go anywhere
        "of": seed.mark,
        "edition": 0,
        "room": max(_ROOM, score.bars, seed.room),
        "metre": str(score.metres[0]),
        "tempo": round(score.tempos[0].bpm, 2),
        "beat": score.tempos[0].beat,
        "key": str(seed.reading.key) if seed.reading.key else None,
        "parts": _parts(seed.reading),
    }


def _parts(reading: Reading) -> list[dict[str, Any]]:
    if not reading.score.voices:
        return [{"name": "Melody", "program": 0, "drum": False}]
    names = reading.tracks or [voice.name for voice in reading.score.voices]
    if len(names) == 1 and not reading.score.voices[0].name:
        names = ["Melody"]
    return [
        {"name": name or f"Track {number}", "program": voice.program, "drum": voice.is_drum}
        for number, (name, voice) in enumerate(zip(names, reading.score.voices, strict=True), 1)
    ]


def drawn(value: object, seed: Seed) -> Seed:
    """The seed with what was changed on the roll; UnreadableMusic where the value is no music.

    A seed that was not changed is given back as it is, with its recipe.
    """
    if not isinstance(value, dict) or value.get("of") != seed.mark or not value.get("edition"):
        return seed
    score = _score(value, seed.reading.score)
    notes = [note for voice in score.voices if not voice.is_drum for note in voice.notes]
    key = _key(value.get("key")) or estimate_key(notes)
    if _same(score, seed.reading.score) and key == seed.reading.key:
        return seed
    if key != seed.reading.key:  # another key than the file's is the key throughout
        score = replace(score, key_name="", key_changes=())
    reading = replace(
        seed.reading,
        score=replace(score, key=key),
        key=key,
        recipe=None,
        tracks=tuple(voice.name or f"Track {number}" for number, voice in enumerate(score.voices, 1)),
        source=_edited(seed.reading.source),
    )
    return replace(seed, reading=_within_limits(reading))


def _edited(source: str) -> str:
    return source if source == "drawn" or source.endswith("changed") else f"{source}, changed"


def _same(one: Score, other: Score) -> bool:
    voices = [[(v.program, v.is_drum, v.notes) for v in score.voices if v.notes] for score in (one, other)]
    return voices[0] == voices[1] and (one.metres, one.tempos) == (other.metres, other.tempos)


def _score(value: dict[str, Any], base: Score) -> Score:
    parts = _checked_parts(value.get("parts"))
    lines: list[list[Note]] = [[] for _ in parts]
    listed = value.get("notes")
    if not isinstance(listed, list) or len(listed) > LIMITS["notes"]:
        raise UnreadableMusic(f"The roll takes up to {LIMITS['notes']} notes. Take some away and go on.")
    for entry in listed:
        voice, note = _note(entry)
        if not 0 <= voice < len(parts):
            raise UnreadableMusic(f"A note on the roll is in voice {voice + 1}, and there are {len(parts)}.")
        lines[voice].append(note)
    voices = [
        Voice(base.voices[i].notes, name, program, True)
        if drum and i < len(base.voices)  # the roll does not show drums; they stay
        else Voice(without_overlaps(lines[i]), name, program, False)
        for i, (name, program, drum) in enumerate(parts)
    ]
    metres = _metres(value.get("metre"), base.metres)
    tempos = _tempos(value.get("tempo"), value.get("beat"), base.tempos)
    return replace(base, voices=tuple(voices), metres=metres, tempos=tempos)


def _checked_parts(value: object) -> list[tuple[str, int, bool]]:
    if not isinstance(value, list) or not 1 <= len(value) <= max(_MOST_VOICES, LIMITS["tracks"]):
        raise UnreadableMusic(f"The roll takes from one to {_MOST_VOICES} voices. Take some away and go on.")
    parts = []
    for part in value:
        if not isinstance(part, dict):
            raise _not_music(part)
        name, program = part.get("name"), part.get("program")
        if not isinstance(name, str) or not isinstance(program, int) or not _whole(program, 0, 127):
            raise _not_music(part)
        parts.append((clean(name, _LONGEST_NAME), program, part.get("drum") is True))
    return parts


def _note(entry: object) -> tuple[int, Note]:
    """The voice and the note of one entry."""
    if not isinstance(entry, dict):
        raise _not_music(entry)
    longest = LIMITS["bars"] * 32 * 24  # ticks
    onset, pitch, duration, voice = (entry.get(name) for name in ("onset", "pitch", "duration", "voice"))
    velocity = entry.get("velocity", DEFAULT_VELOCITY)
    bounds = ((onset, 0, longest), (pitch, 0, 127), (duration, 1, longest), (voice, 0, 127), (velocity, 1, 127))
    if not all(_whole(number, low, high) for number, low, high in bounds):
        raise _not_music(entry)
    return voice, Note(onset, pitch, duration, velocity)  # type: ignore[return-value, arg-type]


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _not_music(entry: object) -> UnreadableMusic:
    return UnreadableMusic(f"The roll sent {quoted(entry)}, which is no note or voice. Undo, or load the tune anew.")


def _metres(text: object, base: Sequence[Metre]) -> tuple[Metre, ...]:
    if text == str(base[0]):
        return tuple(base)
    return (parse_metre(text),)


def parse_metre(text: object) -> Metre:
    """A metre such as "6/8"; UnreadableMusic otherwise."""
    above, _, below = str(text)[:8].partition("/")
    if above.isdecimal() and below.isdecimal() and 1 <= int(above) <= 32 and int(below) in (2, 4, 8, 16):
        return Metre(0, int(above), int(below))
    raise UnreadableMusic(f"The metre {quoted(text)} is not one like 4/4 or 6/8. Choose another.")


def _tempos(bpm: object, beat: object, base: Sequence[Tempo]) -> tuple[Tempo, ...]:
    counted = beat if isinstance(beat, int) and beat in _BEATS else base[0].beat
    if bpm == round(base[0].bpm, 2):
        return (replace(base[0], beat=counted), *base[1:])
    return (replace(parse_tempo(bpm), beat=counted),)


def parse_tempo(bpm: object) -> Tempo:
    """A tempo in quarters a minute; UnreadableMusic where there is no playing at it."""
    if isinstance(bpm, (int, float)) and not isinstance(bpm, bool) and _SLOWEST <= bpm <= _FASTEST:
        return Tempo.from_bpm(bpm)
    raise UnreadableMusic(f"The tempo must be from {_SLOWEST} to {_FASTEST} quarters a minute, not {quoted(bpm)}.")


def _key(text: object) -> Key | None:
    if not text:  # as the notes say
        return None
    try:
        return Key.parse(str(text)[:20])
    except ValueError as error:
        raise UnreadableMusic(f"The key {error}. Choose another.") from error


def _within_limits(reading: Reading) -> Reading:
    if reading.score.bars > LIMITS["bars"] or reading.seconds > LIMITS["seconds"]:
        raise UnreadableMusic(
            f"The roll holds {reading.score.bars} bars, {reading.seconds:.0f} seconds; Motif takes up to "
            f"{LIMITS['bars']} bars and {LIMITS['seconds']} seconds. Take some away."
        )
    return reading


def blank_seed(metre: object, bpm: object, bars: int) -> Seed:
    """An empty roll to draw on."""
    if not 1 <= bars <= LIMITS["bars"]:
        raise UnreadableMusic(f"A new roll has from 1 to {LIMITS['bars']} bars, not {bars}.")
    score = Score((Voice(name="Melody"),), (parse_metre(metre),), (parse_tempo(bpm),))
    return Seed(Reading(score, "drawn", tracks=("Melody",)), "Your tune", room=bars)


def seed_of_humming(path: Path, bpm: float | None) -> Seed:
    """What somebody hummed, at a tempo (none: found); UnreadableMusic where no tune is heard."""
    if bpm:
        parse_tempo(bpm)
    return Seed(hear(path, bpm or None), "Your humming")
