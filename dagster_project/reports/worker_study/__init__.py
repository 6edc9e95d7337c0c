"""The page of a wave of the worker study: every sentence from one mart row, every population as its row names it."""

from dagster_project.reports.page.selection import study_waves
from dagster_project.reports.page.worker_study import build_worker_study

__all__ = ["build_worker_study", "study_waves"]
