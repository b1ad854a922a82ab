"""Evaluation: how likely people's music is to a network, and how its takes compare with people's."""

from composer.evaluation.latent import PointReport, report_on_points
from composer.evaluation.report import Report, report_on

__all__ = ["PointReport", "Report", "report_on", "report_on_points"]
