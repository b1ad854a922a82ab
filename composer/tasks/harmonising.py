"""Harmonise: alto, tenor and bass under a melody."""

from __future__ import annotations

from composer.tasks.ensembles import ENSEMBLES
from composer.tasks.under_melody import UnderMelody


class Harmonise(UnderMelody):
    """Sets the voices of a choir under the melody."""

    name = "harmonise"
    title = "Harmonise"
    hint = "The melody stays; alto, tenor and bass are set under it."
    top_p = 0.8  # three voices under a melody sound more chords where unlikely notes are left out
    settings = UnderMelody.settings | {"strict"}
    ensemble = ENSEMBLES["chorale"]
    one_family = True
