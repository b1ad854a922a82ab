"""How likely a melody is in the ears of a network, whoever wrote it: nats a note, every decision of a note counted.

Told are the metre and who plays; style, key, form and wishes are hidden, and where it ends is not asked. The melody is
heard in its home key.
"""

from __future__ import annotations

import numpy as np
import torch

from composer.events.conditions import Told, Wishes, metre_class
from composer.events.features import Listener
from composer.events.rows import MOVE, PART, START, Bars, rows_in_bars, with_moves
from composer.music import Reading
from composer.networks import NoteNetwork
from composer.networks.notes import HeardBatch
from composer.writing.transposition import Transposition

_PIANO = 1  # the family by which networks learned melodies


@torch.inference_mode()
def nats_a_note(melody: Reading, network: NoteNetwork, first: int = 0) -> float | None:
    """Nats a note of a melody (the score's one voice) from bar `first` (from 0) on; None where no note is there."""
    home = Transposition.home(melody).reading(melody)
    assert home is not None
    score = home.score
    lines = Bars.of(score, score.bars)
    rows, bars = rows_in_bars([(0, note) for note in score.voices[0].notes], lines)
    rows, bars = with_moves(rows, bars, 0)
    if not len(rows):
        return None
    middle = sorted(note.pitch for note in score.voices[0].notes)[len(score.voices[0].notes) // 2]
    opening = np.array([(START, 0, 0, 0, 0, 0, 0), (PART, 0, 0, middle, 0, 0, _PIANO)], np.int64)
    told = Told(metres=[metre_class(score.metre_at(start)) for start in lines.starts[:-1]])
    heard = Listener(told, Wishes(), lines).read(np.concatenate([opening, rows[:-1]]))
    asked = np.flatnonzero(np.array(lines.score_bars)[bars] >= first)
    notes = int((rows[asked, MOVE] < 8).sum())
    if not notes:
        return None
    before = torch.from_numpy(asked + len(opening) - 1)  # the context before each row that is asked for
    contexts, _ = network(HeardBatch.of(heard))
    last = torch.from_numpy(heard.last.astype(np.int64))
    nats = network.head.surprise(contexts[0, before], torch.from_numpy(rows[asked]), last[before])
    return float(nats.sum()) / notes
