"""Music played by hand: found out, put on the grid of the file's beat or of its own, and told in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from composer.music import read
from composer.score import Metre
from tests.test_midi_files import chunk, meta, midi

# A tune of two eight-bar phrases, (pitch, eighths): quarters, eighths, dotted quarters.
TUNE = (
    *((67, 2), (67, 1), (69, 1), (71, 2), (72, 2), (74, 3), (71, 1), (67, 4), (72, 2), (71, 2), (69, 1), (71, 1)),
    *((72, 2), (71, 2), (67, 2), (62, 4), (67, 2), (67, 1), (69, 1), (71, 2), (72, 2), (74, 3), (76, 1), (74, 4)),
    *((72, 1), (71, 1), (69, 2), (66, 2), (69, 2), (67, 4), (67, 4)),
)
JIG = ((67, 2), (69, 1), (71, 1), (69, 1), (67, 1)) * 6 + ((71, 2), (69, 1), (67, 3)) * 4  # six eighths a bar


def track(tune: Sequence[tuple[int, int]], eighth: float, spread: float, drift: float = 0, late: float = 0) -> bytes:
    """A tune at so many of the file's ticks an eighth, each onset some ticks beside its place, slower and slower."""
    random = np.random.default_rng(7)
    events, at = [], 10.0 + late
    for number, (pitch, eighths) in enumerate(tune):
        onset = max(0, round(at + random.normal(0, spread)))
        at += eighths * eighth * (1 + drift * number / len(tune))
        events += [(onset, 0x90, pitch), (max(onset + 1, round(at - 8)), 0x80, pitch)]
    body, before = b"", 0
    for tick, kind, pitch in sorted(events):
        delta = tick - before
        body += bytes((0x80 | delta >> 7, delta & 0x7F)) if delta > 0x7F else bytes((delta,))
        body += bytes((kind, pitch, 80))
        before = tick
    return chunk(body + b"\0\xff\x2f\0")


def steps(reading) -> list[int]:
    """How many ticks there are from each note to the next."""
    return np.diff([note.onset for note in reading.score.voices[0].notes]).tolist()


def written(tune: Sequence[tuple[int, int]], eighth: int = 12) -> list[int]:
    return [eighths * eighth for _, eighths in tune[:-1]]


def test_a_part_recorded_to_a_click_moves_to_the_files_beat():
    reading = read(midi(chunk(meta(0x51, b"\x07\xa1\x20") + b"\0\xff\x2f\0"), track(TUNE, 48, 2.0, late=5.0)))
    assert steps(reading) == written(TUNE)
    assert reading.remarks[0].startswith(f"Played by hand: {len(TUNE)} notes were moved to the grid of the file's beat")
    assert round(reading.score.tempos[0].bpm) == 120


@pytest.mark.parametrize(("eighth", "drift"), [(62.3, 0.0), (44.3, 0.0), (55.1, 0.12)])
def test_a_free_performance_gets_its_own_beat(eighth, drift):
    reading = read(midi(track(TUNE, eighth, 2.0, drift), kind=0))
    assert steps(reading) == written(TUNE)
    assert reading.score.tempos[0].bpm == pytest.approx(120 * 48 / eighth / (1 + drift / 2), rel=0.04)
    assert "Played freely: its own beat was found" in reading.remarks[0]
    assert "ms on average" in reading.remarks[0]


def test_beats_of_three_make_six_eight():
    reading = read(midi(track(JIG, 41.3, 1.5), kind=0))
    assert (reading.score.metres, steps(reading)) == ((Metre(0, 6, 8),), written(JIG))
    assert reading.score.tempos[0].beat == 36
    assert "dotted quarters a minute" in reading.remarks[0]


def test_a_lead_played_over_a_written_part_leaves_that_as_it_is():
    backing = track([(48, 2), (52, 2)] * 40, 48, 0.0)
    reading = read(midi(track(TUNE, 48, 3.0), backing))
    lead, below = reading.score.voices
    assert np.diff([n.onset for n in lead.notes]).tolist() == written(TUNE)
    assert np.diff([n.onset for n in below.notes]).tolist() == [24] * 79
    assert "the grid of the file's beat" in reading.remarks[0]


@pytest.mark.parametrize("parts", [3, 5, 6, 7, 8])
def test_what_is_written_in_uncommon_divisions_is_not_taken_for_played(parts):
    quarter = 96 // parts * parts
    body = b"".join(bytes((0, 0x90, 60 + i % 9, 80, quarter // parts, 0x80, 60 + i % 9, 0)) for i in range(8 * parts))
    data = midi(chunk(body + b"\0\xff\x2f\0"))
    data = data[:12] + quarter.to_bytes(2, "big") + data[14:]
    assert not any("layed" in remark for remark in read(data).remarks)
