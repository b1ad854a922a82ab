"""The endpoints for programs, `/read`, `/compose` and the readers: the same as the page does, without its screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.components import Component

from composer import api
from composer.events.conditions import BUSY, ENDINGS, RETURNS
from composer.music import read, tunes_of
from composer.page.seeds.seeds import Seed, seed_of_file, tune_choices
from composer.page.serving.told import told_of_error
from composer.page.settings.latent import SECOND, second_of
from composer.page.settings.menu import Menu
from composer.page.takes.making import Wish, account, keep, takes
from composer.shelf import Shelf
from composer.tasks import MAX_BARS, TASKS, Request

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


def _settings(menu: Menu) -> list[Component]:
    """What `/compose` takes, in the order of its parameters, with defaults."""
    return [
        gr.File(label="file", type="filepath"),
        gr.Dropdown(menu.names, value=menu.default, label="model"),
        gr.Dropdown(list(TASKS), value="continue", label="task", info="a network refuses those it cannot do"),
        gr.Number(8, label="bars", precision=0, info=f"1 to {MAX_BARS}"),
        gr.Number(Request.temperature, label="temperature", info="of pitches, 0 to 5"),
        gr.Number(Request.rhythm_temperature, label="rhythm_temperature", info="of everything else, 0 to 5"),
        gr.Number(Request.top_p, label="top_p", info="0: what suits the task"),
        gr.Textbox("auto", label="scale", info="'auto', 'none' or a key such as 'G major'"),
        gr.Number(0, label="seed", precision=0, info="the same seed writes the same notes"),
        gr.Textbox("", label="style", info="empty: as the file says"),
        gr.Number(0, label="track", precision=0, info="which track is the melody, from 1; 0: found"),
        gr.Number(0, label="tempo", info="quarters a minute; 0: as the file"),
        gr.Number(-1, label="program", precision=0, info="General MIDI instrument, 0 to 127; -1: as the file"),
        gr.Textbox("", label="region", info="what to fill in: '5-6', '5-6:alto,tenor' or 'bass'"),
        gr.Textbox("", label="freeze", info="voices that stay as they are: 'alto,bass'"),
        gr.Textbox("", label="kind", info="what to improvise: melody, chorale, song, piano or quartet"),
        gr.Number(0, label="max_match", precision=0, info="most notes in a row as learned from, from 10; 0: no limit"),
        gr.Dropdown(["", *RETURNS], value="", label="returns", info="how much of what is given comes back"),
        gr.Dropdown(["", *BUSY], value="", label="busy", info="how many notes"),
        gr.Dropdown(["", *ENDINGS], value="", label="ending", info="empty: on the tonic where nothing follows"),
        gr.Textbox("", label="form", info="letters, one a phrase of what is written: 'AABA'"),
        gr.Number(0.5, label="amount", info="how far to vary: 0 the seed itself, 1 a stranger"),
        gr.Number(4, label="steps", precision=0, info="phrases between two melodies when morphing"),
        gr.Dropdown(tune_choices(), value=SECOND, label="second", info="a tune of the gallery to morph into"),
        gr.File(label="second_file", type="filepath"),  # a melody of one's own instead
        _tune(),
    ]


def _add_compose(shelf: Shelf, menu: Menu) -> None:
    # Gradio names the endpoint's parameters after these, and has no other way to learn them.
    def compose(
        file: str,
        model: str,
        task: str,
        bars: int,
        temperature: float,
        rhythm_temperature: float,
        top_p: float,
        scale: str,
        seed: int,
        style: str,
        track: int,
        tempo: float,
        program: int,
        region: str,
        freeze: str,
        kind: str,
        max_match: int,
        returns: str,
        busy: str,
        ending: str,
        form: str,
        amount: float,
        steps: int,
        second: str,
        second_file: str | None = None,
        tune: str = "",
    ) -> tuple[str, str | None, dict[str, Any]]:
        request = Request(
            task=task,
            bars=bars,
            temperature=temperature,
            rhythm_temperature=rhythm_temperature,
            top_p=top_p,
            scale=scale,
            seed=seed,
            style=style or None,
            track=track or None,
            region=region or None,
            freeze=tuple(name for name in freeze.split(",") if name.strip()),
            kind=kind or None,
            max_match=max_match or None,
            returns=returns or None,
            busy=busy or None,
            ending=ending or None,
            form=form,
            amount=amount,
            steps=steps,
        )
        what = request.what
        other = seed_of_file(Path(second_file)) if second_file and what.needs_second else second_of(what, second)
        wish = Wish(request, model or "", tempo or None, None if program < 0 else program, other)
        return _compose(shelf, seed_of_file(Path(_present(file)), tune.strip() or None), wish)

    gr.Button().click(
        _in_words(compose),
        _settings(menu),
        [gr.File(label="midi"), gr.File(label="wav"), gr.JSON(label="take")],
        api_name="compose",
        api_description=_COMPOSE,
        concurrency_id="writing",
    )


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
