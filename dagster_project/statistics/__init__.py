"""Intervals and growth from counts: plain functions over frames, one registry that names every statistic."""

from dagster_project.statistics.core.statistic import Statistic
from dagster_project.statistics.registry import REGISTRY, compute

__all__ = ["REGISTRY", "Statistic", "compute"]
