"""The models. Scores are checked note by note where they are read (`composer.music.from_plain`)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from composer.music import LIMITS
from composer.page.wire.checking import Sent

_NAME = 200  # letters of a title, of a name
_PACKED = 100_000  # letters of a link
_TICKS = 10**7

Bar = Annotated[int, Field(ge=0, le=2 * LIMITS["bars"])]
Tick = Annotated[int, Field(ge=0, le=_TICKS)]
Pitch = Annotated[int, Field(ge=0, le=127)]
Text = Annotated[str, Field(max_length=_NAME)]
FreshNote = Annotated[list[Tick], Field(min_length=4, max_length=4)]  # voice, onset, pitch, duration
Number = int | float
VoiceNumber = Annotated[int, Field(ge=1, le=LIMITS["tracks"])]


class SentSeed(Sent):
    """A seed as the browser keeps it."""

    score: dict[str, Any]
    title: str
    source: str
    key: str | None
    style: str | None = None
    take: str | None = None  # the id of the take that it was


class SentTake(Sent):
    """A take as the browser keeps it."""

    score: dict[str, Any]
    fresh: Annotated[list[FreshNote], Field(max_length=LIMITS["notes"])]
    new_from: Tick
    bars: Bar
    recipe: dict[str, Any]
    seed: SentSeed
    second: SentSeed | None = None
    id: str
    called: str = ""  # what the visitor's page calls it


class SentFader(Sent):
    """One strip of the mixer; `Fader` knows its ranges."""

    volume: Number
    pan: Number
    mute: bool
    solo: bool
    program: int | None


class MixerPosition(Sent):
    """Where the mixer stands; `tempo` in quarters a minute."""

    faders: Annotated[list[SentFader], Field(max_length=LIMITS["tracks"])]
    tempo: Number | None
    shade: Number
    swing: Number


class Base(Sent):
    """Something is done with a take."""

    take: SentTake


class BarChoice(Sent):
    """Bars, counted from 1."""

    first: Bar
    last: Bar


class Redoing(Base):
    """Bars and voices, counted from 1, of a take are to be written anew."""

    first: Bar
    last: Bar
    voices: Annotated[list[VoiceNumber], Field(max_length=LIMITS["tracks"])]


class Extension(Base):
    """A take is to go on from a bar."""

    bar: Bar


class Link(Sent):
    """A take that came with a link."""

    packed: Annotated[str, Field(max_length=_PACKED)]


class TuneName(Sent):
    """A tune of the library."""

    name: Text


class Hearing(Base):
    """A take is wanted as sound, as the mixer stands."""

    mix: MixerPosition | None = None


class FileOrder(Hearing):
    """A take is wanted as a file."""

    kind: Text


class Sheet(Hearing):
    """A take is wanted as notation, so many pixels wide."""

    width: Annotated[int, Field(ge=1, le=10_000)] = 800
