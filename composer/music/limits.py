"""What a file may be, in one place. Whatever is more is refused in words, and nothing is made of it before that."""

from __future__ import annotations

LIMITS = {
    "bytes": 1_000_000,
    "notes": 20_000,
    "bars": 1_000,  # as played: repeats count as often as they sound
    "seconds": 900,  # as played
    "tracks": 128,
}

RECORDING = {
    "bytes": 20_000_000,  # 90 seconds of two channels at 48,000 samples of 16 bits, and some more
    "seconds": 90,
    "channels": 2,
    "rate": 96_000,  # samples a second
}

READ_SECONDS = 5.0  # a reading process that has not answered by then is ended
WRITE_SECONDS = 20  # of the processor: a process that engraves or writes MusicXML is ended after them
WRITE_WAIT = 120.0  # seconds until its asker gives up on one that hardly gets the processor
LISTEN_SECONDS = 20.0  # a reading process that decodes a recording: a second of work, but others' work goes first
READ_MEGABYTES = 512  # what a reading process may ask for beyond what it begins with
UNPACKED_BYTES = 8_000_000  # of a compressed score, unpacked
ELEMENTS = 300_000  # of a MusicXML document
CHANGES = 1_000  # of metre, of tempo and of chord each
TEXT = 200  # letters of a title, a name or a composer
