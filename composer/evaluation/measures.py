"""Measures of music that stands in one place, whoever wrote it, chosen so that a dull take does not win them.

    bars_in_seed         share of new bars whose (position, pitch, duration) are those of a bar that was given
    bars_returning       share of new bars that are an earlier new bar, note for note
    hammered             share of takes in which a voice strikes one pitch six times running; not where the music that
                         was given does
    silent_voice         share of takes in which a voice is silent in half of the bars or more
    ends_on_triad        share of takes whose last chord is a triad or a seventh chord, in any position: root, third,
                         and nothing that does not belong to it
    ends_on_tonic        share of takes that end on the tonic: a melody's last note, or the tonic's triad over its root
    cadence              share of takes that end on the tonic with the leading note in the chord before
    dissonant_last_beat  share of takes in whose last beat two notes sound together that are a second, a tritone or a
                         seventh apart
    leap_over_octave     share of takes in which a voice leaps by more than twelve semitones
    entropy_a_bar        bits of the histogram of a bar's pitches, the mean of bars

Empty bars count nowhere but in `silent_voice`. A voice that sounds chords is counted by its highest notes where lines
are meant. The last chord is what sounds when the last note of all is struck. Every measure is a count of one sample, or
None where it says nothing; what is asked of a take beside its notes (a control) can be measured in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise

from composer.evaluation.ranges import Range, bootstrap, wilson
from composer.evaluation.statistics import Passage, entropy
from composer.events.chords import QUALITIES
from composer.music import skyline
from composer.score import TICKS_PER_QUARTER, Key, Note, Score

HAMMERED = 6  # times running
_OCTAVE = 12  # semitones
_SILENT = 0.5  # of the bars
_DISSONANT = (1, 2, 6)  # semitones between pitch classes, the shorter way round
_THIRDS = (3, 4)
_TRIADS = [frozenset(QUALITIES[name]) for name in ("", "m", "dim", "aug")]
_CHORDS = [*_TRIADS, *(frozenset(QUALITIES[name]) for name in ("7", "m7", "maj7", "dim7", "m7b5"))]
_TONIC_TRIADS = _TRIADS[:2]
_LEADING = 11  # semitones above the tonic

Bar = frozenset[tuple[int, int, int, int]]  # (voice, position in ticks, pitch, duration in ticks) of each note
Count = tuple[float, float]  # hits of so many


@dataclass(frozen=True)
class Sample:
    """Music in one metre: bars `first` (from 0) to `first + bars` of some voices are looked at, the rest was given.

    `key` is the piece's; `ends` tells that the music ends with these bars.
    """

    score: Score
    voices: tuple[int, ...]
    first: int
    bars: int
    key: Key | None = None
    ends: bool = True

    @cached_property
    def passage(self) -> Passage:
        """What is looked at."""
        return Passage.cut(self.score, self.voices, self.first, self.bars)

    @cached_property
    def given(self) -> Score:
        """The score without what is looked at."""
        written = dict(zip(self.voices, self.passage.voices, strict=True))
        return self.score.with_voices(
            replace(voice, notes=tuple(n for n in voice.notes if n not in set(written.get(index, ()))))
            for index, voice in enumerate(self.score.voices)
        )

    @property
    def is_ensemble(self) -> bool:
        """Whether there is more than one voice."""
        return len(self.score.voices) > 1


def bars_in_seed(sample: Sample) -> Count | None:
    """New bars that are bars of the music given in the same voices; None where none is."""
    given = _bars([sample.given.voices[voice].notes for voice in sample.voices], sample.passage)
    if not given:
        return None
    known, new = set(given.values()), _bars(sample.passage.voices, sample.passage)
    return sum(bar in known for bar in new.values()), len(new)


def bars_returning(sample: Sample) -> Count | None:
    """New bars that are an earlier new bar."""
    bars = _bars(sample.passage.voices, sample.passage).values()
    return len(bars) - len(set(bars)), len(bars)


def hammered(sample: Sample) -> Count | None:
    """Whether a voice strikes one pitch six times running where its given notes (or if none, all given) do not."""
    given = [voice.notes for voice in sample.given.voices]
    return _hit(
        any(
            longest_run(line) >= HAMMERED
            and not any(longest_run(other) >= HAMMERED for other in ([given[voice]] if given[voice] else given))
            for voice, line in zip(sample.voices, sample.passage.voices, strict=True)
        )
    )


def silent_voice(sample: Sample) -> Count | None:
    """Whether a voice sounds nothing in half of the bars or more; None for a melody."""
    if not sample.is_ensemble:
        return None
    passage = sample.passage
    lines = [
        (*before, *line) for before, line in zip(passage.before, passage.voices, strict=True)
    ]  # a note may be held into the first bar
    sounding = [{bar for note in line for bar in _bars_of(note, passage)} & set(range(passage.bars)) for line in lines]
    return _hit(any(len(bars) <= (1 - _SILENT) * passage.bars for bars in sounding))


def ends_on_triad(sample: Sample) -> Count | None:
    """Whether the last chord is a triad or a seventh chord; None for a melody."""
    if not (sample.is_ensemble and sample.ends):
        return None
    return _hit(is_chord(last_chord(sample.score)))


def ends_on_tonic(sample: Sample) -> Count | None:
    """Whether a melody's last note is the tonic, or the last chord the tonic's triad over its root."""
    if not sample.ends or sample.key is None:
        return None
    return _hit(_is_tonic(sample))


def cadence(sample: Sample) -> Count | None:
    """Whether the tonic at the end is come to from a chord that holds the leading note; None for a melody."""
    if not (sample.is_ensemble and sample.ends) or sample.key is None:
        return None
    leading = (sample.key.tonic + _LEADING) % 12
    return _hit(_is_tonic(sample) and leading in {pitch % 12 for pitch in _chord_before(sample.score)})


def dissonant_last_beat(sample: Sample) -> Count | None:
    """Whether dissonant notes sound together in the last beat; None for a melody."""
    if not (sample.is_ensemble and sample.ends):
        return None
    end = sample.score.end
    start = end - max(TICKS_PER_QUARTER, sample.score.metre_at(max(0, end - 1)).beat_ticks)
    return _hit(
        any(
            min((a.pitch - b.pitch) % 12, (b.pitch - a.pitch) % 12) in _DISSONANT
            for a, b in combinations([note for note in sample.score.notes if note.end > start], 2)
            if min(a.end, b.end) > max(a.onset, b.onset)
        )
    )


def leap_over_octave(sample: Sample) -> Count | None:
    """Whether a voice leaps by more than an octave, the leap from what stood before among them."""
    return _hit(
        any(
            abs(b.pitch - a.pitch) > _OCTAVE
            for before, line in zip(sample.passage.before, sample.passage.voices, strict=True)
            for a, b in pairwise([*skyline(before)[-1:], *skyline(line)])
        )
    )


def entropy_a_bar(sample: Sample) -> Count | None:
    """The sum of the bars' entropies of pitch in bits, of so many bars."""
    bars = _bars(sample.passage.voices, sample.passage).values()
    return sum(entropy([pitch for _, _, pitch, _ in bar]) for bar in bars), len(bars)


