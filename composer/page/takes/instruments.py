"""The instruments of General MIDI, as menus name them."""

from __future__ import annotations

import pretty_midi

GENERAL_MIDI = tuple(f"{n + 1} {pretty_midi.program_to_instrument_name(n)}" for n in range(128))
