"""The piano roll: a picture of a score with a play-head and a player, drawn in the browser.

Its value is JSON in ticks (24 a quarter); seconds come in only through `tempos`, for the play-head:

    {"title": "Ode to Joy", "end": 768, "notes": [{"onset": 0, "pitch": 66, "duration": 24, "voice": 0, "new": false}],
     "voice": 0, "new_from": 768, "bars": [0, 96, …, 768], "metres": [{"tick": 0, "name": "4/4", "beat": 24}],
     "tempos": [{"tick": 0, "seconds": 0.0, "seconds_per_tick": 0.0223}],
     "writing": false, "audio": null, "play_from": 576, "autoplay": true}

`audio` is a WAV file as Gradio describes files, or null; `play_from` is the tick to begin at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from composer.score import TICKS_PER_QUARTER, Score
from composer.writing import Take
from ui.assets import asset

_LEAD_BARS = 2  # of the seed, heard before what is new

Picture = dict[str, Any]


class Roll(gr.HTML):
    """The component. Pressing Play while there is no sound yet triggers `listen`."""

    def __init__(self, value: Picture | None = None, **settings: Any) -> None:
        super().__init__(
            value,
            html_template=asset("roll.html"),
            css_template=asset("roll.css"),
            js_on_load=asset("roll_canvas.js", "roll_player.js"),
            apply_default_css=False,
            **settings,
        )

    def api_info(self) -> dict[str, Any]:
        """The value's schema."""
        return {"type": "object", "description": "a score in ticks: notes, bars, metres, tempos"}

    def example_payload(self) -> Picture:
        """What a client would send."""
        return picture(Score())

    def example_value(self) -> Picture:
        """What a client would be sent."""
        return picture(Score())


def picture(score: Score, voice: int | None = 0, take: Take | None = None) -> Picture:
    """The value that shows a score, a take's new notes marked; where `voice` is given the others stand back."""
    fresh = {(voice, note.onset, note.pitch) for voice, note in take.new} if take else set()
    bars = [score.bar_start(bar) for bar in range(max(1, score.bars) + 1)]
    return {
        "title": score.title,
        "end": bars[-1],
        "notes": [
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
        ],
        "voice": voice,
        "new_from": take.new_from if take else None,
        "bars": bars,
        "metres": [{"tick": m.tick, "name": str(m), "beat": m.beat_ticks} for m in score.metres],
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


def _written(take: Take) -> int | None:
    """The voice that was written, None where there are several."""
    voices = {voice for voice, _ in take.new}
    return voices.pop() if len(voices) == 1 else None


def growing(take: Take) -> Picture:
    """A take that is being written."""
    return {**picture(take.score, _written(take), take), "writing": True}


def finished(take: Take, wav: Path | None) -> Picture:
    """A take that plays at once, from two bars before what is new."""
    score = take.score
    lead = score.bar_start(max(0, score.bar_at(take.new_from) - _LEAD_BARS))
    return playing(picture(score, _written(take), take), wav, lead)


def playing(value: Picture, wav: Path | None, play_from: int = 0) -> Picture:
    """The same with its sound, which begins to play."""
    audio = {"path": str(wav), "meta": {"_type": "gradio.FileData"}} if wav else None
    return {**value, "audio": audio, "play_from": play_from, "autoplay": wav is not None}
