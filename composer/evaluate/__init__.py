"""Evaluating: how well networks predict and imitate people's music, beside plain baselines."""

from composer.evaluate.report import LikelihoodReport, likelihood_report

__all__ = ["LikelihoodReport", "likelihood_report"]
