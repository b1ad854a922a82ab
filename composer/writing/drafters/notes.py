"""Writing note by note: a region of a score, given what stands before, above and after it.

The network hears a window of bars: who plays, the notes that are given, and where it is asked to go on or to fill in;
it writes the region's rows in order. Music is heard and written in its home key.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np

from composer.analysis.limit import MatchLimit
from composer.events.conditions import (
    BUSY,
    ENDINGS,
    RELATIONS,
    RETURNS,
    Told,
    Wishes,
    metre_class,
    style_class,
)
from composer.events.features import Listener
from composer.events.rows import (
    CHORD_MOVE,
    MOVE,
    MOVES,
    PART,
    POSITION,
    SKIP,
    START,
    VOICE,
    WRITE,
    Bars,
    Ints,
    Row,
    RowReader,
    family_of,
    rows_in_bars,
    with_moves,
)
from composer.music import estimate_key, skyline
from composer.playing import Ask, Stage
from composer.score import Key, Note, Score
from composer.tasks.ensembles import LED_STYLES
from composer.tasks.plan import Written
from composer.tasks.region import Region
from composer.writing.closing import Close, close_of
from composer.writing.row_constraints import RowConstraints, Within
from composer.writing.row_loop import RowLoop, RowSampling, RowsHeard, Watch, hear
from composer.writing.row_voices import MOST_RUNNING, Texture, VoiceConstraint
from composer.writing.voice_leading import VoiceLeading
from composer.writing.writer import Chance, Job, segments_of

# A network is shown so many rows of music, and writes about so many at a time; it learned from 352, at times 704.
_VIEW, _SEGMENT = 320, 224
_BAR_ROWS = 5  # of a voice, where there is none to count
_HOME_TONIC = 1  # a pitch class plus 1: C, where nothing says another key
_ONE_VOICE = 1  # the family of a melody's instrument: networks learned melodies as one for the piano


_NEW, _SAME = (1 + RELATIONS.index(name) for name in ("new", "same"))
_GUIDANCE = 3.0
_SINGS = 0.75  # of the bars: a part that plays in fewer may rest in what is written too


@dataclass(frozen=True)
class Question:
    """A segment as the network is asked it: what it has heard, its bar lines, and the bar that it counts on from.

    `given` are the notes of the segment that stay, with their bars.
    """

    heard: RowsHeard
    lines: Bars
    bar: int
    given: list[tuple[int, Row]]


class NoteDrafter:
    """Writes with a network of notes; `watch`, where somebody sets it, follows its one take from inside."""

    watch: Watch | None = None

    def __init__(self, job: Job) -> None:
        self.job, self.plan, self.request, self.shelved = job, job.plan, job.request, job.shelved
        self.segments: Sequence[Region] = list(self.parts())

    @property
    def stage(self) -> Stage:
        """See `Drafter.stage`."""
        return self.shelved.stage

    def account(self, written: Sequence[Written], bars: int) -> tuple[Mapping[str, float], tuple[str, ...]]:
        """See `Drafter.account`."""
        return {}, ()

    def parts(self) -> Iterator[Region]:
        """The region in parts that a network can see at once, with what stands around them."""
        region, view = self.plan.region, self.plan.view(self.plan.score)
        notes = np.array([view.bar_at(note.onset) for note in view.notes], np.int64)
        sizes = np.sort(np.bincount(notes)) if len(notes) else np.zeros(1, np.int64)
        unheard = [voice for voice in region.voices if not view.voices[voice].notes]
        expected = sum(_BAR_ROWS * (2 if self.plan.most[voice] > 1 else 1) for voice in unheard)
        yield from segments_of(region, max(1, _SEGMENT // max(1, int(sizes[len(sizes) * 3 // 4]) + expected)))

    @cached_property
    def _first_question(self) -> Question:
        """The first segment's, heard once for all takes."""
        return self._ask(self.plan.score, self.segments[0])

    def question(self, score: Score, segment: Region, chance: Chance) -> Question:
        """A segment as the network is asked it, with what was written before."""
        return self._first_question if segment is self.segments[0] else self._ask(score, segment)

    def draft(
        self, segment: Region, before: tuple[Written, ...], chance: Chance
    ) -> Generator[Ask | tuple[list[Written], int], Any, None]:
        """See `Drafter.draft`."""
        request, score = self.request, self.plan.with_notes(before)
        asked = self.question(score, segment, chance)
        constraints = self._constraints(asked, score, segment, before)
        reader = RowReader(asked.lines, asked.bar)
        new: list[Written] = []
        bar = segment.first_bar
        sampling = RowSampling(request.temperature, request.rhythm_temperature, request.top_p, self.guidance)
        given = len(asked.given)
        loop = RowLoop(self.shelved.engine, asked.heard, constraints, sampling, chance.random, self.watch)
        while not loop.finished:
            row = yield from loop.next_row()
            notes = len(reader.notes)
            reader.read(row)
            there = segment.last_bar + 1 if constraints.finished else asked.lines.score_bars[reader.bar]
            while bar < there:
                yield list(new), bar
                bar += 1
            if len(reader.notes) > notes:
                if len(constraints.given) == given:
                    voice, note = reader.notes[-1]
                    new.append((self.plan.parts[voice], note))
                given = len(constraints.given)

    def _ask(self, score: Score, segment: Region) -> Question:
        """Let the network hear what it may see of the score."""
        plan, view = self.plan, self.plan.view(score)
        first, until = self._window(view, segment)
        lines = lines_of(view, first, until)
        rows, at = rows_of(view, lines)
        write_from = lines.first_of(segment.first_bar)
        write_until = lines.first_of(segment.last_bar + 1)
        inside = (at >= write_from) & (at < write_until)
        if plan.from_left:  # what is left of the seed's last bar is written on
            inside &= np.array(lines.starts)[at] + rows[:, POSITION] >= segment.start
        opening = self.opening(view)
        told, wished = self.told(view, lines), self._wishes(lines, segment)
        wishes = [wished, replace(wished, returns=0, busy=0, ending=0)] if self.guidance else [wished]
        if plan.from_left:
            shown, _ = with_moves(rows[~inside], at[~inside], 0)
            bar = int(at[~inside].max(initial=0))
            further = max(0, write_from - bar) // MOVES
            skips = np.array([(SKIP, 0, 0, 0, 0, 0, 0)] * further, np.int64).reshape(-1, shown.shape[1])
            everything = np.concatenate([opening, shown, skips])
            listeners = [Listener(told, wish, lines) for wish in wishes]
            heard = hear(self.shelved.engine, listeners, [(everything[:-1], False), (everything[-1:], True)])
            return Question(heard, lines, bar + further * MOVES, [])
        written = inside & np.isin(rows[:, VOICE], sorted(segment.voices))
        stays = inside & ~written & (rows[:, MOVE] < CHORD_MOVE)
        asking = np.array([(WRITE, 0, voice, 0, 0, 0, 0) for voice in sorted(segment.voices)], np.int64)
        listeners = [Listener(told, wish, lines, (at[stays], rows[stays]), write_from) for wish in wishes]
        shown = np.concatenate([opening, with_moves(rows[~written], at[~written], 0)[0]])
        given: list[tuple[int, Row]] = [
            (int(bar), tuple(row)) for bar, row in zip(at[stays], rows[stays].tolist(), strict=True)
        ]
        heard = hear(self.shelved.engine, listeners, [(shown, False), (asking, True)])
        return Question(heard, lines, write_from, given)

    @property
    def guidance(self) -> float:
        """How much further than the network would by itself a wish is followed; 0 where nothing is wished for."""
        request = self.request
        return _GUIDANCE if request.returns or request.busy or request.ending else 0.0

    def _window(self, view: Score, segment: Region) -> tuple[int, int]:
        """The bars, first and exclusive last, that the network is shown around a segment."""
        until = segment.last_bar + 1
        if not self.plan.from_left:
            until = max(until, min(view.bars, until + 2))
        counts = np.bincount([view.bar_at(note.onset) for note in view.notes] or [0], minlength=until + 1)
        first, room = segment.first_bar, _VIEW - int(counts[segment.first_bar : until].sum())
        while first > 0 and room >= counts[first - 1]:
            first -= 1
            room -= int(counts[first])
        return first, until

    def opening(self, view: Score) -> Ints:
        """START, and who plays, in which register."""
        opening = [(START, 0, 0, 0, 0, 0, 0)]
        families = self.shelved.card.vocabulary.get("families", ())
        for voice, line in enumerate(view.voices):
            family = family_of(replace(line, program=self.plan.programs.get(voice, line.program)))
            if len(view.voices) == 1:
                family = _ONE_VOICE
            pitches = sorted(note.pitch for note in line.notes) or np.flatnonzero(self.plan.pitches[voice]).tolist()
            opening.append((PART, 0, voice, pitches[len(pitches) // 2], 0, 0, family if family in families else 0))
        return np.array(opening, np.int64)

    def told(self, view: Score, lines: Bars) -> Told:
        """Style, metres and key."""
        metres = [metre_class(view.metre_at(start)) for start in lines.starts[:-1]]
        key = self.job.key or estimate_key(view.notes) or self.request.key(None)
        return Told(style_class(self.plan.style), metres, key.tonic + 1 if key else _HOME_TONIC)

    def _wishes(self, lines: Bars, segment: Region) -> Wishes:
        """What is told of the music to come. Bars past the window's end count on beyond its lines."""
        request, region = self.request, self.plan.region
        further = region.last_bar - segment.last_bar if self.plan.from_left else 0
        return Wishes(
            last_bar=lines.first_of(segment.last_bar + 1) - 1 + further,
            returns=1 + RETURNS.index(request.returns) if request.returns else 0,
            busy=1 + BUSY.index(request.busy) if request.busy else 0,
            ending=1 + ENDINGS.index(self.ending),
            answers=self._form(lines) if request.form else self._returns(lines),
        )

    def _form(self, lines: Bars) -> dict[int, tuple[int, int]]:
        """Which earlier bar each bar of the window answers, as the form has it."""
        form, region = self.request.form, self.plan.region
        first = region.first_whole_bar
        bars = max(1, -(-(region.last_bar + 1 - first) // len(form)))  # of a phrase
        found: dict[int, tuple[int, int]] = {}
        for line, bar in enumerate(lines.score_bars):
            phrase = (bar - first) // bars
            if bar < first or phrase >= len(form):
                continue
            back = (phrase - form.index(form[phrase])) * bars
            there = lines.first_of(bar - back) if back else line
            known = back and lines.score_bars[0] <= bar - back
            found[line] = (_SAME, line - there) if known else (_NEW, 0)
        return found

    def _returns(self, lines: Bars) -> dict[int, tuple[int, int]]:
        """Which bar of the seed each bar answers, where it was said how much comes back; nothing where it was not."""
        first = self.plan.region.first_whole_bar
        seed_bars = first - lines.score_bars[0]
        if self.request.returns is None or not self.plan.from_left or not seed_bars:
            return {}
        back = next((bars for bars in (8, 4) if bars <= seed_bars), seed_bars)
        found: dict[int, tuple[int, int]] = {}
        for line, bar in enumerate(lines.score_bars):
            if bar < first:
                continue
            place, there = bar - first, bar - back * ((bar - first) // back + 1)
            returning = {
                "new": False,
                "a little": place % 8 == 0,
                "much": place % 4 < 2,
                "echo": bar < self.plan.region.last_bar - 1,  # but for the close
            }[self.request.returns]
            known = returning and there >= lines.score_bars[0]
            found[line] = (_SAME, line - lines.first_of(there)) if known else (_NEW, 0)
        return found

    def _constraints(
        self, asked: Question, score: Score, segment: Region, before: tuple[Written, ...]
    ) -> RowConstraints:
        plan, view = self.plan, self.plan.view(score)
        voices = {
            voice: VoiceConstraint(
                plan.pitches[voice],
                tuple((n.pitch, n.end) for n in view.voices[voice].notes if n.onset < segment.start < n.end),
                plan.most[voice],
                self._rested(view, voice, segment),
                voice in plan.sustained,
                *self._running(view, voice, segment),
                self._texture(voice),
            )
            for voice in segment.voices
        }
        within = Within(asked.lines, segment, *plan.sounding, plan.region.last_bar, self._opens(segment))
        leading, limits = self._leading(view, segment), self._limits(before)
        return RowConstraints(within, asked.bar, voices, asked.given, leading, limits, self.chords, self._close)

    @property
    def chords(self) -> bool:
        """Whether chord symbols may be written."""
        return bool(self.plan.score.chords) and self.plan.from_left

    @cached_property
    def _close(self) -> Close | None:
        """How the region closes, unless it runs on."""
        plan, ending = self.plan, self.ending
        if ending == "running on":
            return None
        key = self.request.key(self.job.key) or self.job.key or estimate_key(plan.score.notes) or Key(_HOME_TONIC - 1)
        singing = {voice for voice in plan.region.voices if self._sings(voice)}
        return close_of(plan, frozenset(singing | {max(plan.region.voices)}), key, ending)

    @property
    def ending(self) -> str:
        """How the region ends: as asked, else on the tonic, or running on where something follows."""
        goes_on = not self.plan.from_left and self.plan.region.end < self.plan.score.end
        return self.request.ending or ("running on" if goes_on else "tonic")

    def _rested(self, view: Score, voice: int, segment: Region) -> int | None:
        """Until when a voice sounds before a segment, in ensembles where it should not fall silent; else None."""
        if len(view.voices) == 1 or not self._sings(voice):
            return None
        ends = (note.end for note in view.voices[voice].notes if note.onset < segment.start)
        return max(ends, default=self.plan.region.start)

    def _sings(self, voice: int) -> bool:
        """Whether nearly every bar that is given has a note of a voice; so has every bar where nothing is given."""
        view = self.plan.view(self.plan.score)
        struck = {view.bar_at(note.onset) for note in view.voices[voice].notes}
        return len(struck) >= _SINGS * max(1, view.bars) or not struck

    def _opens(self, segment: Region) -> int:
        """The tick by which the first note is struck: in the first half of its bar where nothing stands before it."""
        region = self.plan.region
        if self.job.task.needs_seed or segment.start > region.start:
            return region.end
        return (region.bar_starts[region.first_bar] + region.bar_starts[region.first_bar + 1]) // 2 - 1

    def _running(self, view: Score, voice: int, segment: Region) -> tuple[tuple[int, int], int]:
        """The pitch that a voice struck last and how often running, and how often one may be: as often as one was."""
        before = _runs([note for note in view.voices[voice].notes if note.onset < segment.start])
        given = [*self.plan.view(self.plan.score).voices[voice].notes]
        given += [note for part, note in self.plan.replaced if part == self.plan.parts[voice]]
        most = max([MOST_RUNNING, *(times for _, times in _runs(given))])
        return (before[-1] if before else (-1, 0)), most

    def _texture(self, voice: int) -> Texture | None:
        """How a part of several plays in what was given, where it goes on from there."""
        view = self.plan.view(self.plan.score)
        notes = view.voices[voice].notes
        if not self.job.task.goes_on or len(view.voices) == 1 or not notes:
            return None
        return Texture.of(notes, view)

    def _leading(self, view: Score, segment: Region) -> VoiceLeading | None:
        """The rules of voice-leading, where the style has them."""
        plan = self.plan
        led = self.request.strict and plan.style in LED_STYLES and len(plan.parts) > 1
        if not led or any(plan.most[voice] > 1 for voice in range(len(plan.parts))):
            return None
        return VoiceLeading({voice: line.notes for voice, line in enumerate(view.voices)})

    def _limits(self, before: tuple[Written, ...]) -> dict[int, MatchLimit]:
        """For each voice what would be copied, where the request limits that; `before` is written already."""
        if self.request.max_match is None:
            return {}
        memory = self.shelved.memory.present(self.shelved.name)
        limits = {voice: MatchLimit(memory, self.request.max_match) for voice in self.plan.region.voices}
        for index, note in sorted(before, key=lambda written: written[1]):
            limits[self.plan.parts.index(index)].add(note.onset, note.pitch)
        return limits


def _runs(notes: Sequence[Note]) -> list[tuple[int, int]]:
    """The pitches that a line strikes, each with how often running."""
    pitches = [note.pitch for note in skyline(tuple(sorted(notes)))]
    return [(pitch, len(list(same))) for pitch, same in groupby(pitches)]


def lines_of(view: Score, first: int, until: int) -> Bars:
    """The bar lines of a window of the score's bars."""
    everything = Bars.of(view, until)
    start = everything.first_of(first)
    return Bars(everything.starts[start:], everything.score_bars[start:])


def rows_of(view: Score, lines: Bars) -> tuple[Ints, Ints]:
    """The window's notes and chord symbols as rows (N, 7), each row's move that within its bar, and their bars (N,)."""
    window = range(lines.starts[0], lines.starts[-1])
    notes = [(voice, note) for voice, line in enumerate(view.voices) for note in line.notes if note.onset in window]
    chords = [chord for chord in view.chords if chord.onset in window]
    return rows_in_bars(notes, lines, chords)
