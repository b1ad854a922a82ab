"""Music as notation has it, bar by bar, and the score that sounds when it is played.

Times are exact fractions of a quarter, counted from the beginning of the bar; ticks come last, so that nothing drifts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from composer.errors import UnreadableMusic
from composer.music.form import Signs, order_of
from composer.music.limits import CHANGES, LIMITS
from composer.music.overlaps import without_overlaps
from composer.score import (
    DEFAULT_VELOCITY,
    TICKS_PER_QUARTER,
    ChordSymbol,
    Key,
    KeyChange,
    Metre,
    Note,
    Score,
    Tempo,
    Voice,
)

ZERO = Fraction(0)
_T = TypeVar("_T")


@dataclass(slots=True)
class Tone:
    """A written note. `tied` goes on in the next note of its pitch; `joins` may be such a next note."""

    onset: Fraction
    duration: Fraction
    pitch: int
    velocity: int = DEFAULT_VELOCITY
    tied: bool = False
    joins: bool = True


@dataclass(slots=True)
class Bar:
    """A bar of one line. `length` is how far its music reaches; 0 takes what other lines or the metre have."""

    metre: tuple[int, int] = (4, 4)
    tones: list[Tone] = field(default_factory=list)
    length: Fraction = ZERO
    signs: Signs = field(default_factory=Signs)
    tempos: list[tuple[Fraction, float, int]] = field(default_factory=list)  # onset, quarters a minute, beat in ticks
    key: Key | None = None  # the signature that holds from its beginning on, where it changes here
    chords: list[tuple[Fraction, ChordSymbol]] = field(default_factory=list)  # the symbol's own onset is not looked at

    @property
    def full(self) -> Fraction:
        """The length that the metre gives."""
        return Fraction(4 * self.metre[0], self.metre[1])


@dataclass(slots=True)
class Line:
    """A part or voice."""

    name: str = ""
    program: int = 0
    is_drum: bool = False
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a piece."""

    title: str = ""
    composer: str = ""
    key: Key | None = None
    key_name: str = ""


def played(lines: Sequence[Line], heading: Heading) -> tuple[Score, list[str]]:
    """The score that sounds, repeats and jumps followed, and what is to be told of it.

    Lines with the same bars are played together, whichever of them has the signs, and wait for one another at each bar
    line; lines whose bars differ are played each for itself.
    """
    lines = [line for line in lines if line.bars]
    groups = [list(lines)] if _fit(lines) else [[line] for line in lines]
    lead = _pick_up(lines)
    takes = [_Take(group, lead) for group in groups]
    voices, told = [], _Told()
    for take in takes:
        for line in take.lines:
            notes = _notes(take, line, told)
            if notes:
                voices.append(Voice(without_overlaps(notes), line.name, line.program, line.is_drum))
    if not voices:
        return Score(), []
    first = next(take for take in takes if take.starts)
    score = Score(
        tuple(voices),
        tuple(first.metres()),
        tuple(_first_told(take.tempos() for take in takes) or [Tempo()]),
        heading.key,
        heading.title,
        tuple(_first_told(take.chords() for take in takes)),
        heading.composer,
        heading.key_name,
        tuple(_first_told(take.key_changes(heading.key) for take in takes)),
    )
    remarks = told.remarks(sum(len(voice.notes) for voice in voices))
    if lead:
        remarks.insert(0, "The tune begins with a pick-up; the bar before the first bar line was filled with rests.")
    return score, remarks


def ticks(quarters: Fraction) -> int:
    """The nearest tick."""
    return round(quarters * TICKS_PER_QUARTER)


def is_metre(beats: int, unit: int) -> bool:
    """Whether a score can hold such a metre: its bars fall on ticks."""
    return unit in (1, 2, 4, 8, 16, 32) and 1 <= beats <= 64 and beats * 96 % unit == 0


def _fit(lines: Sequence[Line]) -> bool:
    """Whether the lines' bars are the same bars; a line may end early."""
    longest = max(lines, key=lambda line: len(line.bars), default=None)
    if longest is None:
        return True
    return all(
        len(line.bars) == len(longest.bars)
        or all(a.signs == b.signs for a, b in zip(line.bars, longest.bars, strict=False))
        for line in lines
    )


def _pick_up(lines: Sequence[Line]) -> Fraction:
    """How far right the music must move for its first bar line to stand where a full first bar ends."""
    if not lines or max(len(line.bars) for line in lines) < 2:
        return ZERO
    length = max(line.bars[0].length for line in lines)
    full = lines[0].bars[0].full
    return full - length if 0 < length < full else ZERO


