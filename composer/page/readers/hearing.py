"""What the readers say of music as plain values, for the browser: of the seed, and of every take it holds.

Nothing is remembered here. A visitor's likes and dislikes come with every question, as rows of traits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from composer import api
from composer.analysis.originality import Receipt
from composer.analysis.similar import Like
from composer.analysis.taste import SIZE, Traits, by_taste, traits_of
from composer.analysis.tunes import Tune
from composer.errors import BadRequest, ComposerError
from composer.music import Reading
from composer.page.takes.answers import Answer, Asked, Question, answering
from composer.page.takes.critic import follows_told
from composer.page.takes.line import line_of, rounded, traits_told
from composer.page.takes.making import sound_file
from composer.page.takes.receipts import receipt_for
from composer.page.takes.session import kept
from composer.page.wire import Base, TuneName, checked
from composer.shelf import Shelf
from composer.sound import Wanted

_TUNES = 6  # named at once
_STYLES = 3
_SPEAKING = 4  # bars
_REMEMBERED = 200  # likes, and dislikes, that are looked at
_MOST_TAKES = 200


@dataclass(frozen=True)
class Hearing:
    """Answers from the shelf's readers."""

    shelf: Shelf

    def questions(self) -> list[Question]:
        """What a browser may ask, by the functions' names."""

        @answering("listening")
        def hear(asked: Asked, wanted: Wanted) -> Answer:
            base = kept(checked(Base, asked).take)
            receipt = receipt_for(base.take, self.shelf)
            return {**self.of(line_of(base.take), receipt), "follows": follows_told(base.take, base.seed, self.shelf)}

        @answering("sound")
        def tune_sound(asked: Asked, wanted: Wanted) -> Answer:
            return {"path": str(sound_file(self.tune(checked(TuneName, asked).name).score, "tune"))}

        @answering("quick")
        def order(asked: Asked, wanted: Wanted) -> Answer:
            return {"order": _ordered(*taste_from(asked.get("taste")), asked.get("takes"))}

        @answering("quick")
        def suggest(asked: Asked, wanted: Wanted) -> Answer:
            return {"tunes": self._suggested(*taste_from(asked.get("taste")))}

        return [hear, tune_sound, order, suggest]

    def of(self, reading: Reading, receipt: Receipt | None) -> Answer:
        """Style, tunes like it, receipt and traits of a melody; a sentence in `trouble` where a reader is missing."""
        troubles: list[str] = []
        answer: Answer = {"style": None, "tunes": [], "receipt": receipt.sentences if receipt else [], "traits": None}
        try:
            answer["traits"] = traits_told(reading)
            answer["style"] = self._style(reading)
            answer["tunes"] = self._likest(reading)
        except ComposerError as error:
            troubles.append(str(error))
        return {**answer, "troubles": troubles}

    def _likest(self, reading: Reading) -> list[dict[str, Any]]:
        """Tunes like it; of one that the books have twice, the likest."""
        likest: dict[str, Like] = {}
        for like in api.similar(reading, 2 * _TUNES, shelf=self.shelf):
            likest.setdefault(like.tune.title.casefold().strip(". "), like)
        return [_plain(like.tune, likeness=round(like.likeness, 3)) for like in list(likest.values())[:_TUNES]]

    def _style(self, reading: Reading) -> dict[str, Any]:
        guess = api.style(reading, shelf=self.shelf)
        speaking = sorted(bar + 1 for bar, lost in guess.bars[:_SPEAKING] if lost > 0)
        styles = [[style, round(share, 4)] for style, share in guess.styles[:_STYLES] if share >= 0.01]
        return {"styles": styles, "bars": speaking, "known": sorted(style for style, _ in guess.styles)}

    def tune(self, name: str) -> Tune:
        """The library's tune of that name."""
        tune = self.shelf.listeners.tunes().by_name.get(name)
        if tune is None:
            raise BadRequest("The library no longer has this tune. Ask for tunes anew.")
        return tune

    def _suggested(self, likes: Sequence[Traits], dislikes: Sequence[Traits]) -> list[dict[str, Any]]:
        """The library's tunes that are most to a taste, each with a word of why; none that was told of."""
        if not likes and not dislikes:
            raise BadRequest("Tell of a tune or a take or two that you like it or not, then ask again.")
        library = self.shelf.listeners.tunes()
        known = {tuple(told.tolist()) for told in (*likes, *dislikes)}
        found = []
        for choice in by_taste(likes, dislikes, library.traits):
            told = _plain(library.tunes[choice.number], why=choice.why)
            if tuple(told["traits"]) not in known:
                found.append(told)
            if len(found) == _TUNES:
                break
        return found


def taste_from(sent: Any) -> tuple[list[Traits], list[Traits]]:
    """Likes and dislikes as a browser sends them, as far as they make sense."""
    sides = []
    for side in ("likes", "dislikes"):
        rows = sent.get(side) if isinstance(sent, dict) else None
        rows = rows if isinstance(rows, list) else []
        sides.append([np.array(row, float) for row in rows[:_REMEMBERED] if _is_traits(row)])
    return sides[0], sides[1]


def _ordered(likes: Sequence[Traits], dislikes: Sequence[Traits], takes: Any) -> list[dict[str, Any]]:
    """Takes by a taste, the likest first: id and a word of why; those whose traits are not known come last."""
    takes = [take for take in takes if isinstance(take, dict)][:_MOST_TAKES] if isinstance(takes, list) else []
    heard = [take for take in takes if _is_traits(take.get("traits"))]
    choices = by_taste(likes, dislikes, [np.array(take["traits"], float) for take in heard])
    found = [{"id": str(heard[choice.number].get("id")), "why": choice.why} for choice in choices]
    return found + [{"id": str(take.get("id")), "why": ""} for take in takes if take not in heard]


def _plain(tune: Tune, **more: Any) -> dict[str, Any]:
    about = {"name": tune.name, "title": tune.title, "style": tune.style, "source": tune.source}
    return {**about, "traits": rounded(traits_of(tune.score)), **more}


def _is_traits(row: Any) -> bool:
    numbers = isinstance(row, list) and len(row) == SIZE and all(isinstance(v, int | float) for v in row)
    return numbers and all(abs(v) < 1e3 for v in row)
