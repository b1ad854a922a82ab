"""The mixer and the feel, measured in what is heard."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
import soundfile

from composer.errors import BadRequest
from composer.score import Metre, Note, Score, Tempo, Voice
from composer.sound import AUDIO, SAMPLE_RATE, Fader, Feel, Mix, audio_bytes, perform, render, stems_bytes
from tests.conftest import tune

HIGH = Voice(tuple(Note(24 * i, 84, 24) for i in range(8)), "High", 73)
LOW = Voice(tuple(Note(48 * i, 45, 48) for i in range(4)), "Low", 42)
DUET = Score((HIGH, LOW))


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt((samples.astype(float) ** 2).mean()))


def share(samples: np.ndarray, low: float, high: float) -> float:
    """How much of the sound lies between two frequencies, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples.mean(1))) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    return float(spectrum[(frequencies >= low) & (frequencies < high)].sum() / spectrum.sum())


def test_a_mixer_left_alone_changes_nothing():
    assert np.array_equal(render(DUET, Mix()), render(DUET))


def test_mute_silences_a_voice_and_leaves_the_other_as_loud():
    whole, alone = render(DUET), render(DUET, Mix((Fader(mute=True),)))
    assert share(whole, 900, 20_000) > 0.2
    assert share(alone, 900, 20_000) < 0.05  # the flute sounds at 1047 Hz
    assert loudness(alone) < loudness(whole)
    assert np.array_equal(alone, render(DUET, Mix((Fader(), Fader(solo=True)))))
    assert not render(DUET, Mix((Fader(mute=True), Fader(mute=True)))).any()


def test_volume_and_pan_are_heard():
    one = Score((HIGH,))
    full, half = render(one), render(one, Mix((Fader(volume=0.5),)))
    assert 0.35 < loudness(half) / loudness(full) < 0.55
    assert not render(one, Mix((Fader(volume=0),))).any()
    left, right = render(one, Mix((Fader(pan=-1),))).astype(float).std(axis=0)
    assert left > 5 * right
    left, right = render(one, Mix((Fader(pan=1),))).astype(float).std(axis=0)
    assert right > 5 * left


def test_instrument_and_tempo_are_heard_and_kept_in_the_score():
    mix = Mix((Fader(program=19),), tempo=60)
    arranged = mix.arranged(DUET)
    assert ([v.program for v in arranged.voices], arranged.tempos) == ([19, 42], (Tempo.from_bpm(60),))
    assert [v.notes for v in arranged.voices] == [v.notes for v in DUET.voices]  # the feel is no part of it
    assert len(render(DUET, mix)) > 1.5 * len(render(DUET))


def test_stems_add_up_to_the_whole():
    with zipfile.ZipFile(io.BytesIO(stems_bytes(DUET))) as archive:
        assert archive.namelist() == ["1 High.wav", "2 Low.wav"]
        parts = [soundfile.read(io.BytesIO(archive.read(name)), dtype="int16")[0] for name in archive.namelist()]
    whole = render(DUET).astype(int)
    end = min(map(len, [*parts, whole])) - 2048  # before the shortest is faded out
    assert np.abs(sum(part[:end].astype(int) for part in parts) - whole[:end]).max() < 200


@pytest.mark.parametrize("form", AUDIO)
def test_every_audio_file_can_be_heard(form):
    samples = render(tune(60, 64))
    heard, rate = soundfile.read(io.BytesIO(audio_bytes(samples, form)), dtype="int16")
    assert rate == SAMPLE_RATE
    assert len(heard) == pytest.approx(len(samples), abs=3_000)
    assert loudness(heard) == pytest.approx(loudness(samples), rel=0.1)


def test_the_metre_and_the_phrase_are_heard_in_the_velocities():
    played = perform(tune(*[67] * 64, duration=12), Feel(shade=1)).voices[0].notes
    first_bar, second_bar = ([note.velocity for note in played[i : i + 8]] for i in (0, 8))
    assert first_bar[0] > first_bar[2] > first_bar[1]  # downbeat, beat, off-beat
    assert second_bar[0] > first_bar[0]  # the phrase swells
    assert [(n.onset, n.pitch, n.duration) for n in played] == [(12 * i, 67, 12) for i in range(64)]
    assert perform(DUET, Feel()) == DUET


def test_eighths_swing_in_quarters_and_nowhere_else():
    def onsets(score: Score) -> list[int]:
        return [n.onset for n in perform(score, Feel(swing=1)).voices[0].notes]

    assert onsets(tune(60, 62, 64, 65, duration=12)) == [0, 16, 24, 40]
    assert onsets(tune(60, 62, 64, duration=8)) == [0, 8, 16]  # triplets
    assert onsets(tune(60, 62, 64, 65, duration=12, metre=(6, 8))) == [0, 12, 24, 36]
    assert onsets(Score((Voice((Note(0, 60, 6), Note(6, 62, 6), Note(12, 64, 12))),), (Metre(0, 2, 4),))) == [0, 8, 16]


def test_feel_changes_the_sound_and_the_same_feel_gives_the_same_sound():
    shaded = render(DUET, Mix(feel=Feel(0.6, 0)))
    assert not np.array_equal(shaded, render(DUET))
    assert np.array_equal(shaded, render(DUET, Mix(feel=Feel(0.6, 0))))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Fader(volume=2),
        lambda: Fader(pan="left"),
        lambda: Fader(program=128),
        lambda: Mix(tempo=1),
        lambda: Feel(2),
    ],
)
def test_positions_out_of_range_are_refused(make):
    with pytest.raises(BadRequest):
        make()
