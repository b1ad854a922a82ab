"""What the browser asks of a take it holds: sound, files, notation, a link. Each is made when it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from composer.errors import BadRequest, quoted
from composer.music import bars_in_words, engrave, pack, write_abc, write_midi, write_musicxml
from composer.score import Score
from composer.sound import AUDIO, audio_bytes, render, stems_bytes
from composer.writing import Recipe
from ui.takes.answers import Answer, Asked, answering
from ui.takes.making import file_name, own_folder
from ui.takes.session import Kept, kept, mix_from, plain_seed

_LONGEST = 18_000  # letters of a packed seed: a file's text may not be longer
_LONGEST_LINK = 60_000


@answering
def sound(asked: Asked) -> Answer:
    """The take as it is heard, as a WAV file."""
    found = kept(asked.get("take"))
    path = own_folder() / f"{_name(found)}.wav"
    path.write_bytes(audio_bytes(render(found.take.score, mix_from(asked.get("mix"))), "wav"))
    return {"path": str(path)}


@answering
def file(asked: Asked) -> Answer:
    """The take as a file of the kind asked for; notes are exact in MIDI, MusicXML and ABC."""
    found, mix, kind = kept(asked.get("take")), mix_from(asked.get("mix")), asked.get("kind")
    score = mix.arranged(found.take.score)
    if kind == "mid":
        data = write_midi(score, recipe_with_seed(found))
    elif kind == "musicxml":
        data = write_musicxml(score, found.take.new)
    elif kind == "abc":
        data = write_abc(score, found.take.new).encode()
    elif kind == "zip":
        data = stems_bytes(found.take.score, mix)
    elif kind in AUDIO:
        data = audio_bytes(render(found.take.score, mix), kind)
    else:
        raise BadRequest(f"There is no file of the kind {quoted(kind)}.")
    path: Path = own_folder() / f"{_name(found)}.{kind}"
    path.write_bytes(data)
    return {"path": str(path), "name": path.name}


@answering
def notation(asked: Asked) -> Answer:
    """The take engraved as an SVG picture of the width asked for, in pixels; notes are (onset, end, id), in ticks."""
    score: Score = mix_from(asked.get("mix")).arranged(kept(asked.get("take")).take.score)
    width = asked.get("width")
    engraving = engrave(score, width if isinstance(width, int) else 800)
    return {"svg": engraving.svg, "notes": engraving.notes}


@answering
def spoken(asked: Asked) -> Answer:
    """The take read out, a sentence a bar."""
    score = kept(asked.get("take")).take.score
    return {"sentences": bars_in_words(score, score.key)}


@answering
def link(asked: Asked) -> Answer:
    """The take, its recipe, its seed and what it was morphed into, as a text for a link."""
    found = kept(asked.get("take"))
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
    return file_name(recipe.request.task, found.seed.title, recipe.request.seed)
