"""Samples as files: WAV and FLAC without loss, MP3 and Ogg small, and a voice a file for mixing elsewhere."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import soundfile

from composer.errors import BadRequest, quoted
from composer.score import Score
from composer.sound.mix import Fader, Mix
from composer.sound.render import SAMPLE_RATE, Samples, render

AUDIO = {"wav": ("WAV", "PCM_16"), "flac": ("FLAC", "PCM_16"), "mp3": ("MP3", None), "ogg": ("OGG", "VORBIS")}


def wav_bytes(samples: Samples) -> bytes:
    """A WAV file, 16 bits."""
    return audio_bytes(samples, "wav")


def audio_bytes(samples: Samples, form: str) -> bytes:
    """A file of one of the forms in `AUDIO`."""
    if form not in AUDIO:
        raise BadRequest(f"There is no audio format {quoted(form)}; there are: {', '.join(AUDIO)}.")
    name, subtype = AUDIO[form]
    buffer = io.BytesIO()
    if subtype != "PCM_16":  # libsndfile distorts whole numbers on their way into MP3
        soundfile.write(buffer, samples.astype(np.float32) / 32_768, SAMPLE_RATE, format=name, subtype=subtype)
    else:
        soundfile.write(buffer, samples, SAMPLE_RATE, format=name, subtype=subtype)
    return buffer.getvalue()


def stems_bytes(score: Score, mix: Mix | None = None) -> bytes:
    """A zip of one WAV a voice, as loud as in the whole, so that they add up to it."""
    mix = mix or Mix()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for index, voice in enumerate(score.voices):
            name = "".join(c for c in voice.name if c.isalnum() or c in " -_").strip() or "voice"
            archive.writestr(f"{index + 1} {name}.wav", wav_bytes(render(score, _only(index, score, mix))))
    return buffer.getvalue()


def _only(index: int, score: Score, mix: Mix) -> Mix:
    """The mixer with every voice but one muted."""
    strips: list[Fader] = list(mix.strips(score))
    return replace(mix, faders=tuple(replace(f, mute=i != index or f.mute, solo=False) for i, f in enumerate(strips)))
