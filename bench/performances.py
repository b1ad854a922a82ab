"""How well music that was played freely is put back on its grid: written tunes played by a model of a player, and read.

    python -m bench.performances [--folder composer/page/seeds/gallery] [--most 200] [--seed 0]

A player strays from each onset by some milliseconds, may drift in tempo, and knows nothing of the file's own tempo. A
file is right where nine in ten of the lengths from one onset to the next are the written ones (or all of them halved or
doubled, as one may count); of those, "barred" ones begin at the same place in their bar. "lengths" is the share of all
lengths that are right.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import mido
import numpy as np

from composer.errors import UnreadableMusic
from composer.music import SUFFIXES
from composer.music.abc import abc_tunes
from composer.music.abc.book import abc_text
from composer.music.front import read_here
from composer.score import TICKS_PER_QUARTER, Score

_RESOLUTION = 480


@dataclass(frozen=True)
class Player:
    """How somebody plays: the spread of onsets in seconds, the drift of tempo as a share, to a click or not."""

    name: str
    spread: float
    drift: float
    to_a_click: bool


PLAYERS = (
    Player("to a click, ± 10 ms", 0.010, 0.0, True),
    Player("to a click, ± 20 ms", 0.020, 0.0, True),
    Player("freely, ± 10 ms, tempo ± 3 %", 0.010, 0.03, False),
    Player("freely, ± 15 ms, tempo ± 8 %", 0.015, 0.08, False),
    Player("freely, ± 20 ms, tempo ± 15 %", 0.020, 0.15, False),
)

GALLERY = Path(__file__).parents[1] / "composer" / "page" / "seeds" / "gallery"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=GALLERY)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    scores = _scores(asked.folder)
    chosen = np.random.default_rng(asked.seed).permutation(len(scores))[: asked.most]
    print(f"{len(chosen)} tunes of {asked.folder}\n{'player':34} {'told':>6} {'right':>6} {'barred':>7} {'lengths':>8}")
    for player in PLAYERS:
        told = right = barred = 0
        equal = []
        for number in chosen:
            score = scores[number]
            random = np.random.default_rng((asked.seed, int(number)))
            reading = read_here(played(score, player, random))
            told += any("layed" in remark for remark in reading.remarks)
            share = likeness(score, reading.score)
            equal.append(share)
            right += share >= 0.9
            barred += share >= 0.9 and begins(score) == begins(reading.score)
        print(f"{player.name:34} {told:6} {right:6} {barred:7} {np.mean(equal):8.1%}")


def _scores(folder: Path) -> list[Score]:
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES):
        data = path.read_bytes()
        for piece in [tune.encode() for tune in abc_tunes(abc_text(data))] if path.suffix == ".abc" else [data]:
            with contextlib.suppress(UnreadableMusic):
                found.append(read_here(piece).score)
    return [score for score in found if 16 <= len(score.notes) <= 3_000]


def played(score: Score, player: Player, random: np.random.Generator) -> bytes:
    """A MIDI file of somebody's playing."""
    period = 60 / score.tempos[0].bpm if player.to_a_click else float(random.uniform(0.45, 0.75))
    quarters = np.arange(0, score.end / TICKS_PER_QUARTER + 1.01, 0.25)
    waves = sum(np.sin(2 * np.pi * (quarters / random.uniform(12, 40) + random.uniform())) for _ in range(2)) / 2
    rates = period * (1 + player.drift * waves) / 4
    times = np.concatenate(([0.0], np.cumsum(rates)[:-1]))
    tempo = score.tempos[0].microseconds if player.to_a_click else 500_000
    a_tick = tempo / 1e6 / _RESOLUTION
    wait = 0.02 if player.to_a_click else 0.3  # people hear themselves late
    file = mido.MidiFile(type=1, ticks_per_beat=_RESOLUTION)
    head = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=tempo)])
    if player.to_a_click:
        metre = score.metres[0]
        head.append(mido.MetaMessage("time_signature", numerator=metre.numerator, denominator=metre.denominator))
    file.tracks.append(head)
    for channel, voice in enumerate(score.voices):
        events = []
        for note in voice.notes:
            begin, end = np.interp([note.onset / TICKS_PER_QUARTER, note.end / TICKS_PER_QUARTER], quarters, times)
            begin = max(0.0, begin + wait + float(random.normal(0, player.spread)))
            end = begin + max(0.04, (end + wait - begin) * float(random.uniform(0.7, 1.0)))
            velocity = int(np.clip(random.normal(76, 9), 1, 127))
            events += [(begin, 1, note.pitch, velocity), (end, 0, note.pitch, 0)]
        track, before = mido.MidiTrack(), 0
        for time, kind, pitch, velocity in sorted(events, key=lambda event: event[:2]):
            tick = round(time / a_tick)
            name = "note_on" if kind else "note_off"
            track.append(
                mido.Message(name, note=pitch, velocity=velocity, channel=channel % 9, time=max(0, tick - before))
            )
            before = max(before, tick)
        file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def likeness(score: Score, back: Score) -> float:
    """The share of the lengths between onsets that are the written ones, by the best way to count the beat."""
    pairs: dict[int, int] = {}
    for one, other in zip(score.voices, back.voices, strict=False):
        matcher = SequenceMatcher(None, [n.pitch for n in one.notes], [n.pitch for n in other.notes], autojunk=False)
        for a, b, length in matcher.get_matching_blocks():
            pairs |= {one.notes[a + i].onset: other.notes[b + i].onset for i in range(length)}
    written = sorted({note.onset for note in score.notes})
    steps = [(b - a, pairs.get(b, -1) - pairs.get(a, 10**6)) for a, b in itertools.pairwise(written)]
    return max(
        sum(round(step * scale) == read for step, read in steps) / len(steps) for scale in (0.5, 1, 1.5, 2, 2 / 3)
    )


def begins(score: Score) -> float:
    """How far into its bar the music begins, as a share of the bar."""
    metre = score.metres[0]
    return round(score.notes[0].onset % metre.bar_ticks / metre.bar_ticks, 2)


if __name__ == "__main__":
    main()
