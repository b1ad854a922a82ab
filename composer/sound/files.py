"""Samples as files: WAV and FLAC without loss, MP3 and Ogg small, and a voice a file for mixing elsewhere."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
import soundfile

from composer.errors import BadRequest, NotWanted, quoted
from composer.score import Score
from composer.sound.mix import LONGEST, Fader, Mix
from composer.sound.render import SAMPLE_RATE, Samples, Wanted, render

_PIECE = SAMPLE_RATE * 10  # frames
_MOST_STEMS = 3_600  # seconds, all voices together

AUDIO = {"wav": ("WAV", "PCM_16"), "flac": ("FLAC", "PCM_16"), "mp3": ("MP3", None), "ogg": ("OGG", "VORBIS")}


def wav_bytes(samples: Samples) -> bytes:
    """A WAV file, 16 bits."""
    return audio_bytes(samples, "wav")


def audio_bytes(samples: Samples, form: str) -> bytes:
    """A file of one of the forms in `AUDIO`."""
    return _encoded(samples, form).getvalue()


def write_sound(path: Path, score: Score, mix: Mix | None = None, wanted: Wanted = lambda: True) -> None:
    """A score's sound as a file of the form that its name ends in, whole or not at all; OSError on a full disk.

    Long ones are made one after the other: the samples of twenty minutes are 210 MB.
    """
    form = path.suffix[1:]
    _check_form(form)
    with _ROOM.taken(_seconds(score, mix), wanted):
        _put(path, _encoded(render(score, mix, wanted), form).getbuffer())


def write_levelled(path: Path, score: Score, mix: Mix | None, level: float, wanted: Wanted = lambda: True) -> None:
    """The same at a loudness in dB of full scale (root mean square), or as near to it as its peaks allow."""
    _check_form(path.suffix[1:])
    with _ROOM.taken(_seconds(score, mix), wanted):
        _put(path, _encoded(levelled(render(score, mix, wanted), level), path.suffix[1:]).getbuffer())


def levelled(samples: Samples, level: float) -> Samples:
    """Samples (frames, 2) at a root mean square of `level` dB of full scale; silence stays, and nothing is clipped."""
    heard = samples.astype(np.float32)
    loudness = float(np.sqrt(np.mean(np.square(heard)))) if len(samples) else 0.0
    if not loudness:
        return samples
    gain = min(32_767 * 10 ** (level / 20) / loudness, 32_767 / float(np.abs(heard).max()))
    quiet: Samples = np.rint(heard * gain).astype(np.int16)
    return quiet


def stems_bytes(score: Score, mix: Mix | None = None) -> bytes:
    """A zip of one WAV a voice, as loud as in the whole, so that they add up to it."""
    buffer = io.BytesIO()
    _write_stems(buffer, score, mix or Mix(), lambda: True)
    return buffer.getvalue()


def write_stems(path: Path, score: Score, mix: Mix | None = None, wanted: Wanted = lambda: True) -> None:
    """The zip of `stems_bytes` as a file, whole or not at all; BadRequest where all voices together last too long."""
    mix = mix or Mix()
    seconds = _seconds(score, mix)
    if seconds * len(score.voices) > _MOST_STEMS:
        raise BadRequest(
            f"{len(score.voices)} voices of {seconds / 60:.0f} minutes are more than {_MOST_STEMS // 60} minutes of "
            "stems. Download the whole as sound, or the stems of a part of it."
        )
    try:
        with _ROOM.taken(seconds, wanted), path.open("wb") as file:
            _write_stems(file, score, mix, wanted)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write_stems(file: IO[bytes], score: Score, mix: Mix, wanted: Wanted) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for index, voice in enumerate(score.voices):
            name = "".join(c for c in voice.name if c.isalnum() or c in " -_").strip() or "voice"
            samples = render(score, _only(index, score, mix), wanted)
            archive.writestr(f"{index + 1} {name}.wav", _encoded(samples, "wav").getbuffer())


def _encoded(samples: Samples, form: str) -> io.BytesIO:
    """A file in memory, written in pieces so that there is no second copy of many samples."""
    _check_form(form)
    name, subtype = AUDIO[form]
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", SAMPLE_RATE, 2, subtype, format=name) as file:
        for at in range(0, len(samples), _PIECE):
            piece = samples[at : at + _PIECE]
            # libsndfile distorts whole numbers on their way into MP3
            file.write(piece if subtype == "PCM_16" else piece.astype(np.float32) / 32_768)
    return buffer


def _put(path: Path, data: memoryview) -> None:
    try:
        path.write_bytes(data)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _check_form(form: str) -> None:
    if form not in AUDIO:
        raise BadRequest(f"There is no audio format {quoted(form)}; there are: {', '.join(AUDIO)}.")


def _seconds(score: Score, mix: Mix | None) -> float:
    arranged = mix.arranged(score) if mix else score
    return arranged.seconds_at(arranged.end)


class _Room:
    """Lets so many seconds of sound be made at once, however many ask."""

    def __init__(self, seconds: float) -> None:
        self._free, self._changed = seconds, threading.Condition()

    @contextmanager
    def taken(self, seconds: float, wanted: Wanted) -> Iterator[None]:
        """Wait until there is room for so much; NotWanted if nobody waits for it any more."""
        seconds = min(seconds, LONGEST)
        with self._changed:
            while self._free < seconds:
                self._changed.wait(1.0)
                if not wanted():
                    raise NotWanted("Nobody waits for this sound any more.")
            self._free -= seconds
        try:
            yield
        finally:
            with self._changed:
                self._free += seconds
                self._changed.notify_all()


_ROOM = _Room(LONGEST)


def _only(index: int, score: Score, mix: Mix) -> Mix:
    """The mixer with every voice but one muted."""
    strips: list[Fader] = list(mix.strips(score))
    return replace(mix, faders=tuple(replace(f, mute=i != index or f.mute, solo=False) for i, f in enumerate(strips)))
