"""How pitches are spelled in a key, along the line of fifths around it: F sharp in D major, G flat in D flat major."""

from __future__ import annotations

from composer.score import Key

# Sharps of each major key by tonic (flats are negative), as signatures have them.
_SHARPS = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)
_LINE = "FCGDAEB"


def spelled(pitch: int, key: Key | None) -> tuple[str, int]:
    """The name and octave of a MIDI pitch in a key, flats written as music21 does: ("F#", 4), ("B-", 3).

    >>> spelled(66, Key.parse("D major")), spelled(70, Key.parse("F major"))
    (('F#', 4), ('B-', 4))
    """
    sharps = sharps_of(key or Key(0))
    # Twelve neighbours on the line of fifths (C is 0). In C major they reach from E flat to G sharp, the leading note
    # of its relative minor; in A minor from B flat to D sharp.
    low = sharps - 3 if key is None or key.mode == "major" else sharps - 2
    position = next(at for at in range(low, low + 12) if at * 7 % 12 == pitch % 12)
    letter, alteration = _LINE[(position + 1) % 7], (position + 1) // 7
    natural = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter]
    octave = (pitch - alteration - natural) // 12 - 1
    return f"{letter}{'#' * alteration}{'-' * -alteration}", octave


def sharps_of(key: Key) -> int:
    """The signature: sharps, or flats as a negative number."""
    return _SHARPS[key.tonic if key.mode == "major" else (key.tonic + 3) % 12]
