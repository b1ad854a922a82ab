"""Accompany: a piano under a melody."""

from __future__ import annotations

from composer.tasks.ensembles import ENSEMBLES
from composer.tasks.under_melody import UnderMelody


class Accompany(UnderMelody):
    """Sets a pianist's two hands under the melody."""

    name = "accompany"
    title = "Accompany"
    hint = "The melody stays; a piano joins it, right hand and left."
    top_p = 0.9  # as when harmonising: likelier notes sound more chords
    ensemble = ENSEMBLES["song"]
