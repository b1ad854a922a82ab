"""The controls of the page, and what their positions ask for."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.errors import BadRequest, quoted
from composer.events.conditions import BUSY, ENDINGS, RETURNS
from composer.music import Reading
from composer.page.seeds.seeds import tracks_of
from composer.page.settings.latent import fit_latent, second_of
from composer.page.settings.menu import Ability, Menu
from composer.page.settings.tasks import (
    region_text,
    task_choices,
    voices_below,
    voices_of,
)
from composer.page.takes.instruments import GENERAL_MIDI
from composer.page.takes.making import Wish
from composer.score import TICKS_PER_QUARTER, Key
from composer.tasks import MAX_SEED, MAX_TAKES, SETTINGS, TASKS, Request, Task
from composer.writing.sounding import Sounding

AS_THE_SEED = "as the seed"
KEYS = [str(Key(tonic, mode)) for mode in ("major", "minor") for tonic in range(12)]
SCALES = [("the seed's key", "auto"), ("none: any note", "none"), *((key, key) for key in KEYS)]
INSTRUMENTS = [(AS_THE_SEED, -1), *((name, number) for number, name in enumerate(GENERAL_MIDI))]
AS_YOU_LIKE = ("as it likes", "")
ENDS_AS_SUITS = ("as it fits", "")
RETURN_NAMES = {"new": "nothing: a new part", "a little": "a little", "much": "much", "echo": "most of it: an echo"}
ENDING_NAMES = {"tonic": "on the tonic", "open": "open", "running on": "running on"}
COPYING = [("no limit", 0), *((f"{notes} notes", notes) for notes in (10, 12, 16, 24))]
_LARGEST = 2**53  # of numbers that a browser can tell apart
# What a tempo counts, by the ticks of its beat; what is not here is counted in quarters.
BEATS = {12: "Eighths a minute.", 24: "Quarters a minute.", 36: "Dotted quarters a minute.", 48: "Halves a minute."}


@dataclass(frozen=True)
class Controls:
    """Every control that a take depends on, besides the seed."""

    model: gr.Radio
    temperature: Component
    rhythm_temperature: Component
    number: gr.Number
    fresh: Component
    task: gr.Radio
    bars: Component
    first: gr.Number
    last: gr.Number
    voices: gr.CheckboxGroup
    freeze: Component
    kind: Component
    scale: Component
    style: Component
    tempo: Component
    instrument: Component
    top_p: Component
    max_match: Component
    returns: Component
    busy: Component
    ending: Component
    form: Component
    track: gr.Dropdown
    takes: Component
    amount: Component
    second: Component
    open_second: gr.UploadButton
    brought: gr.State  # Seed | None
    steps: Component
    untold: Collection[str] = ()  # networks that cannot be told of the music to come

    @property
    def all(self) -> set[Component]:
        """All of them."""
        return {value for field in fields(self) if isinstance(value := getattr(self, field.name), Component)}

    @property
    def latent(self) -> dict[str, Component]:
        """Those of the tasks that go through points, by name."""
        names = ("amount", "second", "open_second", "steps")
        return {name: getattr(self, name) for name in names}

    def wish(self, values: Mapping[Component, Any], reading: Reading) -> Wish:
        """What the positions ask of a seed; BadRequest where they cannot be met."""
        task = self._task(values)
        request = Request(
            task=task.name,
            bars=_whole("bars", values[self.bars]),
            temperature=_filled("pitch temperature", values[self.temperature]),
            rhythm_temperature=_filled("rhythm temperature", values[self.rhythm_temperature]),
            top_p=_filled("top-p", values[self.top_p]),
            max_match=values[self.max_match] or None,
            **self._told(values, task),
            scale=values[self.scale],
            takes=_whole("number of takes", values[self.takes]),
            seed=a_number() if values[self.fresh] else _number(values[self.number]),
            style=None if values[self.style] == AS_THE_SEED else values[self.style],
            track=(values[self.track] or None) if task.asks_for("track") else None,
            region=self._region(values, reading) if task.asks_for("region") else None,
            freeze=tuple(values[self.freeze]) if task.ensemble else (),
            kind=(values[self.kind] or None) if task.asks_for("kind") else None,
            amount=_filled("amount", values[self.amount]),
            steps=_whole("steps", values[self.steps]),
        )
        tempo, program = values[self.tempo], values[self.instrument]
        return Wish(
            request,
            values[self.model] or "",
            Sounding(_tempo(tempo, beat_of(reading)), None if program in (None, -1) else program),
            second_of(task, values[self.second], values[self.brought]),
        )

    def _task(self, values: Mapping[Component, Any]) -> Task:
        return TASKS[SETTINGS["task"].check(values[self.task])]

    def _told(self, values: Mapping[Component, Any], task: Task) -> dict[str, Any]:
        """What the network is told of the music to come; nothing where the controls are not shown."""
        if task.through_points or values[self.model] in self.untold:
            return {}
        told = {name: values[getattr(self, name)] or None for name in ("returns", "busy", "ending")}
        return {**told, "form": str(values[self.form] or "").strip().upper() if task.asks_for("form") else ""}

    def fit(self, ability: Ability, reading: Reading, wanted: str) -> dict[Component, Any]:
        """The controls as a network and a seed need them; the wanted task is kept where the network can do it."""
        task = ability.task(wanted)
        every = "all of them" if ability.polyphonic and task.goes_on else "chosen for you"
        tracks = tracks_of(reading)
        infill, several, below = task.asks_for("region"), len(tracks) > 1, voices_below(task, reading)
        changed: dict[str, Any] = (
            {} if task.name == wanted else {"value": task.name}
        )  # else an answer that comes late would undo the next press
        return {
            self.task: gr.update(choices=task_choices(ability.tasks), info=task.hint, **changed),
            self.bars: gr.update(visible=task.asks_for("bars")),
            self.first: gr.update(visible=infill),
            self.last: gr.update(visible=infill),
            self.voices: gr.update(visible=infill and several, choices=voices_of(reading)),
            self.freeze: gr.update(visible=bool(below), choices=below),
            self.kind: gr.update(visible=ability.polyphonic and task.asks_for("kind")),
            self.tempo: gr.update(info=BEATS[beat_of(reading)]),
            self.track: gr.update(visible=several and task.asks_for("track"), choices=[(every, 0), *tracks]),
            **fit_latent(self.latent, task),
        }

    def _region(self, values: Mapping[Component, Any], reading: Reading) -> str:
        ticked = values[self.voices] or []
        if not ticked and len(voices_of(reading)) > 1:
            raise BadRequest("No voice is ticked, so there is nothing to write. Tick one of them.")
        first, last = _whole("first bar", values[self.first]), _whole("last bar", values[self.last])
        return region_text(first, last, ticked, reading)


def a_number() -> int:
    """A new take number."""
    return secrets.randbelow(MAX_SEED + 1)


def _number(value: float | None) -> int:
    number = _whole("take number", value)
    if not 0 <= number <= MAX_SEED:
        raise BadRequest(f"The take number must be from 0 to {MAX_SEED}, not {number}.")
    return number


def _filled(name: str, value: Any) -> Any:
    if value is None:
        raise BadRequest(f"The {name} is empty. Give it a number.")
    return value


def _tempo(value: object, beat: int) -> float | None:
    """Quarters a minute, of so many beats of `beat` ticks; None where the field is empty."""
    if not value:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise BadRequest(f"The tempo must be a number, not {quoted(value)}.")
    return value * beat / TICKS_PER_QUARTER


def _whole(name: str, value: object) -> int:
    value = _filled(name, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1 or not abs(value) < _LARGEST:
        raise BadRequest(f"The {name} must be a whole number, not {quoted(value)}.")
    return int(value)


def beat_of(reading: Reading) -> int:
    """The ticks of the beat that a seed's tempo counts: those of a dotted quarter where its file says so."""
    beat = reading.score.tempos[0].beat
    return beat if beat in BEATS else TICKS_PER_QUARTER


