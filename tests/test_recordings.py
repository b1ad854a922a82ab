"""Recordings as phones and browsers make them, and those that would unfold to gigabytes."""

from __future__ import annotations

import io
import time

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from composer.errors import UnreadableMusic
from composer.music import pool
from composer.music.humming import hear
from composer.music.recording import RATE, samples_of
from tests.test_humming import TUNE, expected, hummed, notes

_SECOND = 0.3 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)


def encoded(sound: NDArray, kind: str, codec: str, rate: int = 48_000, layout: str = "mono") -> bytes:
    """A recording as FFmpeg writes it."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(sound.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return buffer.getvalue()


def written(sound: NDArray, rate: int, kind: str, subtype: str | None = None) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, sound, rate, format=kind, subtype=subtype)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "codec"),
    [("ipod", "aac"), ("mp4", "alac"), ("webm", "libopus"), ("ogg", "libopus"), ("adts", "aac"), ("mp4", "aac")],
)
def test_a_tune_is_heard_as_phones_and_browsers_record_it(tmp_path, kind, codec):
    path = tmp_path / "recording"
    path.write_bytes(encoded(hummed(TUNE, 48_000), kind, codec))
    assert notes(hear(path, bpm=120)) == expected()


@pytest.mark.parametrize(
    ("kind", "subtype", "rate"),
    [
        ("WAV", "PCM_16", 44_100),
        ("WAV", "FLOAT", 48_000),
        ("WAV", "PCM_U8", 8_000),
        ("WAV", "ULAW", 8_000),
        ("FLAC", "PCM_24", 96_000),
        ("OGG", "VORBIS", 44_100),
        ("OGG", "OPUS", 48_000),
        ("MP3", None, 44_100),
        ("AIFF", "PCM_16", 44_100),
        ("CAF", "PCM_16", 44_100),
    ],
)
def test_one_channel_comes_of_every_kind(kind, subtype, rate):
    second = 0.3 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    samples = samples_of(written(np.stack([second, 0.5 * second], axis=1), rate, kind, subtype)) / 32_768
    assert len(samples) == pytest.approx(RATE, rel=0.15)  # packed kinds begin and end with a little silence
    spectrum = np.abs(np.fft.rfft(samples[:RATE]))
    assert np.argmax(spectrum) * RATE / min(len(samples), RATE) == pytest.approx(440, abs=2)
    assert np.abs(samples).max() == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (written(np.zeros((1_000, 8)) + 0.1, 48_000, "FLAC"), "has 8 channels"),
        (written(_SECOND, 192_000, "FLAC"), "has 192000 samples a second"),
        (written(np.zeros((1_000, 32)) + 0.1, 48_000, "WAV"), "has 32 channels"),
        (written(np.tile(_SECOND, 100)[:: 480 // 40], 4_000, "WAV"), "lasts 100 seconds; Motif listens to up to 90"),
        (encoded(np.tile(_SECOND, 92), "ipod", "aac"), "lasts more than 90 seconds"),
        (encoded(_SECOND, "ipod", "aac")[:500], "no recording that Motif can open"),
        (
            encoded(_SECOND, "ipod", "aac").replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz"),
            "no recording that Motif can open",
        ),
        (b"\0\0\0\x18ftypmp42" + bytes(400), "no recording that Motif can open"),
        (b"\x1aE\xdf\xa3" + bytes(400), "no recording that Motif can open"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "no recording that Motif can open"),
        (b"OggS" + bytes(300), "no recording that Motif can open"),
        (b"", "no recording that Motif can open"),
        (b"MThd" + bytes(20), "no recording that Motif can open"),
    ],
)
def test_what_is_too_much_or_no_recording_is_refused_in_words(data, reason):
    with pytest.raises(UnreadableMusic, match=reason):
        pool.samples(data)


def test_a_small_file_that_unfolds_is_refused_before_it_does():
    silence = written(np.zeros((655_350 // 4, 8)), 96_000, "FLAC")
    longer = written(np.zeros(96_000 * 1_000) + 1e-3, 96_000, "FLAC")
    for data in (silence, longer):
        began = time.perf_counter()
        with pytest.raises(UnreadableMusic, match=r"channels|lasts 1000 seconds"):
            pool.samples(data)
        assert time.perf_counter() - began < 2
