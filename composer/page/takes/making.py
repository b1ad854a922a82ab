"""From a wish to a take, and from a take to files: what the page and its endpoints do alike."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from composer.errors import BadRequest, NoSound, quoted
from composer.music import Reading, clean, write_midi
from composer.page.seeds.seeds import Seed
from composer.page.serving.folder import new_folder
from composer.page.serving.told import told_of_error
from composer.score import Score, Tempo, Voice
from composer.shelf import Shelf
from composer.sound import Feel, Mix, at_tempo, audio_bytes, render_passage, write_sound
from composer.writing import Request, Take, Writer, new_writer

LONGEST_WRITING = 90.0  # seconds after which a take is left as it is: others wait for the place
_LATE = "This is as far as it came within a minute and a half. Go on from here, or take a shorter seed."
_OPENING = 3.0  # seconds of a take, to the next bar line, that are heard before the whole is there; half is enough
TEMPI = (20, 400)  # quarters a minute
HEARD = "flac"  # what browsers play: without loss, in half of a WAV's room
NATURAL = Mix(feel=Feel(shade=0.5))  # how a take is played until its mixer is moved
# Under a melody for one of these General MIDI instruments, what plays alto, tenor and bass: its family's lower members.
# Any other, such as a keyboard or a choir, plays them itself.
_LOWER: Mapping[range, tuple[int, int, int]] = {
    range(40, 44): (40, 41, 42),  # strings: violin, viola, cello
    range(56, 64): (60, 57, 58),  # brass: horn, trombone, tuba
    range(64, 80): (68, 71, 70),  # wind: oboe, clarinet, bassoon
}


@dataclass(frozen=True)
class Wish:
    """A request, the network to ask, and how it shall sound: None leaves the seed's tempo and instrument.

    `tempo` is in quarters a minute, `program` a General MIDI number from 0.
    """

    request: Request
    model: str
    tempo: float | None = None
    program: int | None = None
    second: Seed | None = None  # what to morph into

    def __post_init__(self) -> None:
        sent: Mapping[str, object] = vars(self)  # by a browser: it may be anything
        if not isinstance(sent["model"], str):
            raise BadRequest(f"There is no network {quoted(self.model)} here.")
        if self.tempo is not None and not (_is_number(self.tempo) and TEMPI[0] <= self.tempo <= TEMPI[1]):
            tempo = f"{self.tempo:g}" if type(sent["tempo"]) is float else quoted(self.tempo)
            raise BadRequest(f"The tempo must be from {TEMPI[0]} to {TEMPI[1]} quarters a minute, not {tempo}.")
        if self.program is not None and not (isinstance(sent["program"], int) and 0 <= self.program <= 127):
            raise BadRequest(f"The instrument must be a General MIDI number from 0 to 127, not {quoted(self.program)}.")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


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
    if wish.tempo is not None:
        at_tempo(reading.score, wish.tempo)  # told before anything is written
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
            yield number, replace(take, score=_as_wished(take, wish), remarks=remarks)
            if late:
                return


def _as_wished(take: Take, wish: Wish) -> Score:
    task = wish.request.what
    if task.one_family:
        return arranged(take.score.with_voices(_orchestrated(take.score.voices)), wish, range(len(take.score.voices)))
    if task.ensemble:  # the melody's instrument; a piano stays a piano
        return arranged(take.score, wish, {0})
    return arranged(take.score, wish, {voice for voice, _ in take.new})


def _orchestrated(voices: tuple[Voice, ...]) -> list[Voice]:
    """A melody and what is set under it, each on an instrument that has its range."""
    melody, *below = voices
    programs = next((lower for family, lower in _LOWER.items() if melody.program in family), None)
    if programs is None:
        return list(voices)
    return [melody, *(replace(voice, program=program) for voice, program in zip(below, programs, strict=True))]


def arranged(score: Score, wish: Wish, voices: Collection[int]) -> Score:
    """The score at the tempo, and those voices on the instrument, that were wished for."""
    if wish.tempo is not None:
        score = replace(score, tempos=(Tempo.from_bpm(wish.tempo, beat=score.tempos[0].beat),))
    if wish.program is None:
        return score
    return score.with_voices(
        replace(voice, program=wish.program) if index in voices else voice for index, voice in enumerate(score.voices)
    )


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
