"""Counts broken promises in thousands of takes: notes outside scale, range, region or metre, and anything frozen moved.

The networks are tiny and their weights random: promises must not lean on training, and what knows nothing tries
everything. Run from the repository's root: `python -m bench.constraints --takes 10000`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from composer.checkpoint import Card, note_vocabulary, save
from composer.events.phrase import PHRASE_BARS
from composer.music import Reading, skyline
from composer.networks import NETWORKS, build_network, count_parameters
from composer.score import Key, Metre, Note, Score, Voice
from composer.shelf import Shelf
from composer.tasks import TASKS, Request, Task
from composer.tasks.ensembles import polyphony
from composer.writing import Take, new_writer

_METRES = ((4, 4), (3, 4), (6, 8), (9, 8), (5, 4), (2, 2), (3, 8))
_KEYS = ("C major", "G major", "F# minor", "Bb minor")
_LOW, _HIGH = 40, 88


def random_networks(folder: Path) -> Shelf:
    """A tiny network of every kind."""
    for seed, (name, (_, config)) in enumerate(NETWORKS.items()):
        torch.manual_seed(seed)
        settings = asdict(config.tiny())
        network = build_network(name, settings)
        card = Card(name, settings, note_vocabulary(), count_parameters(network))
        save(folder / f"{name}.safetensors", network, card)
    return Shelf(folder)


def random_seed(random: np.random.Generator, voices: int) -> Score:
    """Some bars in a random metre; each voice a line, or chords of three."""
    metre = Metre(0, *_METRES[random.integers(len(_METRES))])
    length = int(random.choice([6, 12, 18, 24, 48]))
    count = int(random.integers(4, 20))
    lines = []
    for voice in range(voices):
        chord = (0, 4, 7) if random.random() < 0.3 else (0,)
        roots = random.integers(60 - 6 * voice, 72 - 6 * voice, count)
        notes = tuple(Note(i * length, int(root) + up, length) for i, root in enumerate(roots) for up in chord)
        lines.append(Voice(notes, f"Voice {voice + 1}"))
    return Score(tuple(lines), (metre,))


def random_request(random: np.random.Generator, task: Task, score: Score) -> Request:
    """Settings that leave something to write."""
    first = int(random.integers(1, score.bars + 1))
    last = int(random.integers(first, min(score.bars, first + 2) + 1))
    return Request(
        task=task.name,
        bars=int(random.integers(1, 4)),
        temperature=float(random.choice([0.0, 1.0, 5.0])),
        rhythm_temperature=float(random.choice([0.0, 1.0, 5.0])),
        top_p=float(random.choice([0.5, 0.95, 1.0])),
        scale=str(random.choice([*_KEYS, "none"])),
        low=_LOW if random.random() < 0.5 else None,
        high=_HIGH if random.random() < 0.5 else None,
        seed=int(random.integers(2**31)),
        region=f"{first}-{last}" if task.asks_for("region") else None,
        amount=float(random.choice([0.0, 0.1, 0.5, 1.0])),
        steps=int(random.integers(1, 4)),
    )


def broken(take: Take, seed: Score, request: Request) -> Iterator[str]:
    """The promises that a take breaks, one word for every note that breaks one."""
    locked = "scale" not in request.what.ignored and not _itself(request)
    key = Key.parse(request.scale) if locked and request.scale != "none" else None
    new = {index: [note for voice, note in take.new if voice == index] for index in range(len(take.score.voices))}
    end = take.score.bar_start(take.score.bars)
    for index, notes in new.items():
        for note in notes:
            if key and note.pitch % 12 not in key.pitch_classes:
                yield "scale"
            if request.low is not None and note.pitch < request.low and not _itself(request):
                yield "range"
            if request.high is not None and note.pitch > request.high and not _itself(request):
                yield "range"
            if note.onset < take.new_from or note.end > end:
                yield "region"
        yield from _crowded(notes, seed, index, request)
    if take.score.metres != seed.metres:
        yield "metre"
    yield from _pointed(take, seed, request) if request.what.through_points else _moved(take, seed, request)


def _itself(request: Request) -> bool:
    """Whether a melody is varied by nothing, which gives it back as it is."""
    return request.what.unchanged(request)


def _pointed(take: Take, seed: Score, request: Request) -> Iterator[str]:
    """What is broken where the seed itself is written anew: tracks beside it, its rests, and the ends of a morph."""
    index = take.new[0][0]
    line, ticks = skyline(seed.voices[index].notes), PHRASE_BARS * seed.metres[0].bar_ticks
    if request.what.needs_second:
        begins = take.new_from
        opening = [(n.onset, n.pitch) for n in line if n.onset < begins]
        kept = [(n.onset, n.pitch) for n in take.score.voices[0].notes if n.onset < begins]
        if kept[: len(opening)] != opening or begins % ticks:
            yield "seed moved"
        if any(n.end > begins + take.bars_written * seed.metres[0].bar_ticks for n in take.new_notes):
            yield "region"
        return
    if any(take.score.voices[i] != voice for i, voice in enumerate(seed.voices) if i != index):
        yield "seed moved"
    struck = {seed.bar_at(note.onset) for note in line}
    yield from ("rest filled" for note in take.new_notes if seed.bar_at(note.onset) not in struck)
    if _itself(request) and [(n.onset, n.pitch, n.duration) for n in take.new_notes] != [
        (n.onset, n.pitch, n.duration) for n in line
    ]:
        yield "seed moved"


def _crowded(notes: list[Note], seed: Score, index: int, request: Request) -> Iterator[str]:
    """Pitches struck while they sound, and more notes at once than the voice had."""
    for a in notes:
        if any(a is not b and a.pitch == b.pitch and a.onset <= b.onset < a.end for b in notes):
            yield "pitch struck twice"
    if _of_any_voices(request.what) and index < len(seed.voices):
        most = polyphony(seed.voices[index].notes)
        if any(sum(b.onset <= a.onset < b.end for b in notes) > most for a in notes):
            yield "polyphony"


def _of_any_voices(task: Task) -> bool:
    """Whether a task writes into the seed's own voices, however many there are."""
    return task.needs_seed and not task.through_points and not task.ensemble


