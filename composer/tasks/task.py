"""What a task is: what it needs, which settings it reads, how its plan is made, and from which points it is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from composer.errors import BadRequest, quoted
from composer.events.conditions import STYLES
from composer.music import Reading
from composer.score import Note, Score
from composer.tasks.ensembles import Ensemble
from composer.tasks.points import Point
from composer.tasks.setting import Setting

if TYPE_CHECKING:
    from composer.tasks.plan import Plan
    from composer.tasks.request import Request

MAX_BARS = 64
# Found on held-out pieces: with less too many bars of the seed come back (at 0.9 0.30 of the new bars, here 0.21,
# people's 0.19).
_TOP_P = 0.95
WISHES = ("returns", "busy", "ending", "form")  # what a network of notes is told of the music to come
TOLD = frozenset(WISHES) - {"form"}  # by every task: a form needs room for several phrases


@dataclass(frozen=True)
class Given:
    """What there is to work from: the seed, the melody to end with, and how many voices the network writes at most."""

    seed: Reading | None
    second: Reading | None = None
    most_voices: int = 1


class Phrase(Protocol):
    """A phrase that is to be written from a point, as the drafter shows it to a task."""

    @property
    def request(self) -> Request:
        """What is asked for, in the home key."""

    @property
    def plan(self) -> Plan:
        """What is written, in the home key."""

    @property
    def second(self) -> Reading | None:
        """The melody to end with, in its home key."""

    @property
    def bar(self) -> int:
        """Its first bar, from 0."""

    @property
    def cells(self) -> int:
        """S, the cells in which a point (D,) is laid out."""

    @property
    def random(self) -> np.random.Generator:
        """The take's random source."""

    @property
    def number(self) -> int:
        """The number that the random source began with."""

    def own(self) -> Point:
        """The point (D,) of what the melody that makes way has there."""

    def past(self) -> list[Point]:
        """The points of the phrases before, without a gap, the latest last."""

    def imagined(self, past: Sequence[Point], random: np.random.Generator) -> Point:
        """A point (D,) that the network imagines after others."""

    def point_of(self, notes: Sequence[Note], start: int, bar_ticks: int) -> Point:
        """The point (D,) of a phrase of a melody that begins at tick `start`, in bars of `bar_ticks`."""


class Task(ABC):
    """Something a network can be asked to do. One object each, without a state."""

    name: ClassVar[str]
    title: ClassVar[str]  # what the page calls it
    hint: ClassVar[str]  # one sentence on what it does
    top_p: ClassVar[float] = _TOP_P  # where none is asked for
    needs_seed: ClassVar[bool] = True
    needs_second: ClassVar[bool] = False
    settings: ClassVar[frozenset[str]] = frozenset()  # that it reads beside those that are common to all
    ignored: ClassVar[frozenset[str]] = frozenset()  # of the common ones
    ensemble: ClassVar[Ensemble | None] = None  # what is set under the seed's melody
    one_family: ClassVar[bool] = False  # the melody's instrument and its family play all of it
    goes_on: ClassVar[bool] = False  # adds to the end of the seed
    anew: ClassVar[bool] = False  # writes the seed's melody anew from its beginning
    through_points: ClassVar[bool] = False  # works on points of the seed itself, which networks of points alone have
    run_up: ClassVar[int] = 2  # bars of the seed that are heard before what is new

    @abstractmethod
    def plan(self, seed: Reading, request: Request, given: Given) -> Plan:
        """What exactly is written; BadRequest where seed and request do not go together."""

    @abstractmethod
    def length(self, request: Request, seed: Score) -> int | None:
        """How many whole bars a finished take has written; None where request and seed alone do not tell."""

    def planned(self, request: Request, given: Given, styles: Sequence[str] = STYLES) -> Plan:
        """The plan of a request, once it is sure that what the task needs is there; `styles` the network knows."""
        if request.style is not None and request.style not in styles:
            raise BadRequest(f"There is no style {quoted(request.style)}; there are: {', '.join(styles)}.")
        seed = given.seed or Reading(Score(), "nothing")
        if self.needs_seed and not seed.score.notes:
            raise BadRequest(
                f"There is no seed to {self.name} from. Bring a few notes, or choose the task 'improvise'."
            )
        return self.plan(seed, request, given)

    def lacking(self, request: Request) -> str | None:
        """What is said where a request leaves out what the task cannot do without."""
        return None

    def reads(self, setting: Setting) -> bool:
        """Whether a setting means anything to it."""
        return setting.name not in self.ignored if setting.common else setting.name in self.settings

    def asks_for(self, name: str) -> bool:
        """Whether it reads a setting that not every task does."""
        return name in self.settings

    def called(self, title: str) -> str:
        """What a take is called, given its seed's title."""
        return title

    def point(self, phrase: Phrase) -> Point:
        """The point (D,) that a phrase is written from: one imagined after those before."""
        return phrase.imagined(phrase.past(), phrase.random)

    def unchanged(self, request: Request) -> bool:
        """Whether the melody that makes way comes back as it is."""
        return False

    def account(
        self, before: Sequence[Note], after: Sequence[Note], points: int, dimensions: int
    ) -> tuple[Mapping[str, float], tuple[str, ...]]:
        """Figures, and what is to be said, of the melody before and after it went through points (D,)."""
        return {}, ()
