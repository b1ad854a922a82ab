"""Verbatim repeats of whole parts, written out: they teach a network to play the seed again, and so are collapsed."""

from __future__ import annotations

import operator
from collections.abc import Hashable, Sequence
from dataclasses import replace

from composer.score import Note, Score

SHORTEST, LONGEST = 8, 32  # bars of a part
_ENDING = 2  # bars at the end of a part that may differ, as first and second endings do


def kept_bars(bars: Sequence[Hashable]) -> list[int]:
    """The indices of bars that are left when a part that follows itself is heard once.

    `bars` are what stands in each; equal values sound alike. Of two parts the second stays, with its ending; a return
    after other music stays too. Empty parts are no parts.

    >>> kept_bars("aabcdefghiaabcdefghixyz")
    [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]
    """
    left = list(range(len(bars)))
    collapsed = True
    while collapsed:
        collapsed = False
        for length in range(min(LONGEST, len(left) // 2), SHORTEST - 1, -1):
            at = 0
            while at + 2 * length <= len(left):
                first = [bars[i] for i in left[at : at + length]]
                second = [bars[i] for i in left[at + length : at + 2 * length]]
                if _is_repeat(first, second):
                    del left[at : at + length]
                    collapsed = True
                else:
                    at += 1
    return left


def _is_repeat(first: Sequence[Hashable], second: Sequence[Hashable]) -> bool:
    if first[:-_ENDING] != second[:-_ENDING] and sum(map(operator.eq, first, second)) < len(first) - 1:
        return False
    return any(first)


def collapse_repeats(score: Score) -> Score:
    """The score with every part that follows itself heard once; unchanged where its metre changes.

    A note that sounded into a bar that now follows another one is cut at the bar line.
    """
    if len(score.metres) > 1 or not score.bars:
        return score
    ticks = score.metres[0].bar_ticks
    bars: list[list[tuple[int, Note]]] = [[] for _ in range(score.bars)]
    for index, voice in enumerate(score.voices):
        for note in voice.notes:
            bars[note.onset // ticks].append((index, replace(note, onset=note.onset % ticks)))
    left = kept_bars([tuple(sorted(bar)) for bar in bars])
    if len(left) == len(bars):
        return score
    voices: list[list[Note]] = [[] for _ in score.voices]
    for place, bar in enumerate(left):
        follows = place + 1 < len(left) and left[place + 1] == bar + 1
        for index, note in bars[bar]:
            room = note.duration if follows else min(note.duration, ticks - note.onset)
            voices[index].append(replace(note, onset=place * ticks + note.onset, duration=room))
    place_of = {bar: place for place, bar in enumerate(left)}
    chords = tuple(
        replace(chord, onset=place_of[chord.onset // ticks] * ticks + chord.onset % ticks)
        for chord in score.chords
        if chord.onset // ticks in place_of
    )
    collapsed = score.with_voices(
        replace(voice, notes=tuple(notes)) for voice, notes in zip(score.voices, voices, strict=True)
    )
    return replace(collapsed, tempos=score.tempos[:1], chords=chords)
