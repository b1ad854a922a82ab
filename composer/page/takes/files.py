"""What the browser asks of a take it holds: sound, files, notation, a link. Each is made when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from composer.errors import BadRequest, quoted
from composer.events.chords import infer_chords
from composer.music import bars_in_words, engrave_apart, pack, write_abc, write_midi, write_musicxml_apart
from composer.music.engraving import Engraving
from composer.music.pool import engrave_pages_apart
from composer.page.serving.folder import new_folder
from composer.page.takes.answers import Answer, Asked, answering
from composer.page.takes.making import HEARD, file_name
from composer.page.takes.session import Kept, kept, mix_from, plain_seed
from composer.page.wire import Base, FileOrder, Hearing, Sheet, checked
from composer.score import Note, Score
from composer.sound import AUDIO, Mix, Wanted, write_sound, write_stems
from composer.writing import Recipe, Take

_LONGEST = 18_000  # letters of a packed seed: a file's text may not be longer
_LONGEST_LINK = 60_000
_FULL = 3  # voices that sound chords


@answering("sound")
def sound(asked: Asked, wanted: Wanted) -> Answer:
    """The take as it is heard, as a FLAC file: without loss, in half the room."""
    order = checked(Hearing, asked)
    found = kept(order.take)
    path = new_folder() / f"{_name(found)}.{HEARD}"
    write_sound(path, found.take.score, mix_from(order.mix), wanted)
    return {"path": str(path)}


@answering("sound")
def file(asked: Asked, wanted: Wanted) -> Answer:
    """The take as a file of the kind asked for; notes are exact in MIDI, MusicXML and ABC."""
    order = checked(FileOrder, asked)
    found, mix, kind = kept(order.take), mix_from(order.mix), order.kind
    if kind not in ("mid", "musicxml", "abc", "zip", *AUDIO):
        raise BadRequest(f"There is no file of the kind {quoted(kind)}.")
    score = mix.arranged(found.take.score)
    path: Path = new_folder() / f"{_name(found)}.{kind}"
    if kind == "mid":
        path.write_bytes(write_midi(_named(score), recipe_with_seed(found)))
    elif kind == "musicxml":
        path.write_bytes(write_musicxml_apart(score, found.take.new))
    elif kind == "abc":
        path.write_text(write_abc(score, found.take.new), "utf-8")
    elif kind == "zip":
        write_stems(path, found.take.score, mix, wanted)
    else:
        write_sound(path, found.take.score, mix, wanted)
    return {"path": str(path), "name": path.name}


@answering("notation")
def notation(asked: Asked, wanted: Wanted) -> Answer:
    """The take engraved as an SVG picture of the width asked for, in pixels; notes are (onset, end, id), in ticks.

    `new` are the ids of those that were written, `title` stands over the picture.
    """
    order = checked(Sheet, asked)
    take = kept(order.take).take
    score = _to_engrave(take.score, mix_from(order.mix))
    engraving = engrave_apart(score, order.width)
    return {"svg": engraving.svg, "notes": engraving.notes, "new": _new_heads(engraving, take), "title": score.title}


@answering("notation")
def pages(asked: Asked, wanted: Wanted) -> Answer:
    """The take engraved for paper: an SVG picture a page."""
    order = checked(Hearing, asked)
    return {"pages": engrave_pages_apart(_to_engrave(kept(order.take).take.score, mix_from(order.mix)))}


def _named(score: Score) -> Score:
    """The score with a name for a melody that stands alone and has none: sequencers show tracks by their names."""
    if len(score.voices) != 1 or score.voices[0].name:
        return score
    return score.with_voices([replace(score.voices[0], name="Melody")])


def _to_engrave(score: Score, mix: Mix) -> Score:
    """A score as it is engraved: what has three voices or more has the names of its chords over it."""
    score = mix.arranged(score)
    if score.chords or sum(not voice.is_drum for voice in score.voices) < _FULL:
        return score
    return replace(score, chords=infer_chords(score))


def _new_heads(engraving: Engraving, take: Take) -> list[str]:
    """The ids of the notes that were written, whatever they are tied to."""
    spans: dict[tuple[int, int], list[Note]] = {}
    for voice, note in take.new:
        spans.setdefault((voice, note.pitch), []).append(note)
    heads = zip(engraving.notes, engraving.heads, strict=True)
    return [name for (onset, _, name), head in heads if any(n.onset <= onset < n.end for n in spans.get(head, ()))]


@answering("quick")
def spoken(asked: Asked, wanted: Wanted) -> Answer:
    """The take read out, a sentence a bar."""
    score = kept(checked(Base, asked).take).take.score
    return {"sentences": bars_in_words(score, score.key)}


@answering("quick")
def link(asked: Asked, wanted: Wanted) -> Answer:
    """The take, its recipe, its seed and what it was morphed into, as a text for a link."""
    found = kept(checked(Base, asked).take)
    names = ("score", "fresh", "new_from", "bars", "recipe", "seed", *(["second"] if found.second else []))
    packed = pack({name: asked["take"][name] for name in names})
    if len(packed) > _LONGEST_LINK:
        raise BadRequest("This take is too long for a link. Send its MIDI file, which holds the recipe too.")
    return {"packed": packed, "name": _name(found)}


def recipe_with_seed(found: Kept) -> dict[str, Any]:
    """What a take's MIDI file remembers: the recipe, and the seed and what is new, where they are not too long."""
    take, second = found.take, found.second
    fresh = [[voice, note.onset, note.pitch, note.duration] for voice, note in take.new]
    made = {"fresh": fresh, "new_from": take.new_from, "bars": take.bars_written, "seed": plain_seed(found.seed)}
    page = pack({**made, **({"second": plain_seed(second)} if second else {})})
    return {**take.recipe.to_json(), **({"page": page} if len(page) < _LONGEST else {})}


def _name(found: Kept) -> str:
    recipe: Recipe = found.take.recipe
    return file_name(recipe.request, found.seed.title)
