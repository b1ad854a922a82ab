"""A take as the visitor's browser keeps it and sends it back: everything that is needed to go on from it.

The server remembers no session. What comes back is checked like a file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from composer.errors import BadRequest
from composer.music import Reading, clean, from_plain, to_plain
from composer.page.roll.roll import View, begins_at, picture
from composer.page.seeds.seeds import Seed
from composer.page.takes.line import line_of, traits_told
from composer.page.takes.making import NATURAL
from composer.page.wire import MixerPosition, SentSeed, SentTake, checked
from composer.score import DEFAULT_VELOCITY, Key, Note, Score
from composer.sound import Fader, Feel, Mix
from composer.writing import Recipe, Take
from composer.writing.take import fingerprint

Fresh = tuple[tuple[int, Note], ...]  # new notes, each with the index of its voice

_LINEAGE = 16  # letters of an id
_LONGEST_NAME = 80  # letters


@dataclass(frozen=True)
class Kept:
    """A take that came back, and the seed it was made from."""

    take: Take
    seed: Seed
    id: str
    second: Seed | None = None  # what it was morphed into
    called: str = ""  # what the visitor's page calls it


@dataclass(frozen=True)
class Frame:
    """What a take stands in: its seed, how it is shown, the take it came from, its place in a press."""

    seed: Seed
    view: View
    parent: str | None = None
    slot: int = 0
    press: str = field(default_factory=lambda: secrets.token_hex(6))
    second: Seed | None = None  # what it is morphed into
    inherited: Fresh = ()  # notes that the take it came from had as new: they stay so where they are still there
    remarks: tuple[str, ...] = ()  # said of it before what its writer says


def with_parents_notes(take: Take, frame: Frame) -> Take:
    """The take with what is new of the take it came from, where that still stands."""
    if not frame.inherited:
        return take
    there = {(index, n.onset, n.pitch) for index, voice in enumerate(take.score.voices) for n in voice.notes}
    written = {(index, n.onset, n.pitch) for index, n in take.new}
    older = [(i, n) for i, n in frame.inherited if (i, n.onset, n.pitch) in there - written]
    return replace(take, new=(*take.new, *older))


def entry(take: Take, frame: Frame, headline: str, sentences: list[str]) -> dict[str, Any]:
    """A finished take for the browser, still without its sound."""
    take = with_parents_notes(take, frame)
    return {
        "id": secrets.token_hex(6),
        "parent": frame.parent,
        "slot": frame.slot,
        "press": frame.press,
        "print": fingerprint(take.score),
        "title": take.recipe.request.what.called(frame.seed.title),
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
    sent = values if isinstance(values, SentTake) else checked(SentTake, values)
    score = from_plain(sent.score)
    if any(voice >= len(score.voices) or pitch > 127 or not length for voice, _, pitch, length in sent.fresh):
        raise BadRequest("This is not a take as Motif keeps it. Open its MIDI file instead.")
    new = tuple((voice, Note(onset, pitch, length, DEFAULT_VELOCITY)) for voice, onset, pitch, length in sent.fresh)
    take = Take(score, new, sent.new_from, Recipe.from_json(sent.recipe), sent.bars)
    second = seed_from(sent.second) if sent.second else None
    return Kept(take, seed_from(sent.seed), sent.id[:_LINEAGE], second, clean(sent.called, _LONGEST_NAME))


def plain_seed(seed: Seed) -> dict[str, Any]:
    """A seed as plain values."""
    reading = seed.reading
    return {
        "score": to_plain(reading.score),
        "title": seed.title,
        "source": reading.source,
        "key": str(reading.key) if reading.key else None,
        "style": reading.style,
        **({"take": seed.take} if seed.take else {}),
    }


def seed_from(values: Any) -> Seed:
    """The seed of `plain_seed`'s values; UnreadableMusic or BadRequest where they are none."""
    sent = values if isinstance(values, SentSeed) else checked(SentSeed, values)
    score = from_plain(sent.score)
    tracks = tuple(voice.name or f"Track {number}" for number, voice in enumerate(score.voices, 1))
    try:
        key = Key.parse(sent.key) if sent.key else None
    except ValueError as error:
        raise BadRequest(f"The key {error}.") from error
    style = clean(sent.style, 40) if sent.style else None
    reading = Reading(score, clean(sent.source, 80), key, tracks=tracks, style=style)
    return Seed(reading, clean(sent.title), take=sent.take[:_LINEAGE] if sent.take else None)


def mix_from(values: Any) -> Mix:
    """The mixer's position that the browser sent; the natural one where it sent none."""
    if values is None:
        return NATURAL
    sent = values if isinstance(values, MixerPosition) else checked(MixerPosition, values)
    faders = tuple(Fader(strip.volume, strip.pan, strip.mute, strip.solo, strip.program) for strip in sent.faders)
    return Mix(faders, sent.tempo, Feel(sent.shade, sent.swing))


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


def score_from(score: Score, bar: int) -> Score:
    """A score from bar `bar` (from 0) on, in the metre and at the tempo of that bar."""
    start = score.bar_start(bar)
    metre = [m for m in score.metres if m.tick <= start][-1]
    tempo = [t for t in score.tempos if t.tick <= start][-1]
    later = replace(
        score,
        metres=(replace(metre, tick=0), *(replace(m, tick=m.tick - start) for m in score.metres if m.tick > start)),
        tempos=(replace(tempo, tick=0), *(replace(t, tick=t.tick - start) for t in score.tempos if t.tick > start)),
        chords=tuple(replace(c, onset=c.onset - start) for c in score.chords if c.onset >= start),
    )
    return later.with_voices(
        replace(voice, notes=tuple(replace(n, onset=n.onset - start) for n in voice.notes if n.onset >= start))
        for voice in score.voices
    )


def audio_file(path: Path | None) -> dict[str, Any] | None:
    """A file as Gradio hands it to the browser."""
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}} if path else None