def network_choice(menu: Menu) -> gr.Radio:
    """Which network writes."""
    return gr.Radio(menu.choices, value=menu.default, label="Network", elem_id="network")


def temperatures() -> dict[str, Component]:
    """Pitch temperature and rhythm temperature, by the names of `Controls`."""
    daring = "Low: what one expects. High: surprises."
    uneven = "Low: steady. High: restless."
    pitch = gr.Slider(0, 2, Request.temperature, step=0.05, label="Pitch temperature", info=daring, elem_id="pitch")
    rhythm = gr.Slider(
        0, 2, Request.rhythm_temperature, step=0.05, label="Rhythm temperature", info=uneven, elem_id="rhythm"
    )
    return {"temperature": pitch, "rhythm_temperature": rhythm}


def take_count() -> gr.Slider:
    """How many takes a press writes."""
    several = "Written one after the other, to compare."
    return gr.Slider(1, MAX_TAKES, 1, step=1, label="Takes", info=several, elem_id="takes-wanted")


def take_number() -> tuple[gr.Number, gr.Button, gr.Checkbox]:
    """The number that the notes are drawn from, its dice, and whether it changes with every press."""
    with gr.Row(elem_id="number-row"):
        number = gr.Number(a_number(), label="Take number", precision=0, elem_id="number", min_width=100, scale=3)
        dice = gr.Button("Throw the dice", elem_id="dice", min_width=48, scale=0)
    fresh = gr.Checkbox(True, label="a new number for every take", elem_id="fresh")
    return number, dice, fresh


