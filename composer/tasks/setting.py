"""Settings: what a field of a request may be, declared once for every face that asks for it.

The command line's options, the API's schema, the page's controls, the checks and the sentences of refusal are made
from these.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from composer.errors import BadRequest, quoted

LONGEST = 200  # letters of a text
_KEY = "setting"


@dataclass(frozen=True)
class Setting(ABC):
    """A field of a request, as it is asked for.

    `label` is what the page writes beside it, `help` one sentence on what it does, and `called` its name in a sentence.
    `common` tells that every task reads it, `voices` that only networks of several voices do. `name` and `default` are
    the field's; where the default asks for nothing, `unset` says what comes then.
    """

    label: str
    help: str
    called: str = ""
    common: bool = True
    voices: bool = False
    unset: str = ""
    name: str = ""
    default: Any = None

    @abstractmethod
    def check(self, value: Any) -> Any:
        """The value as a request keeps it; BadRequest, quoting it, where it cannot be one."""

    @property
    def said(self) -> str:
        """Its name in a sentence."""
        return self.called or self.name.replace("_", " ")

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def blank(self) -> Any:
        """What a form that knows no None shows where nothing is asked for."""
        return "" if self.default is None else self.default

    def filled(self, value: Any) -> Any:
        """What a form holds, as a request takes it: nothing typed or chosen asks for nothing."""
        return self.default if value is None or value == self.blank else value


@dataclass(frozen=True)
class Number(Setting):
    """A number from `low` to `high`, called `noun`; `step` and `reach` are how finely and how far a slider goes."""

    low: float = 0
    high: float = 1
    whole: bool = False
    noun: str = ""
    step: float = 1
    reach: tuple[float, float] | None = None

    def check(self, value: Any) -> Any:
        """See `Setting.check`."""
        if (value is None and self.default is None) or (self.unset and value == self.default):
            return self.default
        kind, allowed = ("a whole number", int) if self.whole else ("a number", (int, float))
        kind = self.noun or kind
        is_number = isinstance(value, allowed) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high:
            raise BadRequest(f"The {self.said} must be {kind} from {self.low} to {self.high}, not {quoted(value)}.")
        return value if self.whole else float(value)  # 1 and 1.0 are one recipe

    @property
    def range(self) -> str:
        """From where to where."""
        return f"{self.low} to {self.high}"

    @property
    def blank(self) -> Any:
        """Below every number that may be asked for, where the default is none."""
        return self.default if self.default is not None else 0 if self.low > 0 else -1


@dataclass(frozen=True)
class Choice(Setting):
    """One of a few names, each with what the page calls it; `refusal` is what is said of another, given all names."""

    names: Mapping[str, str] = field(default_factory=dict)
    refusal: Callable[[str, str], str] | None = None

    def check(self, value: Any) -> Any:
        """See `Setting.check`."""
        if value is None and self.default is None:
            return None
        if not isinstance(value, str) or value not in self.names:
            known = ", ".join(self.names)
            if self.refusal:
                raise BadRequest(self.refusal(quoted(value), known))
            raise BadRequest(f"There is no {quoted(value)} for {self.said}; there are: {known}.")
        return value


@dataclass(frozen=True)
class Text(Setting):
    """A text. What it means is seen where it meets the seed, but for `pattern`, which all of it must match.

    `capital` tells that small letters mean capitals; `longest` is how many letters there may be, `refusal` what is said
    of a text that does not match. `example` is one, for who types it.
    """

    pattern: str = ""
    capital: bool = False
    longest: int = LONGEST
    example: str = ""
    refusal: Callable[[str], str] | None = None

    def check(self, value: Any) -> Any:
        """See `Setting.check`."""
        if value is None and self.default is None:
            return None
        check_text(value)
        if self.pattern and self.refusal and not re.fullmatch(self.pattern, value):
            raise BadRequest(self.refusal(quoted(value)))
        return value

    def filled(self, value: Any) -> Any:
        """See `Setting.filled`."""
        value = super().filled(value)
        return value.strip().upper() if self.capital and isinstance(value, str) else value


@dataclass(frozen=True)
class Texts(Setting):
    """Several names; `example` is how they are typed."""

    example: str = ""

    def check(self, value: Any) -> Any:
        """See `Setting.check`."""
        names = tuple(value) if isinstance(value, (list, tuple)) else (value,)  # recipes bring lists
        for name in names:
            check_text(name)
        return names

    @property
    def blank(self) -> Any:
        """See `Setting.blank`."""
        return ""

    def filled(self, value: Any) -> Any:
        """Names, or one text with commas between them."""
        names = value.split(",") if isinstance(value, str) else value or ()
        return tuple(name for name in names if not isinstance(name, str) or name.strip())


@dataclass(frozen=True)
class YesNo(Setting):
    """Yes or no."""

    def check(self, value: Any) -> Any:
        """See `Setting.check`."""
        if not isinstance(value, bool):
            raise BadRequest(f"Whether {self.said} is yes or no, not {quoted(value)}.")
        return value


def check_text(value: object) -> None:
    """BadRequest where a value is no text, or a long one."""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise BadRequest(f"{quoted(value)} is not the name of a task, scale, style, region or voice.")


def setting(default: Any, declared: Setting) -> Any:
    """A dataclass's field with a setting's declaration."""
    return field(default=default, metadata={_KEY: declared})


def settings_of(request: type[Any]) -> dict[str, Setting]:
    """The settings of a request's class by the names of its fields, in their order."""
    return {
        each.name: replace(each.metadata[_KEY], name=each.name, default=each.default)
        for each in fields(request)
        if _KEY in each.metadata
    }


def filled(kind: type[Any], form: Mapping[str, Any]) -> Any:
    """A value of a class with settings, of what stands in a form: nothing typed or chosen asks for nothing."""
    return kind(**{name: each.filled(form[name]) for name, each in settings_of(kind).items() if name in form})
