"""The vocabulary: which number stands for which event. Running this module prints it.

Music is written as events in the manner of REMI (Huang & Yang 2020, arXiv:2002.00212), on the 24-tick grid:

    header   START or MIDDLE (the true beginning of a piece, or a later bar line), STYLE, METRE
    bar      BAR, and METRE before it where the metre changes
    onset    POSITION (ticks from the bar line), once for all notes that begin together
    note     VOICE (unless it is in force already; every POSITION puts voice 0 in force), PITCH, DURATION
    end      END

What is given in other bars or voices stands first; after WRITE and the VOICEs to fill come the bars to be written:

    header, given bars …, WRITE, VOICE …, bars to be written …, END

The vocabulary is arithmetic on named offsets; its settings travel in every checkpoint, and a network is refused when
the two differ.
"""

from __future__ import annotations

import bisect
import sys
from dataclasses import asdict, dataclass
from functools import cached_property

from composer.errors import BadRequest
from composer.events.conditions import METRES, STYLES
from composer.events.rows import DURATIONS, MAX_BAR_TICKS, PITCHES
from composer.score import Metre


@dataclass(frozen=True)
class Vocabulary:
    """Numbers for events. The fields are what a checkpoint records; everything else follows from them."""

    styles: tuple[str, ...] = STYLES
    voices: int = 8

    PAD, START, MIDDLE, WRITE, END, BAR = range(6)
    _SPECIALS = 6

    # Offsets, in the order of the numbers.
    @cached_property
    def style(self) -> int:
        """First style token; it means "style unknown"."""
        return self._SPECIALS

    @cached_property
    def metre(self) -> int:
        """First metre token; it means "metre unknown"."""
        return self.style + 1 + len(self.styles)

    @cached_property
    def position(self) -> int:
        """Token of position 0."""
        return self.metre + 1 + len(METRES)

    @cached_property
    def voice(self) -> int:
        """Token of voice 0."""
        return self.position + MAX_BAR_TICKS

    @cached_property
    def pitch(self) -> int:
        """Token of pitch 0."""
        return self.voice + self.voices

    @cached_property
    def duration(self) -> int:
        """Token of the shortest duration."""
        return self.pitch + PITCHES

    @cached_property
    def size(self) -> int:
        """V, the number of tokens."""
        return self.duration + len(DURATIONS)

    def style_token(self, style: str | None) -> int:
        """The token of a style; the unknown one for None and for names not in the list."""
        return self.style + 1 + self.styles.index(style) if style in self.styles else self.style

    def metre_token(self, metre: Metre | None) -> int:
        """The token of a metre; the unknown one for None. A rare metre takes the token of a bar as long."""
        if metre is None:
            return self.metre
        if (metre.numerator, metre.denominator) in METRES:
            return self.metre + 1 + METRES.index((metre.numerator, metre.denominator))
        for index, (numerator, denominator) in enumerate(METRES):
            if Metre(0, numerator, denominator).bar_ticks == metre.bar_ticks:
                return self.metre + 1 + index
        raise BadRequest(
            f"A bar of {metre} lasts {metre.bar_ticks / 24:g} quarters; Motif writes bars of whole sixteenths up to "
            f"{MAX_BAR_TICKS // 24} quarters. Re-bar the piece, for instance in 4/4, and try again."
        )

    def duration_token(self, ticks: int) -> int:
        """The token of the table's duration nearest to `ticks`."""
        above = min(bisect.bisect_left(DURATIONS, ticks), len(DURATIONS) - 1)
        below = max(0, above - 1)
        nearest = below if ticks - DURATIONS[below] <= DURATIONS[above] - ticks else above
        return self.duration + nearest

    def is_position(self, token: int) -> bool:
        """Whether `token` is a POSITION."""
        return self.position <= token < self.voice

    def is_voice(self, token: int) -> bool:
        """Whether `token` is a VOICE."""
        return self.voice <= token < self.pitch

    def is_pitch(self, token: int) -> bool:
        """Whether `token` is a PITCH."""
        return self.pitch <= token < self.duration

    def is_duration(self, token: int) -> bool:
        """Whether `token` is a DURATION."""
        return self.duration <= token < self.size

    def is_metre(self, token: int) -> bool:
        """Whether `token` is a METRE, the unknown one included."""
        return self.metre <= token < self.position

    def metre_of(self, token: int) -> Metre | None:
        """The metre a METRE token names, from tick 0; None for the unknown one."""
        return None if token == self.metre else Metre(0, *METRES[token - self.metre - 1])

    def name(self, token: int) -> str:
        """A readable name of a token, such as "PITCH 60"."""
        specials = ("PAD", "START", "MIDDLE", "WRITE", "END", "BAR")
        if token < self._SPECIALS:
            return specials[token]
        if token < self.metre:
            return f"STYLE {'?' if token == self.style else self.styles[token - self.style - 1]}"
        if self.is_metre(token):
            return f"METRE {self.metre_of(token) or '?'}"
        if self.is_position(token):
            return f"POSITION {token - self.position}"
        if self.is_voice(token):
            return f"VOICE {token - self.voice}"
        if self.is_pitch(token):
            return f"PITCH {token - self.pitch}"
        return f"DURATION {DURATIONS[token - self.duration]}"

    def to_card(self) -> dict[str, object]:
        """What a checkpoint records of the vocabulary."""
        return {**asdict(self), "styles": list(self.styles), "size": self.size}


if __name__ == "__main__":
    _vocabulary = Vocabulary()
    for _token in range(_vocabulary.size):
        sys.stdout.write(f"{_token} {_vocabulary.name(_token)}\n")
