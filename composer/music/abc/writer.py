"""Scores as ABC."""

from composer.score import Score


def write_abc(score: Score) -> str:
    """TODO."""
    return ""
