"""Recordings opened: WAV, FLAC, OGG, MP3, and what phones and browsers record, as one channel of samples.

What a file says of itself is checked before a sample is decoded; it is decoded block by block, so that no more of it
is ever held than one channel. Samples are 16-bit integers at 16,000 a second, which is what hearing a pitch needs.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator

import numpy as np
import soundfile
from numpy.typing import NDArray

from composer.errors import UnreadableMusic
from composer.music.limits import RECORDING

RATE = 16_000  # samples a second of what is given back
_BLOCK = 65_536  # frames
_QUIETEST = 0.01  # of full scale; a recording that never gets louder is silence
# What libsndfile does not know, by its first bytes from an offset on, and what FFmpeg calls it.
_OTHERS = (
    (4, b"ftyp", "mov"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"#!AMR", "amr"),
    (0, b"\xff\xf1", "aac"),
    (0, b"\xff\xf9", "aac"),
    (0, b"caff", "caf"),
)

Block = NDArray[np.float32]  # (T,)


def samples_of(data: bytes) -> NDArray[np.int16]:
    """One channel of a recording, as loud as it can be; UnreadableMusic where it is none, or outside the limits."""
    kind = next((name for at, mark, name in _OTHERS if data[at : at + len(mark)] == mark), None)
    parts: list[Block] = []
    heard = 0
    for part in _by_ffmpeg(data, kind) if kind else _by_libsndfile(data):
        parts.append(np.nan_to_num(part, posinf=0.0, neginf=0.0))
        heard += len(part)
        if heard > RECORDING["seconds"] * RATE:
            raise _too_long(f"more than {RECORDING['seconds']}")
    mono = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    loudest = float(np.abs(mono).max()) if mono.size else 0.0
    if loudest < _QUIETEST:
        raise UnreadableMusic("This recording is silent. Check the microphone and hum a little louder.")
    return np.round(mono / loudest * 32_767).astype(np.int16)


def _by_libsndfile(data: bytes) -> Iterator[Block]:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            _check(file.channels, file.samplerate)
            if (seconds := file.frames / file.samplerate) > RECORDING["seconds"]:
                raise _too_long(f"{seconds:.0f}")
            resample = _Resampler(file.samplerate)
            for block in file.blocks(_BLOCK, dtype="float32", always_2d=True):
                yield resample(block.mean(axis=1), False)
            yield resample(np.zeros(0, np.float32), True)
    except soundfile.LibsndfileError as error:
        raise _unknown() from error


def _by_ffmpeg(data: bytes, kind: str) -> Iterator[Block]:
    if importlib.util.find_spec("av") is None:
        raise UnreadableMusic(
            "Recordings of this kind need one more package. Bring WAV, FLAC, OGG or MP3, or type "
            "'pip install \"motif-composer[humming]\"' where Motif runs."
        )
    import av

    try:
        with av.open(io.BytesIO(data), "r", format=kind, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise _unknown()
            stream = container.streams.audio[0]
            codec: av.AudioCodecContext | None = stream.codec_context
            if codec is None:  # of a codec that nobody here knows, whatever the types of the library say
                raise _unknown()
            _check(codec.channels, codec.sample_rate)
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in container.decode(stream):
                _check(frame.layout.nb_channels, frame.sample_rate)
                for part in resampler.resample(frame):
                    yield part.to_ndarray()[0]
    except av.FFmpegError as error:
        raise _unknown() from error


def _check(channels: int, rate: int) -> None:
    if not 1 <= channels <= RECORDING["channels"]:
        raise UnreadableMusic(
            f"This recording has {channels} channels; Motif listens to one or two. Save it with fewer and try again."
        )
    if not 4_000 <= rate <= RECORDING["rate"]:
        raise UnreadableMusic(
            f"This recording has {rate} samples a second; Motif listens to 4000 to {RECORDING['rate']}. Save it with "
            "another number of them."
        )


class _Resampler:
    def __init__(self, rate: int) -> None:
        import soxr

        self._stream = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32")

    def __call__(self, block: Block, is_last: bool) -> Block:
        if self._stream is None:
            return block
        return np.asarray(self._stream.resample_chunk(np.ascontiguousarray(block), last=is_last), np.float32)


def _too_long(seconds: str) -> UnreadableMusic:
    return UnreadableMusic(
        f"This recording lasts {seconds} seconds; Motif listens to up to {RECORDING['seconds']}. Hum a part of it."
    )


def _unknown() -> UnreadableMusic:
    return UnreadableMusic(
        "This is no recording that Motif can open. Bring WAV, FLAC, OGG, MP3 or M4A, or use the microphone."
    )
