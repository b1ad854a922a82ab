"""A take as the visitor's browser keeps it and sends it back: everything that is needed to go on from it.

The server remembers no session. What comes back is checked like a file.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from composer.errors import BadRequest
from composer.music import Reading, clean, from_plain, to_plain
from composer.score import DEFAULT_VELOCITY, Key, Note, Score
from composer.sound import Fader, Feel, Mix
from composer.writing import Recipe, Take
from composer.writing.take import fingerprint
from ui.roll.roll import View, begins_at, picture
from ui.seeds.seeds import Seed, title_of
from ui.takes.line import line_of, traits_told
from ui.takes.making import NATURAL

_LINEAGE = 16  # letters of an id
_FADER = ("volume", "pan", "mute", "solo", "program")


@dataclass(frozen=True)
class Kept:
    """A take that came back, and the seed it was made from."""

    take: Take
    seed: Seed
    id: str
    second: Seed | None = None  # what it was morphed into


@dataclass(frozen=True)
class Frame:
    """What a take stands in: its seed, how it is shown, the take it came from, its place in a press."""

    seed: Seed
    view: View
    parent: str | None = None
    slot: int = 0
    press: str = field(default_factory=lambda: secrets.token_hex(6))
    second: Seed | None = None  # what it is morphed into


def entry(take: Take, frame: Frame, headline: str, sentences: list[str]) -> dict[str, Any]:
    """A finished take for the browser, still without its sound."""
    return {
        "id": secrets.token_hex(6),
        "parent": frame.parent,
        "slot": frame.slot,
        "press": frame.press,
        "print": fingerprint(take.score),
        "title": title_of(take.recipe.request.task, frame.seed.title),
        "headline": headline,
        "sentences": sentences,
        "traits": traits_told(line_of(take)) if take.new else None,
        "picture": {**picture(take.score, frame.view, take), "play_from": begins_at(take)},
        "score": to_plain(take.score),
        "fresh": [[voice, note.onset, note.pitch, note.duration] for voice, note in take.new],
        "new_from": take.new_from,
        "bars": take.bars_written,
        "recipe": take.recipe.to_json(),
        "seed": plain_seed(frame.seed),
        "second": plain_seed(frame.second) if frame.second else None,
    }


def kept(values: Any) -> Kept:
    """A take that the browser sent back; UnreadableMusic or BadRequest where it is not one."""
    try:
        recipe = Recipe.from_json(values["recipe"])
        new = tuple((int(v), Note(int(o), int(p), int(d), DEFAULT_VELOCITY)) for v, o, p, d in values["fresh"])
        take = Take(from_plain(values["score"]), new, int(values["new_from"]), recipe, int(values["bars"]))
        second = seed_from(values["second"]) if values.get("second") else None
        return Kept(take, seed_from(values["seed"]), str(values["id"])[:_LINEAGE], second)
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("This is not a take as Motif keeps it. Open its MIDI file instead.") from error


def plain_seed(seed: Seed) -> dict[str, Any]:
    """A seed as plain values."""
    reading = seed.reading
    return {
        "score": to_plain(reading.score),
        "title": seed.title,
        "source": reading.source,
        "key": str(reading.key) if reading.key else None,
        "style": reading.style,
    }


def seed_from(values: Mapping[str, Any]) -> Seed:
    """The seed of `plain_seed`'s values."""
    score = from_plain(values["score"])
    tracks = tuple(voice.name or f"Track {number}" for number, voice in enumerate(score.voices, 1))
    key = Key.parse(str(values["key"])) if values["key"] else None
    style = clean(str(values["style"]), 40) if values["style"] else None
    reading = Reading(score, clean(str(values["source"]), 80), key, tracks=tracks, style=style)
    return Seed(reading, clean(str(values["title"])))


def mix_from(values: Any) -> Mix:
    """The mixer's position that the browser sent; the natural one where it sent none."""
    if values is None:
        return NATURAL
    try:
        faders = tuple(Fader(**{name: fader[name] for name in _FADER}) for fader in values["faders"])
        return Mix(faders, values["tempo"], Feel(values["shade"], values["swing"]))
    except (KeyError, TypeError) as error:
        raise BadRequest("The mixer's settings came incomplete. Reload the page and try again.") from error


def until(score: Score, bar: int) -> Score:
    """The first `bar` bars of a score; what reaches over the line ends there."""
    end = score.bar_start(bar)
    return score.with_voices(
        replace(
            voice,
            notes=tuple(replace(n, duration=min(n.duration, end - n.onset)) for n in voice.notes if n.onset < end),
        )
        for voice in score.voices
    )


def audio_file(path: Path | None) -> dict[str, Any] | None:
    """A file as Gradio hands it to the browser."""
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}} if path else None