def _moved(take: Take, seed: Score, request: Request) -> Iterator[str]:
    """Notes of the seed that are no more, though nothing allowed it."""
    if not request.what.needs_seed:
        return
    region = range(0)
    if request.region:
        first, last = (int(bar) for bar in request.region.split("-"))
        region = range(seed.bar_start(first - 1), seed.bar_start(last))
    for voice, old in zip(take.score.voices, seed.voices, strict=False):
        # Voices are set under a melody: the highest notes, where the seed has chords.
        notes = skyline(old.notes) if request.what.ensemble else old.notes
        if not {n for n in notes if n.onset not in region} <= set(voice.notes):
            yield "seed moved"


def one_take(shelf: Shelf, name: str, task: Task, random: np.random.Generator) -> tuple[Take, Score, Request]:
    """A take of a network's task on a random seed."""
    several = (NETWORKS[name][0].polyphonic and _of_any_voices(task)) or task.anew
    seed = random_seed(random, int(random.integers(1, 5)) if several else 1)
    request = random_request(random, task, seed)
    second = random_seed(random, 1)
    if task.needs_second and random.random() < 0.5:  # half of them in the same metre
        second = replace(second, metres=seed.metres)
    bound = new_writer(
        Reading(seed, "random", Key(0)),
        request,
        shelf.take(name),
        Reading(second, "random", Key(int(random.integers(12)))),
    )
    return bound.finish(), seed, request


def main() -> None:
    """Write the takes, count, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    random = np.random.default_rng(arguments.seed)
    found: Counter[str] = Counter()
    notes = 0
    with tempfile.TemporaryDirectory() as folder:
        shelf = random_networks(Path(folder))
        jobs = [(name, TASKS[task]) for name, (network, _) in NETWORKS.items() for task in network.tasks]
        for number in tqdm(range(arguments.takes), unit="take"):
            take, seed, request = one_take(shelf, *jobs[number % len(jobs)], random)
            notes += len(take.new)
            found.update(broken(take, seed, request))
    print(f"{arguments.takes} takes, {notes} notes, random seed {arguments.seed}: {found.total()} promises broken.")
    for promise, count in found.most_common():
        print(f"  {promise}: {count}")


if __name__ == "__main__":
    main()
