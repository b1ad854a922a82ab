"""The controls of the page, and what their positions ask for."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import gradio as gr
from gradio.components import Component

from composer.errors import BadRequest, quoted
from composer.music import Reading
from composer.page.seeds.seeds import tracks_of
from composer.page.settings.fields import at_rest, field_of, is_offered
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
from composer.tasks import MAX_SEED, SETTINGS, TASKS, Request, Setting, Task, settings_of
from composer.tasks.setting import Number
from composer.tasks.task import WISHES
from composer.writing.sounding import Sounding

AS_THE_SEED = "as the seed"
KEYS = [str(Key(tonic, mode)) for mode in ("major", "minor") for tonic in range(12)]
SCALES = [("the seed's key", "auto"), ("none: any note", "none"), *((key, key) for key in KEYS)]
INSTRUMENTS = [(AS_THE_SEED, -1), *((name, number) for number, name in enumerate(GENERAL_MIDI))]
COPYING = [("no limit", 0), *((f"{notes} notes", notes) for notes in (10, 12, 16, 24))]
_SOUNDING = settings_of(Sounding)
_APART = ("task", "seed", "takes", "region", "style", "track", "freeze")  # controls that follow more than a request
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
    more: Mapping[str, Component] = field(default_factory=dict)  # of all other settings, by name
    untold: Collection[str] = ()  # networks that cannot be told of the music to come
    asks: type[Request] = Request

    @property
    def all(self) -> set[Component]:
        """All of them."""
        own = {value for each in fields(self) if isinstance(value := getattr(self, each.name), Component)}
        return own | set(self.more.values())

    @property
    def latent(self) -> dict[str, Component]:
        """Those of the tasks that go through points, by name."""
        names = ("amount", "second", "open_second", "steps")
        return {name: getattr(self, name) for name in names}

    def wish(self, values: Mapping[Component, Any], reading: Reading) -> Wish:
        """What the positions ask of a seed; BadRequest where they cannot be met."""
        task = TASKS[SETTINGS["task"].check(values[self.task])]
        asked = {name: self._asked(each, values, reading) for name, each in self._read(task, values).items()}
        return Wish(
            self.asks(**{**asked, "task": task.name}),
            values[self.model] or "",
            Sounding(
                _tempo(values[self.tempo], beat_of(reading)),
                _SOUNDING["instrument"].filled(values[self.instrument]),
            ),
            second_of(task, values[self.second], values[self.brought]),
        )

    def _read(self, task: Task, values: Mapping[Component, Any]) -> dict[str, Setting]:
        """The settings that mean something to the task, and to the network that is chosen."""
        hidden = {
            "task",
            *(WISHES if values[self.model] in self.untold else ()),
            *(() if task.ensemble else ("freeze",)),
        }
        declared = settings_of(self.asks)
        return {name: each for name, each in declared.items() if task.reads(each) and name not in hidden}

    def _asked(self, setting: Setting, values: Mapping[Component, Any], reading: Reading) -> Any:
        """What the positions say of a setting."""
        match setting.name:
            case "seed":
                return a_number() if values[self.fresh] else _number(values[self.number])
            case "region":
                return self._region(values, reading)
            case "style":
                return None if values[self.style] == AS_THE_SEED else values[self.style]
        value = values[self.control(setting.name)]
        if isinstance(setting, Number) and setting.default is not None:
            value = _whole(setting.said, value) if setting.whole else _filled(setting.said, value)
        elif isinstance(setting, Number):
            value = _whole(setting.said, value) if value else None
        return setting.filled(value)

    def control(self, name: str) -> Component:
        """The control of a setting."""
        control: Component = self.more[name] if name in self.more else getattr(self, name)
        return control

    def positions(self, request: Request) -> dict[Component, Any]:
        """Where the controls stand for a request, but for those that follow more than it, or do not offer as much."""
        found = {}
        for name, each in settings_of(self.asks).items():
            if name not in _APART and request.what.reads(each):
                control, value = self.control(name), getattr(request, name)
                if is_offered(control, place := at_rest(each, control, value)):
                    found[control] = place
        return found

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
            **{
                control: gr.update(visible=task.reads(each) and (ability.polyphonic or not each.voices))
                for name, control in self.more.items()
                for each in (settings_of(self.asks)[name],)
            },
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
    pitch = field_of(SETTINGS["temperature"], elem_id="pitch")
    return {"temperature": pitch, "rhythm_temperature": field_of(SETTINGS["rhythm_temperature"], elem_id="rhythm")}


def take_count() -> Component:
    """How many takes a press writes."""
    return field_of(SETTINGS["takes"], elem_id="takes-wanted")


def take_number() -> tuple[gr.Number, gr.Button, gr.Checkbox]:
    """The number that the notes are drawn from, its dice, and whether it changes with every press."""
    with gr.Row(elem_id="number-row"):
        number = gr.Number(a_number(), label="Take number", precision=0, elem_id="number", min_width=100, scale=3)
        dice = gr.Button("Throw the dice", elem_id="dice", min_width=48, scale=0)
    fresh = gr.Checkbox(True, label="a new number for every take", elem_id="fresh")
    return number, dice, fresh


def fine_settings(menu: Menu, request: type[Request] = Request) -> dict[str, Any]:
    """What the folded part holds, by the names of `Controls`: at the end what has no place of its own."""
    fine: dict[str, Any] = {}
    with gr.Row():
        fine["scale"] = field_of(SETTINGS["scale"], SCALES)
        fine["style"] = field_of(SETTINGS["style"], [AS_THE_SEED, *menu.styles], value=AS_THE_SEED)
    with gr.Row():
        fine["tempo"] = field_of(_SOUNDING["tempo"], value=None, info=BEATS[TICKS_PER_QUARTER], placeholder=AS_THE_SEED)
        fine["instrument"] = field_of(_SOUNDING["instrument"], INSTRUMENTS, info="Type to search.")
        fine["top_p"] = field_of(SETTINGS["top_p"], value=next(iter(TASKS.values())).top_p)
    with gr.Row():
        fine |= {name: field_of(SETTINGS[name]) for name in ("returns", "busy", "ending", "form")}
    fine["max_match"] = field_of(SETTINGS["max_match"], COPYING)
    placed = {each.name for each in fields(Controls)} | {"seed", "region"}
    with gr.Row():
        fine["more"] = {name: field_of(each) for name, each in settings_of(request).items() if name not in placed}
    return {**fine, "asks": request}
