"""Sound: scores rendered through FluidSynth."""

from composer.sound.feel import Feel, perform
from composer.sound.files import (
    AUDIO,
    audio_bytes,
    levelled,
    stems_bytes,
    wav_bytes,
    write_levelled,
    write_sound,
    write_stems,
)
from composer.sound.fonts import find_font, problem
from composer.sound.mix import LONGEST, Fader, Mix, at_tempo
from composer.sound.render import SAMPLE_RATE, Samples, Wanted, render, render_passage

__all__ = [
    "AUDIO",
    "LONGEST",
    "SAMPLE_RATE",
    "Fader",
    "Feel",
    "Mix",
    "Samples",
    "Wanted",
    "at_tempo",
    "audio_bytes",
    "find_font",
    "levelled",
    "perform",
    "problem",
    "render",
    "render_passage",
    "stems_bytes",
    "wav_bytes",
    "write_levelled",
    "write_sound",
    "write_stems",
]
