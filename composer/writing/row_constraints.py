"""What the next row may be, as a mask a decision: the order of rows, the region, scale, range and voice-leading.

Constraints hold without exception because nothing outside the masks can be drawn; nothing is repaired afterwards. Notes
of the region that stay as they are come in their place: when the draw reaches one, it is all that is left.

Within the region every whole bar has a new onset, a voice never sounds more notes than it may nor one pitch twice at
once, and none sounds beyond the region. Room is kept for the next bar's onset: no note reaches into the last beat of
the bar after its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from composer.analysis.limit import MatchLimit
from composer.events.chords import CHORDS
from composer.events.rows import (
    CHORD,
    CHORD_MOVE,
    DRAWN_MOVES,
    DURATION,
    DURATIONS,
    END,
    MAX_BAR_TICKS,
    MAX_VOICES,
    MOVE,
    MOVES,
    PITCH,
    PITCHES,
    POSITION,
    VOICE,
    Bars,
    Row,
)
from composer.tasks.pitches import Mask
from composer.tasks.region import Region
from composer.writing.closing import Close
from composer.writing.row_voices import Line, VoiceConstraint
from composer.writing.voice_leading import VoiceLeading

_TICKS = np.array(DURATIONS)


@dataclass(frozen=True)
class Within:
    """Where rows are written: the window's bar lines, the score bar that each is of, and the region.

    Nothing sounds before tick `begins` nor beyond `ends`, which lies in the score's bar `last_bar`; the first note is
    struck by tick `opens`.
    """

    lines: Bars
    region: Region
    begins: int
    ends: int
    last_bar: int
    opens: int


class RowConstraints:
    """Which rows may follow, decision by decision; `read` takes note of each that was written.

    `bar` is the line that the first row counts on from. `given` are the rows, with their bars in the window, of notes
    of the region that stay. `leading` and `limits` take pitches away where others are left.
    """

    def __init__(
        self,
        within: Within,
        bar: int,
        voices: Mapping[int, VoiceConstraint],
        given: Sequence[tuple[int, Row]] = (),
        leading: VoiceLeading | None = None,
        limits: Mapping[int, MatchLimit] | None = None,
        chords: bool = False,
        close: Close | None = None,
    ) -> None:
        self.within, self.chords, self.close = within, chords, close
        region = within.region
        self.begins = max(region.start, within.begins)
        self.voices = {voice: Line(voices[voice], self.begins) for voice in sorted(voices)}
        self.given = list(given)
        self.leading, self.limits = leading, limits or {}
        self.first_line = within.lines.first_of(region.first_bar)
        self.last_line = within.lines.first_of(region.last_bar + 1) - 1
        self.bar = bar
        self.finished = False
        self._struck = False  # whether the score's bar has a new onset
        self._now = region.start - 1  # the tick of the last row
        self._last = (-1, -1)  # its voice and pitch; a chord's are before all
        self._chosen: dict[int, int] = {}  # the decisions of the row that is being written
        self._known_positions: dict[tuple[int, bool], Mask] = {}

    # Decisions are asked for in their order; each mask knows those taken before.

    def allowed(self, decision: int) -> Mask:
        """The values that a decision may take, given those taken so far."""
        if decision == MOVE:
            self._chosen = {}
            return self._moves()
        if decision == POSITION:
            return self._positions(self._line(self._chosen[MOVE]), self._chosen[MOVE] >= CHORD_MOVE)
        if decision == CHORD:
            return np.ones(CHORDS, bool)
        tick = self._tick()
        if decision == VOICE:
            return self._singing(tick)
        voice = self._chosen[VOICE]
        forced = self._forced(tick, voice)
        if decision == PITCH:
            return _only(forced[PITCH], PITCHES) if forced else self._pitches(voice, tick)
        return _only(forced[DURATION], len(DURATIONS)) if forced else self._durations(tick)

    def take(self, decision: int, value: int) -> None:
        """A decision was taken."""
        self._chosen[decision] = value

    def read(self, row: Row) -> bool:
        """Take note of a row that was written; whether it is a new note."""
        self._known_positions = {}
        move = row[MOVE]
        if move == END:
            self.finished = True
            return False
        line = self._line(move)
        if self.within.lines.score_bars[line] != self.within.lines.score_bars[self.bar]:
            self._struck = False
        self.bar = line
        self._now = self.within.lines.starts[line] + row[POSITION]
        if move >= CHORD_MOVE:
            self._last = (-1, -1)
            return False
        voice, pitch = row[VOICE], row[PITCH]
        self._last = (voice, pitch)
        end = self._now + DURATIONS[row[DURATION]]
        new = True
        if self.given and self._given_key()[1:] == (self._now, voice, pitch):
            self.given.pop(0)
            new = False
        else:
            self.voices[voice].strike(pitch, self._now, end, self.within.lines.score_bars[line])
            self._struck = True
        if self.leading:
            self.leading.add(voice, self._now, pitch, end)
        if voice in self.limits and new:
            self.limits[voice].add(self._now, pitch)
        return new

    def _line(self, move: int) -> int:
        return self.bar + (move if move < CHORD_MOVE else move - CHORD_MOVE)

    def _tick(self) -> int:
        return self.within.lines.starts[self._line(self._chosen[MOVE])] + self._chosen[POSITION]

    def _given_key(self) -> tuple[int, int, int, int]:
        """Line, tick, voice and pitch of the next note that stays."""
        line, row = self.given[0]
        return line, self.within.lines.starts[line] + row[POSITION], row[VOICE], row[PITCH]

    def _forced(self, tick: int, voice: int) -> Row | None:
        """The note that stays, where the row has come to it."""
        if self.given and self._given_key()[1:3] == (tick, voice):
            return self.given[0][1]
        return None

    def _moves(self) -> Mask:
        mask = np.zeros(DRAWN_MOVES, bool)
        for move in range(MOVES):
            line = self.bar + move
            if line < self.first_line:
                continue
            if line > self.last_line or (line > max(self.bar, self.first_line) and not self._may_leave(line - 1)):
                break
            mask[move] = self._positions(line, False).any()
            if self.chords:
                mask[CHORD_MOVE + move] = self._positions(line, True).any()
            if self.given and self._given_key()[0] == line:
                break
        if not self.given and self.bar == self.last_line and (self._struck or not mask[:MOVES].any()):
            mask[END] = not self._unclosed() and not self._waiting(self.bar)
        if not mask[: END + 1].any():
            mask[END] = True  # nothing fits any more: all voices sound on to the end
        if mask[0] and self._must_stay():
            mask[1:] = False
        return mask

    def _must_stay(self) -> bool:
        """Whether another voice has to be struck before the tick is over."""
        return self._entering(self._now) is not None or self._required(self._now) is not None

    def _unclosed(self) -> list[int]:
        """The voices that must sound in the close and do not yet."""
        close = self.close
        if close is None or close.tick >= self.within.region.end:  # or in a later segment
            return []
        return [voice for voice in sorted(close.voices) if self.voices[voice].until <= close.tick]

    def _required(self, tick: int) -> int | None:
        """The next voice that must be struck at a tick: one that never rests, or of the close."""
        last = self._last[0] if tick == self._now else -1
        waiting = [v for v, line in self.voices.items() if line.constraint.sustained and line.until <= tick]
        waiting += [voice for voice, line in self.voices.items() if line.free <= tick and self._must(line, tick)]
        if tick < self.begins or tick >= self.within.ends:
            waiting = []
        if self.close and self.close.held and tick == self.close.tick:
            waiting += self._unclosed()
        if last in self.voices and self.voices[last].missing(tick) and self._may_follow(last, self.voices[last], tick):
            return last
        return min((voice for voice in waiting if voice > last), default=None)

    def _deadline(self) -> int:
        """The latest tick at which the next row may stand: when a voice has to be struck, or the close."""
        ends = [line.until for line in self.voices.values() if line.constraint.sustained]
        deadline = min(ends, default=self.within.ends)
        if self._now < self.begins:
            deadline = min(deadline, self.within.opens)
        deadline = min([deadline, *(self._next_strike(line) for line in self.voices.values())])
        if self.close and self.close.held and self._unclosed():
            deadline = min(deadline, self.close.tick)
        return max(deadline, self._now, self.begins)

    def _must(self, voice: Line, tick: int) -> bool:
        """Whether a voice that keeps to its texture has to strike at a tick."""
        if self.close and tick >= self.close.tick:
            return False
        bar = self.within.lines.score_bars[self.within.lines.at(tick)]
        return voice.must(bar, tick - self.within.region.bar_starts[bar])

    def _next_strike(self, voice: Line) -> int:
        """The next tick at which a voice has to strike, in this bar or the next; the end where there is none."""
        texture, starts = voice.constraint.texture, self.within.region.bar_starts
        if texture is None:
            return self.within.ends
        now = max(self._now, self.begins)
        bar = self.within.lines.score_bars[self.within.lines.at(now)]
        ticks = [starts[at] + place for at in (bar, bar + 1) if at < len(starts) for place in sorted(texture.places)]
        open_ticks = (t for t in ticks if t > self._now and t >= voice.free and t < self.within.ends)
        return next((tick for tick in open_ticks if self._must(voice, tick)), self.within.ends)

    def _may_leave(self, line: int) -> bool:
        """Whether the music may go on to the line after this one without a further onset here."""
        lines = self.within.lines
        if line + 1 < len(lines) and lines.score_bars[line + 1] == lines.score_bars[line]:
            return True
        if line == self.bar and self._struck:
            return not self._waiting(line)
        if lines.starts[self.within.lines.first_of(lines.score_bars[line])] < self.begins:
            return True  # what is left of the seed's last bar may stay empty
        return not self._positions(line, False).any()

    def _positions(self, line: int, chord: bool) -> Mask:
        """Where in a line a note or a chord may begin; worked out once a row, however often it is asked."""
        if (line, chord) not in self._known_positions:
            self._known_positions[line, chord] = self._find_positions(line, chord)
        return self._known_positions[line, chord]

    def _find_positions(self, line: int, chord: bool) -> Mask:
        mask = np.zeros(MAX_BAR_TICKS, bool)
        starts = self.within.lines.starts
        here, there = starts[line], min(starts[line + 1], self._latest_onset() + 1)
        stays = self._given_key()[1] if self.given and self._given_key()[0] == line else None
        earliest = max(here, self.begins, self._now)
        latest = min(there - 1 if stays is None else stays, self._deadline())
        if chord:
            first = max(earliest, self._now + 1)
            mask[first - here : max(first, latest + 1) - here] = True
            return mask
        for voice in self.voices.values():
            first = max(earliest, self._free(voice, here), self._now + 1)
            own = np.zeros(MAX_BAR_TICKS, bool)
            own[first - here : max(first, latest + 1) - here] = True
            mask |= own & self._places(voice, line)
        if stays is not None and stays <= max(latest, self._now):
            mask[stays - here] = True
        if line == self.bar and here <= self._now <= latest:
            mask[self._now - here] = self._singing(self._now).any()
            if self._must_stay():
                mask[self._now - here + 1 :] = False
        return mask

    def _latest_onset(self) -> int:
        """The tick after which no note begins."""
        if self.close is None:
            return self.within.ends - 1
        return self.close.tick if self.close.held else self.within.ends - self.close.least

    def _singing(self, tick: int) -> Mask:
        mask = np.zeros(MAX_VOICES, bool)
        stays = self._given_key() if self.given else None
        until = stays[2] if stays is not None and stays[1] == tick else MAX_VOICES
        for voice, line in self.voices.items():
            if voice < until and self._free(line, tick) <= tick and self._is_place(line, tick):
                mask[voice] = tick > self._now or self._may_follow(voice, line, tick)
        if until < MAX_VOICES:
            mask[until] = True
        entering = self._entering(tick)
        if entering is not None:
            return _only(entering, MAX_VOICES)
        required = self._required(tick)
        if required is not None:  # voices come in order, so that none beyond it may be struck before it
            mask[required + 1 :] = False
        due = next((voice for voice in self.voices if voice < until and mask[voice] and self._due(voice, tick)), None)
        return mask if due is None else _only(due, MAX_VOICES)

    def _free(self, voice: Line, tick: int) -> int:
        """From when a voice may strike in the bar of a tick: one that has had its notes there waits for the next."""
        bar = self.within.lines.score_bars[self.within.lines.at(tick)]
        if not voice.hurries(bar) or (self.close and tick >= self.close.tick):
            return voice.free
        return max(
            voice.free, min(self.within.region.bar_starts[bar + 1], self.close.tick if self.close else self.within.ends)
        )

    def _places(self, voice: Line, line: int) -> Mask:
        """Where in a bar (192,) a voice strikes that keeps to its places; the close has its own."""
        texture = voice.constraint.texture
        if texture is None:
            return np.ones(MAX_BAR_TICKS, bool)
        lines = self.within.lines
        behind = lines.starts[line] - lines.starts[lines.first_of(lines.score_bars[line])]
        places = np.isin(np.arange(MAX_BAR_TICKS) + behind, list(texture.places))
        if self.close:
            places[max(0, self.close.tick - lines.starts[line]) :] = True
        return places

    def _is_place(self, voice: Line, tick: int) -> bool:
        line = self.within.lines.at(tick)
        return bool(self._places(voice, line)[tick - self.within.lines.starts[line]])

    def _waiting(self, line: int) -> bool:
        """Whether a voice that has been silent for a whole bar can still sing in this one."""
        here, latest = self.within.lines.starts[line], self.within.lines.starts[line + 1] - 1
        waiting = self._now <= latest and any(
            self._due(voice, here) and singer.free <= latest and (self._now < latest or voice > self._last[0])
            for voice, singer in self.voices.items()
        )
        return bool(waiting and self._positions(line, False).any())

    def _due(self, voice: int, tick: int) -> bool:
        """Whether a voice has been silent for a whole bar."""
        rested, lines = self.voices[voice].rested, self.within.lines
        bar = lines.score_bars[lines.at(tick)]
        return rested is not None and bar > 0 and rested <= self.within.region.bar_starts[bar - 1]

    def _may_follow(self, voice: int, line: Line, tick: int) -> bool:
        if voice != self._last[0]:
            return voice > self._last[0]
        return bool(line.pitches(tick, self._last[1]).any())

    def _entering(self, tick: int) -> int | None:
        """A voice that has not sung yet and must begin with the others, where the voices are led."""
        if not self.leading or tick < self.begins:
            return None
        last = self._last[0] if tick == self._now else -1
        stays = self._given_key()[1:3] if self.given else None
        for voice in self.leading.silent():
            line = self.voices.get(voice)
            if line is not None and voice > last and line.free <= tick:
                return None if stays is not None and stays[0] == tick and stays[1] < voice else voice
        return None

    def _pitches(self, voice: int, tick: int) -> Mask:
        above = self._last[1] if tick == self._now and voice == self._last[0] else -1
        mask = _leaving(self.voices[voice].pitches(tick, above), self.voices[voice].missing(tick) - 1)
        if self.close and tick >= self.close.tick:
            begun = self.voices[voice].struck == tick
            mask = _narrowed(mask, self.close.first.get(voice, mask) if not begun else mask)
            mask = _narrowed(mask, self.close.pitches[voice])
        elif self.close and self.close.approach and tick >= self.close.approach.tick:
            mask = _narrowed(mask, self.close.approach.pitches[voice])
        elif (worn := self.voices[voice].worn(tick)) is not None:
            mask = _narrowed(mask, np.arange(PITCHES) != worn)
        if self.leading:
            mask = _narrowed(mask, ~self.leading.faulty(voice, tick))
        if voice in self.limits:
            pitches = np.flatnonzero(mask)
            kept = np.zeros_like(mask)
            kept[pitches[~self.limits[voice].forbidden(tick, pitches)]] = True
            mask = _narrowed(mask, kept)
        return mask

    def _durations(self, tick: int) -> Mask:
        """The durations that a note may have that begins here; the shortest always."""
        shortest, longest = self.voices[self._chosen[VOICE]].durations(tick, self._longest(tick))
        mask: Mask = (_TICKS <= longest) & (_TICKS >= shortest)
        if self.close and tick >= self.close.tick:
            longest = self._longest(tick)
            shortest = longest if self.close.held else min(self.close.least, longest)
            mask = longest >= _TICKS
            # The table of durations has gaps: the longest that fits.
            mask &= min(shortest, int(_TICKS[mask].max())) <= _TICKS
        return mask

    def _longest(self, tick: int) -> int:
        """The longest duration from here, in ticks; at least 1."""
        region, close = self.within.region, self.close
        bar = self.within.lines.score_bars[self._line(self._chosen[MOVE])]
        ends, voice, pitch = self.within.ends, self._chosen[VOICE], self._chosen[PITCH]
        if close and tick < close.tick:
            ends = ends if close.pitches[voice][pitch] and not close.held else close.tick
            approach = close.approach
            if approach and tick < approach.tick and not approach.pitches[voice][pitch]:
                ends = approach.tick
        if bar >= self.within.last_bar or (close and tick >= close.tick):
            return ends - tick
        following, after = region.bar_starts[bar + 1], region.bar_starts[bar + 2]
        reach = min(ends, max(following, min(after - region.beat, self._latest_onset())))
        return reach - tick  # a short bar is not reached into at all


def _only(value: int, size: int) -> Mask:
    mask = np.zeros(size, bool)
    mask[value] = True
    return mask


def _leaving(mask: Mask, above: int) -> Mask:
    """What is left of a mask of pitches where so many of them must be left above the one that is taken."""
    kept = mask.copy()
    if above > 0:
        kept[np.flatnonzero(mask)[-above:]] = False
    return kept if kept.any() else mask


def _narrowed(mask: Mask, kept: Mask) -> Mask:
    """What is left of a mask; all of it where nothing would be."""
    narrowed = mask & kept
    return narrowed if narrowed.any() else mask
