"""A score to samples: 44.1 kHz, stereo, 16 bits, through FluidSynth.

Every render has a fresh Synth, so that the same score gives the same samples whoever else is playing. FluidSynth
works in blocks of 64 frames; notes begin and end on block borders, within 1.5 ms.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from composer.errors import NoSound, NotWanted
from composer.score import TICKS_PER_QUARTER, Note, Score, Voice
from composer.sound.fonts import find_font, fluidsynth_module
from composer.sound.mix import Fader, Mix, check_length

SAMPLE_RATE = 44_100
Samples = npt.NDArray[np.int16]  # (frames, 2)

_BLOCK = 64  # frames
_GAIN = 0.4  # leaves room for about ten loud notes at once; more are rendered again, softer
_PEAK = 0.89  # of full scale, after normalising: −1 dB
_TAIL = 2.5  # seconds at most for the last notes and the room to fade
_BESIDE_THE_WHOLE = 0.8  # a passage's peak as a share of the whole's, where that is not known yet
_SILENT = 0.001  # of the peak: −60 dB
_DITHER = 4  # of 32767: what FluidSynth adds to silence
_FADE = 1024  # frames, so that what still sounds at the end of the tail ends without a click
_DRUM_CHANNEL, _DRUM_BANK = 9, 128
_VOLUME, _PAN = 7, 10  # controllers
_FULL_VOLUME = 100  # of 127: where General MIDI begins


Wanted = Callable[[], bool]  # whether somebody still waits for the sound


def render(score: Score, mix: Mix | None = None, wanted: Wanted = lambda: True) -> Samples:
    """The sound of a score, tail included.

    The peak is at −1 dB. A mixer takes away from that: a voice turned down leaves the others as loud as before.

    Args:
        score: What is played, at its own tempo.
        mix: Faders, tempo and feel; None plays the score as it is written.
        wanted: Asked now and then; rendering ends as soon as it says no.

    Returns:
        Samples (frames, 2), left and right, in 16 bits, `SAMPLE_RATE` frames a second.

    Raises:
        NoSound: There is no FluidSynth or SoundFont, or the score lasts too long.
        NotWanted: `wanted` said no.
    """
    score = mix.played(score) if mix else score
    check_length(score)
    whole, gain = _unclipped(score, wanted)
    if mix is None or all(fader.neutral for fader in mix.strips(score)):
        return _normalised(whole)
    peak = _peak(whole)
    del whole  # before there is another as large
    return _scaled(_rendered(score, gain, wanted, mix), peak)


def render_passage(score: Score, start: int, end: int, mix: Mix | None = None) -> Samples:
    """The samples (frames, 2) between two ticks, as they are in the whole but for what rings on from before.

    They are a little softer than their own peak would allow, since the loudest of the whole may lie elsewhere. NoSound
    where there is no FluidSynth.
    """
    score = mix.played(score) if mix else score
    passage = score.with_voices(
        replace(
            voice, notes=tuple(_within(note, start) for note in voice.notes if note.end > start and note.onset < end)
        )
        for voice in score.voices
    )
    first, last = _frames(score, np.array([start, end])).tolist()
    samples = _rendered(passage, _GAIN / 2, lambda: True, mix, (first, last))
    return _scaled(_faded(samples), _peak(samples) / _BESIDE_THE_WHOLE)


def _within(note: Note, start: int) -> Note:
    """The note from `start` on."""
    onset = max(note.onset, start)
    return replace(note, onset=onset, duration=note.end - onset)


def _unclipped(score: Score, wanted: Wanted) -> tuple[Samples, float]:
    """The samples, and the gain they were made with: softer where they clipped."""
    gain = _GAIN
    samples = _rendered(score, gain, wanted)
    while _peak(samples) >= 32_767 and gain > 0.02:
        gain /= 2
        del samples
        samples = _rendered(score, gain, wanted)
    return samples, gain


def _rendered(
    score: Score, gain: float, wanted: Wanted, mix: Mix | None = None, between: tuple[int, int] | None = None
) -> Samples:
    """The samples of a score with its tail, or those between two frames."""
    channels = _channels(score.voices)
    heard = mix.audible(score) if mix else [True] * len(channels)
    last = int(_frames(score, np.array([score.end]))[0])
    first, until = between or (0, last + round(_TAIL * SAMPLE_RATE) // _BLOCK * _BLOCK)
    out = np.zeros((until - first, 2), np.int16)
    synth, font = _fresh_synth(gain, max(channels, default=0))
    try:
        for voice, channel in zip(score.voices, channels, strict=True):
            _select(synth, font, channel, voice)
        if mix:
            _set_faders(synth, channels, mix.strips(score))
        now = 0
        sounding = score.with_voices(
            voice if on else replace(voice, notes=()) for voice, on in zip(score.voices, heard, strict=True)
        )
        for frame, _, channel, pitch, velocity in _events(sounding, channels):
            frame -= first
            if frame >= len(out):
                break
            _pull(synth, out, now, frame, wanted)
            now = frame
            if velocity:
                synth.noteon(channel, pitch, velocity)
            else:
                synth.noteoff(channel, pitch)
        _pull(synth, out, now, len(out), wanted)
    finally:
        synth.delete()
    return out if between else _trimmed(out, last)


def _set_faders(synth: Any, channels: list[int], faders: Sequence[Fader]) -> None:
    """Volume and pan of each channel. General MIDI's volume goes with the square of its controller."""
    for channel, fader in zip(channels, faders, strict=True):
        synth.cc(channel, _VOLUME, round(_FULL_VOLUME * math.sqrt(fader.volume)))
        synth.cc(channel, _PAN, round(64 + 63 * fader.pan))


