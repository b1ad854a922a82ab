"""What several tests need: a shelf of tiny networks with random weights, and a few literal tunes."""

from __future__ import annotations

import json
import lzma
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from composer.analysis.ear import EarConfig, Ears
from composer.analysis.fingerprints import FOLDER, Fingerprints, Known
from composer.analysis.likeness import Likeness, LikenessConfig
from composer.analysis.ngrams import lines_of
from composer.analysis.readers import READERS
from composer.checkpoint import Card, note_vocabulary, save
from composer.music import Reading, read, write_midi
from composer.networks import NETWORKS, build_network, count_parameters
from composer.score import Metre, Note, Score, Voice
from composer.shelf import Shelf
from composer.writing import Request, Take, new_writer

DATA = Path(__file__).parent / "data"
SEEDS = Path(__file__).parent.parent / "composer" / "page" / "seeds" / "gallery"


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


def tune(*pitches: int, duration: int = 24, metre: tuple[int, int] = (4, 4)) -> Score:
    """Notes of one length, one after the other."""
    notes = tuple(Note(i * duration, pitch, duration) for i, pitch in enumerate(pitches))
    return Score((Voice(notes, "Melody"),), (Metre(0, *metre),))


def tiny_checkpoint(folder: Path, name: str, seed: int = 0) -> Path:
    """A checkpoint of a tiny network with random weights."""
    torch.manual_seed(seed)
    settings = asdict(NETWORKS[name][1].tiny())
    network = build_network(name, settings)
    card = Card(name, settings, note_vocabulary(), count_parameters(network))
    path = folder / f"{name}.safetensors"
    save(path, network, card)
    return path


def tiny_readers(folder: Path, learned: Score) -> None:
    """Tiny readers with random weights, and fingerprints of one piece, beside checkpoints."""
    torch.manual_seed(0)
    styles = ("reel", "jig", "lied")
    for name, reader, about in (
        ("style", Ears(EarConfig.tiny(len(styles))), {"styles": list(styles), "temperature": 1.0}),
        ("likeness", Likeness(LikenessConfig.tiny()), {}),
    ):
        card = Card(name, asdict(reader.config), about, count_parameters(reader))
        save(folder / READERS / f"{name}.safetensors", reader, card)
    known = [(Known("Stairs learned", "book"), lines_of(learned))]
    Fingerprints.of(known, melodies=True).save(folder / FOLDER / "melodies.safetensors")


def tiny_library(path: Path, tunes: int = 12) -> None:
    """A library of random tunes."""
    random = np.random.default_rng(0)
    with lzma.open(path, "wt", encoding="utf-8") as lines:
        for number in range(tunes):
            notes = [[int(pitch), 12 * i, 12] for i, pitch in enumerate(random.integers(60, 80, 64))]
            row = {"id": f"t{number}", "title": f"Tune {number}", "source": "ours", "style": None, "meter": "4/4"}
            lines.write(json.dumps({**row, "key": None, "notes": notes}) + "\n")


@pytest.fixture(scope="session")
def tiny_shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """One tiny checkpoint a network; random weights keep every rule a trained network keeps."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for name in NETWORKS:
        tiny_checkpoint(folder, name)
    return Shelf(folder)


def reading(score: Score) -> Reading:
    return read(write_midi(score))


def compose(shelf, given: Reading | None, name: str = "lstm", take: int = 0, **settings) -> Take:
    return new_writer(given, Request(**settings), shelf.take(name)).finish(take)


def choir(*tops: int) -> Score:
    """Four voices in parallel, a note a beat: hard on the ear, easy to count."""
    names = ("Soprano", "Alto", "Tenor", "Bass")
    voices = [
        Voice(tuple(Note(i * 24, top - 5 * v, 24) for i, top in enumerate(tops)), name) for v, name in enumerate(names)
    ]
    return Score(tuple(voices))


EIGHT_BARS = choir(*[72, 74, 76, 77] * 8)

CHORALE = Score(
    tuple(
        Voice(tuple(Note(i * 24, pitch - 5 * v + i % 3, 24) for i in range(32)))
        for v, pitch in enumerate((72, 67, 60, 48))
    )
)
