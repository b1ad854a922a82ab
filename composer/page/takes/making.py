"""From a wish to a take, and from a take to files: what the page and its endpoints do alike."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from composer.errors import BadRequest, NoSound, quoted
from composer.music import Reading, clean, write_midi
from composer.page.seeds.seeds import Seed
from composer.page.serving.folder import new_folder
from composer.page.serving.told import told_of_error
from composer.score import Score
from composer.shelf import Shelf
from composer.sound import Feel, Mix, at_tempo, audio_bytes, render_passage, write_sound
from composer.writing import Request, Take, Writer, new_writer
from composer.writing.sounding import Sounding

LONGEST_WRITING = 90.0  # seconds after which a take is left as it is: others wait for the place
_LATE = "This is as far as it came within a minute and a half. Go on from here, or take a shorter seed."
_OPENING = 3.0  # seconds of a take, to the next bar line, that are heard before the whole is there; half is enough
HEARD = "flac"  # what browsers play: without loss, in half of a WAV's room
NATURAL = Mix(feel=Feel(shade=0.5))  # how a take is played until its mixer is moved


@dataclass(frozen=True)
class Wish:
    """A request, the network to ask, how it shall sound, and what to end with where the task needs a second tune."""

    request: Request
    model: str
    sounding: Sounding = field(default_factory=Sounding)
    second: Seed | None = None

    def __post_init__(self) -> None:
        sent: Mapping[str, object] = vars(self)  # by a browser: it may be anything
        if not isinstance(sent["model"], str):
            raise BadRequest(f"There is no network {quoted(self.model)} here.")


@dataclass(frozen=True)
class Kept:
    """A take's files; `wav` is None, and `silence` says why, where there is no sound."""

    midi: Path
    wav: Path | None
    silence: str | None = None


def writer_of(shelf: Shelf, reading: Reading, wish: Wish) -> Writer:
    """What can write a wish's takes; ComposerError where the wish cannot be met, before anything is written."""
    if not wish.model:
        raise BadRequest("There is no network to write with. Train one with 'composer train lstm' and start anew.")
    if wish.sounding.tempo is not None:
        at_tempo(reading.score, wish.sounding.tempo)  # told before anything is written
    second = wish.second.reading if wish.second else None
    return new_writer(reading, wish.request, shelf.take(wish.model), second)


def takes(shelf: Shelf, reading: Reading, wish: Wish, number: int = 0) -> Generator[Take, None, None]:
    """Take `number` of a wish, growing, as it shall sound; closing the iterator stops the writing."""
    yield from growing_take(writer_of(shelf, reading, wish), wish, number)


def growing_take(writer: Writer, wish: Wish, number: int) -> Generator[Take, None, None]:
    """The same from a writer that is there already."""
    yield from (take for _, take in growing_takes(writer, wish, (number,)))


def growing_takes(
    writer: Writer, wish: Wish, numbers: Sequence[int] | None = None
) -> Generator[tuple[int, Take], None, None]:
    """Takes of a wish (None: all) side by side, each with its number; closing the iterator stops the writing."""
    began = time.monotonic()
    with closing(writer.write_all(numbers)) as written:
        for number, take in written:
            late = time.monotonic() - began > LONGEST_WRITING
            remarks = (*take.remarks, _LATE) if late else take.remarks
            yield number, replace(take, score=wish.sounding.of_take(take), remarks=remarks)
            if late:
                return


def keep(take: Take, title: str) -> Kept:
    """Write a take's files where only this visitor's page points to."""
    name = file_name(take.recipe.request, title)
    folder = new_folder()
    midi = folder / f"{name}.mid"
    midi.write_bytes(write_midi(take.score, take.recipe.to_json()))
    sound = _sounding(take.score, folder / f"{name}.wav", None)
    return Kept(midi, sound.file, sound.silence)


@dataclass(frozen=True)
class Heard:
    """A take's sound; `file` is None, and `silence` says why, where there is none."""

    file: Path | None
    silence: str | None = None


def the_sound(take: Take, title: str, mix: Mix = NATURAL) -> Heard:
    """A take as it is heard. It is there whatever becomes of its sound."""
    request = take.recipe.request
    try:
        path = new_folder() / f"{file_name(request, title)}.{HEARD}"
    except OSError as error:
        return Heard(None, told_of_error(error))
    return _sounding(take.score, path, mix)


def opening_of(take: Take, start: int) -> tuple[Path, int] | None:
    """How a take that is being written sounds from tick `start` on, and until which tick.

    None while too little is written, and where there is no sound: that is told when the take is whole.
    """
    score, begin = take.score, take.score.seconds_at(start)
    written = score.bar_at(take.new_from) + take.bars_written
    lines = [score.bar_start(bar) for bar in range(score.bar_at(start) + 1, written + 1)]
    until = next((line for line in lines if score.seconds_at(line) >= begin + _OPENING), lines[-1] if lines else start)
    if score.seconds_at(until) < begin + _OPENING / 2:
        return None
    try:
        path = new_folder() / f"opening.{HEARD}"
        path.write_bytes(audio_bytes(render_passage(score, start, until, NATURAL), HEARD))
    except (NoSound, OSError):
        return None
    return path, until


def _sounding(score: Score, path: Path, mix: Mix | None) -> Heard:
    try:
        write_sound(path, score, mix)
    except (NoSound, OSError) as error:
        return Heard(None, told_of_error(error))
    return Heard(path)


def sound_file(score: Score, name: str, mix: Mix | None = None) -> Path:
    """A score as a file of sound; NoSound where there is no FluidSynth."""
    path = new_folder() / f"{name}.{HEARD}"
    write_sound(path, score, mix)
    return path


def account(take: Take) -> dict[str, Any]:
    """What was written, in plain values."""
    fresh = [[note.onset, note.pitch, note.duration] for note in take.new_notes]
    return {"bars": take.bars_written, "new_notes": fresh, "new_from": take.new_from, "recipe": take.recipe.to_json()}


def file_name(request: Request, title: str) -> str:
    """What a take's files are called, without a suffix."""
    return f"{_slug(request.what.called(title))}-{request.seed}"


def _slug(title: str) -> str:
    """A title as a file's name: at most 40 letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", clean(title)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "take"
