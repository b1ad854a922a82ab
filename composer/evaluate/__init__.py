"""Evaluation: how likely people's music is to a network, and how its takes compare with people's."""

from composer.evaluate.report import Report, report_on

__all__ = ["Report", "report_on"]
