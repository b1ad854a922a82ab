"""The piano roll: a picture of a score with a play-head and a player, drawn in the browser.

Its value is JSON in ticks (24 a quarter); seconds come in only through `tempos`, for the play-head:

    {"title": "Ode to Joy", "end": 768, "notes": [{"onset": 0, "pitch": 66, "duration": 24, "voice": 0, "new": false}],
     "voice": 0, "voices": [], "new_from": 768, "new_until": 1536, "bars": [0, 96, …, 768],
     "metres": [{"tick": 0, "name": "4/4", "beat": 24, "bar": 96}],
     "tempos": [{"tick": 0, "seconds": 0.0, "seconds_per_tick": 0.0223}],
     "writing": false, "audio": null, "play_from": 576, "autoplay": true}

A note of a take's longest passage as learned is `copied` too, and `source` names the piece. `audio` is a FLAC file as
Gradio describes files, or null; `play_from` is the tick to begin at. While it is written there may be an `opening`,
{"audio": …, "from": 576, "until": 768}, the sound between two ticks, which plays until the whole is there. `voice` is
the one that stands out; where it is null all are equals, and `voices` are their names. Beside the value there is the
property `choosing`, {"first": 3, "last": 4, "bars": 8, "voices": [0]}, while bars of the first `bars` can be chosen
by dragging, else null; what lies outside those bars and voices is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from composer.page.assets import asset
from composer.page.modules import mounting
from composer.score import TICKS_PER_QUARTER, Score
from composer.writing import Take

Picture = dict[str, Any]


@dataclass(frozen=True)
class View:
    """How a score is shown: the index of the voice that stands out (None: all are equals), and bars from 0.

    A take is shown in `bars` bars at least, and is new until bar `until`, None where it is to its end.
    """

    voice: int | None = 0
    bars: int = 0
    until: int | None = None


class Roll(gr.HTML):
    """The component. Pressing Play while there is no sound yet triggers `listen`, choosing bars triggers `choose`."""

    def __init__(self, value: Picture | None = None, **settings: Any) -> None:
        super().__init__(
            value,
            html_template=asset("roll/roll.html"),
            css_template=asset("roll/roll.css"),
            js_on_load=mounting("mountRoll", "listen", "choose"),
            apply_default_css=False,
            # A property, not a parameter of ours: Gradio passes on updates of those only, and gives it back to us.
            **{"choosing": None, **settings},
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "object", "description": "a score in ticks: notes, bars, metres, tempos"}

    def example_payload(self) -> Picture:
        """What a client would send."""
        return picture(Score(), View())

    def example_value(self) -> Picture:
        """What a client would be sent."""
        return picture(Score(), View())


def picture(score: Score, view: View, take: Take | None = None) -> Picture:
    """The value that shows a score, a take's new notes marked."""
    lines = [score.bar_start(bar) for bar in range(max(1, view.bars, score.bars) + 1)]
    names = [voice.name or f"Track {number}" for number, voice in enumerate(score.voices, 1)]
    return {
        "title": score.title,
        "end": lines[-1],
        "notes": _notes(score, take),
        "voice": view.voice,
        "voices": names if view.voice is None else [],
        **_new_region(score, view, take),
        "bars": lines,
        "metres": [{"tick": m.tick, "name": str(m), "beat": m.beat_ticks, "bar": m.bar_ticks} for m in score.metres],
        "tempos": [
            {
                "tick": t.tick,
                "seconds": score.seconds_at(t.tick),
                "seconds_per_tick": t.microseconds / TICKS_PER_QUARTER / 1e6,
            }
            for t in score.tempos
        ],
        "writing": False,
        "audio": None,
        "play_from": 0,
        "autoplay": False,
    }


def _notes(score: Score, take: Take | None) -> list[dict[str, Any]]:
    """Every note but drums'."""
    fresh = {(voice, note.onset, note.pitch) for voice, note in take.new} if take else set()
    return [
        {
            "onset": n.onset,
            "pitch": n.pitch,
            "duration": n.duration,
            "voice": i,
            "new": (i, n.onset, n.pitch) in fresh,
        }
        for i, line in enumerate(score.voices)
        if not line.is_drum
        for n in line.notes
    ]


def _new_region(score: Score, view: View, take: Take | None) -> dict[str, int | None]:
    """The ticks between which a take is new; nowhere in particular where it is new under all of the seed."""
    if take is None or take.recipe.request.what.ensemble:
        return {"new_from": None, "new_until": None}
    return {"new_from": take.new_from, "new_until": None if view.until is None else score.bar_start(view.until)}


def growing(take: Take, view: View) -> Picture:
    """A take that is being written."""
    return {**picture(take.score, view, take), "writing": True}


def opening(sound: Path, until: int, start: int) -> Picture:
    """The sound of a take between two ticks, for a value that grows."""
    return {"audio": _file(sound), "from": start, "until": until}


def _file(path: Path) -> dict[str, Any]:
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}}


def finished(take: Take, wav: Path | None, view: View) -> Picture:
    """A take that plays at once, from a little before what is new."""
    return playing(picture(take.score, view, take), wav, begins_at(take))


def begins_at(take: Take) -> int:
    """The tick from which a take is heard: a little before what is new."""
    first = take.score.bar_at(take.new_from) - take.recipe.request.what.run_up
    return take.score.bar_start(max(0, first))


def playing(value: Picture, wav: Path | None, play_from: int = 0) -> Picture:
    """The same with its sound, which begins to play."""
    return {**value, "audio": _file(wav) if wav else None, "play_from": play_from, "autoplay": wav is not None}
