"""Samples as files."""

from __future__ import annotations

import io

import soundfile

from composer.sound.render import SAMPLE_RATE, Samples


def wav_bytes(samples: Samples) -> bytes:
    """A WAV file, 16 bits."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, SAMPLE_RATE, format="WAV", subtype="PCM_16")
    return buffer.getvalue()
