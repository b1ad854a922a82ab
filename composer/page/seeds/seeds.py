"""Where a take begins: a tune of the gallery, or a file that a visitor brought."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from composer.music import Reading, clean, melody_of, read, tunes_of
from composer.score import Voice
from composer.tasks import Task
from composer.writing import Take

GALLERY = Path(__file__).resolve().parent / "gallery"
FIRST = "ode_to_joy"
BROUGHT = ""  # stands in the menu of tunes for a visitor's own file


@dataclass(frozen=True)
class Tune:
    """One tune of the gallery, known by its file's name."""

    name: str
    title: str
    country: str

    @property
    def label(self) -> str:
        """What the menu shows."""
        return f"{self.title} · {self.country}" if self.country else self.title


@dataclass(frozen=True)
class Seed:
    """What was read, and what to call it.

    `room` is how many bars the editor shows at least; `take` is the id of the take that it was, if it was one; `mark`
    tells what was drawn on this seed from what was drawn on the one before it.
    """

    reading: Reading
    title: str
    room: int = 0
    take: str | None = None
    mark: str = field(default_factory=lambda: secrets.token_hex(8), compare=False)

    def __hash__(self) -> int:
        """By its notes: Gradio tells by it whether a session's seed has changed, and a recipe has no hash."""
        return hash((self.title, self.reading.score))


def tunes(folder: Path = GALLERY) -> Sequence[Tune]:
    """The gallery in order of title."""
    return sorted((_tune(path) for path in folder.glob("*.abc")), key=lambda tune: tune.title)


def tune_choices() -> list[tuple[str, str]]:
    """(what the menu shows, name) of each tune."""
    return [(tune.label, tune.name) for tune in tunes()]


def _tune(path: Path) -> Tune:
    text = path.read_text("utf-8")
    return Tune(path.stem, _field(text, "T") or path.stem, _field(text, "O"))


def _field(text: str, letter: str) -> str:
    found = re.search(rf"^{letter}:\s*(.*?)\s*$", text, re.MULTILINE)
    return found[1] if found else ""


@cache
def seed_of_tune(name: str) -> Seed:
    """A tune of the gallery, read once: it never changes."""
    if name not in {tune.name for tune in tunes()}:
        name = FIRST
    reading = read(GALLERY / f"{name}.abc")
    return Seed(reading, reading.score.title)


def seed_of_file(path: Path, tune: str | None = None) -> Seed:
    """A visitor's file, of a tune book the tune asked for; UnreadableMusic where it cannot be read."""
    reading = read(path, tune)
    return Seed(reading, reading.score.title or clean(path.stem))


def book_choices(path: Path) -> list[tuple[str, str]]:
    """(what the menu shows, what to ask for) of each tune of a file that holds several; else none."""
    tunes = tunes_of(path)
    numbers = Counter(number for number, _ in tunes)
    # Books put together by hand number some tunes alike; those are asked for by their titles.
    asked = [number if number and numbers[number] == 1 else title for number, title in tunes]
    choices = [(f"{title} · {number}", which) for (number, title), which in zip(tunes, asked, strict=True)]
    return choices if len(choices) > 1 else []


def seed_of_take(take: Take, seed: Seed, of: str | None = None) -> Seed:
    """A take, to be worked on as its seed was; `of` is its id."""
    request, old = take.recipe.request, seed.reading
    reading = replace(
        old,
        score=take.score,
        source=f"a take by {take.recipe.checkpoint.upper()}",
        key=request.key(old.key) or old.key,
        remarks=(),
        recipe=take.recipe.to_json(),
        tracks=tuple(voice.name or f"Track {number}" for number, voice in enumerate(take.score.voices, 1)),
        style=request.style or _style_under(request.what) or old.style,
    )
    return Seed(reading, request.what.called(seed.title), take=of)


def _style_under(task: Task) -> str | None:
    """The style of what a task sets under a melody."""
    return task.ensemble.style if task.ensemble else None


def tracks_of(reading: Reading) -> list[tuple[str, int]]:
    """What can be chosen as the melody: (name, number from 1) of every track that has pitches."""
    voices = reading.score.voices
    return [
        (f"{number}: {name} ({len(voice.notes)} notes)", number)
        for number, (name, voice) in enumerate(zip(reading.tracks, voices, strict=True), 1)
        if voice.notes and not voice.is_drum
    ]


def melody_index(reading: Reading, track: int | None) -> int:
    """The index of the voice that is gone on from."""
    if track is not None:
        return track - 1
    line = melody_of(reading).score.voices[0]
    return next(index for index, voice in enumerate(reading.score.voices) if _carries(voice, line))


def _carries(voice: Voice, line: Voice) -> bool:
    same = (voice.name, voice.program) == (line.name, line.program)
    return same and {(n.onset, n.pitch) for n in line.notes} <= {(n.onset, n.pitch) for n in voice.notes}
