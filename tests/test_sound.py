"""Listening through numbers: what is rendered is loud, whole, repeatable and in tune."""

from __future__ import annotations

import io
import sys
import types

import numpy as np
import pytest
import soundfile

from composer.errors import NoSound
from composer.score import Note, Score, Tempo, Voice
from composer.sound import SAMPLE_RATE, fonts, problem, render, render_passage, wav_bytes
from tests.conftest import tune


def loudest_frequency(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples.mean(1) * np.hanning(len(samples))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(samples))


def test_a_note_sounds_at_its_pitch_and_then_fades():
    flute = Score((Voice((Note(0, 69, 48),), program=73),))
    samples = render(flute)
    assert samples.dtype == np.int16
    assert samples.shape[1] == 2
    assert loudest_frequency(samples[4096 : 4096 + 2**15]) == pytest.approx(440, abs=3)
    assert 1.0 <= len(samples) / SAMPLE_RATE <= 3.5
    assert np.abs(samples[-64:]).max() < 200


def test_the_peak_is_at_minus_one_decibel_however_many_play():
    loud = Score((Voice(tuple(Note(0, pitch, 48, 127) for pitch in range(36, 96)), program=19),))
    for score in (tune(60), loud):
        samples = render(score).astype(int)
        assert np.abs(samples).max() == pytest.approx(0.89 * 32767, rel=0.01)


def test_a_full_orchestra_does_not_clip():
    loud = Score((Voice(tuple(Note(0, pitch, 48, 127) for pitch in range(36, 96)), program=19),))
    samples = render(loud).astype(int)
    assert (np.abs(samples) == np.abs(samples).max()).sum() < 8  # no flat tops


def test_the_same_score_gives_the_same_samples_whoever_played_between():
    first = render(tune(60, 64, 67))
    render(tune(72, 40))
    assert np.array_equal(render(tune(60, 64, 67)), first)


def test_tempo_is_heard():
    slow = Score(tune(60, 62, 64, 65).voices, tempos=(Tempo.from_bpm(60),))
    assert len(render(slow)) - len(render(tune(60, 62, 64, 65))) == pytest.approx(
        2 * SAMPLE_RATE, abs=SAMPLE_RATE * 0.2
    )


def test_instruments_differ_and_drums_are_drums():
    piano, organ = (render(Score((Voice((Note(0, 60, 96),), program=p),))) for p in (0, 19))
    assert len(piano) != len(organ) or not np.array_equal(piano, organ)
    drum = render(Score((Voice((Note(0, 38, 24),), is_drum=True),)))
    assert np.abs(drum.astype(int)).max() > 10_000


def test_many_voices_have_channels_of_their_own():
    score = Score(tuple(Voice((Note(i * 12, 48 + i, 12),), program=i) for i in range(24)))
    assert np.abs(render(score).astype(int)).max() > 10_000


def test_an_empty_score_is_silence_and_no_error():
    assert np.abs(render(Score()).astype(int)).max(initial=0) == 0


def test_a_wav_file_holds_the_samples():
    samples = render(tune(60))
    read, rate = soundfile.read(io.BytesIO(wav_bytes(samples)), dtype="int16")
    assert rate == SAMPLE_RATE
    assert np.array_equal(read, samples)


# What is missing is told


@pytest.fixture
def _module_forgotten():
    fonts.fluidsynth_module.cache_clear()
    yield
    fonts.fluidsynth_module.cache_clear()


def test_there_is_sound_here():
    assert problem() is None


@pytest.mark.usefixtures("_module_forgotten")
def test_the_package_that_hides_pyfluidsynth_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "fluidsynth", types.ModuleType("fluidsynth"))
    assert "pip uninstall fluidsynth" in problem()
    with pytest.raises(NoSound, match="hides 'pyfluidsynth'"):
        render(tune(60))


@pytest.mark.usefixtures("_module_forgotten")
def test_a_missing_library_is_told_with_the_command_to_type(monkeypatch):
    monkeypatch.delitem(sys.modules, "fluidsynth", raising=False)
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)
    monkeypatch.setattr("os.path.exists", lambda _: False)
    assert "apt-get install fluidsynth" in problem()


def test_a_font_named_and_missing_is_told(monkeypatch):
    monkeypatch.setenv("MOTIF_SOUNDFONT", "/nowhere.sf2")
    assert "/nowhere.sf2, which is not there" in problem()


def test_a_broken_font_is_told(monkeypatch, tmp_path):
    font = tmp_path / "broken.sf2"
    font.write_bytes(b"not a font")
    monkeypatch.setenv("MOTIF_SOUNDFONT", str(font))
    with pytest.raises(NoSound, match=r"broken\.sf2 cannot be read"):
        render(tune(60))


def test_fonts_are_looked_for_in_order(monkeypatch, tmp_path):
    ours, system = tmp_path / "ours", tmp_path / "system"
    for folder, name in ((ours, "b.sf2"), (system, "FluidR3Mono_GM.sf3"), (system, "a.sf2")):
        folder.mkdir(exist_ok=True)
        (folder / name).touch()
    monkeypatch.delenv("MOTIF_SOUNDFONT", raising=False)
    monkeypatch.setattr(fonts, "PROJECT_FOLDER", ours)
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", (system,))
    assert fonts.find_font().name == "b.sf2"
    (ours / "b.sf2").unlink()
    assert fonts.find_font().name == "FluidR3Mono_GM.sf3"
    monkeypatch.setattr(fonts, "SYSTEM_FOLDERS", ())
    assert fonts.find_font().name == "TimGM6mb.sf2"


def test_a_passage_sounds_as_it_does_in_the_whole():
    score = tune(60, 64, 67, 72, 67, 64, 60, 55)
    start, end = score.voices[0].notes[2].onset, score.voices[0].notes[6].onset
    passage = render_passage(score, start, end).astype(float)
    first, last = (round(score.seconds_at(tick) * SAMPLE_RATE) for tick in (start, end))
    assert abs(len(passage) - (last - first)) <= 64  # a block
    whole = render(score)[first : first + len(passage)].astype(float)
    spectra = [np.abs(np.fft.rfft(samples[:, 0])) for samples in (passage, whole)]
    assert np.corrcoef(*spectra)[0, 1] > 0.9
    assert 0.5 < np.abs(passage).max() / np.abs(whole).max() < 2


def test_a_passage_without_notes_is_silence():
    assert not render_passage(Score(), 0, 96).any()
