"""Sound: scores rendered through FluidSynth."""

from composer.sound.files import wav_bytes
from composer.sound.fonts import find_font, problem
from composer.sound.render import SAMPLE_RATE, Samples, render

__all__ = ["SAMPLE_RATE", "Samples", "find_font", "problem", "render", "wav_bytes"]
