"""Generated scores for property tests."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from hypothesis import strategies as st

from composer.music.midi import without_overlaps
from composer.score import Key, KeyChange, Metre, Note, Score, Tempo, Voice

_METRES = [(4, 4), (3, 4), (2, 4), (6, 8), (9, 8), (12, 8), (2, 2), (5, 4), (7, 8), (3, 8)]
_NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp")), min_size=1, max_size=8
).map(lambda name: unicodedata.normalize("NFC", name))  # as readers clean them
_KEYS = st.builds(Key, st.integers(0, 11), st.sampled_from(["major", "minor"]))


@st.composite
def voices(draw: st.DrawFn, name: str = "", last_tick: int = 768) -> Voice:
    """A voice whose notes of one pitch never overlap, as MIDI demands."""
    notes = draw(
        st.lists(
            st.builds(
                Note,
                onset=st.integers(0, last_tick),
                pitch=st.integers(0, 127),
                duration=st.integers(1, 192),
                velocity=st.integers(1, 127),
            ),
            min_size=1,
            max_size=12,
        )
    )
    return Voice(without_overlaps(notes), name, draw(st.integers(0, 127)))


@st.composite
def scores(draw: st.DrawFn, most_voices: int = 3) -> Score:
    """A score that begins in its first bar."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=most_voices, unique=True))
    metre = Metre(0, *draw(st.sampled_from(_METRES)))
    metres = [metre]
    if draw(st.booleans()):
        other = draw(st.sampled_from([m for m in _METRES if m != (metre.numerator, metre.denominator)]))
        metres.append(Metre(draw(st.integers(1, 4)) * metre.bar_ticks, *other))
    tempos = [Tempo(0, draw(st.integers(200_000, 1_500_000)))]
    if draw(st.booleans()):
        tempos.append(Tempo(draw(st.integers(1, 400)), tempos[0].microseconds + 1000))
    first = Note(0, draw(st.integers(0, 127)), 1)
    written = [draw(voices(name)) for name in names]
    opening = Voice(without_overlaps([first, *written[0].notes]), names[0], written[0].program)
    key = draw(st.none() | _KEYS)
    title = draw(st.just("") | _NAMES)
    score = Score((opening, *written[1:]), tuple(metres), tuple(tempos), key, title)
    later = draw(st.none() | _KEYS.filter(lambda other: other != key))
    if key is None or later is None:
        return score
    return replace(score, key_changes=(KeyChange(score.bar_start(draw(st.integers(1, 5))), later),))
