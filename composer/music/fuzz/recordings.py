"""Recordings to damage, and recordings by a grammar: headers that say what they like."""

from __future__ import annotations

import importlib.util
import io
import random
import struct

import numpy as np
import soundfile

_RATE = 8_000  # samples a second
_TONE = (0.3 * np.sin(2 * np.pi * 440 * np.arange(_RATE // 4) / _RATE)).astype(np.float32)
_BOXES = (b"ftyp", b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"stts", b"stsz", b"stco", b"mp4a", b"mdat")


def good_recordings() -> list[bytes]:
    """A quarter of a second of each kind that can be opened here."""
    found = []
    for kind in ("WAV", "FLAC", "MP3", "AIFF"):
        buffer = io.BytesIO()
        soundfile.write(buffer, _TONE, _RATE, format=kind)
        found.append(buffer.getvalue())
    if importlib.util.find_spec("av") is not None:
        found += [_by_ffmpeg(*kind) for kind in (("ipod", "aac"), ("webm", "libopus"), ("ogg", "libopus"))]
    return found


def _by_ffmpeg(kind: str, codec: str) -> bytes:
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format=kind, options={"fflags": "+bitexact"}) as container:  # no random numbers in it
        stream = container.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.repeat(_TONE, 6)[None], format="fltp", layout="mono")
        frame.sample_rate = 48_000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return buffer.getvalue()


def recording_by_grammar(source: random.Random) -> bytes:
    """A WAV file whose header lies, or boxes within boxes as MP4 has them."""
    return _wav(source) if source.random() < 0.5 else b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42isom" + _boxes(source, 4)


def _wav(source: random.Random) -> bytes:
    kind = source.choice((1, 1, 3, 6, 7, 2, 17, 85, 0xFFFE))
    channels = source.choice((1, 1, 2, 0, 9, 65_535))
    rate = source.choice((8_000, 44_100, 48_000, 0, 1, 2**31, 655_350))
    bits = source.choice((8, 16, 16, 24, 32, 0, 64, 4))
    head = struct.pack("<HHIIHH", kind, channels, rate, rate * 2 % 2**32, channels * bits // 8 % 65_536, bits)
    body = source.randbytes(source.choice((0, 1, 400, 4_000)))
    text = b"LIST" + struct.pack("<I", source.choice((4, 2**32 - 1))) + b"INFO"
    chunks = b"".join(source.sample([b"fmt " + struct.pack("<I", 16) + head, text], source.choice((1, 2, 2))))
    size, length = source.choice((36 + len(body), 2**32 - 1)), source.choice((len(body), 0, 2**31, 2**32 - 1))
    return b"RIFF" + struct.pack("<I", size) + b"WAVE" + chunks + b"data" + struct.pack("<I", length) + body


def _boxes(source: random.Random, deep: int) -> bytes:
    found = b""
    for _ in range(source.randint(1, 3)):
        is_deeper = deep and source.random() < 0.7
        inside = _boxes(source, deep - 1) if is_deeper else source.randbytes(source.choice((0, 8, 60)))
        size = source.choice((len(inside) + 8, len(inside) + 8, len(inside) + 8, 0, 1, 2**31, 7))
        found += struct.pack(">I", size) + source.choice(_BOXES) + inside
    return found
