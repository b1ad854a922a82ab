"""The options of a command that are settings, as their declarations have them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Annotated, Any

import typer

from composer.tasks.setting import Choice, Number, Setting, YesNo, settings_of


def with_settings(*classes: type[Any], **unset: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, in the place of its `**given`, an option for each setting of some classes.

    `given` holds what was typed and None for what was not. `unset` says what comes where a setting is not given, and
    its default is not it.
    """
    declared = {name: each for kind in classes for name, each in settings_of(kind).items()}
    options = [_option(replace(each, unset=unset.get(name, each.unset))) for name, each in declared.items()]

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
        begin = [each for each in own if each.kind is not each.KEYWORD_ONLY]
        rest = [each for each in own if each.kind is each.KEYWORD_ONLY]

        @wraps(command)
        def run(**given: Any) -> None:
            command(**given)

        parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in (*begin, *options, *rest)]
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # typer reads it
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorated


def typed(kind: type[Any], given: Mapping[str, Any]) -> Any:
    """A value of a class with settings, of what was typed; a number is taken as it is."""
    values = {name: (each, given[name]) for name, each in settings_of(kind).items() if given.get(name) is not None}
    return kind(
        **{name: value if isinstance(each, Number) else each.filled(value) for name, (each, value) in values.items()}
    )


def _option(setting: Setting) -> inspect.Parameter:
    default = setting.unset or ("" if setting.default in (None, ()) else str(setting.default))
    names = [setting.option]
    if isinstance(setting, YesNo):
        names, default = [f"{setting.option}/--no-{setting.option[2:]}"], "yes" if setting.default else "no"
    kind: Any = {YesNo: bool, Number: float}.get(type(setting), str)
    if isinstance(setting, Number) and setting.whole:
        kind = int
    option = typer.Option(*names, help=_help(setting), show_default=default or False)
    annotation = Annotated[kind | None, option]
    return inspect.Parameter(setting.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def _help(setting: Setting) -> str:
    """What it is, the sentence, and what may be asked for."""
    told = f"{setting.label}. {setting.help}"
    if isinstance(setting, Choice):
        return f"{told} One of: {', '.join(setting.names)}."
    if isinstance(setting, Number):
        return f"{told} From {setting.range}."
    example = getattr(setting, "example", "")
    return f"{told} Such as {example}." if example else told
