"""What can go wrong, in words a musician can act on.

    ComposerError
    ├── BadRequest        a setting is out of its range, or two settings exclude each other
    ├── UnreadableMusic   a file is damaged, empty, too long, or not music
    ├── BadCheckpoint     a network's file is damaged, foreign, or newer than this program
    ├── BadSetting        a setting of the server is wrong, or there is none of its name
    ├── NoTrainingMusic   a training folder holds too little to learn from
    ├── NotWanted         nobody waits for what was asked for any more
    └── NoSound           FluidSynth or a SoundFont is missing or wrong, or it is too long to sound

Every message says what happened and what to do. Exceptions of other libraries are translated at the border
(`music`, `sound`, `checkpoint`) and nowhere else; anything that is not a `ComposerError` is a bug.
"""

from __future__ import annotations


def quoted(value: object, most: int = 40) -> str:
    """A value as sentences quote it: what was sent may be of any length, and what is told of it may not."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= most else f"{text[:most]}…"
    return repr(text) if isinstance(value, str) else text


class ComposerError(Exception):
    """Something a visitor can understand and mend."""


class BadRequest(ComposerError):
    """A setting is out of its range, or two settings exclude each other."""


class UnreadableMusic(ComposerError):
    """A file is damaged, empty, over a limit, or not music."""


class BadCheckpoint(ComposerError):
    """A network's file is damaged, foreign, or newer than this program."""


class BadSetting(ComposerError):
    """A setting of the server is wrong, or there is none of its name: for its host, before anybody is served."""


class NoTrainingMusic(ComposerError):
    """A training folder holds too little to learn from."""


class NoSound(ComposerError):
    """FluidSynth or a SoundFont is missing or wrong, or it is too long; what needs no sound still works."""


class NotWanted(ComposerError):
    """Nobody waits for this any more, so it is not made."""
