"""One press, several networks: they write at the same time from one seed and one random seed, each told as it is done.

What the browser is told grows: first takes with their sound, equally loud, in the order in which they are done; then
the figures of each beside people's.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import Any

from composer.analysis.style import guess_style
from composer.classroom.figures import Melody, after_people, counted, of_people
from composer.classroom.likelihood import nats_a_note
from composer.errors import BadRequest, ComposerError, NoSound
from composer.kinds import KINDS
from composer.music import Reading, melody_of
from composer.networks import NoteNetwork
from composer.page.roll.roll import View, begins_at, picture
from composer.page.seeds.seeds import Seed
from composer.page.serving.folder import new_folder
from composer.page.serving.told import told_of_error
from composer.page.takes.making import HEARD, NATURAL, Wish, growing_take
from composer.page.takes.receipts import receipt_for
from composer.page.takes.session import plain_seed, until
from composer.page.wire import Comparison
from composer.score import Note, Score
from composer.shelf import Shelf
from composer.sound import write_levelled
from composer.tasks import TASKS
from composer.writing import Recipe, Request, Take, new_writer

_LOUDNESS = -23.0  # dB of full scale, root mean square: what every take of a comparison is played at
_FLAGSHIP = "transformer"  # the kind of network in whose ears likelihood is told
_SHORTEST = 4  # notes to go on from
PEOPLE = "people"

Row = dict[str, Any]


@dataclass
class _People:
    """People's range, worked out once and for everyone alike."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    found: dict[str, tuple[float, float]] | None = None


@dataclass(frozen=True)
class Comparing:
    """Writes comparisons with the shelf's networks."""

    shelf: Shelf
    _people: _People = field(default_factory=_People)

    def networks(self) -> list[dict[str, Any]]:
        """The networks that go on from a melody, the first of each kind chosen."""
        kinds: set[str] = set()
        found = []
        for checkpoint in self.shelf.menu():
            kind = checkpoint.card.network
            if any(TASKS[name].goes_on for name in KINDS[kind].tasks):
                found.append({"name": checkpoint.name, "chosen": kind not in kinds})
                kinds.add(kind)
        return found

    def press(self, seed: Seed, asked: Comparison) -> Generator[dict[str, Any], None, None]:
        """What the browser is shown, growing."""
        given = given_of(seed, asked.only)
        request = request_of(asked)
        value: dict[str, Any] = {
            "press": secrets.token_hex(4),
            "seed": plain_seed(given),
            "asked": {**asked.model_dump(), "networks": asked.networks},
            "rows": [],
            "people": None,
            "complete": False,  # whether all rows are there
            "phase": "writing",
        }
        yield value
        takes: dict[str, Take] = {}
        for name, take, row in self._written(given, request, asked.networks):
            if take is not None:
                takes[name] = take
            value = {**value, "rows": [*value["rows"], row]}
            yield value
        melodies = {name: Melody(_line(take), given.reading.score.bars, asked.bars) for name, take in takes.items()}
        value = {**value, "rows": _all_with(value["rows"], melodies, self._counted)}
        yield value
        if own := self._of_people(seed, given, asked, request):
            takes[PEOPLE], row = own
            melodies[PEOPLE] = Melody(_line(own[0]), given.reading.score.bars, asked.bars)
            value = {**value, "rows": [*value["rows"], _with(row, self._counted(melodies[PEOPLE]))]}
        value = {**value, "complete": True}
        yield value
        value = {**value, "rows": _all_with(value["rows"], melodies, self._read)}
        yield value
        value = {**value, "people": self._range()}
        yield value
        for name, take in takes.items():  # what takes longest
            copied = self._copied(take)
            value = {**value, "rows": [_with(row, copied) if row["name"] == name else row for row in value["rows"]]}
        yield {**value, "phase": "rest"}

    def _written(self, seed: Seed, request: Request, networks: Sequence[str]) -> Iterator[tuple[str, Take | None, Row]]:
        """Each network's take as it is done; all are written at the same time."""
        done: SimpleQueue[tuple[str, Take | None, Row]] = SimpleQueue()
        unwanted, sounded = threading.Event(), threading.Lock()

        def write(name: str) -> None:
            try:
                take = self._take(seed, request, name, unwanted)
                with sounded:  # one sound after the other, so that the first is there while others are written
                    done.put((name, take, {**shown(take, seed, name), **sounding(take)}))
            except Exception as error:  # one network's trouble is told in its row
                done.put((name, None, {"name": name, "trouble": told_of_error(error)}))

        pool = ThreadPoolExecutor(len(networks), thread_name_prefix="comparison")
        try:
            for name in sorted(networks, key=self._swiftness):
                pool.submit(write, name)
            for _ in networks:
                yield done.get()
        finally:
            unwanted.set()
            pool.shutdown(wait=False)

    def _swiftness(self, name: str) -> int:
        """The place of a network's kind among those that write soonest."""
        kinds = [found.card.network for found in self.shelf.menu() if found.name == name]
        return list(KINDS).index(kinds[0]) if kinds else len(KINDS)

    def _take(self, seed: Seed, request: Request, name: str, unwanted: threading.Event) -> Take:
        take: Take | None = None
        writer = new_writer(seed.reading, request, self.shelf.take(name))
        with closing(growing_take(writer, Wish(request, name), 0)) as growing:
            for growth in growing:
                take = growth
                if unwanted.is_set():
                    break
        if take is None:
            raise BadRequest(f"{name} wrote nothing. Give it more of the seed.")
        return take

    def _of_people(self, whole: Seed, given: Seed, asked: Comparison, request: Request) -> tuple[Take, Row] | None:
        """What people wrote next, where it is known: what was kept back of the seed, or a tune of the library's."""
        score, bars = melody_of(whole.reading).score, given.reading.score.bars
        title = whole.title
        if score.bars < bars + asked.bars:
            try:
                found = after_people(given.reading, asked.bars, self.shelf.listeners.tunes())
            except ComposerError:
                return None
            if found is None:
                return None
            title, score = found
        score = until(score, bars + asked.bars)
        start = score.bar_start(bars)
        new = tuple((0, note) for note in score.voices[0].notes if note.onset >= start)
        if not new:
            return None
        take = Take(score, new, start, Recipe(PEOPLE, "", request, ""), asked.bars)
        return take, {**shown(take, given, PEOPLE), **sounding(take), "title": title}

    def _counted(self, melody: Melody) -> Row:
        return dict(counted(melody))

    def _read(self, melody: Melody) -> Row:
        """What readers say of a take; what has no reader here is left out."""
        figures: Row = {}
        with suppress(ComposerError):
            styles = guess_style(melody.score, self.shelf.listeners.style()).styles
            figures["style"] = styles[0][0] if styles else ""
        if (network := self._flagship()) is not None:
            nats = nats_a_note(melody.reading(), network, melody.first)
            figures |= {} if nats is None else {"surprise": nats}
        return figures

    def _copied(self, take: Take) -> Row:
        """The longest passage as learned, in bars."""
        receipt = receipt_for(take, self.shelf)
        return {} if receipt is None else {"copied": receipt.exact.bars if receipt.exact else 0}

    def _flagship(self) -> NoteNetwork | None:
        """The network in whose ears likelihood is told."""
        name = next((found.name for found in self.shelf.menu() if found.card.network == _FLAGSHIP), None)
        network = self.shelf.take(name).network if name else None
        return network if isinstance(network, NoteNetwork) else None

    def _range(self) -> dict[str, tuple[float, float]]:
        """Between which figures people's tunes lie; none where there is no library."""
        with self._people.lock:
            if self._people.found is None:
                try:
                    self._people.found = of_people(self.shelf.listeners.tunes(), self._flagship())
                except ComposerError:
                    self._people.found = {}
            return self._people.found


