"""The kinds of networks there are, and what each can do: known without loading any of them."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of network.

    `summary` is one line for a menu; `tasks` are the tasks it can do; `polyphonic` tells whether it reads and writes
    several voices, or a melody only.
    """

    name: str
    summary: str
    tasks: tuple[str, ...]
    polyphonic: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "rnn",
            "Plain recurrent network: the baseline a class starts from. Good local melody, short memory.",
            ("continue", "improvise"),
        ),
        Kind(
            "lstm",
            "Gated recurrent network: remembers a phrase and answers it. A sound first choice for melodies.",
            ("continue", "improvise"),
        ),
        Kind(
            "transformer",
            "Attention network: looks back at all it is shown. Goes on, harmonises, accompanies, fills in; from one "
            "voice to a whole ensemble.",
            ("continue", "improvise", "harmonise", "accompany", "infill"),
            polyphonic=True,
        ),
        Kind(
            "vae",
            "Autoencoder: hears phrases as points on a map. Varies a tune, morphs one into another.",
            ("vary", "morph", "restore", "improvise", "continue"),
        ),
        Kind(
            "gan",
            "Generator and critic: answers your phrase with the next one. Each throw of the dice, another answer.",
            ("continue", "improvise"),
        ),
    )
}
DEFAULT = "transformer"  # writes where no network is named
OF_NOTES = ("rnn", "lstm", "transformer")  # those that write note by note
OF_POINTS = ("vae", "gan")  # those that write phrases from points