def fine_settings(menu: Menu) -> dict[str, Component]:
    """What the folded part holds, by the names of `Controls`."""
    locked = "New notes keep to it without exception."
    kept = "1 allows them all; less puts the unlikeliest aside."
    with gr.Row():
        scale = gr.Dropdown(SCALES, value="auto", label="Scale lock", info=locked, elem_id="scale")
        style = gr.Dropdown([AS_THE_SEED, *menu.styles], value=AS_THE_SEED, label="Style", info="What to sound like.")
    with gr.Row():
        tempo = gr.Number(None, label="Tempo", info=BEATS[TICKS_PER_QUARTER], placeholder=AS_THE_SEED, elem_id="tempo")
        instrument = gr.Dropdown(
            INSTRUMENTS, value=-1, label="Instrument", info="Type to search.", elem_id="instrument"
        )
        top_p = gr.Slider(
            0.1, 1, next(iter(TASKS.values())).top_p, step=0.01, label="Unlikely notes", info=kept, elem_id="top-p"
        )
    with gr.Row():
        returns = gr.Dropdown(
            [AS_YOU_LIKE, *((RETURN_NAMES[name], name) for name in RETURNS)],
            value="",
            label="What comes back",
            info="How much of the seed returns.",
            elem_id="returns",
        )
        busy = gr.Dropdown([AS_YOU_LIKE, *BUSY], value="", label="How busy", info="How many notes.", elem_id="busy")
        ending = gr.Dropdown(
            [ENDS_AS_SUITS, *((ENDING_NAMES[name], name) for name in ENDINGS)],
            value="",
            label="How it ends",
            info="Rests, asks, or runs on.",
            elem_id="ending",
        )
        form = gr.Textbox(
            "", label="Form", info="Letters, one a phrase: AABA.", max_length=16, max_lines=1, elem_id="form"
        )
    forbidden = "New notes never copy more in a row of what the network learned from."
    max_match = gr.Dropdown(COPYING, value=0, label="Longest copied passage", info=forbidden, elem_id="max-match")
    fine = {"scale": scale, "style": style, "tempo": tempo, "instrument": instrument}
    told = {"returns": returns, "busy": busy, "ending": ending, "form": form}
    return {**fine, **told, "top_p": top_p, "max_match": max_match}
