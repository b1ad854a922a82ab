"""The page: where everything stands, and which press does what."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import gradio as gr

from composer.music.humming import MISSING, can_hear
from composer.music.limits import RECORDING
from composer.page.assets import FOLDER
from composer.page.editor.drawing import drawing
from composer.page.editor.editor import Editor
from composer.page.endpoints import add_endpoints
from composer.page.handlers.editing import TakeEditor
from composer.page.handlers.keeping import Keeping
from composer.page.handlers.second import SecondDesk
from composer.page.handlers.seed import SeedDesk, said_of, told_of
from composer.page.handlers.takes import Desk
from composer.page.modules import module_loading
from composer.page.readers.hearing import Hearing
from composer.page.readers.panel import Readers, ReadersPanel
from composer.page.roll.roll import Roll
from composer.page.screen import Screen
from composer.page.seeds.seeds import FIRST, seed_of_tune, tune_choices
from composer.page.serving.folder import EVERY
from composer.page.serving.host import Host
from composer.page.serving.launch import defended
from composer.page.serving.page import Page
from composer.page.serving.queue import FairQueue
from composer.page.settings.controls import (
    Controls,
    fine_settings,
    network_choice,
    take_count,
    take_number,
    temperatures,
)
from composer.page.settings.latent import latent_controls
from composer.page.settings.menu import Menu
from composer.page.settings.tasks import task_controls
from composer.page.settings.terms import DARING, FINE
from composer.page.takes.making import Wish, takes
from composer.page.takes.panel import TakesPanel
from composer.page.takes.plane import asks_for_map
from composer.page.words.language import header, language_script
from composer.page.words.spoken import Spoken
from composer.page.words.terms import Terms
from composer.page.words.words import Words, words
from composer.shelf import Shelf
from composer.sound import problem
from composer.tasks import TASKS
from composer.writing import Request, Take

# Gradio drops, in silence, what is pressed while the last press of it is being answered. Here every press is answered;
# where only how things stand counts, the last. (The last is sent with what the browser knew before the answer came, and
# may undo it: not for a menu, which tells of a choice twice.)
_EACH: dict[str, Any] = {"trigger_mode": "multiple"}
_LAST: dict[str, Any] = {"trigger_mode": "always_last"}
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
HINT = words("", ["Press Compose, and your take plays below."])
_UNFOLD_HUMMING = "() => { document.querySelector('#humming').classList.toggle('unfolded'); }"
_REFUSED = "() => { document.dispatchEvent(new CustomEvent('motif:refused')); }"


class Action(NamedTuple):
    """What can be pressed at the desk, and what is said beside it."""

    compose: gr.Button
    stop: gr.Button
    dice: gr.Button
    hint: Words


def build_page(shelf: Shelf, host: Host | None = None) -> gr.Blocks:
    """The whole page with its endpoints, ready to launch."""
    host = host or Host()
    menu, hearing = Menu.of(shelf), Hearing(shelf)
    questions = hearing.questions()
    with Page(title="Motif", analytics_enabled=False, delete_cache=(EVERY, host.file_seconds)) as page:
        gr.HTML(html_template=header(host.languages), apply_default_css=False, js_on_load=None, elem_id="header")
        with gr.Column(elem_id="stage"):
            _heading("The seed")
            stage = _stage()
        notice = Words(_trouble(menu), role="alert", elem_id="notice")
        with gr.Row(elem_id="desk"):
            settings = _settings(menu)
            action, numbers = _action(menu)
        with gr.Accordion("More: scale, style, tempo, instrument", open=False, elem_id="more"):
            settings |= fine_settings(menu)
            Terms([*FINE, *menu.style_terms], "What these settings and styles mean", elem_id="fine-terms")
        controls = Controls(track=stage.pop("track"), untold=menu.untold, **settings, **numbers)
        memory: dict[str, Any] = {"seed": gr.State(seed_of_tune(FIRST)), "own": gr.State(()), "halt": gr.State(None)}
        with gr.Column(elem_id="shown"):
            _heading("The take")
            roll = Roll(elem_id="roll")
            editing = _take_editing()
            panel = TakesPanel([*questions, asks_for_map(shelf)], charted=menu.charted, elem_id="takes")
        readers = ReadersPanel(questions, elem_id="readers")
        parts = {**stage, **memory, "roll": roll, "panel": panel}
        screen = Screen(controls, notice=notice, hint=action.hint, **parts)
        seeds = SeedDesk(screen, menu)
        _wire_seed(seeds)
        desk = Desk(screen, shelf, seeds)
        _wire(desk, action, host.at_once)
        _wire_editing(TakeEditor(desk, **editing))
        Keeping.made().wire(page, seeds)
        Readers(screen, hearing, seeds, readers).wire(partial(_on, screen))
        add_endpoints(shelf, menu)
    page.queue(max_size=host.waiting, default_concurrency_limit=host.at_once, api_open=False)
    page._queue = FairQueue.for_page(page, host.waiting_each)
    return page


def a_bar(shelf: Shelf) -> Take:
    """One bar by the network that one begins with; ComposerError where there is none, or it cannot write."""
    wish = Wish(Request(bars=1), Menu.of(shelf).default or "")
    *_, take = takes(shelf, seed_of_tune(FIRST).reading, wish)
    return take


def launch_settings(shelf: Shelf, host: Host | None = None) -> dict[str, Any]:
    """How the page is served: its looks, nothing from other hosts, and no file that no reader would take."""
    host = host or Host()
    fonts: dict[str, Any] = {"font": ["system-ui", "sans-serif"], "font_mono": ["ui-monospace", "monospace"]}
    return {
        "theme": gr.themes.Base(radius_size=gr.themes.sizes.radius_lg, **fonts),
        "css_paths": [FOLDER / "colours.css", FOLDER / "page.css"],
        "head": language_script(host.languages) + module_loading(),
        "max_file_size": RECORDING["bytes"],  # what is too large to be music is refused in the reader's words
        "footer_links": ["api"],
        "ssr_mode": False,
        "pwa": False,
        **defended(host, lambda: a_bar(shelf)),
    }


def _trouble(menu: Menu) -> dict[str, Any]:
    return words("", [sentence for sentence in (*menu.troubles, problem()) if sentence])


def _stage() -> dict[str, Any]:
    """The seed: where it comes from, the roll to draw it on, and what was read."""
    seed = seed_of_tune(FIRST)
    with gr.Row(elem_id="seed-row"):
        tune = gr.Dropdown(tune_choices(), value=FIRST, label="Begin with a tune", elem_id="tune")
        upload = gr.UploadButton("Open MIDI, MusicXML, ABC", elem_id="upload", size="lg")
        book = gr.Dropdown([], label="Tune of the book", visible=False, elem_id="book")
        empty = gr.Button("Empty roll", elem_id="empty", size="lg")
        gr.Button("Hum a tune", elem_id="hum-open", size="lg").click(None, None, None, js=_UNFOLD_HUMMING)
        track = gr.Dropdown([("chosen for you", 0)], value=0, label="Melody track", visible=False, elem_id="track")
    with gr.Column(elem_id="humming"):
        hum, hum_tempo = _humming()
    editor = Editor(drawing(seed), elem_id="editor")
    reading = Words(told_of(seed), elem_id="reading")
    spoken = Spoken(said_of(seed), elem_id="spoken")
    sources = {"tune": tune, "upload": upload, "book": book, "empty": empty, "hum": hum, "hum_tempo": hum_tempo}
    return {**sources, "track": track, "editor": editor, "reading": reading, "spoken": spoken}


def _humming() -> tuple[gr.Audio, gr.Number]:
    """The microphone, or a recording, and the tempo it is meant in."""
    able = can_hear()
    if not able:
        Words(words("", [MISSING]), elem_id="no-humming")
    with gr.Row():
        settings: dict[str, Any] = {"sources": ["microphone", "upload"], "type": "filepath", "visible": able}
        hum = gr.Audio(label="Hum, sing or whistle", elem_id="hum", scale=3, **settings)
        found = "Quarters a minute; 0: found."
        tempo = gr.Number(0, label="Tempo of the humming", info=found, visible=able, elem_id="hum-tempo", scale=1)
    return hum, tempo


def _take_editing() -> dict[str, Any]:
    """The roll that a take is edited on, which stands in the place of its own until that is done."""
    with gr.Column(elem_id="take-editing"):  # hidden by its value: Gradio tells nothing to what is not there
        editor = Editor(elem_id="take-editor")
        with gr.Row():
            keep = gr.Button("Keep as a take", variant="primary", elem_id="keep-edit")
            leave = gr.Button("Leave the take as it was", elem_id="leave-edit")
    return {"editor": editor, "keep": keep, "leave": leave, "open": gr.State(None)}


def _heading(words: str) -> None:
    """A heading for who hears the page, or goes through it by headings; the eye finds its way without."""
    gr.HTML(f"<h2>{words}</h2>", apply_default_css=False, elem_classes="unseen")


def _settings(menu: Menu) -> dict[str, Any]:
    """What everyone sets, by the names of `Controls`."""
    with gr.Column(min_width=300):
        model = network_choice(menu)
        Terms(menu.terms, "What these networks are", elem_id="network-terms")
    with gr.Column(min_width=280):
        tasks = task_controls(menu.ability(menu.default).tasks, seed_of_tune(FIRST).reading)
        tasks |= latent_controls()
        daring = temperatures()
        Terms(DARING, "What these settings mean", elem_id="daring-terms")
    return {"model": model, **tasks, **daring}


def _action(menu: Menu) -> tuple[Action, dict[str, Any]]:
    """What to press, how many takes it writes, and the take number."""
    with gr.Column(elem_id="action", min_width=280):
        with gr.Row(elem_id="buttons"):
            compose = gr.Button("Compose", variant="primary", elem_id="compose", interactive=bool(menu.names), scale=3)
            # From here on the browser says whether it can be pressed: it knows too when the server has gone.
            stop = gr.Button("Stop", elem_id="stop", interactive=False, scale=1, min_width=80)
        hint = Words(HINT, elem_id="hint")
        wanted = take_count()
        number, dice, fresh = take_number()
    return Action(compose, stop, dice, hint), {"takes": wanted, "number": number, "fresh": fresh}


def _on(
    screen: Screen,
    event: Callable[..., Any],
    run: Callable[..., Any],
    *more: gr.components.Component,
    changes: list[gr.components.Component] | None = None,
    **settings: Any,
) -> Any:
    """Let a press run a handler that knows the whole screen, and `more`; `changes` is what it may change, else all."""
    settings = {**_EACH, **settings}
    changed = screen.shown if changes is None else changes
    known = {*screen.controls.all, *screen.sources, screen.editor, screen.seed, screen.own, screen.halt, *more}
    return event(run, known, changed, api_name=f"press_{run.__name__}", **_QUIET, **settings)


def _wire_editing(taken: TakeEditor) -> None:
    """Which press opens a take, plays it, and keeps what was changed."""
    screen = taken.desk.screen
    known: set[Any] = {taken.editor, taken.open}
    told = [screen.notice, *taken.shown]
    screen.panel.change_take(taken.begin, known, told, api_name="press_edit_take", **_EACH, **_QUIET)
    taken.editor.listen(taken.listen, known, told, api_name="press_listen_take", **_EACH, **_QUIET)
    taken.keep.click(taken.done, known, [screen.roll, screen.panel, *told], api_name="press_keep_edit", **_QUIET)
    taken.leave.click(taken.cancel, None, taken.shown, **_QUIET)


def _wire_seed(desk: SeedDesk) -> None:
    """Which press changes the seed, and what follows it."""
    screen, controls = desk.screen, desk.screen.controls
    _on(screen, screen.tune.input, desk.choose_tune)
    _on(screen, screen.empty.click, desk.start_empty)
    _on(screen, screen.hum.upload, desk.choose_humming)
    _on(screen, screen.hum.stop_recording, desk.choose_humming)
    _on(screen, screen.hum_tempo.submit, desk.choose_humming)
    _on(screen, screen.editor.edit, desk.edit, **_LAST)
    _on(screen, screen.editor.back, desk.back)
    _on(screen, screen.editor.choose, desk.drag_bars)
    _on(screen, screen.editor.listen, desk.listen)
    _on(screen, controls.model.input, desk.follow, **_LAST)
    _on(screen, controls.task.input, desk.follow, **_LAST)
    controls.task.input(lambda task: TASKS[task].top_p, controls.task, controls.top_p, **_QUIET)
    _on(screen, controls.track.input, desk.choose_track)
    for control in (controls.first, controls.last, controls.voices):
        _on(screen, control.input, desk.choose_bars, **_LAST)


def _wire(desk: Desk, action: Action, places: int) -> None:
    """Which press makes a take; as many as there are `places` are made at the same time, and share each step."""
    screen, controls = desk.screen, desk.screen.controls
    for event, run in (
        (action.compose.click, desk.compose),
        (screen.panel.redo, desk.redo),
        (screen.panel.extend, desk.extend),
    ):
        at_once = {"trigger_mode": "once", "concurrency_id": "writing", "concurrency_limit": places}
        press = _on(screen, event, run, changes=screen.composed, **at_once)
        press.failure(None, None, None, js=_REFUSED, **_QUIET)
    action.stop.click(desk.stop, {screen.halt}, None, queue=False, **_QUIET)
    _on(screen, screen.panel.use, desk.use)
    second = SecondDesk(desk.seeds)
    _on(screen, screen.panel.into, second.into)
    _on(screen, controls.open_second.upload, second.open_second)
    _on(screen, screen.panel.open, desk.open)
    _on(screen, screen.upload.upload, desk.choose_file)
    _on(screen, screen.book.input, desk.choose_from_book)
    action.dice.click(desk.throw, None, controls.number, **_QUIET)
    # In the browser, so that Compose pressed at once after it finds it done.
    controls.number.input(None, None, controls.fresh, js="() => false", **_QUIET)
