"""What a visitor asks for: every setting once, with its bounds, its default and one sentence on what it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from composer.analysis.limit import SHORTEST
from composer.errors import BadRequest
from composer.events.conditions import BUSY, ENDINGS, RETURNS
from composer.score import Key
from composer.tasks.ensembles import ENSEMBLES
from composer.tasks.registry import TASKS
from composer.tasks.setting import Choice, Number, Setting, Text, Texts, YesNo, setting, settings_of
from composer.tasks.task import MAX_BARS, WISHES, Task

MAX_TAKES, MAX_SEED, MAX_STEPS = 4, 2**31 - 1, 16

_TASK = Choice(
    "Task",
    "What the network does with the seed.",
    names={task.name: task.title for task in TASKS.values()},
    refusal=lambda value, known: f"There is no task {value}; there are: {known}.",
)
_KIND = Choice(
    "What to improvise",
    "As the style is usually written, or of your choice.",
    common=False,
    voices=True,
    unset="as the style has it",
    names={name: ensemble.called for name, ensemble in ENSEMBLES.items()},
    refusal=lambda value, known: f"There is no kind {value} to improvise; there are: {known}.",
)
_RETURNS = Choice(
    "What comes back",
    "How much of the seed returns.",
    common=False,
    unset="as it likes",
    names=dict(zip(RETURNS, ("nothing: a new part", "a little", "much", "most of it: an echo"), strict=True)),
)
_BUSY = Choice("How busy", "How many notes.", common=False, unset="as it likes", names={name: name for name in BUSY})
_ENDING = Choice(
    "How it ends",
    "Rests, asks, or runs on.",
    common=False,
    unset="as it fits",
    names=dict(zip(ENDINGS, ("on the tonic", "open", "running on"), strict=True)),
)
_FORM = Text(
    "Form",
    "Letters, one a phrase: AABA.",
    common=False,
    pattern="[A-Z]{0,16}",
    capital=True,
    longest=16,
    refusal=lambda value: f"The form {value} is not up to 16 letters, one a phrase, such as 'AABA'.",
)


@dataclass(frozen=True)
class Request:
    """One press of Compose.

    `temperature` governs pitches, `rhythm_temperature` everything else; 0 always takes the likeliest. `top_p` keeps
    the likeliest values that together have this share; 0 is what suits the task. `scale` is "auto" (the seed's key),
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

    A new setting is one field here: the command line, the API and the page show it, and it is checked. Where not every
    task reads it (`common=False`), the tasks that do name it.
    """

    task: str = setting("continue", _TASK)
    bars: int = setting(
        8,
        Number(
            "Bars to write",
            "Whole ones, after what is left of the seed's last.",
            common=False,
            low=1,
            high=MAX_BARS,
            whole=True,
            reach=(1, MAX_BARS),
        ),
    )
    temperature: float = setting(
        0.9,
        Number(
            "Pitch temperature",
            "Low: what one expects. High: surprises.",
            "pitch temperature",
            high=5,
            step=0.05,
            reach=(0, 2),
        ),
    )
    rhythm_temperature: float = setting(
        0.9, Number("Rhythm temperature", "Low: steady. High: restless.", high=5, step=0.05, reach=(0, 2))
    )
    top_p: float = setting(
        0.0,
        Number(
            "Unlikely notes",
            "1 allows them all; less puts the unlikeliest aside.",
            "top-p",
            unset="what suits the task",
            low=0.01,
            step=0.01,
            reach=(0.1, 1),
        ),
    )
    scale: str = setting(
        "auto",
        Text(
            "Scale lock",
            "New notes keep to it without exception.",
            example="'auto' (the seed's key), 'none' or 'G major'",
        ),
    )
    low: int | None = setting(
        None,
        Number(
            "Lowest note",
            "No new note is lower than this MIDI number.",
            "lowest pitch",
            unset="as the seed",
            high=127,
            whole=True,
        ),
    )
    high: int | None = setting(
        None,
        Number(
            "Highest note",
            "No new note is higher than this MIDI number.",
            "highest pitch",
            unset="as the seed",
            high=127,
            whole=True,
        ),
    )
    takes: int = setting(
        1,
        Number(
            "Takes",
            "Written one after the other, to compare.",
            "number of takes",
            low=1,
            high=MAX_TAKES,
            whole=True,
            reach=(1, MAX_TAKES),
        ),
    )
    seed: int = setting(0, Number("Take number", "The same number writes the same notes.", high=MAX_SEED, whole=True))
    style: str | None = setting(None, Text("Style", "What to sound like.", unset="as the seed"))
    track: int | None = setting(
        None,
        Number(
            "Melody track",
            "Which track of the file is the melody.",
            common=False,
            unset="chosen for you",
            low=1,
            high=1_000,
            whole=True,
        ),
    )
    region: str | None = setting(
        None,
        Text("Region", "Which bars to write anew, and in which voices.", common=False, example="'5-6:alto,tenor'"),
    )
    freeze: tuple[str, ...] = setting(
        (), Texts("Voices that stay", "They stay as they are.", common=False, voices=True, example="'alto,bass'")
    )
    max_match: int | None = setting(
        None,
        Number(
            "Longest copied passage",
            "New notes never copy more in a row of what the network learned from.",
            "longest match",
            unset="no limit",
            low=SHORTEST,
            high=1_000,
            whole=True,
        ),
    )
    kind: str | None = setting(None, _KIND)
    strict: bool = setting(
        True,
        YesNo(
            "Strict voice-leading",
            "In chorales, hymns and choirs no parallel fifths or octaves, and no crossed voices.",
            "voices are led strictly",
            common=False,
            voices=True,
        ),
    )
    amount: float = setting(
        0.5, Number("How far", "0: the tune itself. 1: a stranger.", "amount", common=False, step=0.05, reach=(0, 1))
    )
    steps: int = setting(
        4,
        Number(
            "Steps",
            "Phrases of two bars between.",
            "number of steps",
            common=False,
            low=1,
            high=MAX_STEPS,
            whole=True,
            reach=(1, MAX_STEPS),
        ),
    )
    returns: str | None = setting(None, _RETURNS)
    busy: str | None = setting(None, _BUSY)
    ending: str | None = setting(None, _ENDING)
    form: str = setting("", _FORM)

    def __post_init__(self) -> None:
        for name, declared in settings_of(type(self)).items():
            object.__setattr__(self, name, declared.check(getattr(self, name)))
        if lacking := self.what.lacking(self):
            raise BadRequest(lacking)
        if self.low is not None and self.high is not None and self.low > self.high:
            raise BadRequest(f"The lowest pitch {self.low} is above the highest {self.high}. Swap them.")
        if self.scale not in ("auto", "none"):
            try:
                Key.parse(self.scale)
            except ValueError as error:
                raise BadRequest(f"The scale {error}, or 'auto' or 'none'.") from error

    @property
    def what(self) -> Task:
        """The task itself."""
        return TASKS[self.task]

    def filled(self) -> Request:
        """The same with nothing left to what suits: what a recipe keeps."""
        return self if self.top_p else replace(self, top_p=self.what.top_p)

    @property
    def wishes(self) -> tuple[str, ...]:
        """The names of what is told to a network that can be told of it."""
        return tuple(name for name in WISHES if getattr(self, name))

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the settings that are not left as they are by default."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) != each.default)

    def refuse_unread(self, given: Collection[str] | None = None, second: bool = False) -> Request:
        """The same; BadRequest where one of the settings given (None: changed) means nothing to the task.

        `second` tells that there is a second tune.
        """
        if second and not self.what.needs_second:
            others = " or ".join(task.name for task in TASKS.values() if task.needs_second)
            raise BadRequest(f"{self.what.title} has no use for a second tune: leave it out, or choose {others}.")
        for name, declared in settings_of(type(self)).items():
            if name in (self.asked if given is None else given) and not self.what.reads(declared):
                raise BadRequest(_unread(declared, self.what))
        return self

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


SETTINGS = settings_of(Request)


def _unread(declared: Setting, task: Task) -> str:
    """What is said of a setting that a task has no use for."""
    others = [other.name for other in TASKS.values() if other.reads(declared)]
    instead = f", or choose {' or '.join(others)}" if others else ""
    return f"{task.title} has no use for '{declared.name}' ({declared.label}): leave it out{instead}."
