"""What a visitor asks for, and the recipe that makes the same take again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from composer.analysis.limit import SHORTEST
from composer.errors import BadRequest, quoted
from composer.events.conditions import BUSY, ENDINGS, RETURNS
from composer.score import Key
from composer.writing.ensembles import KINDS

THROUGH_POINTS = ("vary", "morph", "restore")  # what networks of points do with the seed itself
TASKS = ("continue", "improvise", "harmonise", "accompany", "infill", *THROUGH_POINTS)
MAX_BARS, MAX_TAKES, MAX_SEED, MAX_STEPS = 64, 4, 2**31 - 1, 16

_FORM = re.compile("[A-Z]{0,16}")

# Found on held-out pieces: with less than 0.95 too many bars of the seed come back (at 0.9 0.30 of the new bars, here
# 0.21, people's 0.19); three voices under a melody sound more chords where unlikely notes are left out.
_TOP_P = {"harmonise": 0.8, "accompany": 0.9}


def suited_top_p(task: str) -> float:
    """The top-p that suits a task, where none is asked for."""
    return _TOP_P.get(task, 0.95)


@dataclass(frozen=True)
class Request:
    """One press of Compose.

    `temperature` governs pitches, `rhythm_temperature` everything else; 0 always takes the likeliest. `top_p` keeps
    the likeliest tokens that together have this share; 0 is what suits the task. `scale` is "auto" (the seed's key),
    "none", or a key such as "G major". `low` and `high` bound new pitches (MIDI numbers; None: the seed's range and a
    fifth either way). `seed` is the random seed of the first take; take k has `seed + k`. `style` is one the network
    knows, or None.
    `track` (from 1) says which track of the file is the melody. `region` says what to re-write when filling in, such
    as "5-6:alto,tenor"; `freeze` names voices that stay as they are. `kind` is what to improvise (one of `KINDS`; None:
    what the style is usually written for). `max_match` forbids longer rows of notes that a piece learned from has too
    (None: no limit). `strict` keeps the voices of chorales, hymns and choirs from parallel fifths and octaves and from
    crossing, wherever another note is left. `amount` is how far to vary: 0 gives the seed itself, 1 a stranger, and
    between them it is about the share of notes that change. `steps` is how many phrases stand between two seeds when
    morphing. `returns` says how much of what was given comes back ("new" … "echo"), `busy` how many notes there are
    ("very calm" … "very busy"), `ending` how it ends ("tonic", "open", "running on"); None leaves it to the network,
    but for the ending: a take ends on the tonic where nothing follows it. `form` are letters, one a phrase of what is
    written, such as "AABA": where a letter comes again, its phrase returns.
    """

    task: str = "continue"
    bars: int = 8
    temperature: float = 0.9
    rhythm_temperature: float = 0.9
    top_p: float = 0.0
    scale: str = "auto"
    low: int | None = None
    high: int | None = None
    takes: int = 1
    seed: int = 0
    style: str | None = None
    track: int | None = None
    region: str | None = None
    freeze: tuple[str, ...] = ()
    max_match: int | None = None
    kind: str | None = None
    strict: bool = True
    amount: float = 0.5
    steps: int = 4
    returns: str | None = None
    busy: str | None = None
    ending: str | None = None
    form: str = ""

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise BadRequest(f"There is no task {quoted(self.task)}; there are: {', '.join(TASKS)}.")
        _check("bars", self.bars, 1, MAX_BARS)
        _check("takes", self.takes, 1, MAX_TAKES)
        _check("seed", self.seed, 0, MAX_SEED)
        _check("temperature", self.temperature, 0, 5, whole=False)
        _check("rhythm temperature", self.rhythm_temperature, 0, 5, whole=False)
        if self.top_p != 0:
            _check("top-p", self.top_p, 0.01, 1, whole=False)
        _check("amount", self.amount, 0, 1, whole=False)
        _check("number of steps", self.steps, 1, MAX_STEPS)
        for name in ("low", "high"):
            if getattr(self, name) is not None:
                _check(f"{name}est pitch", getattr(self, name), 0, 127)
        for name in ("temperature", "rhythm_temperature", "top_p", "amount"):  # 1 and 1.0 are one recipe
            object.__setattr__(self, name, float(getattr(self, name)))
        if self.track is not None:
            _check("track", self.track, 1, 1_000)
        if self.max_match is not None:
            _check("longest match", self.max_match, SHORTEST, 1_000)
        if not isinstance(self.strict, bool):
            raise BadRequest(f"Whether voices are led strictly is yes or no, not {quoted(self.strict)}.")
        self._check_texts()
        if self.kind is not None and self.kind not in KINDS:
            raise BadRequest(f"There is no kind {quoted(self.kind)} to improvise; there are: {', '.join(KINDS)}.")
        self._check_wishes()
        if self.task == "infill" and not self.region:
            raise BadRequest("Filling in needs a region: the bars to re-write, such as '5-6' or '5-6:alto,tenor'.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise BadRequest(f"The lowest pitch {self.low} is above the highest {self.high}. Swap them.")
        if self.scale not in ("auto", "none"):
            try:
                Key.parse(self.scale)
            except ValueError as error:
                raise BadRequest(f"The scale {error}, or 'auto' or 'none'.") from error

    def filled(self) -> Request:
        """The same with nothing left to what suits: what a recipe keeps."""
        return self if self.top_p else replace(self, top_p=suited_top_p(self.task))

    @property
    def wishes(self) -> tuple[str, ...]:
        """The names of what is told to a network that can be told of it."""
        return tuple(name for name in ("returns", "busy", "ending", "form") if getattr(self, name))

    def _check_wishes(self) -> None:
        for name, known in (("returns", RETURNS), ("busy", BUSY), ("ending", ENDINGS)):
            if getattr(self, name) is not None and getattr(self, name) not in known:
                raise BadRequest(
                    f"There is no {quoted(getattr(self, name))} for {name}; there are: {', '.join(known)}."
                )
        if not _FORM.fullmatch(str(self.form)):
            raise BadRequest(f"The form {quoted(self.form)} is not up to 16 letters, one a phrase, such as 'AABA'.")

    def _check_texts(self) -> None:
        object.__setattr__(self, "freeze", tuple(self.freeze))  # recipes bring lists
        texts: tuple[object, ...] = (
            self.task,
            self.scale,
            self.style or "",
            self.region or "",
            self.kind or "",
            *self.freeze,
        )
        for text in texts:
            if not isinstance(text, str) or len(text) > 200:
                raise BadRequest(f"{quoted(text)} is not the name of a task, scale, style, region or voice.")

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Request:
        """A request from a recipe's plain values; unknown names are refused."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise BadRequest(
                f"This recipe has settings that this Motif does not know: {', '.join(unknown)[:80]}. Update Motif."
            )
        return cls(**values)

    def key(self, found: Key | None) -> Key | None:
        """The key to lock to, given the seed's; None for no lock."""
        if self.scale == "none":
            return None
        return found if self.scale == "auto" else Key.parse(self.scale)


def _check(name: str, value: object, low: float, high: float, whole: bool = True) -> None:
    number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]
        kind = "a whole number" if whole else "a number"
        raise BadRequest(f"The {name} must be {kind} from {low} to {high}, not {quoted(value)}.")


@dataclass(frozen=True)
class Recipe:
    """How a take was made: which weights, which request (of one take), and what it was made from.

    `checkpoint` names the network, `weights` are the first 16 digits of its file's SHA-256, `parent` those of the
    seed's notes.
    """

    checkpoint: str
    weights: str
    request: Request
    parent: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, as written into the MIDI file."""
        return {**asdict(self), "motif": 1}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Recipe:
        """Read `to_json`'s values; BadRequest where they are not a recipe."""
        try:
            request = Request.from_json(values["request"])
            return cls(str(values["checkpoint"]), str(values["weights"]), request, str(values["parent"]))
        except (KeyError, TypeError) as error:
            raise BadRequest("This is not a recipe of Motif, or it was cut off. Open the take's MIDI file.") from error
