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


Temperature = Annotated[float, Field(ge=0, le=5, strict=False)]
RandomSeed = Annotated[int, Field(ge=0, le=2**31 - 1)]
_ROWS = 2_000  # rows that a take of a lesson has at most
_KEY = Annotated[str, Field(max_length=40)]


class Comparison(Sent):
    """Networks are to go on from the seed side by side; `only` is how many bars of it they are given, 0 for all."""

    networks: Annotated[list[Text], Field(min_length=1, max_length=9)]
    bars: Annotated[int, Field(ge=1, le=16)]
    only: Annotated[int, Field(ge=0, le=64)]
    temperature: Temperature
    rhythm_temperature: Temperature
    random_seed: RandomSeed


class SentTurn(Sent):
    """At a row of a take a decision took this value."""

    row: Annotated[int, Field(ge=0, le=_ROWS)]
    decision: Annotated[int, Field(ge=0, le=5)]
    value: Annotated[int, Field(ge=0, le=1_000)]


class Lesson(Sent):
    """A take that is looked at: what it goes on from, how it was written, and where it turned."""

    seed: SentSeed
    network: Text
    bars: Annotated[int, Field(ge=1, le=16)]
    temperature: Temperature
    rhythm_temperature: Temperature
    random_seed: RandomSeed
    turns: Annotated[list[SentTurn], Field(max_length=64, default_factory=list)]


class LessonLayer(Lesson):
    """What went on in a layer, counted from 0."""

    layer: Annotated[int, Field(ge=0, le=64)]


class RoomCode(Sent):
    """A room."""

    code: Annotated[str, Field(max_length=12)]


class RoomKey(RoomCode):
    """A room, and who asks: its teacher's key, or a pupil's."""

    key: _KEY


class RoomRound(RoomKey):
    """A teacher begins a round."""

    choices: Annotated[int, Field(ge=2, le=10)]
    people: bool


class RoomNames(RoomKey):
    """A teacher tells whose the choices are."""

    names: Annotated[list[Text], Field(max_length=10)]


class RoomVote(RoomKey):
    """A pupil votes; null leaves a vote as it is."""

    round: Annotated[int, Field(ge=0, le=10**6)]
    keep: Annotated[int, Field(ge=0, le=10)] | None = None
    guess: Annotated[int, Field(ge=0, le=10)] | None = None
