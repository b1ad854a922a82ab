"""The library's verbs, for programs that `import composer`."""

from __future__ import annotations

from pathlib import Path

from composer.analysis.ngrams import lines_of
from composer.analysis.originality import Memory, Receipt, receipt_of
from composer.analysis.similar import Like, likest
from composer.analysis.style import Guess, guess_style
from composer.card import Checkpoint
from composer.errors import BadRequest
from composer.kinds import DEFAULT
from composer.music import Reading, melody_of, read
from composer.shelf import Shelf
from composer.writing import Request, Take, new_writer
from composer.writing.critic import Verdict, follows


def compose(
    seed: Reading | Path | str | None,
    request: Request | None = None,
    model: str = DEFAULT,
    shelf: Shelf | None = None,
    second: Reading | Path | str | None = None,
) -> list[Take]:
    """All takes of a request.

    Args:
        seed: A file (MIDI, MusicXML, ABC), what `read` made of one, or None to improvise.
        request: What is asked for; without it the seed goes on, or the network improvises.
        model: A checkpoint's name in the folder of checkpoints, or the path of one.
        shelf: Keeps networks loaded from one call to the next.
        second: The melody to morph into, where that is the task.

    Returns:
        The takes, `request.takes` of them; the same request makes the same notes on the same build.

    Raises:
        BadRequest: A setting is out of its range, or the network cannot do what is asked.
        UnreadableMusic: A file is damaged, empty, over a limit, or not music.
        BadCheckpoint: There is no such network, or its file is damaged.

    >>> compose("tests/data/kesh_jig.mid", Request(bars=2, seed=7), model="lstm")[0].bars_written
    2
    """
    reading, other = (given if isinstance(given, Reading) or given is None else read(given) for given in (seed, second))
    request = request or Request(task="continue" if reading else "improvise")
    bound = new_writer(reading, request, (shelf or Shelf()).open(model), other)
    return bound.finish_all()


def models(shelf: Shelf | None = None) -> list[Checkpoint]:
    """Every checkpoint there is, read from headers."""
    return (shelf or Shelf()).menu()


def style(source: Reading | Path | str, track: int | None = None, shelf: Shelf | None = None) -> Guess:
    """The likeliest styles of a piece, and the bars of its melody that speak for the first.

    Args:
        source: A file, or what `read` made of one.
        track: Which voice is the melody, from 1; without it the most melodic.
        shelf: Keeps the reader loaded from one call to the next.

    Raises:
        BadRequest: There is no such voice, or too little music in it.
        UnreadableMusic: The file cannot be read.
        BadCheckpoint: There is no reader beside the checkpoints.
    """
    reading = _read(source)
    melody = melody_of(reading, track)
    return guess_style(melody.score, (shelf or Shelf()).listeners.style(), piece=reading.score)


def similar(
    source: Reading | Path | str,
    most: int = 10,
    track: int | None = None,
    shelf: Shelf | None = None,
) -> list[Like]:
    """The tunes of the library that are likest to a melody, in any key and at any speed, the likest first.

    Args:
        source: A file, or what `read` made of one.
        most: How many, 1 to 100.
        track: Which voice is the melody, from 1; without it the most melodic.
        shelf: Names the library, and keeps it loaded.

    Raises:
        BadRequest: `most` is out of its range, there is no such voice, or no library.
        UnreadableMusic: The file cannot be read.
        BadCheckpoint: There is no reader beside the checkpoints.
    """
    if not 1 <= most <= 100:
        raise BadRequest(f"The number of tunes must be from 1 to 100, not {most}.")
    melody = melody_of(_read(source), track)
    ears = (shelf or Shelf()).listeners
    return likest(melody.score, ears.tunes(), ears.points(), ears.likeness(), most)


def originality(source: Reading | Path | str, model: str | None = None, shelf: Shelf | None = None) -> Receipt:
    """The longest passage that stands in what networks learned from.

    Args:
        source: A file, or what `read` made of one.
        model: One network's name or path. Without it, a file that Motif wrote is compared with what its network
            learned from, any other with everything there are fingerprints of.
        shelf: Names the folder of checkpoints, beside which fingerprints lie.

    Raises:
        BadRequest: There are no fingerprints.
        UnreadableMusic: The file cannot be read.
        BadCheckpoint: There is no such network.
    """
    reading, shelf = _read(source), shelf or Shelf()
    writer = str((reading.recipe or {}).get("checkpoint", ""))
    name = model or (writer if writer in {checkpoint.name for checkpoint in shelf.menu()} else None)
    memory = shelf.open(name).memory if name else Memory.everything(shelf.folder)
    return receipt_of(lines_of(reading.score), memory.present(Path(name).stem if name else "any network"))


def critic(
    seed: Reading | Path | str,
    take: Reading | Path | str | Take,
    model: str = "gan",
    track: int | None = None,
    shelf: Shelf | None = None,
) -> Verdict:
    """How well a take follows from its seed, whoever wrote it, in the ears of a gan's critic.

    Args:
        seed: A file, or what `read` made of one.
        take: What comes after it: it begins with the seed, or is heard after it.
        model: A checkpoint of a gan, by name or path.
        track: Which of the seed's voices is the melody, from 1; without it the most melodic.
        shelf: Keeps the network loaded from one call to the next.

    Raises:
        BadRequest: The network has no critic, or there is nothing to judge.
        UnreadableMusic: A file cannot be read.
        BadCheckpoint: There is no such network.
    """
    heard = Reading(take.score, "take") if isinstance(take, Take) else _read(take)
    return follows(_read(seed), heard, (shelf or Shelf()).open(model), track)


def _read(source: Reading | Path | str) -> Reading:
    return source if isinstance(source, Reading) else read(source)
