"""Scores as small plain values: what a browser keeps and a link carries.

    {"title": "Ode to Joy", "key": "D major", "metres": [[0, 4, 4]], "tempos": [[0, 500000]],
     "voices": [{"name": "Flute", "program": 73, "drums": false, "notes": [[0, 66, 24, 80], …]}]}

A note is [onset, pitch, duration, velocity] in ticks and MIDI numbers. Whatever comes back from outside is checked
as a file is.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from composer.errors import UnreadableMusic
from composer.music.limits import CHANGES, LIMITS
from composer.music.text import clean
from composer.score import TICKS_PER_QUARTER, ChordSymbol, Key, KeyChange, Metre, Note, Score, Tempo, Voice

_LONGEST_QUALITY = 8  # letters
_TEMPI = range(60_000, 7_500_001)  # microseconds a quarter: 1000 to 8 quarters a minute
_UNPACKED = 4_000_000  # bytes at most inside a packed text


def to_plain(score: Score) -> dict[str, object]:
    """A score as plain values. What most pieces lack (chords, a composer) is there only where they have it."""
    return {
        **_extras(score),
        "title": score.title,
        "key": str(score.key) if score.key else None,
        "metres": [[m.tick, m.numerator, m.denominator] for m in score.metres],
        "tempos": [_plain_tempo(t) for t in score.tempos],
        "voices": [
            {
                "name": voice.name,
                "program": voice.program,
                "drums": voice.is_drum,
                "notes": [[n.onset, n.pitch, n.duration, n.velocity] for n in voice.notes],
            }
            for voice in score.voices
        ],
    }


def _extras(score: Score) -> dict[str, object]:
    chords = [[c.onset, c.root, c.quality, c.bass] for c in score.chords]
    keys = [[change.tick, str(change.key)] for change in score.key_changes]
    extras: dict[str, object] = {
        "chords": chords,
        "composer": score.composer,
        "key_name": score.key_name,
        "key_changes": keys,
    }
    return {name: value for name, value in extras.items() if value}


def _plain_tempo(tempo: Tempo) -> list[int]:
    beat = [] if tempo.beat == TICKS_PER_QUARTER else [tempo.beat]
    return [tempo.tick, tempo.microseconds, *beat]


def from_plain(values: Mapping[str, object]) -> Score:
    """The score of `to_plain`'s values; UnreadableMusic where they are not one, or too much."""
    score = score_of(values)
    if len(score.notes) > LIMITS["notes"] or score.bars > LIMITS["bars"]:
        raise UnreadableMusic(
            f"This piece has {len(score.notes)} notes in {score.bars} bars; Motif takes up to {LIMITS['notes']} and "
            f"{LIMITS['bars']}. Bring a part of it."
        )
    if score.seconds_at(score.end) > LIMITS["seconds"]:
        raise UnreadableMusic(f"This piece lasts more than {LIMITS['seconds']} seconds. Bring a part of it.")
    return score


def score_of(values: Mapping[str, Any]) -> Score:
    """The same for values of our own, such as a take that grew beyond what a file may be."""
    try:
        return Score(
            tuple(_voice(voice) for voice in _several(values["voices"], LIMITS["tracks"])),
            tuple(_metre(*_row(metre)) for metre in _several(values["metres"], CHANGES)),
            tuple(_tempo(*_row(tempo)) for tempo in _several(values["tempos"], CHANGES)),
            Key.parse(str(values["key"])) if values["key"] else None,
            clean(str(values["title"])),
            tuple(_chord(*_row(chord)) for chord in _several(values.get("chords", []), CHANGES)),
            clean(str(values.get("composer", ""))),
            clean(str(values.get("key_name", ""))),
            tuple(_key_change(*_row(change)) for change in _several(values.get("key_changes", []), CHANGES)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableMusic(
            "This is not a piece as Motif keeps it, or it was cut off. Open its MIDI file."
        ) from error


def pack(values: object) -> str:
    """Plain values as a short text of letters, digits, "-" and "_", as links allow them."""
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack(text: str) -> Any:
    """The values of a packed text; UnreadableMusic where it was changed or cut off."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
        plain = zlib.decompressobj()
        unpacked = plain.decompress(data, _UNPACKED)
        if not plain.eof:
            raise ValueError("it goes on")
        return json.loads(unpacked)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise UnreadableMusic("This link is not whole. Copy all of it, or open the take's MIDI file.") from error


def _several(values: object, most: int) -> list[object]:
    if not isinstance(values, list) or len(values) > most:
        raise ValueError("not a list, or too long")
    return values


def _row(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _voice(values: object) -> Voice:
    if not isinstance(values, dict):
        raise ValueError("not a voice")
    notes = tuple(_note(*_row(note)) for note in _several(values["notes"], LIMITS["notes"]))
    program = _whole(values["program"], 0, 127)
    return Voice(notes, clean(str(values["name"])), program, values["drums"] is True)


def _note(onset: object, pitch: object, duration: object, velocity: object) -> Note:
    last = LIMITS["bars"] * 64 * TICKS_PER_QUARTER
    return Note(_whole(onset, 0, last), _whole(pitch, 0, 127), _whole(duration, 1, last), _whole(velocity, 1, 127))


def _metre(tick: object, numerator: object, denominator: object) -> Metre:
    metre = Metre(_whole(tick, 0, 2**31), _whole(numerator, 1, 64), _whole(denominator, 1, 32))
    if metre.numerator * 4 * TICKS_PER_QUARTER % metre.denominator:
        raise ValueError(f"{metre} does not fall on ticks")
    return metre


def _tempo(tick: object, microseconds: object, beat: object = TICKS_PER_QUARTER) -> Tempo:
    length = _whole(microseconds, _TEMPI.start, _TEMPI.stop - 1)
    return Tempo(_whole(tick, 0, 2**31), length, _whole(beat, 1, 16 * TICKS_PER_QUARTER))


def _key_change(tick: object, key: object) -> KeyChange:
    return KeyChange(_whole(tick, 1, 2**31), Key.parse(str(key)[:20]))


def _chord(onset: object, root: object, quality: object, bass: object) -> ChordSymbol:
    if not isinstance(quality, str) or len(quality) > _LONGEST_QUALITY:
        raise ValueError(f"{quality!r} is no quality of a chord")
    classes = [None if step is None else _whole(step, 0, 11) for step in (root, bass)]
    return ChordSymbol(_whole(onset, 0, 2**31), classes[0], quality, classes[1])


def _whole(value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{value!r} is not from {low} to {high}")
    return value
