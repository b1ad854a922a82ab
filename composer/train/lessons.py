"""Which lesson a kind of network takes."""

from __future__ import annotations

from composer.data.corpus import Piece
from composer.errors import BadRequest
from composer.networks import NETWORKS
from composer.networks.vae import Vae
from composer.train.adversary import AnswerLesson
from composer.train.autoencoding import PhraseLesson
from composer.train.lesson import Lesson, MusicLesson


def check_teachable(network: str) -> None:
    """BadRequest where there is no network of that name."""
    if network not in NETWORKS:
        raise BadRequest(f"There is no network {network!r} to train; there are: {', '.join(NETWORKS)}.")


def lesson_for(network: str, pieces: list[Piece], vae: Vae | None = None) -> Lesson:
    """What a network of that name learns from pieces; `vae` hears them for a `gan`."""
    if network == "vae":
        return PhraseLesson(pieces)
    if network == "gan":
        assert vae is not None, "a gan plays among the points of an autoencoder"
        return AnswerLesson(PhraseLesson(pieces), vae)
    return MusicLesson(network, pieces)
