"""Sound: scores rendered through FluidSynth."""

from composer.sound.feel import Feel, perform
from composer.sound.files import AUDIO, audio_bytes, stems_bytes, wav_bytes
from composer.sound.fonts import find_font, problem
from composer.sound.mix import Fader, Mix
from composer.sound.render import SAMPLE_RATE, Samples, render

__all__ = [
    "AUDIO",
    "SAMPLE_RATE",
    "Fader",
    "Feel",
    "Mix",
    "Samples",
    "audio_bytes",
    "find_font",
    "perform",
    "problem",
    "render",
    "stems_bytes",
    "wav_bytes",
]
