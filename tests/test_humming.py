"""Humming heard as notes: voices made of sines, with vibrato, breath and a singer's own tuning."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from composer.errors import UnreadableMusic
from composer.music import humming
from composer.music.humming import hear

TUNE = ((60, 24), (62, 24), (64, 24), (65, 24), (67, 48), (67, 24), (69, 12), (67, 12), (64, 48))  # (pitch, ticks)
SECONDS = 60 / 120 / 24  # a tick's, at 120 quarters a minute


def hummed(tune: Sequence[tuple[int, int]], rate: int = 22_050, vibrato: float = 0.2, off: float = 0.0) -> NDArray:
    """A voice of five partials: `vibrato` and `off` in semitones."""
    random, parts = np.random.default_rng(0), [np.zeros(rate // 3)]
    for pitch, ticks in tune:
        time = np.arange(round(ticks * SECONDS * rate)) / rate
        height = 440 * 2 ** ((pitch + off - 69 + vibrato * np.sin(2 * np.pi * 5.5 * time)) / 12)
        phase = 2 * np.pi * np.cumsum(height) / rate
        tone = sum(part * np.sin(k * phase) for k, part in enumerate((1, 0.6, 0.4, 0.2, 0.1), 1))
        swell = np.clip(np.minimum(time / 0.03, (time[-1] - 0.06 - time) / 0.03), 0, 1)
        parts.append(0.2 * swell * tone)
    sound = np.concatenate(parts)
    return sound + 0.003 * random.standard_normal(len(sound))


def recorded(folder: Path, sound: NDArray, rate: int = 22_050, kind: str = "wav") -> Path:
    path = folder / f"hum.{kind}"
    soundfile.write(path, sound, rate)
    return path


def expected(up: int = 0) -> list[tuple[int, int, int]]:
    onsets = np.cumsum([0, *(ticks for _, ticks in TUNE)])
    return [(int(onset), pitch + up, ticks) for onset, (pitch, ticks) in zip(onsets, TUNE, strict=False)]


def notes(reading) -> list[tuple[int, int, int]]:
    return [(n.onset, n.pitch, n.duration) for n in reading.score.notes]


@pytest.mark.parametrize(("rate", "kind"), [(22_050, "wav"), (48_000, "flac"), (44_100, "mp3")])
def test_a_tune_is_heard_at_its_tempo(tmp_path, rate, kind):
    reading = hear(recorded(tmp_path, hummed(TUNE, rate), rate, kind), bpm=120)
    assert notes(reading) == expected()
    assert (reading.source, reading.tracks, round(reading.score.tempos[0].bpm)) == ("hummed", ("Melody",), 120)
    assert reading.remarks[0].startswith("9 notes were heard in 5.")


def test_the_tempo_is_found_where_none_is_given(tmp_path):
    reading = hear(recorded(tmp_path, hummed(TUNE)))
    assert notes(reading) == expected()
    assert abs(reading.score.tempos[0].bpm - 120) < 3
    assert "The tempo was taken to be" in reading.remarks[1]


def test_a_singer_may_be_off_the_piano(tmp_path):
    assert notes(hear(recorded(tmp_path, hummed(TUNE, off=0.35)), bpm=120)) == expected()
    assert notes(hear(recorded(tmp_path, hummed(TUNE, off=-12.3, vibrato=0.4)), bpm=120)) == expected(up=-12)


def test_another_tempo_gives_other_lengths(tmp_path):
    path = recorded(tmp_path, hummed(((60, 48), (64, 48))))
    assert notes(hear(path, bpm=60)) == [(0, 60, 24), (24, 64, 24)]


def test_what_is_no_tune_is_refused_in_words(tmp_path):
    noise = 0.1 * np.random.default_rng(0).standard_normal(44_100)
    for sound, reason in ((np.zeros(22_050), "silent"), (np.zeros(0), "silent"), (noise, "No tune was heard")):
        with pytest.raises(UnreadableMusic, match=reason):
            hear(recorded(tmp_path, sound))


def test_what_is_too_long_or_no_recording_is_refused_in_words(tmp_path):
    with pytest.raises(UnreadableMusic, match="lasts 91 seconds; Motif listens to up to 90"):
        hear(recorded(tmp_path, np.zeros(91 * 8_000), 8_000))
    broken = tmp_path / "broken.wav"
    for data in (b"", b"RIFF\x00\x00\x00\x00WAVE", b"MThd", bytes(range(256)) * 20):
        broken.write_bytes(data)
        with pytest.raises(UnreadableMusic, match=r"no recording that Motif can open|silent"):
            hear(broken)


def test_without_the_extra_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(humming, "can_hear", lambda: False)
    with pytest.raises(UnreadableMusic, match="pip install"):
        hear(tmp_path / "any.wav")