def _all_with(rows: Sequence[Row], melodies: Mapping[str, Melody], figures: Callable[[Melody], Row]) -> list[Row]:
    return [_with(row, figures(melodies[row["name"]])) if row["name"] in melodies else row for row in rows]


def _with(row: Row, figures: Row) -> Row:
    """A row with further figures."""
    return {**row, "figures": {**row.get("figures", {}), **figures}}


def request_of(asked: Any) -> Request:
    """The request of a comparison or a lesson: with the same random seed the same take."""
    return Request(
        bars=asked.bars,
        temperature=asked.temperature,
        rhythm_temperature=asked.rhythm_temperature,
        seed=asked.random_seed,
    )


def given_of(seed: Seed, only: int) -> Seed:
    """The melody that every network is given, or its first bars; BadRequest where there is next to nothing."""
    if not seed.reading.score.notes:
        raise BadRequest("There is no seed to compare networks on. Draw a few notes, or choose a tune.")
    melody = melody_of(seed.reading)
    if 0 < only < melody.score.bars:
        melody = replace(melody, score=until(melody.score, only))
    if len(melody.score.notes) < _SHORTEST:
        raise BadRequest(f"The seed has fewer than {_SHORTEST} notes to go on from. Give more bars of it.")
    return Seed(Reading(melody.score, melody.source, melody.key, style=melody.style), seed.title)


def shown(take: Take, seed: Seed, name: str) -> Row:
    """A take for the browser, without its sound."""
    bars = seed.reading.score.bars + take.bars_written
    told = {**picture(take.score, View(bars=bars), take), "play_from": begins_at(take)}
    return {"name": name, "picture": told, "notes": len(take.new), "bars": take.bars_written}


def _line(take: Take) -> Score:
    """The take's one voice: what was given is a melody."""
    return take.score.with_voices([replace(take.score.voices[0], notes=_sorted(take.score.voices[0].notes))])


def _sorted(notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes))


def sounding(take: Take) -> Row:
    """Its sound, as loud as the others'; a sentence where there is none."""
    try:
        path = new_folder() / f"take.{HEARD}"
        write_levelled(path, take.score, NATURAL, _LOUDNESS)
    except (NoSound, OSError) as error:
        return {"sound": None, "silence": told_of_error(error)}
    return {"sound": str(path)}