@dataclass(frozen=True)
class Measure:
    """How to count one sample, and whether the figure is a share of samples (else of bars, or a mean)."""

    count: Callable[[Sample], Count | None]
    of_takes: bool


MEASURES = {
    **{count.__name__: Measure(count, False) for count in (bars_in_seed, bars_returning, entropy_a_bar)},
    **{
        count.__name__: Measure(count, True)
        for count in (
            *(hammered, silent_voice, ends_on_triad, ends_on_tonic),
            *(cadence, dissonant_last_beat, leap_over_octave),
        )
    },
}


def measured(samples: Sequence[Sample]) -> dict[str, Range]:
    """Every measure that says something of some samples, with its range."""
    found = {}
    for name, measure in MEASURES.items():
        counts = [count for sample in samples if (count := measure.count(sample)) is not None]
        hits, totals = [hit for hit, _ in counts], [total for _, total in counts]
        if sum(totals):
            found[name] = wilson(sum(hits), sum(totals)) if measure.of_takes else bootstrap(hits, totals)
    return found


def longest_run(notes: tuple[Note, ...]) -> int:
    """How many times running one pitch is struck at most.

    >>> longest_run((Note(0, 60, 6), Note(6, 60, 6), Note(12, 62, 6)))
    2
    """
    pitches = [note.pitch for note in skyline(notes)]
    best = run = min(1, len(pitches))
    for before, pitch in pairwise(pitches):
        run = run + 1 if pitch == before else 1
        best = max(best, run)
    return best


def last_chord(score: Score) -> list[int]:
    """The pitches, from the lowest, that sound when the last note is struck; none where there are no notes."""
    return _sounding(score.notes, max((note.onset for note in score.notes), default=0))


def is_chord(pitches: Iterable[int]) -> bool:
    """Whether pitches make a triad or a seventh chord with root and third; only the fifth or seventh may be left out.

    >>> is_chord((52, 60, 67)), is_chord((48, 55, 60))
    (True, False)
    """
    return _fits({pitch % 12 for pitch in pitches}, range(12), _CHORDS)


def _fits(classes: set[int], roots: Iterable[int], chords: Sequence[frozenset[int]]) -> bool:
    """Whether pitch classes are root and third of one of some chords, and nothing that it does not hold."""
    above = ({(pitch - root) % 12 for pitch in classes} for root in roots)
    return any(
        0 in steps and not steps.isdisjoint(_THIRDS) and any(steps <= chord for chord in chords) for steps in above
    )


def _is_tonic(sample: Sample) -> bool:
    assert sample.key is not None
    tonic, chord = sample.key.tonic, last_chord(sample.score)
    if not chord or chord[0] % 12 != tonic:
        return False
    return not sample.is_ensemble or _fits({pitch % 12 for pitch in chord}, (tonic,), _TONIC_TRIADS)


def _chord_before(score: Score) -> list[int]:
    """What sounds just before the bass comes to the root of the last chord, which may be struck several times."""
    notes = score.notes
    onsets = sorted({note.onset for note in notes})
    basses = [_sounding(notes, onset)[0] % 12 for onset in onsets]
    at = len(onsets) - 1
    while at > 0 and basses[at - 1] == basses[-1]:
        at -= 1
    return _sounding(notes, onsets[at - 1]) if at else []


def _sounding(notes: Iterable[Note], tick: int) -> list[int]:
    return sorted(note.pitch for note in notes if note.onset <= tick < note.end)


def _hit(found: bool) -> Count:
    return float(found), 1


def _bars(lines: Sequence[tuple[Note, ...]], passage: Passage) -> dict[int, Bar]:
    """The bars in which a note is struck, in order, by their number from the passage's first."""
    bars: dict[int, set[tuple[int, int, int, int]]] = {}
    for voice, line in enumerate(lines):
        for note in line:
            bar, position = divmod(note.onset - passage.start, passage.bar_ticks)
            bars.setdefault(bar, set()).add((voice, position, note.pitch, note.duration))
    return {bar: frozenset(bars[bar]) for bar in sorted(bars)}


def _bars_of(note: Note, passage: Passage) -> range:
    """The bars in which a note sounds, counted from the passage's first."""
    first, last = (note.onset - passage.start) // passage.bar_ticks, (note.end - 1 - passage.start) // passage.bar_ticks
    return range(first, last + 1)