def _frames(score: Score, ticks: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The frames at which ticks fall, on block borders."""
    marks = np.array([tempo.tick for tempo in score.tempos])
    per_tick = np.array([tempo.microseconds for tempo in score.tempos]) / TICKS_PER_QUARTER / 1e6
    at_marks = np.concatenate([[0.0], np.cumsum(np.diff(marks) * per_tick[:-1])])
    segment = np.searchsorted(marks, ticks, side="right") - 1
    seconds = at_marks[segment] + (ticks - marks[segment]) * per_tick[segment]
    return np.round(seconds * SAMPLE_RATE / _BLOCK).astype(np.int64) * _BLOCK


def _events(score: Score, channels: list[int]) -> list[tuple[int, int, int, int, int]]:
    """(frame, rank, channel, pitch, velocity) in order; velocity 0 ends a note, before others begin."""
    events = []
    for voice, channel in zip(score.voices, channels, strict=True):
        onsets = _frames(score, np.array([note.onset for note in voice.notes], np.int64))
        ends = _frames(score, np.array([note.end for note in voice.notes], np.int64))
        for note, onset, end in zip(voice.notes, onsets.tolist(), ends.tolist(), strict=True):
            events.append((onset, 1, channel, note.pitch, note.velocity))
            events.append((max(end, onset + _BLOCK), 0, channel, note.pitch, 0))
    return sorted(events)


def _channels(voices: tuple[Voice, ...]) -> list[int]:
    """A channel a voice, as far as there are 255; drums share theirs."""
    free = itertools.cycle(channel for channel in range(256) if channel != _DRUM_CHANNEL)
    return [_DRUM_CHANNEL if voice.is_drum else next(free) for voice in voices]


def _pull(synth: Any, out: Samples, start: int, end: int, wanted: Wanted) -> None:
    """Let the synthesizer play into `out` from frame `start` to `end`, at most ten seconds at a time."""
    for at in range(start, end, SAMPLE_RATE * 10 // _BLOCK * _BLOCK):
        if not wanted():
            raise NotWanted("Nobody waits for this sound any more.")
        until = min(end, at + SAMPLE_RATE * 10 // _BLOCK * _BLOCK)
        out[at:until] = synth.get_samples(until - at).reshape(-1, 2)


def _trimmed(out: Samples, last: int) -> Samples:
    """Without the silence after the tail, and faded out."""
    heard = np.flatnonzero(np.abs(out[last:]).max(axis=1) > _SILENT * _peak(out))
    return _faded(out[: last + (int(heard[-1]) + 1 if len(heard) else 0)])


def _faded(out: Samples) -> Samples:
    """The same, ending without a click."""
    fade = np.linspace(1, 0, min(_FADE, len(out)))[:, None]
    out[len(out) - len(fade) :] = (out[len(out) - len(fade) :] * fade).astype(np.int16)
    return out


def _peak(samples: Samples) -> int:
    return max(int(samples.max(initial=0)), -int(samples.min(initial=0)))


def _normalised(samples: Samples) -> Samples:
    return _scaled(samples, _peak(samples))


def _scaled(samples: Samples, peak: float) -> Samples:
    """As loud as brings `peak` to −1 dB, or softer where the samples themselves would clip."""
    peak = max(peak, _peak(samples))
    if peak <= _DITHER or _peak(samples) <= _DITHER:
        return np.zeros_like(samples)
    np.multiply(samples, _PEAK * 32_767 / peak, out=samples, casting="unsafe")
    return samples


def _new_synth(gain: float, channels: int) -> Any:
    settings = {
        "synth.chorus.active": 0,  # FluidSynth 2.3's swells strings
        "synth.reverb.active": 1,
        "synth.dynamic-sample-loading": 1,  # only the instruments in use are loaded
        "synth.midi-channels": max(16, -(-(channels + 1) // 16) * 16),
    }
    return fluidsynth_module().Synth(gain=gain, samplerate=float(SAMPLE_RATE), **settings)


def _fresh_synth(gain: float, channels: int) -> tuple[Any, int]:
    font = find_font()
    synth = _new_synth(gain, channels)
    with _keeper().lock:
        loaded = synth.sfload(str(font))
    if loaded < 0:
        synth.delete()
        raise NoSound(f"The SoundFont {font.name} cannot be read. Replace it with another .sf2 or .sf3 file.")
    return synth, loaded


def _select(synth: Any, font: int, channel: int, voice: Voice) -> None:
    """Give a voice its instrument; the font's piano (or standard drums) where it lacks that one."""
    bank, program = (_DRUM_BANK, voice.program) if voice.is_drum else (0, voice.program)
    with _keeper().lock:
        _keeper().keep(bank, program)
        if synth.program_select(channel, font, bank, program) != 0:
            synth.program_select(channel, font, bank, 0)


@dataclass
class _Keeper:
    """A silent Synth that holds instruments once loaded, since FluidSynth drops samples that no Synth uses."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    synth: Any = None
    font: tuple[Path, int] | None = None
    kept: list[tuple[int, int]] = field(default_factory=list)

    def keep(self, bank: int, program: int) -> None:
        """Hold an instrument; the caller has the lock."""
        path = find_font()
        if self.font is None or self.font[0] != path:
            self.synth = _new_synth(0.0, 255)
            self.font = (path, self.synth.sfload(str(path)))
            self.kept = []
        if (bank, program) not in self.kept and len(self.kept) < 255:
            self.synth.program_select(len(self.kept), self.font[1], bank, program)
            self.kept.append((bank, program))


@cache
def _keeper() -> _Keeper:
    return _Keeper()