class _Take:
    """Lines played together: which bar begins when."""

    def __init__(self, lines: list[Line], lead: Fraction) -> None:
        self.lines = lines
        self.frame = [_frame(lines, at) for at in range(max(len(line.bars) for line in lines))]
        self.starts: list[tuple[int, Fraction]] = []  # bar, quarters
        now = lead
        for at in order_of([bar.signs for bar in self.frame]):
            self.starts.append((at, now))
            now += self.frame[at].length
            if now > 64 * LIMITS["bars"]:
                raise UnreadableMusic(
                    f"This piece lasts more than {64 * LIMITS['bars']} quarters. Check its lengths, or bring a part."
                )

    def metres(self) -> Iterator[Metre]:
        before: tuple[int, int] | None = None
        last = -1
        for count, (at, start) in enumerate(self.starts):
            metre, tick = self.frame[at].metre, ticks(start) if count else 0
            if metre != before and tick > last:
                yield Metre(tick, *metre)
                before, last = metre, tick

    def tempos(self) -> list[Tempo]:
        in_force = _in_force([bar.tempos for bar in self.frame])
        changes: dict[int, tuple[float, int]] = {}
        for count, (at, start) in enumerate(self.starts):
            if in_force[at] is not None:
                changes[ticks(start) if count else 0] = in_force[at]  # type: ignore[assignment]
            for onset, bpm, beat in self.frame[at].tempos:
                tick = ticks(start + onset)
                changes[0 if not count and not onset else tick] = (bpm, beat)
        if not changes:
            return []
        kept: list[Tempo] = [] if 0 in changes else [Tempo()]
        for tick in sorted(changes)[:CHANGES]:
            tempo = Tempo.from_bpm(changes[tick][0], tick, changes[tick][1])
            if not kept or (kept[-1].microseconds, kept[-1].beat) != (tempo.microseconds, tempo.beat):
                kept.append(tempo)
        return kept

    def key_changes(self, first: Key | None) -> list[KeyChange]:
        """The signatures after the first: each bar has the one that was written last before it."""
        written: list[Key | None] = []
        for bar in self.frame:
            written.append(bar.key or (written[-1] if written else first))
        changes: list[KeyChange] = []
        before = written[self.starts[0][0]] if self.starts else None
        for at, start in self.starts:
            key = written[at]
            if key is not None and key != before and len(changes) < CHANGES:
                changes.append(KeyChange(ticks(start), key))
            before = key
        return [change for change in changes if change.tick > 0]

    def chords(self) -> list[ChordSymbol]:
        named: dict[int, ChordSymbol] = {}
        for at, start in self.starts:
            for onset, chord in self.frame[at].chords:
                tick = ticks(start + onset)
                named.setdefault(tick, ChordSymbol(tick, chord.root, chord.quality, chord.bass))
        return [named[tick] for tick in sorted(named)]


def _frame(lines: Sequence[Line], at: int) -> Bar:
    """What all lines have at a bar, but for their notes."""
    bars = [line.bars[at] for line in lines if at < len(line.bars)]
    frame = Bar(bars[0].metre, length=max(bar.length for bar in bars))
    frame.length = frame.length or frame.full
    for bar in bars:
        frame.signs.join(bar.signs)
        frame.tempos += bar.tempos
        frame.chords += bar.chords
        frame.key = frame.key or bar.key
    frame.tempos.sort(key=lambda tempo: tempo[0])
    return frame


def _in_force(tempos: Sequence[list[tuple[Fraction, float, int]]]) -> list[tuple[float, int] | None]:
    """The tempo that holds where each bar begins, by the order in which bars are written."""
    found: list[tuple[float, int] | None] = []
    now: tuple[float, int] | None = (120.0, TICKS_PER_QUARTER) if any(tempos) and not tempos[0] else None
    for here in tempos:
        found.append(now)
        if here:
            now = here[-1][1:]
    return found


@dataclass(slots=True)
class _Told:
    moved: int = 0
    lost: int = 0

    def remarks(self, total: int) -> list[str]:
        found = []
        if self.moved:
            found.append(f"{self.moved} of {total} notes were moved to the nearest 24th of a quarter.")
        if self.lost:
            found.append(f"{self.lost} note{'s' if self.lost > 1 else ''} beyond what MIDI has left out.")
        return found


def _notes(take: _Take, line: Line, told: _Told) -> list[Note]:
    """The notes of a line as played, tied ones joined."""
    spans: list[tuple[Fraction, Fraction, Tone]] = []
    open_: dict[tuple[int, Fraction], int] = {}  # pitch, when it must go on → which of the spans
    for at, start in take.starts:
        if at >= len(line.bars):
            continue
        for tone in sorted(line.bars[at].tones, key=lambda tone: tone.onset):
            onset = start + tone.onset
            end = onset + tone.duration
            joined = open_.pop((tone.pitch, onset), None) if tone.joins else None
            if joined is None:
                joined = len(spans)
                spans.append((onset, end, tone))
            else:
                spans[joined] = (spans[joined][0], end, spans[joined][2])
            if tone.tied:
                open_[tone.pitch, end] = joined
        if len(spans) > LIMITS["notes"]:
            raise UnreadableMusic(
                f"With its repeats this piece has more than {LIMITS['notes']} notes. Bring a part of it."
            )
    notes = []
    for onset, end, tone in spans:
        if not 0 <= tone.pitch <= 127:
            told.lost += 1
            continue
        begin = ticks(onset)
        told.moved += begin != onset * TICKS_PER_QUARTER
        notes.append(Note(begin, tone.pitch, max(1, ticks(end) - begin), tone.velocity))
    return notes


def _first_told(several: Iterable[list[_T]]) -> list[_T]:
    return next((found for found in several if found), [])
