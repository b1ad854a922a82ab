"""The endpoints for programs, `/read`, `/compose` and the readers: the same as the page does, without its screen."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.components import Component

from composer import api
from composer.music import read, tunes_of
from composer.page.seeds.seeds import Seed, seed_of_file, tune_choices
from composer.page.serving.told import told_of_error
from composer.page.settings.latent import SECOND, second_of
from composer.page.settings.menu import Menu
from composer.page.takes.making import Wish, account, keep, takes
from composer.shelf import Shelf
from composer.tasks import Request
from composer.tasks.setting import Choice, Number, Setting, YesNo, filled, settings_of
from composer.writing.sounding import Sounding

P = ParamSpec("P")
T = TypeVar("T")
_READ = "Read MIDI, MusicXML or ABC: key, metres, tempo, bars, tracks, and what was repaired or dropped."
_STYLE = "The likeliest styles of a file's melody with probabilities, and the bars that speak for the first."
_SIMILAR = "The library's tunes that are likest to a file's melody, in any key and at any speed."
_ORIGINALITY = "The longest exact and closest match between a file and what networks learned from, by piece and bar."
_CRITIC = (
    "How well a take follows from its seed in the ears of the GAN's critic, whoever wrote it: ranks among held-out "
    "phrases that people wrote next, and among phrases from elsewhere."
)
_COMPOSE = (
    "Go on from a file, harmonise or accompany it, or fill in bars: MIDI, WAV, and the recipe, bars and new notes, "
    "each [onset, pitch, duration] in ticks."
)


def add_endpoints(shelf: Shelf, menu: Menu) -> None:
    """Add all to the page that is being built. Their components are never shown; they make the schema."""
    with gr.Column(visible=False):
        _add_read()
        _add_compose(shelf, menu)
        _add_readers(shelf, menu)


def _add_read() -> None:
    def read_file(file: str, tune: str) -> dict[str, Any]:
        path = Path(_present(file))
        book = [{"number": number, "title": title} for number, title in tunes_of(path)]
        return {**read(path, tune.strip() or None).to_json(), "tunes": book}

    gr.Button().click(
        _in_words(read_file),
        [gr.File(label="file", type="filepath"), _tune()],
        gr.JSON(label="reading"),
        api_name="read",
        api_description=_READ,
        concurrency_limit=2,
    )


def _tune() -> gr.Textbox:
    return gr.Textbox("", label="tune", info="of a tune book, by number or title; empty: the first")


def _add_readers(shelf: Shelf, menu: Menu) -> None:
    def style(file: str) -> dict[str, Any]:
        return api.style(Path(_present(file)), shelf=shelf).to_json()

    def similar(file: str, most: int) -> list[dict[str, Any]]:
        return [like.to_json() for like in api.similar(Path(_present(file)), most, shelf=shelf)]

    def originality(file: str, model: str) -> dict[str, Any]:
        return api.originality(Path(_present(file)), model or None, shelf).to_json()

    def critic(file: str, take: str, model: str) -> dict[str, Any]:
        return api.critic(Path(_present(file)), Path(_present(take)), model or "gan", shelf=shelf).to_json()

    most = gr.Number(10, label="most", precision=0, info="how many tunes, 1 to 100")
    model = gr.Dropdown(["", *menu.names], value="", label="model", info="empty: the file's writer, or all networks")
    take = gr.File(label="take", type="filepath")
    judge = gr.Dropdown(["", *menu.names], value="", label="model", info="the gan whose critic listens; empty: gan")
    readers: list[tuple[Callable[..., Any], list[Component], str]] = [
        (style, [], _STYLE),
        (similar, [most], _SIMILAR),
        (originality, [model], _ORIGINALITY),
        (critic, [take, judge], _CRITIC),
    ]
    for run, settings, told in readers:
        gr.Button().click(
            _in_words(run),
            [gr.File(label="file", type="filepath"), *settings],
            gr.JSON(label=run.__name__),
            api_name=run.__name__,
            api_description=told,
            concurrency_limit=2,
        )


def compose_inputs(menu: Menu, *classes: type[Any]) -> list[Component]:
    """What `/compose` takes, by label, with defaults: the seed, the network, and each setting of some classes."""
    declared = [each for kind in classes for each in settings_of(kind).values()]
    return [
        gr.File(label="file", type="filepath"),
        gr.Dropdown(menu.names, value=menu.default, label="model", info="which network writes"),
        *(_parameter(each) for each in declared),
        gr.Dropdown(tune_choices(), value=SECOND, label="second", info="a tune of the gallery to morph into"),
        gr.File(label="second_file", type="filepath"),  # a melody of one's own instead
        _tune(),
    ]


def _parameter(setting: Setting) -> Component:
    """A setting as a program sends it; where nothing is asked for there is a value that stands for that."""
    told = f"{setting.label}. {setting.help}"
    if setting.unset:
        told = f"{told} {setting.blank!r}: {setting.unset}."
    match setting:
        case Number():
            told = f"{told} From {setting.range}."
            return gr.Number(setting.blank, label=setting.name, precision=0 if setting.whole else None, info=told)
        case Choice():
            names = [*([""] if setting.default is None else []), *setting.names]
            return gr.Dropdown(names, value=setting.blank, label=setting.name, info=told)
        case YesNo():
            return gr.Checkbox(setting.blank, label=setting.name, info=told)
        case _:
            example = getattr(setting, "example", "")
            told = f"{told} Such as {example}." if example else told
            return gr.Textbox(setting.blank, label=setting.name, info=told)


def _add_compose(shelf: Shelf, menu: Menu) -> None:
    inputs = compose_inputs(menu, Request, Sounding)

    def compose(*sent: Any) -> tuple[str, str | None, dict[str, Any]]:
        given = dict(zip((str(part.label) for part in inputs), sent, strict=True))
        second_file = given["second_file"]
        request: Request = filled(Request, given).refuse_unread(second=bool(second_file))
        other = seed_of_file(Path(second_file)) if second_file else second_of(request.what, given["second"])
        wish = Wish(request, given["model"] or "", filled(Sounding, given), other)
        return _compose(shelf, seed_of_file(Path(_present(given["file"])), given["tune"].strip() or None), wish)

    # Gradio names the endpoint's parameters after those of the function, and has no other way to learn them.
    compose.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_named(part, required=part is inputs[0]) for part in inputs]
    )
    gr.Button().click(
        _in_words(compose),
        inputs,
        [gr.File(label="midi"), gr.File(label="wav"), gr.JSON(label="take")],
        api_name="compose",
        api_description=_COMPOSE,
        concurrency_id="writing",
    )


def _named(part: Component, required: bool) -> inspect.Parameter:
    """The parameter of a function that is named as a component is."""
    default = inspect.Parameter.empty if required else part.value
    return inspect.Parameter(str(part.label), inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def _compose(shelf: Shelf, seed: Seed, wish: Wish) -> tuple[str, str | None, dict[str, Any]]:
    *_, take = takes(shelf, seed.reading, wish)
    kept = keep(take, seed.title)
    return str(kept.midi), str(kept.wav) if kept.wav else None, {**account(take), "silence": kept.silence}


def _present(path: str | None) -> str:
    if not path:
        raise gr.Error("There is no file. Send MIDI, MusicXML or ABC.", print_exception=False)
    return path


def _in_words(run: Callable[P, T]) -> Callable[P, T]:
    """What a client is told when something goes wrong: our sentence, or a plain apology."""

    @wraps(run)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return run(*args, **kwargs)
        except gr.Error:
            raise
        except Exception as error:
            raise gr.Error(told_of_error(error), print_exception=False) from error

    return told
