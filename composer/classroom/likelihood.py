"""How likely a melody is in the ears of a network, whoever wrote it: nats a note, every decision of a note counted.

Told are the metre and who plays; style, key, form and wishes are hidden, and where it ends is not asked. The melody is
heard in its home key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from composer.events.conditions import Told, Wishes, metre_class
from composer.events.features import Heard, Listener
from composer.events.rows import CHORD_MOVE, MOVE, PART, PITCH, START, Bars, Ints, rows_in_bars, with_moves
from composer.music import Reading
from composer.networks import NoteNetwork
from composer.networks.notes import HeardBatch
from composer.writing.transposition import Transposition

_PIANO = 1  # the family by which networks learned melodies


@dataclass(frozen=True)
class Spelled:
    """A melody at home as rows (N, 7), the score's bar of each (N,), its bar lines and the classes of its metres."""

    rows: Ints
    bars: Ints
    lines: Bars
    metres: tuple[int, ...]

    def heard(self, rows: int) -> Heard:
        """The opening and the first `rows` rows, as networks hear them."""
        middle = int(np.sort(self.rows[:, PITCH])[len(self.rows) // 2])
        opening = np.array([(START, 0, 0, 0, 0, 0, 0), (PART, 0, 0, middle, 0, 0, _PIANO)], np.int64)
        listener = Listener(Told(metres=self.metres), Wishes(), self.lines)
        return listener.read(np.concatenate([opening, self.rows[:rows]]))

    def with_pitch(self, row: int, semitones: int) -> Spelled:
        """The same with one note so many semitones higher."""
        rows = self.rows.copy()
        rows[row, PITCH] = min(127, rows[row, PITCH] + semitones)
        return replace(self, rows=rows)


def spelled(melody: Reading) -> Spelled | None:
    """A melody (the score's one voice) as it is heard; None where there are no notes."""
    home = Transposition.home(melody).reading(melody)
    assert home is not None
    score = home.score
    lines = Bars.of(score, score.bars)
    rows, at = with_moves(*rows_in_bars([(0, note) for note in score.voices[0].notes], lines), 0)
    metres = tuple(metre_class(score.metre_at(start)) for start in lines.starts[:-1])
    return Spelled(rows, np.array(lines.score_bars)[at], lines, metres) if len(rows) else None


@torch.inference_mode()
def nats_a_note(melody: Reading, network: NoteNetwork, first: int = 0) -> float | None:
    """Nats a note of a melody (the score's one voice) from bar `first` (from 0) on; None where no note is there."""
    told = spelled(melody)
    if told is None:
        return None
    asked = np.flatnonzero(told.bars >= first)
    notes = int((told.rows[asked, MOVE] < CHORD_MOVE).sum())
    if not notes:
        return None
    heard = told.heard(len(told.rows) - 1)
    before = torch.from_numpy(asked + len(heard) - len(told.rows))  # the context before each row that is asked for
    contexts, _ = network(HeardBatch.of(heard))
    last = torch.from_numpy(heard.last.astype(np.int64))
    nats = network.head.surprise(contexts[0, before], torch.from_numpy(told.rows[asked]), last[before])
    return float(nats.sum()) / notes
